"""One package's page."""

from typing import Any
from uuid import UUID

from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from dashboard.actions.controls import controls_of, order_again
from dashboard.actions.external_id import ExternalIdForm
from dashboard.actions.forms import forms_under
from dashboard.actions.undo import latest_offer
from dashboard.components.controls import held_off
from dashboard.frame.context import frame_of
from dashboard.records.headings import counted_services
from dashboard.records.page import NoteForm, Tab, common_tabs, record_page, wix_tab
from dashboard.records.refresh import current_run
from dashboard.records.timeline import latest_entries
from resellers.models import Package
from resellers.models.querysets import ENDED, GONE, LIVE, PRESENT
from resellers.operations.namesakes import attach_distinctions

SERVICES_LIMIT = 200
LATEST_LIMIT = 5


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

    def services() -> dict[str, Any]:
        rows = held.select_related("product", "site").defer("raw", "site__raw")
        found = list(rows[:SERVICES_LIMIT])
        for service in found:
            service.ordered = again.of(service)  # type: ignore[attr-defined]
        attach_distinctions(found, beside=("place", "status", "cycle"))
        return {
            "services": found,
            "latest": latest_entries(package, LATEST_LIMIT),
        }

    tabs = [
        Tab("services", "Services", "pages/packages/_services.html", services, total),
        *common_tabs(request, package, note_form, lambda: latest_offer(package, preflight)),
        wix_tab(package),
    ]
    context = {
        "package": package,
        "account": package.account,
        "title": f"{package} of {package.account}",
        "total": total,
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
