"""Instances: the services customers have bought, each on a site or floating."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Case, DateTimeField, OuterRef, Q, Subquery, When
from django.http import HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from dashboard import lists
from dashboard.actions.assign import AssignForm
from dashboard.components import ages, expiry, links, products, statuses, values
from dashboard.components.controls import Control
from dashboard.components.reorders import reordered_briefly
from dashboard.frame.staff import StaffRequest
from dashboard.lists import matching
from dashboard.lists.csv_file import Field
from dashboard.lists.declaration import Chip, Column, List, SortOption
from dashboard.lists.filters import (
    AGES,
    ChoiceFilter,
    FlagFilter,
    IdFilter,
    TypedFilter,
    WordFilter,
    WordsFilter,
    aged,
)
from dashboard.pages.reports.services import FILTERS
from resellers.models import (
    Account,
    CatalogProduct,
    InstanceStatus,
    Note,
    Package,
    ProductInstance,
    Site,
)
from resellers.models.querysets import (
    ACCESSIBLE,
    FAILED,
    FLOATING,
    FREE,
    GONE,
    NO_SITE,
    PRESENT,
    REFERABLE,
    expired,
    expiring,
    used_as_reference,
)
from resellers.operations.namesakes import attach_distinctions_of_rows
from resellers.operations.preflight import Answer
from resellers.operations.references import attach_references
from resellers.operations.reorders import attach_orders
from resellers.refusals import FAILURES

FIELDS = (
    Field("package_id", "package_id"),
    Field("account_id", "account_id"),
    Field("account_name", "account__name"),
    Field("external_id", "package__external_id"),
    Field("instance_id", "id"),
    Field("catalog_product_id", "product_id"),
    Field("product_name", "product__name"),
    Field("service_type", "product__service_type"),
    Field("site_id", "site_id"),
    Field("site_name", "site__display_name"),
    Field("site_url", "site__url"),
    Field("status", "status"),
    Field("failure_code", "failure_code"),
    Field("failure_message", "failure_message"),
    Field("country_code", "country_code"),
    Field("discount_code", "discount_code"),
    Field("reference_instance_id", "reference_instance_id"),
    Field("expires_at_utc", "expires_at"),
    Field("created_at_utc", "created_at"),
    Field("updated_at_utc", "updated_at"),
    Field("checked_at_utc", "package__last_confirmed_at"),
    Field("billing_type", "billing_type"),
    Field("cycle_unit", "cycle_unit"),
    Field("cycle_count", "cycle_count"),
    Field("gone_at_utc", "gone_at"),
)
FLOATING_SINCE = Field(
    "floating_since_utc",
    Case(When(FLOATING, then="floating_since"), output_field=DateTimeField()),
)
# The pinned note of the service itself. New columns go to the end of a file.
NOTE = Field(
    "note",
    Subquery(Note.objects.filter(instance=OuterRef("pk"), is_pinned=True).values("text")[:1]),
)


# What the table's cells need: reading whole records would be most of a page's time.
LOADED_FIELDS = (
    *("status", "status_since", "floating_since"),
    *("failure_code", "cycle_unit", "cycle_count", "reference_instance_id", "discount_code"),
    *("created_at", "expires_at", "gone_at"),
    *("product__name", "product__service_type", "account__name", "account__gone_at"),
    *("site__name", "site__display_name", "site__url", "package__last_confirmed_at"),
)


def _number_of(status: str) -> Any:
    return lambda counts: counts.get("status", {}).get(status, 0) if counts else None


def _summary(words: str, counts: Mapping[str, Any]) -> str:
    packages, accounts = counts.get("packages"), counts.get("accounts")
    if not packages or not accounts:
        return words
    orders = values.counted(packages, "package", "packages")
    return f"{words} in {orders} of {values.counted(accounts, 'account', 'accounts')}"


def _by_reference(word: str) -> Q:
    if word == "free":
        return FREE
    return used_as_reference() if word == "used" else REFERABLE & ~used_as_reference()


def _prepare(services: Sequence[ProductInstance]) -> None:
    attach_orders(services)
    attach_distinctions_of_rows(services)
    attach_references(services)


def _site(instance: ProductInstance) -> SafeString:
    """The site; for a service that waits for one, the way to put it on one."""
    answer: Answer = instance.answers[AssignForm.kind]  # type: ignore[attr-defined]
    path, about = AssignForm.path(instance), str(instance.product)
    assign = Control(answer, path, AssignForm.button, about=about)
    return format_html("{}{}", links.place_link(instance), assign.in_row)


def _status(instance: ProductInstance) -> SafeString:
    """The status, since when, and of a failed service what was ordered in its place."""
    html, order = statuses.status_with_age(instance), instance.ordered.relevant  # type: ignore[attr-defined]
    return format_html("{}<small>{}</small>", html, reordered_briefly(order)) if order else html


INSTANCES = List(
    noun="instances",
    url_name="instance_list",
    title="Instances",
    one="service",
    many="services",
    rows=ProductInstance.objects.all,
    for_list=lambda rows: rows.select_related("product", "account", "site", "package").only(
        *LOADED_FIELDS
    ),
    columns=(
        Column(
            "service", "Service", links.service_link, ("product_name", "service_type"), kind="main"
        ),
        Column(
            "account", "Account", lambda row: links.account_link(row.account), ("account_name",)
        ),
        Column("site", "Site", _site, ("site_name", "site_url")),
        Column(
            "floating",
            "Floating since",
            lambda row: ages.age(row.floating_since) if row.is_floating else values.NOTHING,
            ("floating_since_utc",),
            kind="time",
            sort="floating",
            is_default=False,
            with_filter="floating",
        ),
        Column(
            "status",
            "Status",
            _status,
            ("status", "failure_code", "failure_message"),
            kind="status",
        ),
        Column(
            "cycle",
            "Cycle",
            lambda row: row.cycle.words,
            ("billing_type", "cycle_unit", "cycle_count"),
            "short",
        ),
        Column(
            "created",
            "Created",
            lambda row: ages.day(row.created_at),
            ("created_at_utc", "updated_at_utc"),
            kind="time",
            sort="created",
        ),
        Column(
            "expires",
            "Expires",
            expiry.ends_on,
            ("expires_at_utc",),
            kind="time",
            sort="expires",
            is_default=False,
        ),
        Column(
            "discount",
            "Discount code",
            lambda row: row.discount_code or values.NOTHING,
            ("discount_code",),
            is_default=False,
            with_filter="discount_code",
        ),
        Column(
            "reference",
            "Free with, or used for",
            products.both_ends,
            ("reference_instance_id",),
            is_default=False,
            with_filter="reference",
        ),
        Column(
            "checked",
            "Checked",
            lambda row: ages.checked(row.last_confirmed_at),
            ("checked_at_utc", "gone_at_utc"),
            kind="age",
        ),
    ),
    fields=(*FIELDS, FLOATING_SINCE, NOTE),
    filters=(
        WordsFilter(
            "q",
            "Words in service, account, site, external id, a discount code, or an id",
            matching.SERVICES,
        ),
        WordFilter("status", "Status", "status", dict(InstanceStatus.choices)),
        WordFilter(
            "failure_code",
            "Failure code",
            "failure_code",
            {code: code for code in FAILURES},
            absent="No code",
            among=FAILED,
        ),
        TypedFilter("discount_code", "Discount code", "discount_code", {}),
        ChoiceFilter(
            "expiring",
            "Expires",
            {
                "30": "Within 30 days",
                "60": "Within 60 days",
                "90": "Within 90 days",
                "past": "Has expired",
            },
            lambda word: expired() if word == "past" else expiring(int(word)),
        ),
        ChoiceFilter(
            "reference",
            "Free services and references",
            {
                "free": "Free with another service",
                "used": "Another is free with it",
                "unused": "Another may be ordered free with it",
            },
            _by_reference,
        ),
        ChoiceFilter("age", "Changed at Wix", AGES, aged("updated_at")),
        FlagFilter("floating", "Floating only", FLOATING),
        FlagFilter("accessible", "Usable: enabled and on a site", ACCESSIBLE),
        FlagFilter("no_site", "On no site, also failed or canceled", NO_SITE),
        *FILTERS,
        FlagFilter("gone", "Gone from Wix only", GONE),
        IdFilter("account", "Account", "account", Account),
        IdFilter("package", "Package", "package", Package),
        IdFilter("product", "Product", "product", CatalogProduct),
        IdFilter("site", "Site", "site", Site),
    ),
    sorts={
        "created": SortOption("Created", "created_at"),
        "expires": SortOption("Expires", "expires_at", sparse=True),
        "floating": SortOption("Floating since", "floating_since", sparse=True),
    },
    default_sort="-created",
    chips=(
        Chip("Enabled", {"status": "ENABLED"}, _number_of("ENABLED")),
        Chip("Failed", {"status": "FAILED"}, _number_of("FAILED")),
        Chip("Pending", {"status": "PENDING"}, _number_of("PENDING")),
        Chip("Awaiting action", {"status": "AWAITING_ACTION"}, _number_of("AWAITING_ACTION")),
        Chip("Floating", {"floating": "1"}, lambda counts: counts.get("floating")),
        Chip(
            "Expiring in 30 days", {"expiring": "30"}, lambda counts: counts.get("expiring_30_days")
        ),
    ),
    default_filters={"gone": PRESENT},
    summary=_summary,
    empty_title="No services yet",
    is_mirrored=True,
    offers=(AssignForm.kind,),
    prepare=_prepare,
    variant_for=lambda person: INSTANCES_TO_NAME if person.has_perm("resellers.approve") else None,
    package_path="package_id",
)


INSTANCES_TO_NAME: List = INSTANCES.with_cells(service=links.service_link_to_name)


@require_safe
def instance_list(request: StaffRequest) -> HttpResponse:
    """Every service, newest first."""
    return lists.show(request, INSTANCES.for_user(request.user))
