"""One service's page: what it is, what happened to it, what can be done with it and what not."""

from collections.abc import Mapping
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from dashboard.actions.undo import latest_offer
from dashboard.records.page import NoteForm, Tab, common_tabs, record_page, wix_tab
from dashboard.records.timeline import latest_entries, wanted_run
from resellers.models import (
    InstanceStatus,
    Operation,
    ProductInstance,
)
from resellers.operations.conflicts import Conflicts
from resellers.operations.foreseen import learned_refusals
from resellers.refusals import explain_failure, explain_status

LATEST_SHOWN = 5
ACTIONS = ("assign", "unassign", "reassign", "adjust", "cancel")


@require_safe
def instance_detail(request: HttpRequest, wix_id: UUID) -> HttpResponse:
    """One service: what it is, where, how it stands, what happened to it, what can be done."""
    return instance_page(request, wix_id)


def instance_page(
    request: HttpRequest, wix_id: UUID, *, note_form: NoteForm | None = None, status: int = 200
) -> HttpResponse:
    """The service's page with the tab asked for; with a note's form, on the tab of the notes."""
    instance = (
        ProductInstance.objects.select_related("product", "account", "site", "package")
        .filter(pk=wix_id)
        .first()
    )
    if instance is None:
        raise Http404(f"Nothing of id {wix_id}")
    held = Conflicts(package_id=instance.package_id, instance_id=instance.pk).q
    open_operation = Operation.objects.open().filter(held).select_related("requested_by").first()
    told = obstacles(instance, open_operation)
    tabs = [
        Tab(
            "overview",
            "Overview",
            "pages/instances/_overview.html",
            lambda: {"latest": latest_entries(instance, LATEST_SHOWN)},
        ),
        *common_tabs(request, instance, note_form, lambda: latest_offer(instance, request.user)),
        wix_tab(instance),
    ]
    context = {
        "instance": instance,
        "account": instance.account,
        "package": instance.package,
        "title": f"{instance.product} of {instance.account}",
        "status": explain_status(instance.status),
        "failure": explain_failure(instance.failure_code)
        if instance.status == InstanceStatus.FAILED
        else None,
        "open_operation": open_operation,
        "obstacles": told,
        "hindrances": _hindrances(instance, told),
        "run": wanted_run(request, account=instance.account, package=instance.package),
    }
    tab = "notes" if note_form else ""
    return record_page(
        request, "pages/instances/detail.html", instance, tabs, context, tab=tab, status=status
    )


def _hindrances(instance: ProductInstance, told: Mapping[str, str]) -> list[tuple[str, str]]:
    """What cannot be done and why, actions with one reason together; not what makes no sense."""
    senseless = ("assign",) if instance.site_id else ("reassign", "unassign")
    by_reason: dict[str, list[str]] = {}
    for action, words in told.items():
        if action not in senseless:
            by_reason.setdefault(words, []).append(action)
    return [(", ".join(actions).capitalize(), words) for words, actions in by_reason.items()]


def obstacles(instance: ProductInstance, open_operation: Operation | None) -> dict[str, str]:
    """Why this service cannot be changed now, by action; an action without an entry can be."""
    if instance.gone_at:
        return dict.fromkeys(ACTIONS, "Wix no longer has this service.")
    if instance.is_ended:
        status = explain_status(instance.status)
        words = f"{status.word}: {status.meaning} Nothing can be done with it."
        return dict.fromkeys(ACTIONS, words)
    if open_operation:
        kind = open_operation.get_kind_display()
        words = f"{kind} #{open_operation.pk} is under way; one change at a time."
        return dict.fromkeys(ACTIONS, words)
    told = {}
    if instance.is_floating:
        told["reassign"] = told["unassign"] = "It is on no site, so there is nothing to move."
    else:
        told["assign"] = "It is on a site already: reassign it instead."
    if instance.status != InstanceStatus.ENABLED:
        told["adjust"] = "Wix changes the plan of enabled services only."
    elif not instance.product.adjustable or learned_refusals(
        instance.product, "OPERATION_NOT_SUPPORTED_FOR_PRODUCT"
    ):
        told["adjust"] = "Wix does not offer a change of plan for this product."
    return told
