"""One customer's page: the one place for all that is theirs."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from dashboard.components import ages
from dashboard.pages.packages.list import with_services
from dashboard.records.page import NoteForm, Tab, common_tabs, show_record
from dashboard.records.timeline import latest, wanted_run
from dashboard.records.wix_said import said
from resellers.models import Account, InstanceStatus, Package, ProductInstance, Site

SERVICES_SHOWN = 200
PACKAGES_SHOWN = 100
SITES_SHOWN = 100
LATEST_SHOWN = 5


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
        Tab("services", "Services", "pages/accounts/_services.html", services, counts["total"]),
        Tab("packages", "Packages", "pages/accounts/_packages.html", told_packages, package_count),
        Tab("sites", "Sites", "pages/accounts/_sites.html", told_sites, site_count),
        *common_tabs(request, account, note_form),
        Tab("wix", "What Wix said", "pages/accounts/_wix_said.html", wix_said),
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
        request, "pages/accounts/detail.html", account, tabs, context, tab=tab, status=status
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
