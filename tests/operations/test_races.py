"""Many at once: clicks, people and workers meet on one thing, and one of them does it."""

import random
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test import Client

from resellers import audit
from resellers.billing_cycles import BillingCycle
from resellers.mirror import figures
from resellers.models import (
    OPEN_STATES,
    Note,
    Operation,
    OperationState,
    ProductInstance,
)
from resellers.operations import engine
from resellers.operations.decisions import withdraw
from resellers.operations.kinds.adjust import AdjustWish
from resellers.operations.kinds.create_site import CreateSiteWish
from resellers.operations.plan import Plan, make_plan
from resellers.operations.requests import AlreadyOpen, NotPossible, request_operation
from resellers.operations.site_wishes import ReassignWish, UnassignWish
from tests import practice, worlds
from tests.databases import SQLITE, wanted
from tests.randomness import FULL, chances

pytestmark = pytest.mark.django_db(transaction=True)

RACES, ROUNDS = (1_000, 40) if FULL else (20, 4)
if wanted() == SQLITE and not FULL:
    ROUNDS = 1  # its one writer leaves little to race for
NAMES = RACES // 5
CLICKS = 20
WORKERS = 8
WORK_SECONDS = 90


class Lanes:
    """Threads, each with a database connection of its own, that start at one moment."""

    def __init__(self, number: int) -> None:
        self._barrier = threading.Barrier(number)
        self._pool = ThreadPoolExecutor(number)
        self._number = number

    def __enter__(self) -> "Lanes":
        return self

    def __exit__(self, *_: object) -> None:
        self.run([_leave] * self._number)
        self._pool.shutdown()

    def run(self, acts: Sequence[Callable[[], Any]]) -> list[Any]:
        """Do all of these at once, one a thread, and return what each of them returned."""

        def act(one: Callable[[], Any]) -> Any:
            self._barrier.wait(WORK_SECONDS)
            return one()

        return list(self._pool.map(act, acts))


def _leave() -> None:
    connection.close()  # each thread's own


def at_once(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    with Lanes(len(acts)) as lanes:
        return lanes.run(acts)


def test_twenty_clicks_at_once_on_one_form_are_one_operation(operator):
    """P8: a request id is recorded once, and all who sent it are told the same."""
    instance = worlds.instance()
    target = worlds.site(instance.account)
    sent = {
        "target_site": str(target.pk),
        "plan": make_plan(instance, ReassignWish(target.pk)).fingerprint,
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
        ReassignWish(worlds.site(instance.account).pk),
        ReassignWish(worlds.site(instance.account).pk),
        UnassignWish(),
        AdjustWish(worlds.product("Bigger Plan").pk, BillingCycle(1, "MONTH")),
    ]
    won: set[int] = set()

    own = ProductInstance.objects.get(pk=instance.pk)
    planned = [make_plan(own, wish) for wish in wishes]

    def ask(who: int, chance: random.Random) -> Callable[[], Operation | AlreadyOpen]:
        plan = chance.choice(planned)
        pause = chance.choice([0, 0, chance.uniform(0, 0.005)])

        def one() -> Operation | AlreadyOpen:
            time.sleep(pause)
            try:
                return request_operation(
                    own,
                    plan.wish,
                    by=people[who],
                    request_id=uuid4(),
                    fingerprint=plan.fingerprint,
                )
            except AlreadyOpen as refused:
                return refused

        return one

    with Lanes(len(people)) as lanes:
        for number in range(RACES):
            chance = chances(number)
            answers = lanes.run([ask(who, chance) for who in range(len(people))])

            recorded = Operation.objects.open().get()
            turned_down = [
                answer.operation for answer in answers if isinstance(answer, AlreadyOpen)
            ]
            assert [answer for answer in answers if isinstance(answer, Operation)] == [recorded]
            assert turned_down == [recorded]
            won.add(recorded.requested_by_id)
            Operation.objects.update(state=OperationState.CANCELED)

    assert Operation.objects.count() == RACES
    assert won == {person.pk for person in people}, "it was no race"


@pytest.mark.parametrize("pair", [("rename", "rename"), ("rename", "order")])
def test_of_two_people_who_race_for_one_external_id_one_is_recorded_and_the_other_told(pair):
    """Two packages of one name are nothing to Wix, and then the name finds neither."""
    person, product = worlds.user("manager"), worlds.product()
    packages = [worlds.package(), worlds.package()]
    line = {"product_id": str(product.pk), "site_id": "", "cycle": "1 YEAR", "country": "DE"}
    line |= {"discount_code": "", "reference_id": ""}
    asked = [
        ("external_id", package, {})
        if what == "rename"
        else ("create_package", package.account, {"lines": [line], "again_of": ""})
        for what, package in zip(pair, packages, strict=True)
    ]
    won = set()

    def ask(plan: Plan[Any], pause: float) -> Callable[[], Operation | NotPossible]:
        def one() -> Operation | NotPossible:
            time.sleep(pause)
            given = {"by": person, "request_id": uuid4(), "fingerprint": plan.fingerprint}
            try:
                return request_operation(plan.thing, plan.wish, **given)
            except NotPossible as refused:
                return refused

        return one

    with Lanes(len(asked)) as lanes:
        for number in range(NAMES):
            chance, name = chances(number), {"external_id": f"order-{number}"}
            plans = [
                make_plan(thing, worlds.wish(kind, **wish, **name)) for kind, thing, wish in asked
            ]
            pauses = [chance.choice([0, 0, chance.uniform(0, 0.05)]) for _ in plans]
            if number % 10 < len(plans):
                pauses[number % 10] = 0.5  # an order takes longer to plan, and would never win
            answers = lanes.run([ask(*one) for one in zip(plans, pauses, strict=True)])

            recorded = Operation.objects.open().get()
            turned_down = [answer for answer in answers if isinstance(answer, NotPossible)]
            assert [answer for answer in answers if isinstance(answer, Operation)] == [recorded]
            assert [r.code for each in turned_down for r in each.plan.refusals] == [
                "EXTERNAL_ID_TAKEN"
            ]
            won.add(answers.index(recorded))
            Operation.objects.update(state=OperationState.CANCELED)

    assert won == {0, 1}, "it was no race"


@pytest.mark.parametrize("fault", ["", "drop_after", "500_before"])
def test_eight_workers_on_one_operation_send_each_write_once(mirror, ask, run_due, settings, fault):
    """P7: eight workers that are woken again and again write what the move needs, and no more."""
    repeats = 2 if fault.endswith("before") else 1
    for _ in range(ROUNDS if not fault else 2 if FULL else 1):
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


def test_a_confirm_while_another_operation_ends_meets_no_error_and_is_counted(
    mirror, ask, person, run_due
):
    """Staff saw an error page: the two had locked the figures and the audit trail crosswise."""
    bystanders = [worlds.instance() for _ in range(2)]
    clicks = []

    def confirm_and_withdraw(instance: ProductInstance, until: int) -> None:
        plan = make_plan(instance, UnassignWish())
        while Operation.objects.open().filter(pk=until).exists():
            asked = {"by": person, "request_id": uuid4(), "fingerprint": plan.fingerprint}
            operation = request_operation(instance, UnassignWish(), **asked)
            clicks.append(operation.pk)
            withdraw(operation, by=person)
            time.sleep(0.005)  # SQLite has one writer, and no queue before it

    for _ in range(min(ROUNDS, 3)):
        instance, target = mirror.movable()
        moved = ask("reassign", instance, site_id=target.pk).pk
        acts = [lambda one=one, moved=moved: confirm_and_withdraw(one, moved) for one in bystanders]
        at_once([lambda moved=moved: work_on(moved), *acts])

        counts = figures.read().counts
        open_now = Operation.objects.filter(state__in=OPEN_STATES).count()
        assert counts["operations_open"] == open_now == 0

    assert len(clicks) > min(ROUNDS, 3), "it was no race"


def work_on(operation_id: int) -> None:
    """Take the operation on, as a worker does that is woken for it again and again."""
    give_up_at = time.monotonic() + WORK_SECONDS
    while Operation.objects.filter(pk=operation_id, state__in=OPEN_STATES).exists():
        assert time.monotonic() < give_up_at, "eight workers have not ended it"
        engine.run(operation_id)
        time.sleep(0.01)


def test_a_wish_and_a_note_of_one_customer_break_neither_off():
    """The note is held until the wish waits for it; its keys are checked as it is kept, while the
    wish holds the customer's row."""
    if connection.vendor != "postgresql":
        return  # SQLite has one writer: it waits for no other
    account, by = worlds.account(), worlds.user("manager")
    wish = CreateSiteWish("Spring")
    plan = make_plan(account, wish)

    def ask() -> Operation:
        try:
            return request_operation(
                account, wish, by=by, request_id=uuid4(), fingerprint=plan.fingerprint
            )
        finally:
            _leave()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            audit.record("note.added", by=by, account_id=account.pk)
            Note.objects.create(subject=f"account:{account.pk}", account=account, text="Hi", by=by)
            asked = pool.submit(ask)
            while not _somebody_waits():
                assert not asked.done(), asked.result()
        assert asked.result().account == account


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])
