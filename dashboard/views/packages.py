"""Packages: what a customer bought in one transaction."""

from typing import Any
from uuid import UUID

from django.db.models import Count, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from dashboard import ages, cells, lists
from dashboard.exports import Field
from dashboard.filters import Flag, Id, Words
from dashboard.lists import Column, List, Sort
from dashboard.records.page import NoteForm, Tab, common_tabs, show_record
from dashboard.records.raw import as_text
from dashboard.records.subjects import services_words
from dashboard.records.timeline import latest, wanted_run
from dashboard.staff import StaffRequest
from dashboard.table import matching
from resellers.models import OPEN_STATES, Account, Operation, Package, ProductInstance
from resellers.operations.foresight import ENDED

SERVICES_SHOWN = 200
LATEST_SHOWN = 5
SHOWN = (
    *("external_id", "created_at", "updated_at", "last_confirmed_at", "gone_at"),
    "account__name",
)


def with_services(packages: QuerySet[Package]) -> QuerySet[Package]:
    """Each package with `services`, the number of those that Wix still has."""
    present = ProductInstance.objects.filter(package=OuterRef("pk"), gone_at=None)
    number = present.order_by().values("package").annotate(n=Count("pk")).values("n")
    return packages.annotate(services=Coalesce(Subquery(number), 0))


def _dress(packages: QuerySet[Package]) -> QuerySet[Package]:
    held = ProductInstance.objects.filter(gone_at=None).select_related("product")
    held = held.only("package_id", "product__name")
    return (
        with_services(packages)
        .select_related("account")
        .only(*SHOWN)
        .prefetch_related(Prefetch("instances", held, to_attr="held"))
    )


def _name(package: Any) -> SafeString:
    return format_html(
        '<a href="/packages/{}/">{}</a>{}', package.pk, package, cells.gone_mark(package.gone_at)
    )


HELD_SHOWN = 3


def _holds(package: Any) -> str | SafeString:
    """The services' names, the first three of them."""
    names = [str(instance.product) for instance in package.held]
    if not names:
        return ages.NOTHING
    more = f" and {len(names) - HELD_SHOWN} more" if len(names) > HELD_SHOWN else ""
    return format_html("{}{}", ", ".join(names[:HELD_SHOWN]), more)


def _holds_to_name(package: Any) -> SafeString:
    """The same, with the way to the catalogue for each of them that has no name there yet."""
    products = dict.fromkeys(instance.product for instance in package.held[:HELD_SHOWN])
    links = format_html_join(
        "", "<small>{}</small>", ((cells.name_it(one),) for one in products if not one.is_named)
    )
    return format_html("{}{}", _holds(package), links)


PACKAGES = List(
    noun="packages",
    title="Packages",
    one="package",
    many="packages",
    rows=Package.objects.all,
    dress=_dress,
    columns=(
        Column("package", "Package", _name, ("external_id",), kind="main"),
        Column(
            "account", "Account", lambda row: cells.account_link(row.account), ("account_name",)
        ),
        Column("holds", "Holds", _holds, ("services",)),
        Column(
            "services", "Services", lambda row: cells.number(row.services), ("services",), "number"
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
            shown=False,
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
        Words(
            "q",
            "Words in account or external id, or an id",
            lambda word: (
                matching.package(word) | Q(account__in=Account.objects.filter(name__icontains=word))
            ),
            ids=("pk", "account_id"),
        ),
        Flag("gone", "Gone from Wix only", Q(gone_at__isnull=False)),
        Id("account", "Account", "account", Account),
    ),
    sorts={"created": Sort("Created", "created_at"), "updated": Sort("Changed", "updated_at")},
    default_sort="-created",
    unless={"gone": Q(gone_at=None)},
    summary=lambda words, counts: (
        f"{words} of {counts['accounts']:,} accounts" if counts.get("accounts") else words
    ),
    actions="packages/_new.html",
    nothing="No packages yet",
    is_mirrored=True,
    package_path="pk",
    seen_by=lambda person: PACKAGES_TO_NAME if person.has_perm("resellers.approve") else None,
)


PACKAGES_TO_NAME: List = PACKAGES.with_cells(holds=_holds_to_name)


@require_safe
def package_list(request: StaffRequest) -> HttpResponse:
    """Every package, newest first."""
    return lists.show(request, PACKAGES.as_seen_by(request.user))


@require_safe
def package_export(request: HttpRequest) -> HttpResponseBase:
    return lists.export(request, PACKAGES)


@require_safe
def package_detail(request: HttpRequest, wix_id: UUID) -> HttpResponse:
    """One package: its services, its external id, what happened to it."""
    return package_page(request, wix_id)


def package_page(
    request: HttpRequest, wix_id: UUID, *, note_form: NoteForm | None = None, status: int = 200
) -> HttpResponse:
    """The package's page with the tab asked for; with a note's form, on the tab of the notes."""
    package = Package.objects.select_related("account").filter(pk=wix_id).first()
    if package is None:
        raise Http404(f"Nothing of id {wix_id}")
    held = package.instances.all()
    total = held.count()

    def services() -> dict[str, Any]:
        shown = held.select_related("product", "site").defer("raw", "site__raw")
        order = (F("gone_at").asc(nulls_first=True), "-created_at", "id")
        return {
            "services": list(shown.order_by(*order)[:SERVICES_SHOWN]),
            "latest": latest(package, LATEST_SHOWN),
        }

    tabs = [
        Tab("services", "Services", "packages/_services.html", services, total),
        *common_tabs(request, package, note_form),
        Tab("wix", "What Wix said", "partials/_wix_said.html", lambda: said(package.raw)),
    ]
    context = {
        "package": package,
        "account": package.account,
        "title": f"{package} of {package.account}",
        "total": total,
        "services_words": services_words(package),
        "obstacles": obstacles(package),
        "run": wanted_run(request, account=package.account, package=package),
    }
    tab = "notes" if note_form else ""
    return show_record(
        request, "packages/detail.html", package, tabs, context, tab=tab, status=status
    )


def said(raw: Any) -> dict[str, Any]:
    """Wix's answer as it may be shown."""
    return {"raw": as_text(raw)}


def obstacles(package: Package) -> dict[str, str]:
    """Why this package cannot be changed now, by action; an action without an entry can be."""
    actions = ("cancel", "external_id")
    if package.gone_at:
        return dict.fromkeys(actions, "Wix no longer has this package.")
    held = Operation.objects.filter(package=package, state__in=OPEN_STATES).first()
    if held:
        return dict.fromkeys(actions, f"{held} is under way; one change at a time.")
    if not package.instances.filter(gone_at=None).exclude(status__in=ENDED).exists():
        return {"cancel": "Every service of it has ended."}
    return {}
