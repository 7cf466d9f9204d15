"""Services that Wix could not deliver: what Wix says, what it means, what to do."""

from collections.abc import Sequence

from django.db.models import Q, Subquery, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, NullIf
from django.http import HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from dashboard import lists
from dashboard.components import ages, links, reorders, statuses
from dashboard.components.named_ids import known_names, named
from dashboard.frame.staff import StaffRequest
from dashboard.lists import matching, tallied
from dashboard.lists.csv_file import Field
from dashboard.lists.declaration import Column, List, SortOption, checked_column
from dashboard.lists.filters import ChoiceFilter, DayFilter, WordFilter, WordsFilter
from dashboard.lists.found_filters import IdFilter
from dashboard.lists.matching import Matcher
from dashboard.lists.spans import age_filter
from dashboard.pages.instances.list import (
    ASSIGNEE,
    CUSTOMER,
    FIELDS,
    NOTE,
    REVIEW_STATE,
    SERVICE,
)
from dashboard.pages.instances.row_actions import OFFERS, service_actions, service_ids
from resellers.models import Account, CatalogProduct, Confirmation, ProductInstance, Reorder
from resellers.operations.namesakes import attach_distinctions_of_rows
from resellers.operations.reorders import advise, attach_orders
from resellers.refusals import FAILURES as CAUSES


def _matching(word: str) -> Q:
    in_words = Q(failure_code__icontains=word) | Q(failure_message__icontains=word)
    return matching.service(word) | in_words


def _words(instance: ProductInstance) -> str:
    if not instance.failure_message:
        return _("Wix says nothing more.")
    names = instance.names  # type: ignore[attr-defined]
    return format_html("“{}”", named(instance.failure_message, names))


def _attach(services: Sequence[ProductInstance]) -> None:
    """Give each of them what was ordered in its place, the answer that showed it, and the names of
    the ids in Wix's words."""
    attach_orders(services)
    Confirmation.attach(service.package for service in services)
    attach_distinctions_of_rows(services)
    names = known_names(service.failure_message for service in services)
    for service in services:
        service.names = names  # type: ignore[attr-defined]


def _meaning(instance: ProductInstance) -> str:
    return str(advise(instance, instance.ordered).known.words)  # type: ignore[attr-defined]


def _to_do(instance: ProductInstance) -> SafeString:
    """Whose turn it is, and what to do or what was done already."""
    advice = advise(instance, instance.ordered)  # type: ignore[attr-defined]
    return format_html(
        "<b>{}:</b> {}",
        reorders.WHO_ACTS[advice.known.who],
        reorders.next_step(advice, instance),
    )


WAS_ORDERED_AGAIN = {
    "no": gettext_lazy("Not yet, or in vain"),
    "yes": gettext_lazy("Delivered, or on its way"),
}


def ordered_again(choice: str) -> Q:
    """Which failed services were ordered again and had, or are on their way; or which were not."""
    done = Q(pk__in=ProductInstance.objects.ordered_again().order_by().values("pk"))
    return done if choice == "yes" else ~done


# As its row says it; empty while it is still to be ordered again. New columns go to the end.
ORDERED_AGAIN_AS = Field(
    "ordered_again_as",
    Subquery(
        Reorder.objects.in_effect()
        .since_outer_failed()
        .order_by("-operation_id", "line")
        .values(
            name=Coalesce(
                NullIf("operation__package__external_id", Value("")),
                KeyTextTransform("external_id", "operation__wish"),
                output_field=TextField(),
            )
        )[:1]
    ),
)


FAILED_SERVICES = List(
    noun="failed-services",
    folder="failures/",
    url_name="failed_service_list",
    title=gettext_lazy("Failed services"),
    one="failed service",
    many="failed services",
    rows=lambda: ProductInstance.objects.present().failed(),
    for_list=lambda rows: rows.select_related("product", "account", "site", "package").defer(
        "raw", "account__raw", "site__raw", "package__raw"
    ),
    columns=(
        SERVICE,
        CUSTOMER,
        Column("site", gettext_lazy("Site"), links.place_link, ("site_name", "site_url"), "place"),
        Column(
            "cause",
            gettext_lazy("What Wix says"),
            statuses.failure_badge,
            ("failure_code", "failure_message"),
            second=_words,
        ),
        Column(
            "meaning",
            gettext_lazy("What it means, what to do"),
            _meaning,
            ("status", "ordered_again_as"),
            "wide",
            second=_to_do,
        ),
        Column(
            "since",
            gettext_lazy("Failed"),
            statuses.status_word,
            ("failed_since_utc",),
            kind="status",
            sort="since",
            second=lambda row: ages.age(row.status_since),
        ),
        checked_column("checked_at_utc"),
    ),
    fields=(
        *FIELDS,
        Field("failed_since_utc", "status_since"),
        NOTE,
        ORDERED_AGAIN_AS,
        REVIEW_STATE,
        ASSIGNEE,
    ),
    filters=(
        WordsFilter(
            "q",
            gettext_lazy("Words in service, customer, site, Wix's words, or an id"),
            Matcher(_matching, matching.SERVICES.ids),
        ),
        WordFilter(
            "failure_code",
            gettext_lazy("Failure code"),
            "failure_code",
            {code: code for code in CAUSES},
            absent=gettext_lazy("No code"),
        ),
        ChoiceFilter(
            "ordered_again",
            gettext_lazy("Ordered again"),
            WAS_ORDERED_AGAIN,
            ordered_again,
        ),
        age_filter("age", gettext_lazy("Failed"), "status_since"),
        DayFilter("from", gettext_lazy("Failed from"), "status_since"),
        DayFilter("to", gettext_lazy("Failed to, this day included"), "status_since", is_last=True),
        IdFilter("account", gettext_lazy("Customer"), "account", Account),
        IdFilter("product", gettext_lazy("Product"), "product", CatalogProduct),
    ),
    sorts={
        "since": SortOption(gettext_lazy("Failed"), "status_since"),
        "created": SortOption(gettext_lazy("Created"), "created_at"),
    },
    default_sort="-since",
    chips=tuple(
        lists.Chip(code.replace("_", " ").capitalize(), {"failure_code": code}) for code in CAUSES
    ),
    summary=lambda words, counts: _("%(words)s: never usable, and final at Wix") % {"words": words},
    empty_title=gettext_lazy("Nothing failed"),
    empty_template="pages/failures/_nothing.html",
    is_mirrored=True,
    tallied=tallied.FAILED_SERVICES,
    prepare=_attach,
    offers=OFFERS,
    row_actions=service_actions,
    row_ids=service_ids,
    package_path="package_id",
    bulk="pages/failures/_order_again.html",
    variant_for=lambda person: TO_NAME if person.has_perm("resellers.approve") else None,
)


TO_NAME: List = FAILED_SERVICES.with_second_lines(service=links.service_kind_to_name)


@require_safe
def failed_service_list(request: StaffRequest) -> HttpResponse:
    """Every service that failed, the newest failure first."""
    return lists.show(request, FAILED_SERVICES.for_user(request.user))
