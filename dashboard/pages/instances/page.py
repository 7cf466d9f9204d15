"""One service's page: what it is, what happened to it, what can be done with it and what not."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dashboard.actions.assign import AssignForm
from dashboard.actions.controls import controls_of, order_again
from dashboard.actions.forms import forms_under
from dashboard.actions.row_controls import attach_row_controls, hindrances
from dashboard.actions.undo import latest_offer
from dashboard.components.controls import held_off
from dashboard.components.explanations import WHO
from dashboard.components.named_ids import known_names
from dashboard.frame.context import frame_of
from dashboard.records.page import Tab, record_page
from dashboard.records.refresh import current_run
from dashboard.records.service_outcome import outcome_sentence
from dashboard.records.tabs import (
    NoteForm,
    aside_timeline,
    notes_tab,
    operations_tab,
    timeline_tab,
    wix_tab,
)
from resellers.models import ProductInstance
from resellers.operations.namesakes import EVERYWHERE, attach_distinctions
from resellers.operations.preflight import Preflight
from resellers.operations.references import attach_references
from resellers.operations.reorders import advise
from resellers.refusals import explain_status

SIBLINGS_LIMIT = 6
# The order by which it was made in place of a failed one, and that.
MADE_BY = ("reorder__operation", "reorder__failed__product", "reorder__failed__package")


@require_safe
def instance_detail(request: HttpRequest, wix_id: UUID) -> HttpResponse:
    """One service: what it is, where, how it stands, what happened to it, what can be done."""
    return instance_page(request, wix_id)


def instance_page(
    request: HttpRequest, wix_id: UUID, *, note_form: NoteForm | None = None, status: int = 200
) -> HttpResponse:
    """The service's page with the tab asked for; with a note's form, on the tab of the notes."""
    instance = (
        ProductInstance.objects.select_related("product", "account", "site", "package", *MADE_BY)
        .filter(pk=wix_id)
        .first()
    )
    if instance is None:
        raise Http404(_("Nothing of id %(id)s") % {"id": wix_id})
    attach_references([instance])
    preflight = frame_of(request).preflight
    forms = forms_under("instances")
    answers = preflight.of_all([form.kind for form in forms], [instance])[instance.pk]
    controls = controls_of(reversed(forms), instance, answers)
    again = preflight.order_again(instance.account, [instance])
    orders = order_again(again, instance)
    assign = [one for one in controls if one.label == AssignForm.button]
    # What the service waits for stands beside the sentence that says so, and not above it.
    due = next(iter(orders or (assign if instance.is_floating else [])), None)
    controls = [one for one in (*controls, *orders) if one is not due]
    ordered = again.of(instance)
    explanation = explain_status(instance.status, floats=instance.is_floating)
    failure = advise(instance, ordered) if instance.is_failed else None
    tabs = [
        Tab(
            "overview",
            _("Overview"),
            "pages/instances/_overview.html",
            lambda: {
                **aside_timeline(request, instance),
                **_siblings(instance, preflight),
                "is_used": instance.references.user_of(instance) is not None,  # type: ignore[attr-defined]
            },
        ),
        operations_tab(instance),
        timeline_tab(request, instance, lambda: latest_offer(instance, preflight)),
        notes_tab(instance, note_form),
        wix_tab(instance),
    ]
    context = {
        "instance": instance,
        "account": instance.account,
        "package": instance.package,
        "title": _("%(product)s of %(account)s")
        % {"product": instance.product, "account": instance.account},
        "status": explanation,
        "sentence": outcome_sentence(instance),
        "due": due if due and due.is_visible else None,
        "failure": failure,
        "earlier_failure": "" if failure else _failure_words(instance),
        "names": known_names([instance.failure_message] if failure else []),
        "ordered": ordered,
        "in_place_of": getattr(instance, "reorder", None),
        "who": WHO[failure.known.who] if failure else explanation.who,
        "open_operation": next(
            filter(None, (answer.open_operation for answer in answers.values())), None
        ),
        "controls": controls,
        "held_off": held_off([*controls, *([due] if due else [])]),
        "is_looked_at_only": not any(answer.is_allowed for answer in answers.values()),
        "hindrances": hindrances(answers),
        "run": current_run(request, account=instance.account, package=instance.package),
    }
    tab = "notes" if note_form else ""
    return record_page(
        request, "pages/instances/detail.html", instance, tabs, context, tab=tab, status=status
    )


def _siblings(instance: ProductInstance, preflight: Preflight) -> dict[str, Any]:
    """What else is in the package, those first that wait for somebody."""
    others = instance.package.instances.present().exclude(pk=instance.pk)
    rows = others.urgent_first().select_related("product", "site", "package", "account")
    rows = rows.defer("raw", "site__raw", "package__raw", "account__raw")
    found = list(rows[: SIBLINGS_LIMIT + 1])
    siblings = found[:SIBLINGS_LIMIT]
    attach_row_controls(siblings, instance.account, preflight)
    attach_distinctions(siblings, EVERYWHERE)
    return {"siblings": siblings, "are_more": len(found) > SIBLINGS_LIMIT}


def _failure_words(instance: ProductInstance) -> str:
    """What Wix says of a failure, in its own words; empty where it says nothing."""
    return ": ".join(filter(None, [instance.failure_code, instance.failure_message]))
