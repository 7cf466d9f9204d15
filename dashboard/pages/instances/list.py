"""Instances: the services customers have bought, each on a site or floating."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Case, DateTimeField, F, When
from django.http import HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from dashboard import lists
from dashboard.actions.assign import AssignForm
from dashboard.components import ages, expiry, links, products, statuses, values
from dashboard.components.controls import Control
from dashboard.components.icons import service_icon
from dashboard.components.markup import format_html
from dashboard.components.reorders import reordered_briefly
from dashboard.frame.staff import StaffRequest
from dashboard.lists import tallied
from dashboard.lists.csv_file import Field, first_of
from dashboard.lists.declaration import Chip, Column, List, SortOption, checked_column
from resellers.models import Case as ServiceCase
from resellers.models import (
    InstanceStatus,
    Note,
    ProductInstance,
)
from resellers.models.instance_querysets import (
    FLOATING,
)
from resellers.models.querysets import PRESENT
from resellers.operations.namesakes import attach_distinctions_of_rows
from resellers.operations.preflight import Answer
from resellers.operations.references import attach_references
from resellers.operations.reorders import attach_orders

from .filters import FILTERS
from .row_actions import OFFERS, service_actions, service_ids

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
NOTE = Field("note", first_of(Note.objects.filter(is_pinned=True), "instance", "text"))


# How the service's case stands and who looks at it: the one that is not closed before others.
_cases = ServiceCase.objects.order_by(F("closed_at").desc(nulls_first=True), "-id")
REVIEW_STATE = Field("review_state", first_of(_cases, "instance", "state"))
ASSIGNEE = Field("assignee", first_of(_cases, "instance", "owner__username"))


# What the table's cells need: reading whole records would be most of a page's time.
LOADED_FIELDS = (
    *("status", "status_since", "floating_since"),
    *("failure_code", "cycle_unit", "cycle_count", "reference_instance_id", "discount_code"),
    *("created_at", "expires_at", "gone_at"),
    *("product__name", "product__service_type", "account__name", "account__gone_at"),
    *("account__group", "product__adjustable", "site__account_id"),
    *("site__name", "site__display_name", "site__url", "package__last_confirmed_at"),
)


# What does not go on by itself: the customer has to act, or we have.
NEEDS_A_LOOK = (InstanceStatus.AWAITING_ACTION.value, InstanceStatus.FAILED.value)


def _number_of(status: str) -> Any:
    return lambda counts: counts.get("status", {}).get(status, 0) if counts else None


def _summary(words: str, counts: Mapping[str, Any]) -> str:
    packages, accounts = counts.get("packages"), counts.get("accounts")
    if not packages or not accounts:
        return words
    orders = values.counted(packages, "package", "packages")
    return _("%(words)s in %(orders)s of %(accounts)s") % {
        "words": words,
        "orders": orders,
        "accounts": values.counted(accounts, "customer", "customers"),
    }


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


def _status_note(instance: ProductInstance) -> SafeString | str:
    """Why and since when; of a failed service what was ordered in its place goes before."""
    order = instance.ordered.relevant  # type: ignore[attr-defined]
    note = statuses.status_note(instance)
    if not order:
        return note
    return format_html("{}{}{}", reordered_briefly(order), " · " if note else "", note)


SERVICE = Column(
    "service",
    gettext_lazy("Service"),
    links.service_link,
    ("product_name", "service_type"),
    "main",
    second=links.service_kind,
    mark=lambda row: service_icon(row.product.service_type),
)
CUSTOMER = Column(
    "account",
    gettext_lazy("Customer"),
    lambda row: links.account_link(row.account),
    ("account_name",),
    second=lambda row: row.account.group,
)
EXPIRES = Column(
    "expires",
    gettext_lazy("Expires"),
    expiry.ends_on,
    ("expires_at_utc",),
    kind="time",
    sort="expires",
    second=expiry.ends_in,
)
CHECKED = checked_column("checked_at_utc", "gone_at_utc")
INSTANCES = List(
    noun="instances",
    url_name="instance_list",
    title=gettext_lazy("Services"),
    one="service",
    many="services",
    rows=ProductInstance.objects.all,
    for_list=lambda rows: rows.select_related("product", "account", "site", "package").only(
        *LOADED_FIELDS
    ),
    columns=(
        SERVICE,
        CUSTOMER,
        Column("site", gettext_lazy("Site"), _site, ("site_name", "site_url"), "place"),
        Column(
            "floating",
            gettext_lazy("Floating since"),
            lambda row: ages.age(row.floating_since) if row.is_floating else values.NOTHING,
            ("floating_since_utc",),
            kind="time",
            sort="floating",
            is_default=False,
            with_filter="floating",
        ),
        Column(
            "status",
            gettext_lazy("Status"),
            statuses.status_word,
            ("status", "failure_code", "failure_message"),
            kind="status",
            second=_status_note,
        ),
        Column(
            "cycle",
            gettext_lazy("Cycle"),
            lambda row: row.cycle.words,
            ("billing_type", "cycle_unit", "cycle_count"),
            "short",
            is_default=False,
        ),
        EXPIRES,
        Column(
            "created",
            gettext_lazy("Created"),
            lambda row: ages.day(row.created_at),
            ("created_at_utc", "updated_at_utc"),
            kind="day",
            sort="created",
        ),
        Column(
            "discount",
            gettext_lazy("Discount code"),
            lambda row: row.discount_code or values.NOTHING,
            ("discount_code",),
            is_default=False,
            with_filter="discount_code",
        ),
        Column(
            "reference",
            gettext_lazy("Free with, or used for"),
            products.both_ends,
            ("reference_instance_id",),
            is_default=False,
            with_filter="reference",
        ),
        CHECKED,
    ),
    fields=(*FIELDS, FLOATING_SINCE, NOTE, REVIEW_STATE, ASSIGNEE),
    filters=FILTERS,
    sorts={
        "created": SortOption(gettext_lazy("Created"), "created_at"),
        "expires": SortOption(gettext_lazy("Expires"), "expires_at", sparse=True),
        "floating": SortOption(gettext_lazy("Floating since"), "floating_since", sparse=True),
    },
    default_sort="-created",
    chips=(
        Chip(
            gettext_lazy("Needs a look"),
            {"status": NEEDS_A_LOOK},
            lambda counts: sum(_number_of(one)(counts) for one in NEEDS_A_LOOK) if counts else None,
        ),
        Chip(gettext_lazy("Failed"), {"status": "FAILED"}, _number_of("FAILED")),
        Chip(gettext_lazy("Floating"), {"floating": "1"}, lambda counts: counts.get("floating")),
        # What ends soon changes by the hour: it is counted with the figures of the filters.
        Chip(gettext_lazy("Expiring in 30 days"), {"expiring": "30"}),
    ),
    default_filters={"gone": PRESENT},
    tallied=tallied.SERVICES,
    summary=_summary,
    empty_title=gettext_lazy("No services yet"),
    is_mirrored=True,
    offers=OFFERS,
    row_actions=service_actions,
    row_ids=service_ids,
    prepare=_prepare,
    variant_for=lambda person: INSTANCES_TO_NAME if person.has_perm("resellers.approve") else None,
    package_path="package_id",
    bulk="pages/instances/_bulk.html",
)


INSTANCES_TO_NAME: List = INSTANCES.with_second_lines(service=links.service_kind_to_name)


@require_safe
def instance_list(request: StaffRequest) -> HttpResponse:
    """Every service, newest first."""
    return lists.show(request, INSTANCES.for_user(request.user))
