"""One customer's page: the one place for all that is theirs."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, Max, Min
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from dashboard.actions.controls import new_package
from dashboard.components import ages
from dashboard.components.wix_answers import redacted_json
from dashboard.frame.context import frame_of
from dashboard.lists.filters import WordFilter
from dashboard.records.page import NoteForm, Tab, common_tabs, record_page
from dashboard.records.refresh import current_run
from dashboard.records.timeline import latest_entries
from resellers.folding import sort_key
from resellers.models import Account, Package, ProductInstance, Site
from resellers.models.querysets import FAILED, FLOATING, NO_SITE
from resellers.operations.namesakes import attach_distinctions
from resellers.operations.reorders import attach_orders

SERVICES_LIMIT = 200
PACKAGES_LIMIT = 100
SITES_LIMIT = 100
LATEST_LIMIT = 5


@dataclass
class OnSite:
    """The services that one site carries; without a site, the floating ones or the ended ones."""

    site: Site | None
    is_floating: bool
    services: list[ProductInstance] = field(default_factory=list)
    total: int = 0  # of which the newest are shown

    @property
    def query(self) -> dict[str, str]:
        """What asks the list of services for all of them, beside their account."""
        if self.site:
            return {"site": str(self.site.pk)}
        return {"floating": "1"} if self.is_floating else {"no_site": "1", "ended": "yes"}


@require_safe
def account_detail(request: HttpRequest, wix_id: UUID) -> HttpResponse:
    """One customer: services by site, packages, sites, operations, and all that happened."""
    return account_page(request, wix_id)


def account_page(
    request: HttpRequest, wix_id: UUID, *, note_form: NoteForm | None = None, status: int = 200
) -> HttpResponse:
    """The account's page with the tab asked for; with a note's form, on the tab of the notes."""
    account = Account.objects.with_doubts().filter(pk=wix_id).first()
    if account is None:
        raise Http404(f"Nothing of id {wix_id}")
    packages, sites = account.packages.present(), account.sites.present()
    held = account.instances.present()
    read = packages.aggregate(
        total=Count("pk"), oldest=Min("last_confirmed_at"), newest=Max("last_confirmed_at")
    )
    package_count, site_count = read["total"], sites.count()
    read_at = [read["oldest"], read["newest"]] if package_count else []
    counts = held.aggregate(
        total=Count("pk"),
        failed=Count("pk", filter=FAILED),
        floating=Count("pk", filter=FLOATING),
        without_site=Count("pk", filter=NO_SITE),
    )

    def services() -> dict[str, Any]:
        rows = held.select_related("product", "site", "package")
        found = list(rows.defer("raw", "site__raw", "package__raw")[:SERVICES_LIMIT])
        attach_orders(found)
        attach_distinctions(found, beside=("place", "status", "cycle", "created"))
        groups = by_site(found)
        for group in groups:
            group.total = len(group.services)
        if len(found) < counts["total"]:
            on_sites = held.filter(site__in=[group.site.pk for group in groups if group.site])
            carried = dict(on_sites.order_by().values_list("site").annotate(n=Count("pk")))
            ended = counts["without_site"] - counts["floating"]
            for group in groups:
                alone = counts["floating"] if group.is_floating else ended
                group.total = carried[group.site.pk] if group.site else alone
        link = reverse("instance_list", query={"account": str(account.pk)})
        return {
            "groups": [(group, f"{link}&{urlencode(group.query)}") for group in groups],
            "listed": len(found),
            "latest": latest_entries(account, LATEST_LIMIT),
            "group_link": reverse(
                "account_list", query={"group": WordFilter.written(account.group)}
            ),
        }

    def packages_context() -> dict[str, Any]:
        return {"packages": list(packages.defer("raw").with_services()[:PACKAGES_LIMIT])}

    def sites_context() -> dict[str, Any]:
        return {"sites": list(sites.defer("raw").with_services()[:SITES_LIMIT])}

    def wix_said() -> dict[str, Any]:
        # Of no other call about an account is the answer kept.
        answers = Package.objects.filter(account=account, wix_answered_at__isnull=False)
        answered = answers.defer("raw").order_by("-wix_answered_at", "id").first()
        return {"answered": answered, "raw": redacted_json(account.raw)}

    tabs = [
        Tab("services", "Services", "pages/accounts/_services.html", services, counts["total"]),
        Tab(
            "packages", "Packages", "pages/accounts/_packages.html", packages_context, package_count
        ),
        Tab("sites", "Sites", "pages/accounts/_sites.html", sites_context, site_count),
        *common_tabs(request, account, note_form),
        Tab("wix", "What Wix said", "pages/accounts/_wix_said.html", wix_said),
    ]
    context = {
        "account": account,
        "title": str(account),
        "new_package": new_package(frame_of(request).preflight, account),
        "counts": counts,
        "checked": ages.checked_between([*read_at, account.sites_checked_at]),
        "package_count": package_count,
        "site_count": site_count,
        "run": current_run(request, account=account),
    }
    tab = "notes" if note_form else ""
    return record_page(
        request, "pages/accounts/detail.html", account, tabs, context, tab=tab, status=status
    )


def by_site(services: list[ProductInstance]) -> list[OnSite]:
    """The services grouped: floating ones first, since they wait for a site, then site by site.

    Those that ended without a site come last: they wait for nothing.
    """
    groups: dict[tuple[UUID | None, bool], OnSite] = {}
    for service in services:
        key = (service.site_id, service.is_floating)
        groups.setdefault(key, OnSite(service.site, service.is_floating)).services.append(service)
    return sorted(
        groups.values(),
        key=lambda group: (not group.is_floating, group.site is None, sort_key(str(group.site))),
    )
