"""One service's page: what it is, what happened to it, what can be done with it and what not."""

from collections.abc import Mapping
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from dashboard.actions.controls import controls_of, order_again
from dashboard.actions.forms import WISH_FORMS, forms_under
from dashboard.actions.undo import latest_offer
from dashboard.components.controls import held_off
from dashboard.components.explanations import WHO
from dashboard.components.named_ids import known_names
from dashboard.frame.context import frame_of
from dashboard.records.page import NoteForm, Tab, common_tabs, record_page, wix_tab
from dashboard.records.refresh import current_run
from dashboard.records.timeline import latest_entries
from resellers.models import ProductInstance
from resellers.operations.preflight import Answer
from resellers.operations.references import attach_references
from resellers.operations.reorders import advise
from resellers.refusals import explain_status

LATEST_LIMIT = 5
# The order by which it was made in place of a failed one, and that.
MADE_BY = ("reorder__operation", "reorder__failed__product", "reorder__failed__package")
# Of a service that stands on a site, or on none: nobody would look for that action here.
SENSELESS = ("ASSIGNED", "FLOATING", "MISSING_SITE_ID")


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
        raise Http404(f"Nothing of id {wix_id}")
    attach_references([instance])
    preflight = frame_of(request).preflight
    forms = forms_under("instances")
    answers = preflight.of_all([form.kind for form in forms], [instance])[instance.pk]
    controls = controls_of(reversed(forms), instance, answers)
    again = preflight.order_again(instance.account, [instance])
    controls += order_again(again, instance)
    ordered = again.of(instance)
    explanation = explain_status(instance.status, floats=instance.is_floating)
    failure = advise(instance, ordered) if instance.is_failed else None
    tabs = [
        Tab(
            "overview",
            "Overview",
            "pages/instances/_overview.html",
            lambda: {
                "latest": latest_entries(instance, LATEST_LIMIT),
                "is_used": instance.references.user_of(instance) is not None,  # type: ignore[attr-defined]
            },
        ),
        *common_tabs(request, instance, note_form, lambda: latest_offer(instance, preflight)),
        wix_tab(instance),
    ]
    context = {
        "instance": instance,
        "account": instance.account,
        "package": instance.package,
        "title": f"{instance.product} of {instance.account}",
        "status": explanation,
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
        "held_off": held_off(controls),
        "is_looked_at_only": not any(answer.is_allowed for answer in answers.values()),
        "hindrances": _hindrances(answers),
        "run": current_run(request, account=instance.account, package=instance.package),
    }
    tab = "notes" if note_form else ""
    return record_page(
        request, "pages/instances/detail.html", instance, tabs, context, tab=tab, status=status
    )


def _failure_words(instance: ProductInstance) -> str:
    """What Wix says of a failure, in its own words; empty where it says nothing."""
    return ": ".join(filter(None, [instance.failure_code, instance.failure_message]))


def _hindrances(answers: Mapping[str, Answer]) -> list[tuple[str, str]]:
    """What cannot be done and why, actions with one reason together; not what makes no sense."""
    by_reason: dict[str, list[str]] = {}
    for kind, answer in answers.items():
        if answer.is_allowed and answer.obstacles and answer.obstacles[0].code not in SENSELESS:
            verb = WISH_FORMS[kind].slug
            by_reason.setdefault(answer.why, []).append(verb)
    return [(", ".join(verbs).capitalize(), words) for words, verbs in by_reason.items()]
