"""Redis away, Wix away, the key refused: what staff see, and what becomes of their wishes."""

import signal
from datetime import datetime, timedelta

import pytest
from django.conf import global_settings
from django.db.models import Min

from resellers.clock import database_now
from resellers.models import OPEN_STATES, AuditEntry, Operation, OperationState, ProductInstance
from resellers.operations import engine
from tests import browsing, practice, processes, servers, worlds
from tests.chaos import restarts
from tests.dashboard.submitting import hidden_fields, text

pytestmark = pytest.mark.django_db(transaction=True)

State = OperationState
FAST = {"SWEEP_SECONDS": 1, "READ_LADDER": [0.2, 0.2, 0.5, 0.5, 1, 1]}
AWAY = "What you confirm is recorded and carried out a little later."
PAGES = ("/", "/accounts/", "/packages/", "/instances/", "/sites/", "/operations/", "/mirror/")


def in_packages_of_their_own(count: int) -> list[ProductInstance]:
    """So many services on sites, on which nothing rests, each of another package and site."""
    found: list[ProductInstance] = []
    packages, sites = set(), set()
    placed = ProductInstance.objects.filter(status="ENABLED", site__isnull=False)
    for instance in placed.exclude(product__service_type="PREMIUM_PLAN").order_by("id"):
        if instance.package_id not in packages and instance.site_id not in sites:
            packages.add(instance.package_id)
            sites.add(instance.site_id)
            found.append(instance)
    assert len(found) >= count
    return found[:count]


def floating(mirror, instance: ProductInstance) -> bool:
    return practice.truth(mirror.sandbox, instance.pk)["siteId"] is None


# --- Redis ---------------------------------------------------------------------------------------


@pytest.mark.standalone
@pytest.mark.redis
@pytest.mark.parametrize("manner", ["gone", "frozen"])
def test_with_redis_away_clicks_are_taken_pages_come_soon_and_the_sweep_carries_on(
    mirror, settings, manner
):
    """P10: every click is recorded, answered and carried out; each page says how.

    How soon a click is taken is measured in `make chaos`; here none hangs, and no page does.
    """
    servers.need("Redis")
    settings.PASSWORD_HASHERS = global_settings.PASSWORD_HASHERS  # as the web process has them
    worlds.user("operator")
    redis = servers.start_redis()
    env = processes.environment(redis.url, **FAST)
    # Without Redis three calls may go out at once, then one in three seconds.
    services = in_packages_of_their_own(2 if manner == "gone" else 1)
    try:
        with (
            processes.process(*processes.WORKER, env=env),
            processes.process(*processes.SWEEP, env=env),
            browsing.web(env) as web,
        ):
            person = web.person("operator")
            processes.wait_until(lambda: AWAY not in person.get("/").text, "the worker is there")
            if manner == "gone":
                restarts.end(redis, signal.SIGKILL)
            else:
                redis.process.send_signal(signal.SIGSTOP)
            processes.wait_until(lambda: AWAY in person.get("/").text, "the pages say so")

            for service in services:
                path = f"/instances/{service.pk}/unassign/"
                planned = person.ask(path, reason="asked by phone")
                assert AWAY in planned.text
            for path in PAGES:
                assert AWAY in person.get(path).text, path
            asked = list(Operation.objects.order_by("pk"))
            processes.wait_until(
                lambda: not Operation.objects.filter(state__in=OPEN_STATES).exists(),
                "the sweep has ended all of them",
                seconds=60,
            )

            assert [operation.instance_id for operation in asked] == [s.pk for s in services]
            assert set(Operation.objects.values_list("state", flat=True)) == {State.SUCCEEDED}
            assert all(floating(mirror, service) for service in services)
            assert practice.applied(mirror.sandbox) == ["unassign"] * len(services)

            if manner == "gone":
                restarts.start_again(redis)
            else:
                redis.process.send_signal(signal.SIGCONT)
            processes.wait_until(lambda: AWAY not in person.get("/").text, "the pages are quiet")
    finally:
        redis.process.send_signal(signal.SIGCONT)
        redis.stop()


# --- Wix -----------------------------------------------------------------------------------------


@pytest.mark.standalone
def test_with_wix_away_for_an_hour_nothing_is_lost_and_then_all_of_it_is_carried_out_at_our_pace(
    mirror, operator, settings
):
    """While it is away each operation asks once a minute; afterwards the pace holds for all."""
    services = in_packages_of_their_own(9)
    asked = [confirmed(operator, service) for service in services[:2]]
    practice.faults(mirror.sandbox, {"match": "unassign", "effect": "drop_after", "times": 1})
    engine.run(asked[0].pk)
    assert floating(mirror, services[0]), "its answer was lost as Wix went away"
    settings.OPERATIONS = settings.OPERATIONS | {"CALL_SECONDS": 0.02}
    practice.faults(mirror.sandbox, {"match": "any", "effect": "drop_before"})
    gone_at = mirror.sandbox.world.journal.last

    hour = an_hour(asked)

    assert hour >= 3600
    assert practice.applied(mirror.sandbox) == ["unassign"], "Wix was away"
    calls = practice.journal(mirror.sandbox, after=gone_at)
    assert {call["method"] for call in calls} == {"GET"}, "nothing is sent before Wix is read"
    most = 5 + 60  # five that come sooner, then one a minute
    for operation in asked:
        operation.refresh_from_db()
        assert operation.state == (State.CONFIRMING if operation == asked[0] else State.QUEUED)
        assert operation.attempts.filter(step="read").count() <= most + 1
        assert "is tried again" in text(operator.get(operation.get_absolute_url()))
    assert len(calls) <= most * len(asked) * 1.2, "a few readings are tried twice at once"

    # What is asked for in the last minute is taken as what was asked for in the first.
    asked += [confirmed(operator, service) for service in services[2:]]
    practice.faults(mirror.sandbox)
    back_at = mirror.sandbox.world.journal.last
    settings.OPERATIONS = settings.OPERATIONS | {"CALL_SECONDS": 20, "READ_LADDER": (0.01,) * 6}
    settings.WIX_CALLS_PER_MINUTE = 300
    carry_out(asked)

    assert set(Operation.objects.values_list("state", flat=True)) == {State.SUCCEEDED}
    assert all(floating(mirror, service) for service in services)
    assert practice.applied(mirror.sandbox) == ["unassign"] * len(services)
    keeps_to(calls_per_minute=300, burst=15, calls=practice.journal(mirror.sandbox, after=back_at))


def confirmed(client, service: ProductInstance) -> Operation:
    """What a person asks for by two clicks."""
    path = f"/instances/{service.pk}/unassign/"
    plan = hidden_fields(client.post(path, {"reason": "asked by phone"}), "confirm")
    answer = client.post(path, plan)
    assert answer.status_code == 302, text(answer)
    return Operation.objects.latest("pk")


def an_hour(asked: list[Operation]) -> float:
    """An hour in which each operation is carried out as its time comes; the seconds of it."""
    passed = 0.0
    while passed < 3600:
        passed += their_time_comes(asked)
        engine.run_due()
    return passed


def carry_out(asked: list[Operation]) -> None:
    """Whatever it takes until all of them have ended."""
    while Operation.objects.filter(state__in=OPEN_STATES).exists():
        their_time_comes(asked)
        engine.run_due()


def their_time_comes(asked: list[Operation]) -> float:
    """As if the clock went on to when the next of them is due; the seconds until then."""
    waiting = Operation.objects.under_way().filter(pk__in=[operation.pk for operation in asked])
    due_at = waiting.aggregate(first=Min("next_run_at"))["first"]
    wait = max(timedelta(), due_at - database_now()) if due_at else timedelta()
    for operation in waiting:
        Operation.objects.filter(pk=operation.pk).update(next_run_at=operation.next_run_at - wait)
    return wait.total_seconds()


def keeps_to(*, calls_per_minute: float, burst: int, calls: list[dict]) -> None:
    """In no stretch of time are there more calls than the pace and one burst allow."""
    moments = [datetime.fromisoformat(call["at"]) for call in calls]
    assert len(moments) > burst, "too few to tell"
    for first, begun in enumerate(moments):
        for number, at in enumerate(moments[first:], start=1):
            allowed = burst + 1 + (at - begun).total_seconds() * calls_per_minute / 60
            assert number <= allowed, f"{number} calls within {at - begun}"


# --- the key -------------------------------------------------------------------------------------


def test_after_a_refused_key_everybody_sees_it_nothing_is_written_and_a_manager_resumes(
    mirror, log_in
):
    """P18, by the pages alone: breaker, banner, resume."""
    operator, manager, viewer = (log_in(role) for role in ("operator", "manager", "viewer"))
    first, second = in_packages_of_their_own(2)
    move = confirmed(operator, first)
    practice.faults(mirror.sandbox, {"match": "any", "effect": "bare:401", "times": 1})

    engine.run_due()

    for person in (operator, manager, viewer):
        page = person.get("/").content.decode()
        assert "Writing to Wix is paused." in page
        assert "Wix does not accept the key." in page
        assert ('id="resume-writes"' in page) is (person is manager)
    assert "paused" in text(operator.get(move.get_absolute_url()))
    path = f"/instances/{second.pk}/unassign/"
    confirm = {"plan": "f" * 64, "request_id": str(worlds.new_id())}
    for sent in ({"reason": "me too"}, {"reason": "me too"} | confirm):
        refused = operator.post(path, sent)
        assert refused.status_code == 409
        assert "All writes to Wix are paused" in text(refused)
    their_time_comes([move])
    engine.run_due()
    assert practice.applied(mirror.sandbox) == []
    assert viewer.post("/operations/resume-writes/").status_code == 403

    answer = manager.post("/operations/resume-writes/", follow=True)
    assert "Writing to Wix goes on." in text(answer)
    assert "Writing to Wix is paused." not in viewer.get("/").content.decode()
    later = confirmed(operator, second)
    carry_out([move, later])

    for operation in (move, later):
        operation.refresh_from_db()
        assert operation.state == State.SUCCEEDED, operation.outcome
    assert practice.applied(mirror.sandbox) == ["unassign", "unassign"]
    entries = AuditEntry.objects.filter(event__startswith="breaker.").order_by("seq")
    assert [entry.event for entry in entries] == ["breaker.opened", "breaker.closed"]
