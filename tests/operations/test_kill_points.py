"""Between the two writes of a move: workers that die or freeze there, and those that go on.

The whole matrix, every point of every kind, is `make chaos`.
"""

import pytest

from tests import processes

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.standalone,
    pytest.mark.redis,
]

TWO_STEPS = {
    "kill": ("confirming:unassign",),  # in the second call: tests/operations/test_killed_worker.py
    "freeze": ("answered:unassign",),
}
STRAIGHT = {"kill": ("answered:move",), "freeze": ()}


@pytest.mark.parametrize("action", ["kill", "freeze"])
def test_a_move_ends_rightly_wherever_its_worker_is_lost(
    mirror, person, redis_url, tmp_path, action
):
    """P1, P6: it is where it was wanted, with no effect more, and who woke late wrote nothing."""
    from tests.chaos import kills
    from tests.chaos.ground import HURRIED, Ground
    from tests.chaos.places import Plan
    from tests.chaos.wishes import Wishes

    env = processes.environment(redis_url, **HURRIED)
    ground = Ground(mirror.sandbox, redis_url, env, person, tmp_path)
    plans = [Plan("reassign", "two_step", place, action) for place in TWO_STEPS[action]]
    plans += [Plan("reassign", "direct", place, action) for place in STRAIGHT[action]]

    runs = kills.carry_out(ground, Wishes(person), plans)

    assert {run.plan.label: run.wrongs for run in runs if run.wrongs} == {}
    assert [run.operation.state for run in runs] == ["succeeded"] * len(plans)
