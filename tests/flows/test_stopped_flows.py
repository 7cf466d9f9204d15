"""What stops a flow is a case in the inbox, one for each flow, open for as long as it stands."""

import csv

import pytest
from django.db.models import Q
from django.db.models.functions import Now

from resellers import cases
from resellers.flows import deciding
from resellers.models import Case, CaseCause, CaseState, Flow, Operation
from resellers.operations.decisions import finish_by_hand
from tests import practice
from tests.dashboard.submitting import text
from tests.flows.test_site_handover import (  # noqa: F401
    begin,
    boss,
    confirm,
    current,
    free_site,
    now,
    operator,
    other,
)

OURS = Q(cause__in=[CaseCause.FLOW, CaseCause.OPERATION])  # the practice world has others

pytestmark = pytest.mark.django_db(transaction=True)


def of_the_flow(flow) -> Case:
    """The flow's case, which is the only one that came of it."""
    cases.keep()  # as the sweep does: it opens none beside
    found = Case.objects.filter(OURS)
    assert [(one.cause, one.flow_id) for one in found] == [(CaseCause.FLOW, flow.pk)]
    return found.get()


def kinds_of(case) -> list[str]:
    return [event.kind for event in case.events.order_by("id")]


@pytest.fixture
def refused(mirror, free_site, operator, run_due) -> Flow:  # noqa: F811
    """A hand-over whose transfer Wix refuses twice."""
    fault = {"match": "transfer", "effect": "refuse:SITE_TRANSFER_NOT_ALLOWED", "times": 2}
    practice.faults(mirror.sandbox, fault)
    flow = begin(free_site, other(free_site), operator)
    run_due()
    confirm(flow, operator)
    run_due()
    assert now(flow).state == Flow.State.STOPPED
    return flow


def test_a_refused_step_opens_one_case_that_closes_as_the_flow_goes_on_and_comes_back(
    refused,
    operator,  # noqa: F811
    run_due,
):
    case = of_the_flow(refused)
    assert (case.state, case.code) == (CaseState.OPEN, "SITE_TRANSFER_NOT_ALLOWED")
    assert (case.account_id, case.owner) == (refused.account_id, None)

    deciding.try_again(refused, by=operator)
    case = of_the_flow(refused)
    assert (case.state, case.end) == (CaseState.CLOSED, "settled")
    run_due()
    confirm(refused, operator)
    run_due()
    case = of_the_flow(refused)
    assert kinds_of(case) == ["opened", "closed", "regressed"]

    deciding.give_up(refused, "The customer wants it no more.", by=operator)
    assert of_the_flow(refused).state == CaseState.CLOSED


def test_a_case_and_its_flow_lead_to_each_other_and_say_what_stopped_it(refused, manager):
    case, client = of_the_flow(refused), manager
    flow_page = text(client.get(refused.get_absolute_url()))
    assert f"Case {case.pk} is open, and nobody has taken it." in flow_page
    cases.take([case.pk], by=client.user)
    assert "looks after it" in text(client.get(refused.get_absolute_url()))

    shown = client.get(case.get_absolute_url())
    assert f'href="{refused.get_absolute_url()}"' in shown.content.decode()
    words = current(refused).outcome
    assert words in text(shown)
    assert "Ask Wix B2B to allow the pair" in text(shown)
    inbox = text(client.get("/failures/"))
    assert "A flow has stopped: Site transfer not allowed" in inbox
    exported = client.get("/failures/export.csv", {"kind": "flow"}).getvalue().decode()
    row = next(csv.DictReader(exported.splitlines()))
    assert (row["case_id"], row["flow_id"]) == (str(case.pk), str(refused.pk))


def test_a_transfer_that_wix_does_not_show_is_a_case_of_its_flow_until_the_flow_lets_go_of_it(
    mirror,
    free_site,  # noqa: F811
    operator,  # noqa: F811
    boss,  # noqa: F811
    run_due,
    settings,
):
    practice.switches(mirror.sandbox, transfer_seconds=3600)
    settings.OPERATIONS = settings.OPERATIONS | {"ESCALATE_SECONDS": 0.5}
    flow = begin(free_site, other(free_site), operator)
    run_due()
    confirm(flow, operator)
    run_due()
    assert of_the_flow(flow).code == "too_long"

    # Nobody looks at it for the flow any more: the operation is a case of its own.
    deciding.pause(flow, by=operator)
    cases.keep()
    opened = dict(Case.objects.filter(OURS).values_list("cause", "state"))
    assert opened == {CaseCause.FLOW: CaseState.CLOSED, CaseCause.OPERATION: CaseState.OPEN}

    deciding.resume(flow, by=operator)
    finish_by_hand(Operation.objects.get(), by=boss, succeeded=False, note="It never came.")
    Flow.objects.filter(pk=flow.pk).update(next_run_at=Now())
    run_due()
    cases.keep()
    opened = dict(Case.objects.filter(OURS).values_list("cause", "state"))
    assert opened == {CaseCause.FLOW: CaseState.OPEN, CaseCause.OPERATION: CaseState.CLOSED}
