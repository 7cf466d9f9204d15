"""Failure cases: what somebody has to look at, whose it is, and the one verb that goes on."""

from dataclasses import replace
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy

from dashboard.components import ages, links, values
from dashboard.lists import matching
from dashboard.lists.csv_file import Field
from dashboard.lists.declaration import Chip, Column, List, SortOption
from dashboard.lists.filters import ChoiceFilter, DayFilter, WordFilter, WordsFilter
from dashboard.lists.found_filters import IdFilter
from dashboard.lists.matching import Matcher
from dashboard.lists.person_filter import PersonFilter
from dashboard.lists.spans import age_filter
from dashboard.pages.instances.list import FIELDS
from resellers.models import (
    Account,
    Case,
    CaseEvent,
    CaseKind,
    CaseState,
    CatalogProduct,
    Note,
    Package,
    ProductInstance,
)
from resellers.models.cases import KINDS
from resellers.refusals import FAILURES

from . import cells, row, words
from .inbox import inbox
from .services_list import ORDERED_AGAIN_AS, WAS_ORDERED_AGAIN, ordered_again

# Of an instance's columns, those that a case has by itself: what concerns no service has them too.
OF_CASE = {"account_id", "account__name", "product_id", "product__name", "product__service_type"}


def _matching(word: str) -> Q:
    return (
        Q(account__in=Account.objects.filter(matching.by_name(word)))
        | Q(product__in=CatalogProduct.objects.filter(matching.by_name(word)))
        | Q(instance__package__in=Package.objects.filter(matching.in_own_texts(word)))
        | Q(code__icontains=word)
        | Q(instance__failure_message__icontains=word)
    )


def _for_list(cases: Any) -> QuerySet[Case]:
    notes = CaseEvent.objects.filter(case=OuterRef("pk"), kind=CaseEvent.Kind.NOTE)
    last = Subquery(notes.order_by("-at", "-id").values("words")[:1])
    found: QuerySet[Case] = cases.with_kind().with_reported()
    return (
        found.annotate(last_note=Coalesce(last, Value(""), output_field=TextField()))
        .select_related("account", "product", "owner", "pinned", "operation", "flow__site__account")
        .select_related("instance__product", "instance__site", "instance__package")
        .defer("account__raw", "instance__raw", "instance__site__raw", "instance__package__raw")
        .defer("flow__site__raw", "flow__site__account__raw")
    )


def _ordered_again(choice: str) -> Q:
    services = ProductInstance.objects.filter(ordered_again(choice)).failed()
    return Q(instance__in=services.order_by().values("pk"))


def _of_case(field: Field) -> Field:
    """The same column of a service's case."""
    path = str(field.path)
    return replace(field, path=path if path in OF_CASE else f"instance__{path}")


_PINNED_ON_SERVICE = Note.objects.filter(instance=OuterRef("instance"), is_pinned=True)
# Those of a failed service first, as they ever were; new columns go to the end.
CASE_FIELDS = (
    *(_of_case(field) for field in FIELDS),
    Field("failed_since_utc", "since"),
    Field(
        "note",
        Coalesce("pinned__words", Subquery(_PINNED_ON_SERVICE.values("text")[:1])),
    ),
    Field(
        "ordered_again_as",
        Subquery(
            ProductInstance.objects.filter(pk=OuterRef("instance"))
            .order_by()
            .values(ordered_as=ORDERED_AGAIN_AS.path)[:1]
        ),
    ),
    Field("review_state", "state"),
    Field("assignee", "owner__username"),
    Field("case_id", "pk"),
    Field("cause", "cause"),
    Field("code", "code"),
    Field("operation_id", "operation_id"),
    Field("opened_at_utc", "opened_at"),
    Field("regressed_at_utc", "regressed_at"),
    Field("snoozed_until_utc", "snoozed_until"),
    Field("closed_at_utc", "closed_at"),
    Field("closed_because", "end"),
    Field("last_note", "last_note"),
    Field("flow_id", "flow_id"),
)

CASES = List(
    noun="failures",
    url_name="failure_list",
    title=gettext_lazy("Failures"),
    one="case",
    many="cases",
    rows=Case.objects.all,
    for_list=_for_list,
    columns=(
        Column(
            "case",
            gettext_lazy("Case"),
            cells.name,
            ("account_name", "product_name"),
            "main",
            second=cells.second_line,
        ),
        Column(
            "state",
            gettext_lazy("State"),
            words.state,
            ("review_state", "snoozed_until_utc", "closed_because"),
            "status",
            second=words.state_note,
        ),
        Column(
            "age",
            gettext_lazy("Age"),
            lambda case: ages.elapsed(case.since) if case.since else values.NOTHING,
            ("failed_since_utc",),
            "age",
            sort="since",
        ),
        Column("owner", gettext_lazy("Owner"), words.owner, ("assignee",), "owner"),
        Column("note", gettext_lazy("Last note"), words.last_note, ("note", "last_note"), "plain"),
        Column(
            "service",
            gettext_lazy("Service"),
            lambda case: links.service_link(case.instance) if case.instance else values.NOTHING,
            ("product_name", "service_type"),
            is_default=False,
        ),
        Column(
            "account",
            gettext_lazy("Customer"),
            lambda case: links.account_link(case.account) if case.account else values.NOTHING,
            ("account_name",),
            is_default=False,
        ),
        Column(
            "site",
            gettext_lazy("Site"),
            lambda case: links.place_link(case.instance) if case.instance else values.NOTHING,
            ("site_name", "site_url"),
            "place",
            is_default=False,
        ),
        Column(
            "cause",
            gettext_lazy("What Wix says"),
            cells.what_wix_says,
            ("cause", "code", "failure_code", "failure_message"),
            is_default=False,
        ),
        Column(
            "meaning",
            gettext_lazy("What it means, what to do"),
            cells.what_it_means,
            ("status",),
            "wide",
            second=cells.to_do,
            is_default=False,
        ),
        Column(
            "since",
            gettext_lazy("Since"),
            lambda case: ages.day(case.since),
            ("failed_since_utc",),
            "time",
            is_default=False,
        ),
        Column(
            "checked",
            gettext_lazy("Checked"),
            lambda case: (
                ages.checked(case.instance.last_confirmed_at) if case.instance else values.NOTHING
            ),
            ("checked_at_utc",),
            "age",
            is_default=False,
        ),
        Column("go", gettext_lazy("Next"), row.open_case, (), "go"),
    ),
    fields=CASE_FIELDS,
    filters=(
        WordsFilter(
            "q",
            gettext_lazy("Words in customer, product, package, Wix's words, or an id"),
            Matcher(_matching, ("instance", "instance__package", "account", "product")),
        ),
        ChoiceFilter(
            "state",
            gettext_lazy("State"),
            {
                "open": gettext_lazy("Open"),
                "regressed": gettext_lazy("Came back"),
                "snoozed": gettext_lazy("Snoozed"),
                "closed": gettext_lazy("Closed"),
            },
            lambda state: (
                Q(state=CaseState.OPEN, regressed_at__isnull=False)
                if state == "regressed"
                else Q(state=state)
            ),
        ),
        PersonFilter("owner", gettext_lazy("Owner"), "owner"),
        IdFilter("product", gettext_lazy("Product"), "product", CatalogProduct),
        IdFilter("account", gettext_lazy("Customer"), "account", Account),
        age_filter("age", gettext_lazy("Age"), "since"),
        ChoiceFilter(
            "kind",
            gettext_lazy("Cause"),
            dict(CaseKind.choices),
            lambda kind: KINDS[CaseKind(kind)],
        ),
        WordFilter(
            "failure_code",
            gettext_lazy("Code"),
            "code",
            {code: code for code in FAILURES},
            absent=gettext_lazy("No code"),
        ),
        ChoiceFilter(
            "ordered_again",
            gettext_lazy("Ordered again"),
            WAS_ORDERED_AGAIN,
            _ordered_again,
        ),
        DayFilter("from", gettext_lazy("Since, from"), "since"),
        DayFilter("to", gettext_lazy("Since, to this day included"), "since", is_last=True),
    ),
    sorts={
        "since": SortOption(gettext_lazy("Age"), "since"),
        "opened": SortOption(gettext_lazy("Opened"), "opened_at"),
    },
    default_sort="-since",
    facets_in_row=4,
    default_filters={"state": Q(state=CaseState.OPEN)},
    chips=(Chip(gettext_lazy("Came back"), {"state": "regressed"}),),
    actions="pages/failures/_owners.html",
    empty_title=gettext_lazy("Nothing failed"),
    empty_template="pages/failures/_nothing.html",
    row_ids=row.ids,
    id_path="instance",
    prepare=row.prepare,
    beside="pages/failures/_causes.html",
    heading="pages/failures/_heading.html",
    above="pages/failures/_above.html",
    panel="pages/failures/_panel.html",
    around=inbox,
    further=((gettext_lazy("Failed services"), "failed_service_list"),),
    variant_for=lambda person: CASES_TO_WORK if person.has_perm("resellers.operate") else None,
)


def _to_work_on(column: Column) -> Column:
    return replace(column, cell=row.fitting) if column.key == "go" else column


# For who may work on them.
CASES_TO_WORK: List = replace(
    CASES,
    columns=tuple(_to_work_on(column) for column in CASES.columns),
    row_actions=row.menu,
    bulk="pages/failures/_bulk.html",
    bulk_permission="resellers.operate",
)
