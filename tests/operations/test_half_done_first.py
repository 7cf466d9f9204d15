"""A service that is off its old site and not yet on the new one waits for nobody."""

from datetime import datetime, timedelta

import pytest
from redis import Redis

from resellers import tasks
from resellers.clock import database_now, in_seconds
from resellers.connection import wix_client
from resellers.models import (
    InstanceStatus,
    Operation,
    OperationPriority,
    OperationState,
    ProductInstance,
)
from resellers.operations import engine
from resellers.operations.engine import claims
from tests import practice
from tests.worlds import end

pytestmark = pytest.mark.django_db(transaction=True)

State, Priority = OperationState, OperationPriority


@pytest.fixture
def movable(mirror) -> list[ProductInstance]:
    """Services on sites, each in a package of its own, whose customers have another site."""
    found = ProductInstance.objects.filter(status=InstanceStatus.ENABLED, site__isnull=False)
    first = {service.package_id: service for service in found.order_by("id")}
    return [service for service in first.values() if service.account.sites.count() > 1]


def other_site(service: ProductInstance) -> object:
    return service.account.sites.exclude(pk=service.site_id).order_by("id").first().pk


@pytest.fixture
def left_floating(mirror, ask):
    """A function that leaves a move with its service off the old site, since Wix can no longer be
    read: before its second write, or `refused` there and before the way back."""

    def left_floating(service: ProductInstance, *, refused: bool = False) -> Operation:
        operation = ask("reassign", service, site_id=other_site(service))
        rules = [{"match": "get", "effect": "bare:501", "after": 2 if refused else 1}]
        if refused:
            rules.append({"match": "assign", "effect": "refuse:SITE_NOT_FOUND", "times": 1})
        practice.faults(mirror.sandbox, *rules)
        engine.run(operation.pk)
        practice.faults(mirror.sandbox)
        assert practice.truth(mirror.sandbox, service.pk)["siteId"] is None
        assert end(operation).state == State.CONFIRMING
        return operation

    return left_floating


def in_one_minute() -> datetime:
    return database_now() + timedelta(minutes=1)


def all_are_due() -> None:
    """Every operation's time has come, and had come earlier for each younger one."""
    for number, operation in enumerate(Operation.objects.order_by("pk")):
        Operation.objects.filter(pk=operation.pk).update(next_run_at=in_seconds(-60 - number))


def test_what_is_half_done_goes_first_then_what_is_under_way_then_wishes_by_age(
    mirror, ask, movable, left_floating
):
    """It had been by time alone: behind a long queue services stood on no site for minutes."""
    older, younger = (ask("unassign", service) for service in movable[:2])
    doubtful = ask("unassign", movable[2])
    practice.faults(mirror.sandbox, {"match": "unassign", "effect": "drop_after", "times": 1})
    engine.run(doubtful.pk)
    practice.faults(mirror.sandbox)
    back = left_floating(movable[3], refused=True)
    half_done = left_floating(movable[4])
    all_are_due()

    assert [operation.pk for operation in claims.due()] == [
        operation.pk for operation in (half_done, doubtful, back, older, younger)
    ]
    ranks = {operation.pk: operation.priority for operation in Operation.objects.all()}
    assert ranks[half_done.pk] == Priority.HALF_DONE
    assert ranks[doubtful.pk] == ranks[back.pk] == Priority.UNDER_WAY
    assert ranks[older.pk] == ranks[younger.pk] == Priority.NEW


def test_before_a_service_leaves_its_site_the_row_says_that_it_will_be_half_done(
    mirror, ask, movable, meanwhile
):
    """Whoever finds it after a death has to know what it may be in."""
    operation, ranks = ask("reassign", movable[0], site_id=other_site(movable[0])), []
    meanwhile("unassign", lambda: ranks.append(end(operation).priority))

    engine.run(operation.pk)

    assert ranks == [Priority.HALF_DONE]


def test_what_is_half_done_comes_again_as_soon_as_wix_takes_calls(
    mirror, ask, movable, left_floating, settings
):
    settings.OPERATIONS = settings.OPERATIONS | {"RETRY_SECONDS": (20, 600, 600)}
    half_done = left_floating(movable[0])
    practice.faults(mirror.sandbox, {"match": "assign", "effect": "429"})
    for _ in range(2):
        Operation.objects.update(next_run_at=in_seconds(-1))
        engine.run(half_done.pk)

    assert half_done.attempts.filter(step="assign").count() == 2
    assert end(half_done).next_run_at < in_one_minute()


def test_the_sweep_takes_up_what_is_half_done_before_what_has_waited_longer(
    mirror, ask, movable, left_floating
):
    waiting = [ask("unassign", service) for service in movable[:3]]
    half_done = left_floating(movable[4])
    # As its worker left it that died; the lease has run out by now.
    Operation.objects.filter(pk=half_done.pk).update(
        state=State.RUNNING, lease_until=in_seconds(-1)
    )
    all_are_due()

    engine.run_next()

    assert end(half_done).state == State.SUCCEEDED, half_done.outcome
    assert {end(operation).state for operation in waiting} == {State.QUEUED}


@pytest.fixture
def messages(redis_url):
    """A function that tells of which operations the messages are, in the order of their taking."""
    from celery import Celery

    from dashboard.celery import app

    with Redis.from_url(redis_url) as redis, Celery(broker=redis_url, set_as_current=False) as ours:
        redis.flushdb()
        ours.set_current()

        def messages() -> list[int]:
            found = []
            with ours.connection() as connection:
                while message := connection.default_channel.basic_get(app.conf.task_default_queue):
                    (operation_id,), *_ = message.decode()
                    found.append(operation_id)
                    message.ack()
            return found

        ours.conf.task_default_queue = app.conf.task_default_queue
        yield messages
        app.set_current()
        redis.flushdb()


@pytest.mark.redis
def test_a_worker_is_sent_what_is_half_done_before_what_it_was_sent_earlier(
    ask, movable, left_floating, messages
):
    waiting = [ask("unassign", service) for service in movable[:3]]
    half_done = left_floating(movable[4])

    assert messages() == [half_done.pk, *(operation.pk for operation in (*waiting, half_done))]

    all_are_due()
    tasks.wake_due()
    assert messages() == [half_done.pk, *(operation.pk for operation in waiting)]


def test_a_write_that_wix_did_not_take_leaves_a_wish_as_new_as_it_was(mirror, ask, movable):
    practice.faults(mirror.sandbox, {"match": "unassign", "effect": "bare:429", "times": 1})
    operation = ask("reassign", movable[0], site_id=other_site(movable[0]))

    engine.run(operation.pk)

    assert end(operation).state == State.QUEUED
    assert operation.priority == Priority.NEW


def test_what_is_half_done_does_not_wait_for_the_pace_of_what_has_not_begun(
    mirror, ask, movable, settings
):
    """Of a burst of fifteen two calls are left: enough to take the service off its site."""
    settings.WIX_CALLS_PER_MINUTE = 2  # so that a third one would wait for half a minute
    move = ask("reassign", movable[0], site_id=other_site(movable[0]))
    new = ask("unassign", movable[1])
    with wix_client("people") as client:
        for _ in range(13):
            client.query_packages(limit=1)

    engine.run(move.pk)
    engine.run(new.pk)

    assert practice.applied(mirror.sandbox) == ["unassign", "assign"]
    assert practice.truth(mirror.sandbox, movable[0].pk)["siteId"] == str(move.site_id)
    assert end(move).state == State.CONFIRMING, "the last reading waits as everybody's does"
    assert end(new).state == State.QUEUED
    assert not new.attempts.filter(writes=True).exists()
