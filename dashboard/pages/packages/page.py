"""One package's page."""

from typing import Any
from uuid import UUID

from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dashboard.actions.controls import controls_of, order_again
from dashboard.actions.external_id import ExternalIdForm
from dashboard.actions.forms import forms_under
from dashboard.actions.row_controls import attach_row_controls
from dashboard.actions.undo import latest_offer
from dashboard.components.controls import held_off
from dashboard.frame.context import frame_of
from dashboard.records.headings import counted_services
from dashboard.records.health_strip import health_strip
from dashboard.records.page import Tab, record_page
from dashboard.records.refresh import current_run
from dashboard.records.tabs import (
    NoteForm,
    aside_timeline,
    notes_tab,
    operations_tab,
    timeline_tab,
    wix_tab,
)
from resellers.models import Package
from resellers.models.instance_querysets import CANCELED, ENDED, LIVE
from resellers.models.querysets import GONE, PRESENT
from resellers.operations.namesakes import EVERYWHERE, attach_distinctions

SERVICES_LIMIT = 100
CANCELED_LIMIT = 10


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
        raise Http404(_("Nothing of id %(id)s") % {"id": wix_id})
    preflight = frame_of(request).preflight
    forms = forms_under("packages")
    answers = preflight.of_all([form.kind for form in forms], [package])[package.pk]
    menu_forms = [form for form in reversed(forms) if not form.is_in_place]
    controls = controls_of(menu_forms, package, answers)
    failed = list(package.instances.present().failed().select_related("product").defer("raw"))
    again = preflight.order_again(package.account, failed)
    controls += order_again(again, package)
    number = package.instances.aggregate(
        all=Count("pk"),
        gone=Count("pk", filter=GONE),
        living=Count("pk", filter=LIVE),
        ended=Count("pk", filter=PRESENT & ENDED),
    )
    # Of a package that has left, what it held is all there is to show.
    held = package.instances.all() if package.gone_at else package.instances.present()
    total = number["all"] if package.gone_at else number["all"] - number["gone"]
    strip = health_strip(held)

    def services() -> dict[str, Any]:
        rows = held.urgent_first().select_related("product", "site", "package", "account")
        rows = rows.defer("raw", "site__raw", "package__raw", "account__raw")
        living = list(rows.exclude(CANCELED)[:SERVICES_LIMIT])
        ended = next((one.count for one in strip.shares if one.status == "CANCELED"), 0)
        few_ended = 0 < ended <= CANCELED_LIMIT
        folded = list(rows.filter(CANCELED)[:CANCELED_LIMIT]) if few_ended else []
        attach_row_controls([*living, *folded], package.account, preflight, again)
        attach_distinctions([*living, *folded], EVERYWHERE)
        return {
            "services": living,
            "canceled": folded,
            "canceled_count": ended,
            **aside_timeline(request, package),
        }

    tabs = [
        Tab("services", _("Services"), "pages/packages/_services.html", services, total),
        operations_tab(package),
        timeline_tab(request, package, lambda: latest_offer(package, preflight)),
        notes_tab(package, note_form),
        wix_tab(package),
    ]
    gone = {"gone": "1"} if package.gone_at else {}
    context = {
        "package": package,
        "account": package.account,
        "title": _("%(package)s of %(account)s") % {"package": package, "account": package.account},
        "total": total,
        "strip": strip,
        "strip_link": reverse("instance_list", query={"package": str(package.pk)} | gone),
        "gone": number["gone"],
        "services_words": counted_services(number["living"], number["ended"]),
        "controls": controls,
        "held_off": held_off(controls),
        "external_id": answers[ExternalIdForm.kind],
        "run": current_run(request, account=package.account, package=package),
    }
    tab = "notes" if note_form else ""
    return record_page(
        request, "pages/packages/detail.html", package, tabs, context, tab=tab, status=status
    )
