"""The judge of `make chaos CHAOS=rounds` says nothing of what is true, and finds every lie."""

from datetime import UTC, datetime

import pytest

from dashboard.actions.forms import FORMS
from resellers.models import Operation, OperationState
from tests import practice, worlds
from tests.chaos.rounds.evidence import OF_CHANGES, Evidence, Mark, gather
from tests.chaos.rounds.judge import judge
from tests.chaos.rounds.lies import LIES, unnoticed
from tests.chaos.rounds.looks import LOOKS
from tests.chaos.rounds.planting import becomes
from tests.chaos.wishes import Wishes
from tests.dashboard.submitting import text
from tests.mirrors import read

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

State = OperationState
LONG = 60_000  # milliseconds
REFUSE = {"effect": "refuse:PRODUCT_TYPE_ALREADY_ASSIGNED", "times": 1}


def test_the_judge_finds_nothing_false_in_what_is_true_and_every_lie(mirror, manager, run_due):
    """Over a few operations that lies can be told of; each lie in a copy of its own."""
    since, wishes = Mark.now(mirror.sandbox), Wishes(manager.user)
    practice.faults(mirror.sandbox, {"match": "assign", **REFUSE}, {"match": "adjust", **REFUSE})
    asked = [wishes.ask("reassign"), wishes.ask("adjust")]
    run_due()
    practice.faults(mirror.sandbox)
    asked += [wishes.ask(kind) for kind in ("reassign", "create_package", "external_id")]
    run_due()
    worlds.settle_twice()
    practice.clock(mirror.sandbox, deliver_now=True)  # nothing changes there after it was read
    read("full")
    states = [worlds.end(operation).state for operation in asked]
    assert states == [State.ROLLED_BACK, State.FAILED, *[State.SUCCEEDED] * 3]

    clicks = [{"request_id": str(o.request_id), "answer": "recorded"} for o in asked]
    pages = {str(o.pk): text(manager.get(o.get_absolute_url())) for o in Operation.objects.all()}
    evidence = gather(mirror.sandbox, since, clicks=clicks, pages=pages)
    taken_off_by_others(evidence, asked[2])

    assert judge(evidence) == []
    planted, missed = unnoticed(evidence)
    assert planted == [lie.name for lie in LIES]
    assert missed == []


def taken_off_by_others(evidence: Evidence, moved: Operation) -> None:
    """Long after its end, as it may be in a round: the judge must know that from a lie."""
    evidence.until += LONG
    service = f"service {moved.instance_id}"
    held = evidence.true[service]["site"]
    becomes(evidence, service, evidence.until, site="")
    change = dict.fromkeys(OF_CHANGES) | {"instance_id": str(moved.instance_id)}
    at = datetime.fromtimestamp(evidence.until / 1000, tz=UTC).isoformat()
    evidence.changes.append(change | {"at": at, "field": "site", "old": held, "new": ""})
    evidence.outside_changes.append({"service": str(moved.instance_id)})


def test_the_judge_knows_every_kind_that_people_can_ask_for():
    assert {form.kind for form in FORMS} <= set(LOOKS)
