"""Services that Wix could not deliver: what Wix says, what it means, what to do."""

from collections.abc import Sequence

from django.db.models import Q, Subquery, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, NullIf
from django.http import HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from dashboard import lists
from dashboard.components import ages, links, reorders, statuses
from dashboard.components.named_ids import known_names, named
from dashboard.frame.staff import StaffRequest
from dashboard.lists import matching
from dashboard.lists.csv_file import Field
from dashboard.lists.declaration import Column, List, SortOption
from dashboard.lists.filters import AGES, ChoiceFilter, IdFilter, WordFilter, WordsFilter, aged
from dashboard.lists.matching import Matcher
from dashboard.pages.instances.list import FIELDS, NOTE
from resellers.models import Account, CatalogProduct, ProductInstance, Reorder
from resellers.operations.namesakes import attach_distinctions_of_rows
from resellers.operations.reorders import advise, attach_orders
from resellers.refusals import FAILURES as CAUSES


def _matching(word: str) -> Q:
    in_words = Q(failure_code__icontains=word) | Q(failure_message__icontains=word)
    return matching.service(word) | in_words


def _cause(instance: ProductInstance) -> SafeString:
    """Wix's code and words."""
    return format_html(
        '<span class="cause">{}</span> <small>{}</small>',
        statuses.failure_badge(instance),
        _words(instance),
    )


def _words(instance: ProductInstance) -> str:
    if not instance.failure_message:
        return "Wix says nothing more."
    names = instance.names  # type: ignore[attr-defined]
    return format_html("“{}”", named(instance.failure_message, names))


def _attach(services: Sequence[ProductInstance]) -> None:
    """Give each of them what was ordered in its place, and the names of the ids in Wix's words."""
    attach_orders(services)
    attach_distinctions_of_rows(services)
    names = known_names(service.failure_message for service in services)
    for service in services:
        service.names = names  # type: ignore[attr-defined]


def _meaning(instance: ProductInstance) -> SafeString:
    """What it means, what to do or what was done already, and whose turn it is."""
    advice = advise(instance, instance.ordered)  # type: ignore[attr-defined]
    return format_html(
        "{} <small><b>{}:</b> {}</small>",
        advice.known.words,
        reorders.WHO_ACTS[advice.known.who],
        reorders.next_step(advice, instance),
    )


def _since(instance: ProductInstance) -> SafeString:
    """The status, and how long ago it became so."""
    return format_html(
        "{}<small>{}</small>",
        statuses.status_badge(instance.status, instance.status_since),
        ages.age(instance.status_since),
    )


def _ordered_again(choice: str) -> Q:
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


FAILURES = List(
    noun="failures",
    url_name="failure_list",
    title="Failures",
    one="failed service",
    many="failed services",
    rows=lambda: ProductInstance.objects.present().failed(),
    for_list=lambda rows: rows.select_related("product", "account", "site", "package").defer(
        "raw", "account__raw", "site__raw", "package__raw"
    ),
    columns=(
        Column(
            "service", "Service", links.service_link, ("product_name", "service_type"), kind="main"
        ),
        Column(
            "account", "Account", lambda row: links.account_link(row.account), ("account_name",)
        ),
        Column("site", "Site", links.place_link, ("site_name", "site_url")),
        Column("cause", "What Wix says", _cause, ("failure_code", "failure_message")),
        Column("meaning", "What it means, what to do", _meaning, ("status", "ordered_again_as")),
        Column(
            "since",
            "Failed",
            _since,
            ("failed_since_utc",),
            kind="status",
            sort="since",
        ),
        Column(
            "checked",
            "Checked",
            lambda row: ages.checked(row.last_confirmed_at),
            ("checked_at_utc",),
            kind="age",
        ),
    ),
    fields=(*FIELDS, Field("failed_since_utc", "status_since"), NOTE, ORDERED_AGAIN_AS),
    filters=(
        WordsFilter(
            "q",
            "Words in service, account, site, Wix's words, or an id",
            Matcher(_matching, matching.SERVICES.ids),
        ),
        WordFilter(
            "failure_code",
            "Failure code",
            "failure_code",
            {code: code for code in CAUSES},
            absent="No code",
        ),
        ChoiceFilter(
            "ordered_again",
            "Ordered again",
            {"no": "Not yet, or in vain", "yes": "Delivered, or on its way"},
            _ordered_again,
        ),
        ChoiceFilter("age", "Failed", AGES, aged("status_since")),
        IdFilter("account", "Account", "account", Account),
        IdFilter("product", "Product", "product", CatalogProduct),
    ),
    sorts={
        "since": SortOption("Failed", "status_since"),
        "created": SortOption("Created", "created_at"),
    },
    default_sort="-since",
    chips=tuple(
        lists.Chip(code.replace("_", " ").capitalize(), {"failure_code": code}) for code in CAUSES
    ),
    summary=lambda words, counts: f"{words}: never usable, and final at Wix",
    empty_title="Nothing failed",
    empty_template="pages/failures/_nothing.html",
    is_mirrored=True,
    prepare=_attach,
    package_path="package_id",
    variant_for=lambda person: FAILURES_TO_NAME if person.has_perm("resellers.approve") else None,
)


FAILURES_TO_NAME: List = FAILURES.with_cells(service=links.service_link_to_name)


@require_safe
def failure_list(request: StaffRequest) -> HttpResponse:
    """Every service that failed, the newest failure first."""
    return lists.show(request, FAILURES.for_user(request.user))
