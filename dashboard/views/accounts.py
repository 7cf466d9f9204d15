"""Accounts: the agency's customers, each the one place for all that is theirs."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from dashboard import ages, cells, lists
from dashboard.exports import Field
from dashboard.filters import Choice, Flag, Word, Words
from dashboard.lists import Chip, Column, List, Sort
from dashboard.records.page import NoteForm, Tab, common_tabs, show_record
from dashboard.records.timeline import latest, wanted_run
from dashboard.staff import StaffRequest
from dashboard.table import matching
from resellers.models import Account, InstanceStatus, Package, ProductInstance, Site

from .packages import said, with_services

SERVICES_SHOWN = 200
PACKAGES_SHOWN = 100
SITES_SHOWN = 100
LATEST_SHOWN = 5
GROUPS_OFFERED = 200


class Groups(Word):
    """A group of customers, of those there are."""

    @property
    def options(self) -> list[tuple[str, str]]:
        groups = Account.objects.exclude(group="").order_by("group").values_list("group", flat=True)
        return [*((name, name) for name in groups.distinct()[:GROUPS_OFFERED]), *self.known.items()]


def _number_of(model: type[Model]) -> Coalesce:
    present = model._default_manager.filter(account=OuterRef("pk"), gone_at=None)
    return Coalesce(
        Subquery(present.order_by().values("account").annotate(n=Count("pk")).values("n")), 0
    )


def _dress(accounts: QuerySet[Account]) -> QuerySet[Account]:
    return accounts.defer("raw").annotate(
        packages_held=_number_of(Package),
        services=_number_of(ProductInstance),
        sites_held=_number_of(Site),
    )


def _name(account: Account, tail: str | SafeString = "") -> SafeString:
    own = mark_safe(' <span class="tag">own account</span>') if account.is_main else ""
    return format_html(
        "{}{}{}<small>{}{}</small>",
        cells.account_link(account),
        own,
        cells.gone_mark(account.gone_at),
        account.email or ("no e-mail" if account.name else "no name yet"),
        tail,
    )


def _name_to_edit(account: Account) -> SafeString:
    """The name with the way to its form, for who may write it."""
    words = "Edit" if account.name else "Name it"
    link = format_html(
        ' · <a class="edit" href="/accounts/{}/edit/" aria-label="{}: {}">{}</a>',
        account.pk,
        words,
        account,
        words,
    )
    return _name(account, link)


ACCOUNTS = List(
    noun="accounts",
    title="Accounts",
    one="account",
    many="accounts",
    rows=Account.objects.all,
    dress=_dress,
    columns=(
        Column(
            "account", "Account", _name, ("account_name", "email", "is_main"), "main", sort="name"
        ),
        Column("group", "Group", lambda row: row_text(row.group), ("group",)),
        Column("reference", "Reference", lambda row: row_text(row.reference), ("reference",)),
        Column(
            "packages",
            "Packages",
            lambda row: cells.number(row.packages_held),
            ("packages",),
            "number",
        ),
        Column(
            "services", "Services", lambda row: cells.number(row.services), ("services",), "number"
        ),
        Column("sites", "Sites", lambda row: cells.number(row.sites_held), ("sites",), "number"),
        Column(
            "checked",
            "Checked",
            lambda row: ages.checked(row.last_confirmed_at),
            ("checked_at_utc", "gone_at_utc"),
            kind="age",
        ),
    ),
    fields=(
        Field("account_id", "id"),
        Field("account_name", "name"),
        Field("email", "email"),
        Field("group", "group"),
        Field("reference", "reference"),
        Field("is_main", "is_main"),
        Field("packages", "packages_held"),
        Field("services", "services"),
        Field("sites", "sites_held"),
        Field("checked_at_utc", "last_confirmed_at"),
        Field("gone_at_utc", "gone_at"),
    ),
    filters=(
        Words(
            "q",
            "Words in name, e-mail or reference",
            matching.account,
        ),
        Groups("group", "Group", "group", {Word.NONE: "No group"}),
        Choice("state", "State", {"unnamed": "Waits for a name"}, lambda state: Q(name="")),
        Flag("gone", "Gone from Wix only", Q(gone_at__isnull=False)),
    ),
    sorts={"name": Sort("Name", "name")},
    default_sort="name",
    chips=(
        Chip(
            "Waits for a name",
            {"state": "unnamed"},
            lambda counts: counts.get("unnamed_accounts"),
        ),
    ),
    actions="accounts/_actions.html",
    unless={"gone": Q(gone_at=None)},
    nothing="No accounts yet",
    is_mirrored=True,
    seen_by=lambda person: ACCOUNTS_TO_EDIT if person.has_perm("resellers.approve") else None,
    account_path="pk",
)
# For managers and admins each row leads to its form as well.
ACCOUNTS_TO_EDIT: List = ACCOUNTS.with_cells(account=_name_to_edit)


def row_text(text: str) -> str | SafeString:
    return format_html("{}", text) if text else ages.NOTHING


@require_safe
def account_list(request: StaffRequest) -> HttpResponse:
    """Every customer, by name."""
    return lists.show(request, ACCOUNTS.as_seen_by(request.user))


@require_safe
def account_export(request: HttpRequest) -> HttpResponseBase:
    return lists.export(request, ACCOUNTS)


@dataclass
class OnSite:
    """The services that one site carries; without a site, the floating ones."""

    site: Site | None
    services: list[ProductInstance] = field(default_factory=list)


@require_safe
def account_detail(request: HttpRequest, wix_id: UUID) -> HttpResponse:
    """One customer: services by site, packages, sites, operations, and all that happened."""
    return account_page(request, wix_id)


def account_page(
    request: HttpRequest, wix_id: UUID, *, note_form: NoteForm | None = None, status: int = 200
) -> HttpResponse:
    """The account's page with the tab asked for; with a note's form, on the tab of the notes."""
    account = Account.objects.filter(pk=wix_id).first()
    if account is None:
        raise Http404(f"Nothing of id {wix_id}")
    held: dict[str, Any] = {"account": account, "gone_at": None}
    packages, sites = Package.objects.filter(**held), Site.objects.filter(**held)
    read = packages.aggregate(
        total=Count("pk"), oldest=Min("last_confirmed_at"), newest=Max("last_confirmed_at")
    )
    package_count, site_count = read["total"], sites.count()
    read_at = [read["oldest"], read["newest"]] if package_count else []
    counts = ProductInstance.objects.filter(**held).aggregate(
        total=Count("pk"),
        failed=Count("pk", filter=Q(status=InstanceStatus.FAILED)),
        floating=Count("pk", filter=Q(site=None)),
    )

    def services() -> dict[str, Any]:
        shown = ProductInstance.objects.filter(**held).select_related("product", "site", "package")
        found = list(shown.defer("raw", "site__raw", "package__raw")[:SERVICES_SHOWN])
        return {
            "groups": by_site(found),
            "shown": len(found),
            "latest": latest(account, LATEST_SHOWN),
        }

    def told_packages() -> dict[str, Any]:
        return {"packages": list(with_services(packages.defer("raw"))[:PACKAGES_SHOWN])}

    def told_sites() -> dict[str, Any]:
        return {"sites": list(with_carried(sites.defer("raw"))[:SITES_SHOWN])}

    def wix_said() -> dict[str, Any]:
        # Of no other call about an account is the answer kept.
        answers = Package.objects.filter(account=account, wix_answered_at__isnull=False)
        answered = answers.defer("raw").order_by("-wix_answered_at", "id").first()
        return {"answered": answered, **said(account.raw)}

    tabs = [
        Tab("services", "Services", "accounts/_services.html", services, counts["total"]),
        Tab("packages", "Packages", "accounts/_packages.html", told_packages, package_count),
        Tab("sites", "Sites", "accounts/_sites.html", told_sites, site_count),
        *common_tabs(request, account, note_form),
        Tab("wix", "What Wix said", "accounts/_wix_said.html", wix_said),
    ]
    context = {
        "account": account,
        "title": str(account),
        "counts": counts,
        "checked": ages.checked_between([*read_at, account.sites_checked_at]),
        "package_count": package_count,
        "site_count": site_count,
        "run": wanted_run(request, account=account),
    }
    tab = "notes" if note_form else ""
    return show_record(
        request, "accounts/detail.html", account, tabs, context, tab=tab, status=status
    )


def with_carried(sites: QuerySet[Site]) -> QuerySet[Site]:
    """Each site with `carried`, the number of services on it that Wix still has."""
    present = ProductInstance.objects.filter(site=OuterRef("pk"), gone_at=None)
    number = present.order_by().values("site").annotate(n=Count("pk")).values("n")
    return sites.annotate(carried=Coalesce(Subquery(number), 0))


def by_site(services: list[ProductInstance]) -> list[OnSite]:
    """The services grouped: floating ones first, since they wait for a site, then site by site."""
    groups: dict[UUID | None, OnSite] = {}
    for service in services:
        groups.setdefault(service.site_id, OnSite(service.site)).services.append(service)
    return sorted(groups.values(), key=lambda group: (group.site is not None, str(group.site)))
