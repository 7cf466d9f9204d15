"""The pace holds over all threads and processes, people go first, and nobody starves.

The local pacer's time is a clock of the test's own. Redis has its own clock, so there it is asked
how long each call would have to wait, at rates so low that a busy machine's seconds do not count.
"""

import multiprocessing
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise

import pytest

from resellers.wix import LocalPacer, RedisPacer, WixPaceTimeout, pacing

LANES = ("half_done", "people", "sync")
# Calls a minute, and with it the seconds between two calls of people, and of the sync, in Redis.
RATE, PEOPLE, SYNC = 3, 60, 30
BUSY = 20  # seconds that a machine may stand still without changing what is asserted here


class Clock:
    """In the place of the module `time`: whoever sleeps has slept at once."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(pacing, "time", clock)
    return clock


@pytest.fixture
def shared(redis_url, request):
    """A function that makes pacers which share a bucket of this test's own."""

    def make(rate=RATE):
        return RedisPacer(redis_url, rate, name=request.node.name)

    return make


@pytest.fixture(params=["local", pytest.param("redis", marks=pytest.mark.redis)])
def pacer(request):
    """A pacer of either kind, at three calls a minute."""
    if request.param == "local":
        request.getfixturevalue("clock")
        return LocalPacer(RATE)
    return request.getfixturevalue("shared")()


def waits(pacer: RedisPacer, lane: str, calls: int) -> list[float]:
    """How long so many who come at once would have to wait, one behind the other."""
    return [float(pacer._ask(pacer._acquire, lane, 0, 3600)) for _ in range(calls)]


def at_once(pacer, lane: str) -> int:
    """How many calls of a lane go out without a wait."""
    for passed in range(60):
        try:
            pacer.acquire(lane, 0)
        except WixPaceTimeout:
            return passed
    raise AssertionError("nobody is ever told to wait")


def wait_of(pacer, lane: str) -> float:
    """In how many seconds there would be room for a call of that lane; 0 if there is."""
    try:
        pacer.acquire(lane, 0)
    except WixPaceTimeout as late:
        return late.wait
    return 0


# --- all processes, by one Redis -----------------------------------------------------------------


def calls_of_a_process(url, name, rate, lane, count, results):
    pacer, moments = RedisPacer(url, rate, name=name), []
    for _ in range(count):
        pacer.acquire(lane, 60)
        moments.append(time.monotonic())
    results.put(moments)


def worst_excess(moments, rate):
    """By how many calls any stretch of time passes what the rate alone allows it."""
    moments = sorted(moments)
    return max(
        (last - first + 1) - (moments[last] - moments[first]) * rate / 60
        for first in range(len(moments))
        for last in range(first, len(moments))
    )


@pytest.mark.redis
def test_four_processes_together_keep_to_the_rate_and_its_bursts(redis_url, request):
    rate, each = 1800, 15
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    processes = [
        context.Process(
            target=calls_of_a_process,
            args=(redis_url, request.node.name, rate, lane, each, results),
        )
        for lane in ("people", "people", "sync", "sync")
    ]
    for process in processes:
        process.start()
    moments = [moment for _ in processes for moment in results.get(timeout=60)]
    for process in processes:
        process.join()

    assert len(moments) == len(processes) * each
    # Each process may have been late to look at its watch, for one call at a time.
    assert worst_excess(moments, rate) <= 15 + 5 + len(processes)


@pytest.mark.redis
def test_what_goes_out_at_once_is_the_burst_and_no_more(shared):
    passed = {lane: at_once(shared(), lane) for lane in ("sync", "people")}

    assert passed == {"sync": 5, "people": 15}


@pytest.mark.redis
def test_people_may_use_what_the_sync_leaves(shared):
    assert at_once(shared(), "people") == 15 + 5


@pytest.mark.redis
def test_the_sync_may_not_use_what_people_leave(shared):
    assert [wait > 0 for wait in waits(shared(), "sync", 7)] == [False] * 5 + [True] * 2


@pytest.mark.redis
def test_the_sync_keeps_its_two_thirds_however_many_people_wait(shared):
    people = waits(shared(), "people", 40)
    sync = waits(shared(), "sync", 4)

    assert people[-1] > 18 * PEOPLE, "they stand in a long queue"
    for place, wait in enumerate(sync, start=1):
        assert place * SYNC - BUSY < wait <= place * SYNC


@pytest.mark.redis
def test_a_person_need_not_wait_behind_a_full_sync(shared):
    assert waits(shared(), "sync", 30)[-1] > 20 * SYNC

    assert waits(shared(), "people", 15) == [0] * 15


@pytest.mark.redis
def test_a_hold_stops_all_processes_and_ends_in_a_trickle(shared):
    one, other = shared(), shared()
    one.hold(600)

    people, sync = waits(other, "people", 3), waits(other, "sync", 3)

    assert 600 - BUSY < people[0] <= 600
    assert 601 - BUSY < sync[0] <= 601
    # One goes out to see, and those behind it one by one, at half the pace.
    for lane, interval in ((people, 2 * PEOPLE), (sync, 2 * SYNC)):
        for earlier, later in pairwise(lane):
            assert interval - BUSY < later - earlier <= interval


@pytest.mark.redis
def test_a_hold_also_stops_those_who_wait_for_their_turn(shared):
    pacer = shared()
    at_once(pacer, "people")
    has_waited = 1
    assert float(pacer._ask(pacer._acquire, "people", has_waited, 60)) == 0

    pacer.hold(600)

    assert float(pacer._ask(pacer._acquire, "people", has_waited, 60)) > 600 - BUSY


# --- either kind ---------------------------------------------------------------------------------


@pytest.mark.parametrize("lane", LANES)
def test_who_finds_no_room_in_time_learns_how_long_it_would_take_and_does_not_wait(
    pacer, lane, monkeypatch
):
    pacer.hold(600)
    monkeypatch.setattr(pacing.time, "sleep", lambda seconds: pytest.fail(f"slept {seconds} s"))

    with pytest.raises(WixPaceTimeout) as late:
        pacer.acquire(lane, 5)

    assert late.value.wait > 600 - BUSY


def test_what_is_half_done_waits_for_nobody_and_is_counted(pacer):
    """A service that stands on no site must not wait behind those who have not begun."""
    at_once(pacer, "sync")
    at_once(pacer, "people")
    before = {lane: wait_of(pacer, lane) for lane in ("people", "sync")}
    assert min(before.values()) > 0

    for _ in range(6):
        pacer.acquire("half_done", 0)

    after = {lane: wait_of(pacer, lane) for lane in before}
    more = sum(after.values()) - sum(before.values())
    assert more > 6 * min(PEOPLE, SYNC, 60 / RATE) - BUSY, "those behind wait the longer"


def test_a_429_on_a_call_already_on_its_way_makes_no_hold_longer(pacer):
    pacer.hold(None)
    first = wait_of(pacer, "people")
    pacer.hold(None)
    second = wait_of(pacer, "people")

    assert second <= first <= pacing.FIRST_HOLD


def test_each_further_hold_of_unstated_length_is_twice_as_long(pacer, request, monkeypatch):
    monkeypatch.setattr(pacing, "FIRST_HOLD", 50.0)
    monkeypatch.setattr(pacing, "LONGEST_HOLD", 300.0)
    held = []

    for _ in range(4):
        pacer.hold(None)
        held.append(wait_of(pacer, "half_done"))
        the_hold_is_over(pacer, request)

    for wait, whole in zip(held, [50, 100, 200, 300], strict=True):
        assert whole - BUSY < wait <= whole


def the_hold_is_over(pacer, request) -> None:
    if isinstance(pacer, LocalPacer):
        request.getfixturevalue("clock").sleep(wait_of(pacer, "half_done"))
    else:
        pacer._redis.hset(pacer._name, "held_until", time.time() - 1)


@pytest.mark.parametrize("kind", ["local", pytest.param("redis", marks=pytest.mark.redis)])
def test_after_a_sign_of_too_many_calls_the_pace_is_halved_and_then_halved_again(
    request, monkeypatch, kind
):
    monkeypatch.setattr(pacing, "SIGNS_APART", 0.0)

    passed = []
    for signs in range(6):
        slowed = LocalPacer(RATE)
        if kind == "redis":
            name = f"{request.node.name}:{signs}"
            slowed = RedisPacer(request.getfixturevalue("redis_url"), RATE, name=name)
        for _ in range(signs):
            slowed.slow_down()
        passed.append(at_once(slowed, "people"))

    halved = [-(-passed[0] // 2**signs) for signs in (0, 1, 2, 3, 3, 3)]
    assert passed[0] >= 15
    assert all(abs(found - wanted) <= 1 for found, wanted in zip(passed, halved, strict=True))


def test_signs_that_come_together_count_once(pacer):
    for _ in range(5):
        pacer.slow_down()
    pacer.hold(0)

    assert getattr(pacer, "_alone", pacer)._slowness == 2


# --- one process alone ---------------------------------------------------------------------------


@pytest.mark.parametrize(("lane", "burst"), [("people", 15), ("sync", 5)])
def test_one_process_has_the_full_rate_for_either_lane(clock, lane, burst):
    pacer, started = LocalPacer(1200), clock.now

    for _ in range(burst + 100):
        pacer.acquire(lane, 1)

    assert clock.now - started == pytest.approx(100 * 60 / 1200)


def test_callers_in_one_process_share_its_pace_and_people_go_before_the_sync(clock):
    pacer = LocalPacer(600)
    while clock.now < 1010:
        pacer.acquire("sync", 1)
    started = clock.now

    for _ in range(9):
        pacer.acquire("people", 0)
    pacer.acquire("sync", 10)

    assert clock.now - started == pytest.approx(10 * 60 / 600), "the sync waits for what they took"


@pytest.mark.parametrize(("burst", "of_sync"), [(15, 5), (6, 2), (1, 1)])
def test_of_one_processs_burst_the_sync_takes_a_third_and_leaves_the_rest(clock, burst, of_sync):
    pacer = LocalPacer(RATE, burst=burst)

    assert at_once(pacer, "sync") == of_sync
    assert at_once(pacer, "people") == burst - of_sync


def test_a_hold_long_after_the_last_one_is_as_short_as_the_first(clock):
    pacer = LocalPacer(RATE)
    pacer.hold(None)
    clock.sleep(pacing.FIRST_HOLD + pacing.HOLDS_ARE_REMEMBERED + 1)

    pacer.hold(None)

    assert wait_of(pacer, "half_done") == pacing.FIRST_HOLD


def test_without_redis_a_hold_stops_this_process_for_as_long_as_wix_asked(clock):
    pacer = RedisPacer("redis://127.0.0.1:1/0", 175)

    pacer.hold(0.5)

    assert wait_of(pacer, "people") == 0.5


def test_without_redis_each_process_goes_on_at_twenty_a_minute(caplog):
    pacer = RedisPacer("redis://127.0.0.1:1/0", 175)

    for _ in range(3):
        pacer.acquire("people", 60)

    assert wait_of(pacer, "people") <= 60 / 20
    assert caplog.text.count("Redis is away") == 1


@contextmanager
def frozen_server() -> Iterator[socket.socket]:
    """A server that accepts connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        yield listener


def visitors(listener: socket.socket) -> int:
    """How many have connected since it was last asked."""
    count = 0
    while True:
        try:
            listener.accept()[0].close()
        except BlockingIOError:
            return count
        count += 1


def test_a_redis_that_never_answers_is_given_up_and_left_alone_for_a_while(caplog, monkeypatch):
    monkeypatch.setattr(pacing, "SECONDS_BETWEEN_TRIES_OF_REDIS", 600.0)
    with frozen_server() as listener:
        pacer = RedisPacer(f"redis://127.0.0.1:{listener.getsockname()[1]}/0", 175)

        pacer.acquire("people", 60)
        assert visitors(listener) == 1
        pacer.acquire("people", 60)

        assert visitors(listener) == 0, "it was asked again at once"
    assert pacing.REDIS_TIMEOUT <= 1


@pytest.mark.redis
def test_a_redis_that_comes_back_is_used_again(shared):
    pacer = shared(60_000)
    pacer._redis_tried_again_at = time.monotonic() + 600
    pacer.acquire("people", 60)
    assert not pacer._redis.exists(pacer._name)

    pacer._redis_tried_again_at = time.monotonic()
    pacer.acquire("people", 60)

    assert pacer._redis.exists(pacer._name)


@pytest.mark.parametrize("rate", [0, -1])
def test_a_rate_must_let_something_through(rate):
    with pytest.raises(ValueError, match="calls_per_minute"):
        LocalPacer(rate)


@pytest.mark.parametrize("rate", [1, 0.5])
def test_a_rate_may_be_as_slow_as_one_likes(rate):
    assert at_once(LocalPacer(rate, burst=2), "people") == 2
