"""One customer's page: the one place for all that is theirs."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, Exists, Max, Min, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dashboard.actions.controls import hand_over_site, new_package
from dashboard.actions.row_controls import attach_row_controls
from dashboard.components import ages
from dashboard.components.wix_answers import redacted_json
from dashboard.frame.context import frame_of
from dashboard.lists.filters import WordFilter
from dashboard.records.health_strip import health_strip
from dashboard.records.page import Tab, record_page
from dashboard.records.refresh import current_run
from dashboard.records.tabs import (
    NoteForm,
    aside_timeline,
    notes_tab,
    operations_tab,
    timeline_tab,
)
from resellers.models import Account, Confirmation, Package
from resellers.operations.namesakes import EVERYWHERE, attach_distinctions

from .forms import CustomerForm
from .service_cards import service_cards, services_of

PACKAGES_LIMIT = 100
SITES_LIMIT = 100


@require_safe
def account_detail(request: HttpRequest, wix_id: UUID) -> HttpResponse:
    """One customer: services by site, packages, sites, operations, and all that happened."""
    return account_page(request, wix_id)


@dataclass(frozen=True, slots=True)
class Editing:
    """The form of what the agency writes on a customer, and where it leads without saving."""

    form: CustomerForm
    back: str


def account_page(
    request: HttpRequest,
    wix_id: UUID,
    *,
    note_form: NoteForm | None = None,
    editing: Editing | None = None,
    status: int = 200,
) -> HttpResponse:
    """The account's page with the tab asked for; with a note's form, on the tab of the notes.

    `editing` stands open in the head.
    """
    accounts = Account.objects.select_related("looked_after_by").with_doubts()
    account = accounts.filter(pk=wix_id).first()
    if account is None:
        raise Http404(_("Nothing of id %(id)s") % {"id": wix_id})
    packages, sites = account.packages.present(), account.sites.present()
    read = packages.aggregate(
        total=Count("pk"), oldest=Min("last_confirmed_at"), newest=Max("last_confirmed_at")
    )
    read_at = [read["oldest"], read["newest"]] if read["total"] else []
    strip, site_count = health_strip(account.instances.present()), sites.count()
    preflight = frame_of(request).preflight
    link = reverse("instance_list", query={"account": str(account.pk)})

    def services() -> dict[str, Any]:
        cards = service_cards(account, request.GET.get("all", ""))
        found = services_of(cards)
        attach_row_controls(found, account, preflight)
        attach_distinctions(found, EVERYWHERE)
        on_cards = sum(card.site is not None for card in cards)
        return {
            "cards": [(card, f"{link}&{urlencode(card.query)}") for card in cards],
            "sites_left_out": on_cards < site_count,
            **aside_timeline(request, account),
        }

    def packages_context() -> dict[str, Any]:
        return {"packages": list(packages.defer("raw").with_services()[:PACKAGES_LIMIT])}

    def sites_context() -> dict[str, Any]:
        return {"sites": list(sites.defer("raw").with_services()[:SITES_LIMIT])}

    def wix_said() -> dict[str, Any]:
        # Of no other call about an account is the answer kept.
        confirmations = Confirmation.objects.filter(at=OuterRef("last_confirmed_at"))
        answers = Package.objects.filter(Exists(confirmations), account=account)
        answered = answers.defer("raw").order_by("-last_confirmed_at", "id").first()
        return {"answered": answered, "raw": redacted_json(account.raw)}

    tabs = [
        Tab("services", _("Services"), "pages/accounts/_services.html", services, strip.total),
        Tab(
            "packages",
            _("Packages"),
            "pages/accounts/_packages.html",
            packages_context,
            read["total"],
        ),
        Tab("sites", _("Sites"), "pages/accounts/_sites.html", sites_context, site_count),
        operations_tab(account),
        timeline_tab(request, account),
        notes_tab(account, note_form),
        Tab("wix", _("What Wix said"), "pages/accounts/_wix_said.html", wix_said),
    ]
    group = WordFilter.written(account.group)
    context = {
        "account": account,
        "title": str(account),
        "new_package": new_package(preflight, account),
        "hand_over": hand_over_site(preflight, account),
        "strip": strip,
        "strip_link": link,
        "read": read,
        "checked": ages.checked_between([*read_at, account.sites_checked_at]),
        "package_count": read["total"],
        "site_count": site_count,
        "group_link": reverse("account_list", query={"group": group}),
        "run": current_run(request, account=account),
        "editing": editing,
    }
    tab = "notes" if note_form else ""
    return record_page(
        request, "pages/accounts/detail.html", account, tabs, context, tab=tab, status=status
    )
