"""Many at once: clicks, people and workers meet on one thing, and one of them does it."""

import os
import random
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from resellers.models import OPEN_STATES, Operation, OperationState, ProductInstance
from resellers.operations import engine
from resellers.operations.plan import make_plan
from resellers.operations.requests import AlreadyOpen, request_operation
from tests import practice, worlds

pytestmark = pytest.mark.django_db(transaction=True)

FULL = bool(os.environ.get("FULL"))
RACES = 1_000 if FULL else 50
ROUNDS = 40 if FULL else 5
CLICKS = 20
WORKERS = 8
WORK_SECONDS = 20


def at_once(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Do all of these at one moment, each on a thread and a database connection of its own."""
    start = threading.Barrier(len(acts))

    def act(one: Callable[[], Any]) -> Any:
        try:
            start.wait(10)
            return one()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(act, acts))


def test_twenty_clicks_at_once_on_one_form_are_one_operation(operator):
    """P8: a request id is recorded once, and all who sent it are told the same."""
    instance = worlds.instance()
    wish = {"site_id": str(worlds.site(instance.account).pk)}
    sent = {
        "target_site": wish["site_id"],
        "plan": make_plan("reassign", instance, wish).fingerprint,
        "request_id": str(uuid4()),
    }

    def click() -> tuple[int, str]:
        browser = Client()
        browser.cookies = operator.cookies
        answer = browser.post(f"/instances/{instance.pk}/reassign/", sent)
        return answer.status_code, answer.headers.get("Location", "")

    answers = at_once([click] * CLICKS)

    operation = Operation.objects.get()
    assert answers == [(302, operation.get_absolute_url())] * CLICKS


def test_of_two_people_who_race_for_one_service_one_is_recorded_and_the_other_told():
    """P9: whatever two people ask for at once, nothing interleaves."""
    people = [worlds.user("operator", name) for name in ("first", "second")]
    instance = worlds.instance()
    wishes = [
        ("reassign", {"site_id": str(worlds.site(instance.account).pk)}),
        ("reassign", {"site_id": str(worlds.site(instance.account).pk)}),
        ("unassign", {}),
        ("adjust", {"product_id": str(worlds.product("Bigger Plan").pk), "cycle": "1 MONTH"}),
    ]
    won: set[int] = set()

    for number in range(RACES):
        chance = random.Random(number)

        def ask(who: int, chance: random.Random = chance) -> Callable[[], Operation | AlreadyOpen]:
            kind, wish = chance.choice(wishes)
            pause = chance.choice([0, 0, chance.uniform(0, 0.005)])
            own = ProductInstance.objects.get(pk=instance.pk)
            fingerprint = make_plan(kind, own, wish).fingerprint

            def one() -> Operation | AlreadyOpen:
                time.sleep(pause)
                try:
                    return request_operation(
                        kind, own, wish, by=people[who], request_id=uuid4(), fingerprint=fingerprint
                    )
                except AlreadyOpen as refused:
                    return refused

            return one

        answers = at_once([ask(0), ask(1)])

        recorded = Operation.objects.get(state__in=OPEN_STATES)
        told = [answer.operation for answer in answers if isinstance(answer, AlreadyOpen)]
        assert [answer for answer in answers if isinstance(answer, Operation)] == [recorded]
        assert told == [recorded]
        won.add(recorded.requested_by_id)
        Operation.objects.update(state=OperationState.CANCELED)

    assert Operation.objects.count() == RACES
    assert won == {person.pk for person in people}, "it was no race"


@pytest.mark.parametrize("fault", ["", "drop_after", "500_before"])
def test_eight_workers_on_one_operation_send_each_write_once(mirror, ask, run_due, settings, fault):
    """P7: eight workers that are woken again and again write what the move needs, and no more."""
    repeats = 2 if fault.endswith("before") else 1
    for _ in range(ROUNDS if not fault else 2):
        instance, target = mirror.movable()
        last = mirror.sandbox.world.journal.last
        if fault:
            practice.faults(mirror.sandbox, {"match": "assign", "effect": fault, "times": 1})
        operation = ask("reassign", instance, site_id=target.pk)

        at_once([lambda pk=operation.pk: work_on(pk)] * WORKERS)

        operation.refresh_from_db()
        assert operation.state == OperationState.SUCCEEDED, operation.outcome
        assert practice.truth(mirror.sandbox, instance.pk)["siteId"] == str(target.pk)
        sent = list(operation.attempts.filter(writes=True).values_list("step", flat=True))
        assert sent == ["unassign"] + ["assign"] * repeats
        reached = [c for c in mirror.sandbox.world.journal.after(last) if c["method"] == "PATCH"]
        applied = [call["idempotency_key"] for call in reached if call["effect"] == "applied"]
        assert applied == [f"{operation.request_id}:{step}:0" for step in ("unassign", "assign")]
        assert len(reached) == len(sent), "a write went out that no attempt tells of"


def work_on(operation_id: int) -> None:
    """Take the operation on, as a worker does that is woken for it again and again."""
    give_up_at = time.monotonic() + WORK_SECONDS
    while Operation.objects.filter(pk=operation_id, state__in=OPEN_STATES).exists():
        assert time.monotonic() < give_up_at, "eight workers have not ended it"
        engine.run(operation_id)
        time.sleep(0.01)
