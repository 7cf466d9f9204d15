"""Packages: what a customer bought in one transaction."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from dashboard import lists
from dashboard.actions.cancel_package import CancelPackageForm
from dashboard.actions.controls import new_package, row_action
from dashboard.components import addresses, ages, links, values
from dashboard.frame.context import frame_of
from dashboard.frame.staff import StaffRequest
from dashboard.lists import matching, tallied
from dashboard.lists.csv_file import Field
from dashboard.lists.declaration import Column, List, SortOption, checked_column
from dashboard.lists.filters import FlagFilter, WordsFilter
from dashboard.lists.found_filters import IdFilter
from dashboard.lists.row_actions import RowAction
from dashboard.lists.spans import age_filter
from dashboard.pages.accounts.list import looked_after_filter
from resellers import formats
from resellers.models import Account, Package, ProductInstance
from resellers.models.querysets import GONE, PRESENT, PackageQuerySet, dated_ahead

LOADED_FIELDS = (
    *("external_id", "created_at", "updated_at", "last_confirmed_at", "gone_at"),
    *("account__name", "account__group", "account__gone_at"),
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
        '<a class="name" href="{}">{}</a>{}',
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
    some = ", ".join(names[:SERVICES_LIMIT])
    if len(names) <= SERVICES_LIMIT:
        return some
    return _("%(some)s and %(number)s more") % {"some": some, "number": len(names) - SERVICES_LIMIT}


def _to_name(package: Any) -> SafeString:
    """The way to the catalogue for each of the services that has no name there yet."""
    products = dict.fromkeys(instance.product for instance in package.held[:SERVICES_LIMIT])
    ways = ((links.naming_link(one),) for one in products if not one.is_named)
    return format_html_join(" ", "{}", ways)


def _actions(package: Any) -> list[RowAction]:
    """Its services, and the end of all of them."""
    form = CancelPackageForm
    return [
        RowAction(_("Services"), "layers", addresses.INSTANCES_OF_PACKAGE(package.pk)),
        *row_action(form, form.path(package), package.answers[form.kind]),
    ]


PACKAGES = List(
    noun="packages",
    url_name="package_list",
    title=gettext_lazy("Packages"),
    one="package",
    many="packages",
    rows=Package.objects.all,
    for_list=_for_list,
    columns=(
        Column("package", gettext_lazy("Package"), _name, ("external_id",), kind="main"),
        Column(
            "account",
            gettext_lazy("Customer"),
            lambda row: links.account_link(row.account),
            ("account_name",),
            second=lambda row: row.account.group,
        ),
        Column("holds", gettext_lazy("Holds"), _holds, ("services",), "wide"),
        Column(
            "services",
            gettext_lazy("Services"),
            lambda row: values.number(row.services),
            ("services",),
            "number",
        ),
        Column(
            "created",
            gettext_lazy("Created"),
            lambda row: ages.day(row.created_at),
            ("created_at_utc",),
            kind="day",
            sort="created",
        ),
        Column(
            "updated",
            gettext_lazy("Changed"),
            lambda row: ages.day(row.updated_at),
            ("updated_at_utc",),
            kind="day",
            sort="updated",
            is_default=False,
        ),
        checked_column("checked_at_utc", "gone_at_utc"),
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
            gettext_lazy("Words in customer or external id, or an id"),
            matching.PACKAGES,
        ),
        age_filter("created", gettext_lazy("Created"), "created_at"),
        FlagFilter("gone", gettext_lazy("Gone from Wix only"), GONE),
        FlagFilter("ahead", gettext_lazy("Dated ahead of Wix's clock"), dated_ahead),
        IdFilter("account", gettext_lazy("Customer"), "account", Account),
        looked_after_filter("account__looked_after_by"),
    ),
    sorts={
        "created": SortOption(gettext_lazy("Created"), "created_at"),
        "updated": SortOption(gettext_lazy("Changed"), "updated_at"),
    },
    default_sort="-created",
    default_filters={"gone": PRESENT},
    tallied=tallied.PACKAGES,
    summary=lambda words, counts: (
        _("%(words)s of %(counts)s customers")
        % {"words": words, "counts": formats.number(counts["accounts"])}
        if counts.get("accounts")
        else words
    ),
    actions="pages/packages/_new.html",
    empty_title=gettext_lazy("No packages yet"),
    is_mirrored=True,
    package_path="pk",
    offers=(CancelPackageForm.kind,),
    row_actions=_actions,
    row_ids=lambda row: [("package", row.pk), ("account", row.account_id)],
    variant_for=lambda person: PACKAGES_TO_NAME if person.has_perm("resellers.approve") else None,
)
PACKAGES_TO_NAME: List = PACKAGES.with_second_lines(holds=_to_name)


@require_safe
def package_list(request: StaffRequest) -> HttpResponse:
    """Every package, newest first."""
    control = new_package(frame_of(request).preflight)
    return lists.show(request, PACKAGES.for_user(request.user), new_package=control)
