"""A flow's process is killed between its steps, and another goes on: nothing is asked for twice."""

from uuid import uuid4

import pytest
from django.db.models.functions import Now

from resellers.flows import deciding
from resellers.models import Flow, Operation
from tests import practice, processes, worlds
from tests.flows.test_site_handover import KIND, carried, other, paid_site  # noqa: F401
from tests.mirrors import read
from tests.randomness import FULL

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.at_length]

FAST = {
    "LEASE_SECONDS": 2,
    "CALL_SECONDS": 2,
    "SWEEP_SECONDS": 1,
    "FLOW_SECONDS": 0.2,
    "CREATE_LADDER": [0.2, 0.2, 0.5, 0.5, 1, 1],
    "READ_LADDER": [0.2, 0.2, 0.5, 0.5, 1, 1],
}
# Before and after what came of a look is written, at each step that goes on by itself.
POINTS = ("flow-looked", "flow-writing", "flow-written") if FULL else ("flow-writing",)


def test_a_chain_whose_processes_die_at_every_step_asks_wix_for_each_thing_once(
    mirror,
    paid_site,  # noqa: F811
    redis_url,
    tmp_path,
):
    boss = worlds.user("manager")
    cancel = f"cancel:{carried(paid_site).get().pk}"
    answers = {"site": str(paid_site.pk), "account": str(other(paid_site).pk)}
    flow = deciding.start(KIND, answers, by=boss, request_id=uuid4())
    Flow.objects.filter(pk=flow.pk).update(state=Flow.State.OPEN)
    deciding.answer(flow, "agree", {"service_1": "again"}, by=boss)
    env = processes.environment(redis_url, **FAST) | {"DEBUG": "1"}

    for step in (cancel, "transfer", "order"):
        for point in POINTS:
            marker = tmp_path / f"{point}-{step[:8]}"
            point_of_death = {"ENGINE_FAILPOINT": f"{point}:{step}=kill@{marker}"}
            with processes.process(*processes.SWEEP, env=env | point_of_death) as sweep:
                processes.wait_until(marker.exists, f"it stands at {point} of {step}", seconds=60)
                sweep.wait()

    def is_done() -> bool:
        practice.clock(mirror.sandbox, deliver_now=True)
        read("incremental")
        Flow.objects.filter(pk=flow.pk).update(next_run_at=Now())
        flow.refresh_from_db()
        return flow.is_over

    with (
        processes.process(*processes.WORKER, env=env),
        processes.process(*processes.BEAT, str(tmp_path / "schedule"), env=env),
    ):
        processes.wait_until(is_done, "the flow is over", seconds=60)

    assert flow.state == Flow.State.DONE, list(flow.events.values_list("words", flat=True))
    assert practice.applied(mirror.sandbox) == ["cancel", "transfer", "create"]
    assert Operation.objects.count() == 3
    assert flow.steps.filter(operation__isnull=False).count() == 3
