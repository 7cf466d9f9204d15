"""Accounts: the agency's customers, each the one place for all that is theirs."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Count, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from dashboard import cells, lists
from dashboard.exports import Field
from dashboard.filters import Flag, Word, Words
from dashboard.lists import Column, List, Sort
from dashboard.timeline import timeline, wanted_run
from resellers.models import Account, Operation, Package, ProductInstance, Site

from .packages import with_services

SERVICES_SHOWN = 200
PACKAGES_SHOWN = 20


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


def _name(account: Account) -> SafeString:
    own = mark_safe(' <span class="tag">own account</span>') if account.is_main else ""
    return format_html(
        "{}{}{}<small>{}</small>",
        cells.account_link(account),
        own,
        cells.gone_mark(account.gone_at),
        account.email or ("no e-mail" if account.name else "no name imported"),
    )


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
            lambda row: cells.checked(row.last_confirmed_at),
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
            lambda word: (
                Q(name__icontains=word) | Q(email__icontains=word) | Q(reference__icontains=word)
            ),
        ),
        Word("group", "Group", "group", {}),
        Flag("gone", "Gone from Wix only", Q(gone_at__isnull=False)),
    ),
    sorts={"name": Sort("Name", "name")},
    default_sort="name",
    unless={"gone": lambda rows: rows.filter(gone_at=None)},
    nothing="No accounts yet",
)


def row_text(text: str) -> str | SafeString:
    return format_html("{}", text) if text else cells.NOTHING


@require_safe
def account_list(request: HttpRequest) -> HttpResponse:
    """Every customer, by name."""
    return lists.show(request, ACCOUNTS)


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
    """One customer: services by site, packages, operations, and everything that happened."""
    account = Account.objects.filter(pk=wix_id).first()
    if account is None:
        raise Http404(f"Nothing of id {wix_id}")
    held: dict[str, Any] = {"account": account, "gone_at": None}
    services = list(
        ProductInstance.objects.filter(**held).select_related("product", "site")[:SERVICES_SHOWN]
    )
    total = len(services)
    if total == SERVICES_SHOWN:
        total = ProductInstance.objects.filter(**held).count()
    packages = Package.objects.filter(**held)
    operations = Operation.objects.filter(account=account).select_related("site", "requested_by")
    return render(
        request,
        "accounts/detail.html",
        {
            "account": account,
            "groups": by_site(services),
            "total": total,
            "shown": len(services),
            "packages": list(with_services(packages)[:PACKAGES_SHOWN]),
            "package_count": packages.count(),
            "site_count": Site.objects.filter(**held).count(),
            "operations": list(operations[:20]),
            "entries": timeline(account=account),
            "run": wanted_run(request, account=account),
        },
    )


def by_site(services: list[ProductInstance]) -> list[OnSite]:
    """The services grouped: floating ones first, since they wait for a site, then site by site."""
    groups: dict[UUID | None, OnSite] = {}
    for service in services:
        groups.setdefault(service.site_id, OnSite(service.site)).services.append(service)
    return sorted(groups.values(), key=lambda group: (group.site is not None, str(group.site)))
