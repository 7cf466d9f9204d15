"""Packages: what a customer bought in one transaction."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from dashboard import lists
from dashboard.actions.controls import new_package
from dashboard.components import addresses, ages, links, values
from dashboard.frame.context import frame_of
from dashboard.frame.staff import StaffRequest
from dashboard.lists import matching
from dashboard.lists.csv_file import Field
from dashboard.lists.declaration import Column, List, SortOption
from dashboard.lists.filters import FlagFilter, IdFilter, WordsFilter
from resellers.models import Account, Package, ProductInstance
from resellers.models.querysets import GONE, PRESENT, PackageQuerySet, dated_ahead

LOADED_FIELDS = (
    *("external_id", "created_at", "updated_at", "last_confirmed_at", "gone_at"),
    "account__name",
)


def _for_list(packages: PackageQuerySet[Package]) -> QuerySet[Package]:
    held = ProductInstance.objects.present().select_related("product")
    held = held.only("package_id", "product__name")
    return (
        packages.with_services()
        .select_related("account")
        .only(*LOADED_FIELDS)
        .prefetch_related(Prefetch("instances", held, to_attr="held"))
    )


def _name(package: Any) -> SafeString:
    return format_html(
        '<a href="{}">{}</a>{}',
        addresses.PACKAGE(package.pk),
        package,
        links.gone_mark(package.gone_at),
    )


SERVICES_LIMIT = 3


def _holds(package: Any) -> str | SafeString:
    """The services' names, the first three of them."""
    names = [str(instance.product) for instance in package.held]
    if not names:
        return values.NOTHING
    more = f" and {len(names) - SERVICES_LIMIT} more" if len(names) > SERVICES_LIMIT else ""
    return format_html("{}{}", ", ".join(names[:SERVICES_LIMIT]), more)


def _holds_to_name(package: Any) -> SafeString:
    """The same, with the way to the catalogue for each of them that has no name there yet."""
    products = dict.fromkeys(instance.product for instance in package.held[:SERVICES_LIMIT])
    ways = format_html_join(
        "", "<small>{}</small>", ((links.naming_link(one),) for one in products if not one.is_named)
    )
    return format_html("{}{}", _holds(package), ways)


PACKAGES = List(
    noun="packages",
    url_name="package_list",
    title="Packages",
    one="package",
    many="packages",
    rows=Package.objects.all,
    for_list=_for_list,
    columns=(
        Column("package", "Package", _name, ("external_id",), kind="main"),
        Column(
            "account", "Account", lambda row: links.account_link(row.account), ("account_name",)
        ),
        Column("holds", "Holds", _holds, ("services",)),
        Column(
            "services", "Services", lambda row: values.number(row.services), ("services",), "number"
        ),
        Column(
            "created",
            "Created",
            lambda row: ages.day(row.created_at),
            ("created_at_utc",),
            kind="time",
            sort="created",
        ),
        Column(
            "updated",
            "Changed",
            lambda row: ages.day(row.updated_at),
            ("updated_at_utc",),
            kind="time",
            sort="updated",
            is_default=False,
        ),
        Column(
            "checked",
            "Checked",
            lambda row: ages.checked(row.last_confirmed_at),
            ("checked_at_utc", "gone_at_utc"),
            kind="age",
        ),
    ),
    fields=(
        Field("package_id", "id"),
        Field("account_id", "account_id"),
        Field("account_name", "account__name"),
        Field("external_id", "external_id"),
        Field("services", "services"),
        Field("created_at_utc", "created_at"),
        Field("updated_at_utc", "updated_at"),
        Field("checked_at_utc", "last_confirmed_at"),
        Field("gone_at_utc", "gone_at"),
    ),
    filters=(
        WordsFilter(
            "q",
            "Words in account or external id, or an id",
            matching.PACKAGES,
        ),
        FlagFilter("gone", "Gone from Wix only", GONE),
        FlagFilter("ahead", "Dated ahead of Wix's clock", dated_ahead),
        IdFilter("account", "Account", "account", Account),
    ),
    sorts={
        "created": SortOption("Created", "created_at"),
        "updated": SortOption("Changed", "updated_at"),
    },
    default_sort="-created",
    default_filters={"gone": PRESENT},
    summary=lambda words, counts: (
        f"{words} of {counts['accounts']:,} accounts" if counts.get("accounts") else words
    ),
    actions="pages/packages/_new.html",
    empty_title="No packages yet",
    is_mirrored=True,
    package_path="pk",
    variant_for=lambda person: PACKAGES_TO_NAME if person.has_perm("resellers.approve") else None,
)
PACKAGES_TO_NAME: List = PACKAGES.with_cells(holds=_holds_to_name)


@require_safe
def package_list(request: StaffRequest) -> HttpResponse:
    """Every package, newest first."""
    control = new_package(frame_of(request).preflight)
    return lists.show(request, PACKAGES.for_user(request.user), new_package=control)
