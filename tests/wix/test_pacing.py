"""The pace holds over all threads and processes, people go first, and nobody starves."""

import multiprocessing
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import pairwise

import pytest

from resellers.wix import LocalPacer, RedisPacer, WixPaceTimeout

SLACK = 0.15
# On a busy machine each caller may set out late, and so closer to the next, by one call.
LATE = 1


@contextmanager
def frozen_server():
    """A port that accepts connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def calls_for(pacer, lane, seconds):
    """The moments at which calls of a lane went out during so many seconds, one after another."""
    ends = time.monotonic() + seconds
    moments = []
    while (left := ends - time.monotonic()) > 0:
        try:
            pacer.acquire(lane, left)
        except WixPaceTimeout:
            break
        moments.append(time.monotonic())
    return moments


def calls_of_a_process(url, name, rate, lane, seconds, results):
    results.put(calls_for(RedisPacer(url, rate, name=name), lane, seconds))


def worst_excess(moments, rate):
    """By how many calls any stretch of time passes what the rate alone allows it."""
    moments = sorted(moments)
    return max(
        (last - first + 1) - (moments[last] - moments[first]) * rate / 60
        for first in range(len(moments))
        for last in range(first, len(moments))
    )


@pytest.fixture
def shared(redis_url, request):
    """A function that makes pacers which share a bucket of this test's own."""

    def make(rate):
        return RedisPacer(redis_url, rate, name=request.node.name)

    return make


@pytest.mark.redis
def test_four_processes_together_keep_to_the_rate_and_its_bursts(redis_url, request):
    rate, seconds = 1800, 2.0
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    processes = [
        context.Process(
            target=calls_of_a_process,
            args=(redis_url, request.node.name, rate, lane, seconds, results),
        )
        for lane in ("people", "people", "sync", "sync")
    ]
    for process in processes:
        process.start()
    moments = [moment for _ in processes for moment in results.get(timeout=30)]
    for process in processes:
        process.join()

    assert worst_excess(moments, rate) <= 15 + 5 + len(processes) * LATE
    assert len(moments) >= 0.5 * rate / 60 * seconds


@pytest.mark.redis
def test_the_sync_keeps_its_two_thirds_however_busy_people_are(shared):
    with ThreadPoolExecutor(8) as pool:
        people = [pool.submit(calls_for, shared(3600), "people", 2.0) for _ in range(6)]
        sync = pool.submit(calls_for, shared(3600), "sync", 2.0)

    assert len(sync.result()) >= 0.5 * 2400 / 60 * 2
    assert sum(len(each.result()) for each in people) >= 0.5 * 1200 / 60 * 2


@pytest.mark.redis
def test_people_may_use_what_the_sync_leaves(shared):
    with ThreadPoolExecutor(4) as pool:
        people = [pool.submit(calls_for, shared(3600), "people", 2.0) for _ in range(4)]

    assert sum(len(each.result()) for each in people) >= 0.65 * 3600 / 60 * 2


@pytest.mark.redis
def test_the_sync_may_not_use_what_people_leave(shared):
    moments = calls_for(shared(1200), "sync", 1.0)

    assert worst_excess(moments, 800) <= 5 + LATE


@pytest.mark.redis
def test_a_person_need_not_wait_behind_a_full_sync(shared):
    pacer = shared(120)
    with ThreadPoolExecutor(4) as pool:
        running = [pool.submit(calls_for, shared(120), "sync", 2.0) for _ in range(3)]
        time.sleep(0.5)
        started = time.monotonic()
        for _ in range(15):
            pacer.acquire("people", 5)
        waited = time.monotonic() - started
        for each in running:
            each.result()

    assert waited < 0.5


@pytest.mark.redis
def test_a_hold_stops_all_processes_and_ends_in_a_trickle(shared):
    one, other = shared(1200), shared(1200)
    one.hold(1.0)
    started = time.monotonic()

    with ThreadPoolExecutor(6) as pool:
        waiting = [
            pool.submit(calls_for, other, lane, 1.2) for lane in ["people"] * 3 + ["sync"] * 3
        ]
    moments = [moment for each in waiting for moment in each.result()]

    assert moments
    assert min(moments) - started >= 1.0 - SLACK
    assert len(moments) <= 0.2 * 1200 / 60 + 6 * LATE


@pytest.mark.redis
def test_what_goes_out_at_once_is_the_burst_and_no_more(shared):
    passed = {lane: len(calls_for(shared(60), lane, 0.3)) for lane in ("sync", "people")}

    assert passed == {"sync": 5, "people": 15}


@pytest.mark.redis
def test_a_hold_also_stops_those_who_wait_for_their_turn(shared):
    pacer = shared(180)
    for _ in range(20):
        pacer.acquire("people", 0)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(pacer.acquire, "people", 2)
        time.sleep(0.2)
        pacer.hold(30)

        with pytest.raises(WixPaceTimeout):
            waiting.result()


@pytest.fixture(params=["local", pytest.param("redis", marks=pytest.mark.redis)])
def pacer(request):
    """A pacer of either kind whose rate itself makes nobody wait."""
    if request.param == "local":
        return LocalPacer(60_000)
    return request.getfixturevalue("shared")(60_000)


def test_who_finds_no_room_in_time_learns_how_long_it_would_take(pacer):
    pacer.hold(30)

    for lane in ("people", "sync"):
        with pytest.raises(WixPaceTimeout) as late:
            pacer.acquire(lane, 0.1)

        assert 25 < late.value.wait < 35
    started = time.monotonic()
    with pytest.raises(WixPaceTimeout):
        pacer.acquire("people", 5)
    assert time.monotonic() - started < 1


def test_a_429_on_a_call_already_on_its_way_makes_no_hold_longer(pacer):
    def wait_after_hold():
        pacer.hold(None)
        with pytest.raises(WixPaceTimeout) as late:
            pacer.acquire("people", 0)
        return late.value.wait

    first = wait_after_hold()
    second = wait_after_hold()

    assert 4 < first <= 5
    assert second <= first


def at_once(pacer) -> int:
    """How many calls of people go out without a wait."""
    return len(calls_for(pacer, "people", 0.3))


@pytest.mark.parametrize("kind", ["local", pytest.param("redis", marks=pytest.mark.redis)])
def test_after_a_sign_of_too_many_calls_the_pace_is_halved_and_then_halved_again(
    request, monkeypatch, kind
):
    monkeypatch.setattr("resellers.wix.pacing.SIGNS_APART", 0.0)

    passed = []
    for signs in range(6):
        # Of so few calls a minute the burst is all that goes out in a moment.
        slowed = LocalPacer(15)
        if kind == "redis":
            name = f"{request.node.name}:{signs}"
            slowed = RedisPacer(request.getfixturevalue("redis_url"), 15, name=name)
        for _ in range(signs):
            slowed.slow_down()
        passed.append(at_once(slowed))

    halved = [-(-passed[0] // 2**signs) for signs in (0, 1, 2, 3, 3, 3)]
    assert passed[0] >= 15
    assert all(abs(found - wanted) <= 1 for found, wanted in zip(passed, halved, strict=True))


def test_signs_that_come_together_count_once(pacer):
    for _ in range(5):
        pacer.slow_down()
    pacer.hold(0)

    assert getattr(pacer, "_alone", pacer)._slowness == 2


def test_one_process_has_the_full_rate_for_either_lane():
    for lane in ("people", "sync"):
        moments = calls_for(LocalPacer(1200), lane, 0.8)

        assert len(moments) >= 0.6 * 1200 / 60 * 0.8
        assert worst_excess(moments, 1200) <= 15 + LATE


def test_threads_of_one_process_share_its_pace_and_people_go_first():
    pacer = LocalPacer(600)
    with ThreadPoolExecutor(6) as pool:
        sync = [pool.submit(calls_for, pacer, "sync", 1.5) for _ in range(4)]
        time.sleep(0.5)
        started = time.monotonic()
        for _ in range(10):
            pacer.acquire("people", 1)
        waited = time.monotonic() - started
        moments = [moment for each in sync for moment in each.result()]

    assert waited < 0.3
    assert worst_excess(moments, 600) <= 5 + 4 * LATE


def test_each_further_hold_of_unstated_length_is_twice_as_long(pacer, monkeypatch):
    monkeypatch.setattr("resellers.wix.pacing.FIRST_HOLD", 0.1)
    moments = [time.monotonic()]

    for _ in range(3):
        pacer.hold(None)
        pacer.acquire("people", 2)
        moments.append(time.monotonic())

    waits = [later - earlier for earlier, later in pairwise(moments)]
    # A busy machine may wake late, never early.
    for wait, at_least in zip(waits, [0.1, 0.2, 0.4], strict=True):
        assert at_least - 0.02 <= wait < at_least + 1


def test_without_redis_each_process_goes_on_at_twenty_a_minute(caplog):
    pacer = RedisPacer("redis://127.0.0.1:1/0", 175)

    for _ in range(3):
        pacer.acquire("people", 0)
    with pytest.raises(WixPaceTimeout) as late:
        pacer.acquire("people", 0)

    assert 2.5 < late.value.wait <= 3
    assert caplog.text.count("Redis is away") == 1


def test_a_redis_that_never_answers_holds_a_call_for_a_second_at_most(caplog):
    with frozen_server() as port:
        pacer = RedisPacer(f"redis://127.0.0.1:{port}/0", 175)
        started = time.monotonic()
        pacer.acquire("people", 5)
        first = time.monotonic() - started
        pacer.acquire("people", 5)
        second = time.monotonic() - started - first

    assert first < 1.5
    assert second < 0.1


@pytest.mark.redis
def test_a_redis_that_comes_back_is_used_again(redis_url, monkeypatch, request):
    monkeypatch.setattr("resellers.wix.pacing.SECONDS_BETWEEN_TRIES_OF_REDIS", 0.2)
    pacer = RedisPacer(redis_url, 60_000, name=request.node.name)
    client = pacer._redis
    pacer._redis_tried_again_at = time.monotonic() + 0.2
    pacer.acquire("people", 0)
    assert client.exists(request.node.name) == 0

    time.sleep(0.3)
    pacer.acquire("people", 0)

    assert client.exists(request.node.name) == 1


@pytest.mark.parametrize("rate", [0, -1])
def test_a_rate_must_let_something_through(rate):
    with pytest.raises(ValueError, match="calls_per_minute"):
        LocalPacer(rate)
