"""How many calls leave in a minute, over all processes, and who goes first.

Wix allows some 200 calls a minute. Two lanes share them: `people`, where somebody waits, and
`sync`, the mirror. The method is GCRA: a bucket is one moment, the time at which it will be
full again; each call moves it on by the interval between calls, and may go out as soon as
that moment is no further ahead than the burst allows.

A third lane, `half_done`, is for what stands between two writes and cannot be left there. Its calls
wait for nobody, except while Wix takes no calls at all, and are counted like others: those behind
wait the longer, so that on the whole the pace is kept. They are few, since each change that is half
done began with calls that did wait.
"""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING, Any, Literal, Protocol

from .errors import WixPaceTimeout

if TYPE_CHECKING:
    from redis import Redis

logger = logging.getLogger("resellers.wix")

Lane = Literal["half_done", "people", "sync"]

PEOPLE_BURST = 15
SYNC_BURST = 5
CALLS_PER_MINUTE_WITHOUT_REDIS = 20
BURST_WITHOUT_REDIS = 3
SECONDS_BETWEEN_TRIES_OF_REDIS = 5.0
REDIS_TIMEOUT = 1.0
# After a 429 without a stated wait: 5 s, doubled by each one that follows within five minutes.
FIRST_HOLD = 5.0
LONGEST_HOLD = 60.0
HOLDS_ARE_REMEMBERED = 300.0
# After any sign of too many calls the pace is halved for five minutes, and again by further signs.
SLOW_FOR = 300.0
SLOWEST = 8  # so many times slower than the full pace
SIGNS_APART = 5.0  # what was on its way together says the same thing once


class Pacer(Protocol):
    """What the client asks before every call it sends."""

    def acquire(self, lane: Lane, timeout: float) -> None:
        """Return when a call of this lane may go out; WixPaceTimeout if not within `timeout` s."""

    def hold(self, seconds: float | None) -> None:
        """Stop all lanes, after Wix said 429, and go on more slowly; None leaves the length to the
        pacer."""

    def slow_down(self) -> None:
        """Let calls leave at half the pace for five minutes, after a sign of too many."""


class LocalPacer:
    """The pace of one process with the full rate; its threads share it, people go before the sync.

    Both lanes draw on one bucket, and people may draw it lower: whatever the sync does, most of
    a burst is left for people.
    """

    def __init__(self, calls_per_minute: float, burst: int = PEOPLE_BURST) -> None:
        _check_rate(calls_per_minute)
        self._interval = 60.0 / calls_per_minute
        self._ahead = {
            "people": (burst - 1) * self._interval,
            "sync": (max(1, burst // 3) - 1) * self._interval,
        }
        self._full_at = 0.0
        self._held_until = 0.0
        self._holds = 0
        self._slowed_at = -SLOW_FOR
        self._slowness = 1
        self._lock = threading.Lock()

    def acquire(self, lane: Lane, timeout: float) -> None:
        ends = time.monotonic() + timeout
        while True:
            with self._lock:
                now = time.monotonic()
                full_at = max(self._full_at, now)
                good_at = self._held_until if lane == "half_done" else full_at - self._ahead[lane]
                wait = good_at - now
                if wait <= 0:
                    self._full_at = full_at + self._interval * self._slowness_at(now)
                    return
            if now + wait > ends:
                raise _no_room(lane, wait)
            time.sleep(wait)

    def hold(self, seconds: float | None) -> None:
        with self._lock:
            now = time.monotonic()
            if seconds is None:
                if self._held_until > now:
                    return
                recent = now - self._held_until < HOLDS_ARE_REMEMBERED
                self._holds = self._holds + 1 if recent and self._held_until else 1
                seconds = min(LONGEST_HOLD, FIRST_HOLD * 2 ** (self._holds - 1))
            self._held_until = max(self._held_until, now + seconds)
            # The bucket is empty when the hold ends: one call goes out to see, and not a burst.
            self._full_at = max(self._full_at, self._held_until + self._ahead["people"])
            self._slow_down_at(now)

    def slow_down(self) -> None:
        with self._lock:
            self._slow_down_at(time.monotonic())

    def _slow_down_at(self, now: float) -> None:
        if now - self._slowed_at >= SIGNS_APART:
            self._slowness = min(SLOWEST, 2 * self._slowness_at(now))
            self._slowed_at = now

    def _slowness_at(self, now: float) -> int:
        return self._slowness if now - self._slowed_at < SLOW_FOR else 1


class RedisPacer:
    """The pace of all processes that name the same Redis.

    People have a third of the rate, and what the sync leaves of its own; the sync has the rest
    and may not borrow. Without Redis each process goes on by itself at 20 calls a minute.
    """

    def __init__(self, redis_url: str, calls_per_minute: float, name: str = "wix:pace") -> None:
        from redis import Redis
        from redis.backoff import NoBackoff
        from redis.retry import Retry

        _check_rate(calls_per_minute)
        self._redis: Redis = Redis.from_url(
            redis_url,
            socket_timeout=REDIS_TIMEOUT,
            socket_connect_timeout=REDIS_TIMEOUT,
            retry=Retry(NoBackoff(), 0),
        )
        self._acquire = self._redis.register_script(ACQUIRE)
        self._hold = self._redis.register_script(HOLD)
        self._slow_down = self._redis.register_script(SLOW_DOWN)
        self._name = name
        self._intervals = {"people": 180.0 / calls_per_minute, "sync": 90.0 / calls_per_minute}
        self._alone = LocalPacer(
            min(calls_per_minute, CALLS_PER_MINUTE_WITHOUT_REDIS), burst=BURST_WITHOUT_REDIS
        )
        self._redis_tried_again_at = 0.0

    def acquire(self, lane: Lane, timeout: float) -> None:
        ends = time.monotonic() + timeout
        waited = 0
        while True:
            left = ends - time.monotonic()
            answer = self._ask(self._acquire, lane, waited, left)
            if answer is None:
                return self._alone.acquire(lane, max(0.0, ends - time.monotonic()))
            wait = float(answer)
            if wait <= 0:
                return None
            if wait > left:
                raise _no_room(lane, wait)
            time.sleep(wait)
            # The place taken is good now, unless a 429 has stopped everyone in the meantime.
            waited = 1

    def hold(self, seconds: float | None) -> None:
        self._alone.hold(seconds)
        self._ask(
            self._hold,
            "" if seconds is None else seconds,
            FIRST_HOLD,
            LONGEST_HOLD,
            HOLDS_ARE_REMEMBERED,
        )
        self._ask(self._slow_down, SLOW_FOR, SLOWEST, SIGNS_APART)

    def slow_down(self) -> None:
        self._alone.slow_down()
        self._ask(self._slow_down, SLOW_FOR, SLOWEST, SIGNS_APART)

    def _ask(self, script: Any, *arguments: Any) -> bytes | None:
        """What a script answers, or None while Redis is away."""
        from redis.exceptions import RedisError

        if time.monotonic() < self._redis_tried_again_at:
            return None
        try:
            answer: bytes = script(
                keys=[self._name],
                args=[
                    self._intervals["people"],
                    (PEOPLE_BURST - 1) * self._intervals["people"],
                    self._intervals["sync"],
                    (SYNC_BURST - 1) * self._intervals["sync"],
                    *arguments,
                ],
            )
        except (RedisError, OSError) as error:
            self._redis_tried_again_at = time.monotonic() + SECONDS_BETWEEN_TRIES_OF_REDIS
            logger.warning("no shared pace, Redis is away: %s", type(error).__name__)
            return None
        return answer


def _check_rate(calls_per_minute: float) -> None:
    if calls_per_minute <= 0:
        raise ValueError("calls_per_minute must be more than 0")


def _no_room(lane: Lane, wait: float) -> WixPaceTimeout:
    return WixPaceTimeout(f"no room for a call of {lane} within {wait:.1f} s", wait=wait)


_COMMON = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local function read(field) return tonumber(redis.call('HGET', KEYS[1], field)) or 0 end
local function write(field, value)
  redis.call('HSET', KEYS[1], field, string.format('%.6f', value))
  redis.call('EXPIRE', KEYS[1], 3600)
end
local slowness = 1
if read('slow_until') > now then slowness = read('slowness') end
local interval = {people = tonumber(ARGV[1]) * slowness, sync = tonumber(ARGV[3]) * slowness}
local ahead = {people = tonumber(ARGV[2]), sync = tonumber(ARGV[4])}
"""

# Answers the seconds to wait; the place in the lane is taken unless they exceed what is left.
ACQUIRE = (
    _COMMON
    + """
local lane, waited, left = ARGV[5], ARGV[6], tonumber(ARGV[7])
local function wait_in(bucket) return math.max(0, read(bucket) - ahead[bucket] - now) end
local function take(bucket) write(bucket, math.max(read(bucket), now) + interval[bucket]) end
if lane == 'half_done' then
  local held = read('held_until') - now
  if held > 0 then return string.format('%.6f', held) end
  if wait_in('people') <= wait_in('sync') then take('people') else take('sync') end
  return '0'
end
if waited == '1' and read('held_until') <= now then return '0' end
local wait = wait_in(lane)
if wait > 0 and lane == 'people' and wait_in('sync') == 0 then
  take('sync')
  return '0'
end
if wait == 0 or wait <= left then take(lane) end
return string.format('%.6f', wait)
"""
)

# Empties both buckets to the end of the hold: then one of the people goes, the sync a second on.
HOLD = (
    _COMMON
    + """
local held_until, seconds = read('held_until'), tonumber(ARGV[5])
local first, longest, remembered = tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
if not seconds then
  if held_until > now then return '0' end
  local holds = 1
  if now - held_until < remembered then holds = read('holds') + 1 end
  write('holds', holds)
  seconds = math.min(longest, first * 2 ^ (holds - 1))
end
held_until = math.max(held_until, now + seconds)
write('held_until', held_until)
write('people', math.max(read('people'), held_until + ahead.people))
write('sync', math.max(read('sync'), held_until + 1 + ahead.sync))
return string.format('%.6f', seconds)
"""
)

SLOW_DOWN = (
    _COMMON
    + """
local slow_for, slowest, apart = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
local until_now = read('slow_until')
if now - (until_now - slow_for) < apart then return '0' end
write('slowness', math.min(slowest, 2 * slowness))
write('slow_until', now + slow_for)
return '0'
"""
)
