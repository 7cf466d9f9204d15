"""One site's page: whose it is, what stands on it, what can be done with that."""

from typing import Any
from uuid import UUID

from django.db.models import Min
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dashboard.actions.controls import hand_over_site, new_package
from dashboard.actions.row_controls import attach_row_controls
from dashboard.components.wix_answers import redacted_json
from dashboard.frame.context import frame_of
from dashboard.records.health_strip import health_strip
from dashboard.records.page import Tab, record_page
from dashboard.records.refresh import current_run
from dashboard.records.tabs import aside_timeline, operations_tab, timeline_tab
from resellers.models import DomainProposal, ProductInstance, Site
from resellers.models.instance_querysets import CANCELED
from resellers.models.querysets import PRESENT
from resellers.operations.namesakes import EVERYWHERE, attach_distinctions

SERVICES_LIMIT = 50
CANCELED_LIMIT = 10
PROPOSALS_LIMIT = 10


@require_safe
def site_detail(request: HttpRequest, wix_id: UUID) -> HttpResponse:
    """One site: its services, its domains, what was asked for and what happened there."""
    found = Site.objects.select_related("account").with_premium()
    site = found.filter(pk=wix_id).first()
    if site is None:
        raise Http404(_("Nothing of id %(id)s") % {"id": wix_id})
    account, held = site.account, site.instances.present()
    strip = health_strip(held)
    preflight = frame_of(request).preflight
    link = reverse("instance_list", query={"site": str(site.pk)})

    def services() -> dict[str, Any]:
        number = next((one.count for one in strip.shares if one.status == "CANCELED"), 0)
        rows = held.urgent_first().select_related("product", "package", "account", "site")
        rows = rows.defer("raw", "package__raw", "account__raw", "site__raw")
        living = list(rows.exclude(CANCELED)[:SERVICES_LIMIT])
        canceled = list(rows.filter(CANCELED)[: CANCELED_LIMIT + 1])
        listed = [*living, *canceled[:CANCELED_LIMIT]]
        attach_row_controls(listed, account, preflight)
        attach_distinctions(listed, EVERYWHERE)
        return {
            "services": living,
            "canceled": canceled if len(canceled) <= CANCELED_LIMIT else [],
            "canceled_count": number,
            "more": strip.total - number - len(living),
            **aside_timeline(request, site),
        }

    def domains() -> dict[str, Any]:
        proposals = DomainProposal.objects.filter(site=site).select_related("by", "chosen_by")
        return {"proposals": list(proposals[:PROPOSALS_LIMIT])}

    tabs = [
        Tab("services", _("Services"), "pages/sites/_services.html", services, strip.total),
        Tab("domains", _("Domains"), "pages/sites/_domains.html", domains),
        operations_tab(site),
        timeline_tab(request, site),
        Tab(
            "wix",
            _("What Wix said"),
            "pages/sites/_wix_said.html",
            lambda: {"raw": redacted_json(site.raw)},
        ),
    ]
    context = {
        "site": site,
        "account": account,
        "title": _("%(site)s of %(account)s") % {"site": site, "account": account},
        "strip": strip,
        "strip_link": link,
        "plan": _plan(site),
        "checked_at": held.aggregate(oldest=Min("package__last_confirmed_at"))["oldest"],
        "new_package": new_package(preflight, account),
        "hand_over": hand_over_site(preflight, site),
        "run": current_run(request, account=account),
    }
    return record_page(request, "pages/sites/detail.html", site, tabs, context)


def _plan(site: Site) -> ProductInstance | None:
    """The plan of ours that gives the site Premium; None where none does."""
    plans = site.instances.filter(PRESENT).giving_premium().select_related("product")
    return plans.defer("raw").first()
