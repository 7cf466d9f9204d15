"""What befalls the house while people work: deaths, frosts, spoilt calls, and others at Wix."""

import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from redis import Redis, RedisError

from resellers.sandbox.gateway.faults import EFFECTS, MATCHES
from tests import practice, switching
from tests.chaos.ground import Ground
from tests.chaos.turns import PACE

from . import house
from .evidence import Row
from .house import House

# What stands after the colon of an effect that takes something.
ARGUMENTS: dict[str, tuple[str, ...]] = {
    "delay": ("100", "400"),
    "late": ("800",),
    "stale": ("200",),
    "bare": ("401", "403", "404", "409", "500", "503"),
    "refuse": (
        *("PRODUCT_TYPE_ALREADY_ASSIGNED", "PRODUCT_LIMIT_EXCEEDED", "PERMISSION_DENIED"),
        *("INCOMPATIBLE_PRODUCT_INSTANCE_STATUS", "SITE_NOT_FOUND", "PREMIUM_REQUIRED"),
    ),
    "deliver": ("AWAITING_ACTION", "EXTERNAL_FAILURE", "DELIVERY_TIMEOUT"),
    "deliver_after": ("1", "4"),
}
# Of these there is more than of the others: what is refused half-way has the most to tell.
OFTEN = (*("refuse", "half_move") * 3, "drop_after", "500_after", "429")
# What a call shows that is not so it shows once: what is shown twice, apart, counts as so.
ONCE = ("unknown_enum",)
WRITES = (*("assign",) * 3, "unassign", "adjust", "create", "external_id", "cancel_instance")
MOST_RULES, LONGEST_FAULTS, LONGEST_CALM = 6, 8.0, 2.0
BETWEEN = (0.5, 3.0)  # seconds from one disrupt to the next


class Disruptions:
    """One after another, each drawn from one chance. What came is noted for the judge."""

    def __init__(self, ground: Ground, of_house: House, chance: random.Random) -> None:
        self.ground = ground
        self.house = of_house
        self.chance = chance
        self.fault_windows: list[Row] = []
        self.outside_changes: list[Row] = []
        self.counts: Counter[str] = Counter()
        self._next_switch = 0.0
        self._kinds: dict[Callable[[], None], int] = {
            self._kill: 5,
            self._stop: 2,
            self._freeze: 3,
            self._redis: 2,
            self._database: 2,
            self._others: 5,
        }

    def go_on(self, seconds: float) -> None:
        """Let it come for so long; then every call is answered as it should be."""
        ends_at = time.monotonic() + seconds
        while time.monotonic() < ends_at:
            self._switch_faults()
            disrupt = self.chance.choices(list(self._kinds), list(self._kinds.values()))[0]
            disrupt()
            self.counts["ended by itself"] += len(self.house.look_after())
            time.sleep(self.chance.uniform(*BETWEEN))
        self._end_faults()

    # --- calls -----------------------------------------------------------------------------------

    def _switch_faults(self) -> None:
        """Put faults in force or end them, once it is time."""
        if time.monotonic() < self._next_switch:
            return
        if self.fault_windows and self.fault_windows[-1]["until"] is None:
            self._end_faults()
            self._next_switch = time.monotonic() + self.chance.uniform(0, LONGEST_CALM)
            return
        rules = list(self._rules())
        practice.faults(self.ground.sandbox, *rules)
        effects = sorted({rule["effect"].partition(":")[0] for rule in rules})
        self.fault_windows.append({"since": self._now(), "until": None, "effects": effects})
        self._next_switch = time.monotonic() + self.chance.uniform(1, LONGEST_FAULTS)

    def _end_faults(self) -> None:
        for rule in self.ground.sandbox.gateway.rules:
            self.counts[rule.effect] += rule.fired
        practice.faults(self.ground.sandbox)
        if self.fault_windows:
            self.fault_windows[-1]["until"] = self._now()
        # How long a 429 holds all calls is measured elsewhere: here it would be quiet for minutes.
        with Redis.from_url(self.ground.redis_url, socket_timeout=1) as redis:
            try:
                redis.delete(PACE)
            except RedisError:
                return

    def _rules(self) -> Iterator[dict[str, Any]]:
        for _ in range(self.chance.randint(1, MOST_RULES)):
            name = self.chance.choice([*EFFECTS, *OFTEN])
            argument = self.chance.choice(ARGUMENTS.get(name, ("",)))
            often = name not in ONCE
            yield {
                "match": self.chance.choice(WRITES if name in OFTEN else MATCHES),
                "effect": f"{name}:{argument}" if argument else name,
                "times": self.chance.randint(1, 4) if often else 1,
                "after": self.chance.randint(0, 1),
                "probability": self.chance.choice((0.5, 1)),
                "seed": self.chance.randrange(1_000_000),
            }

    def _now(self) -> int:
        return self.ground.sandbox.world.clock.now()

    # --- processes and servers -------------------------------------------------------------------

    def _kill(self) -> None:
        name = self.chance.choice(self.house.names)
        self.house.kill(name)
        time.sleep(self.chance.uniform(0, 1.5))
        self.house.start(name)
        self.counts[f"{name} killed"] += 1

    def _stop(self) -> None:
        name = self.chance.choice(self.house.names)
        self.house.stop(name)
        self.house.start(name)
        self.counts[f"{name} restarted"] += 1

    def _freeze(self) -> None:
        name = self.chance.choice(self.house.names)
        self.house.freeze(name, self.chance.uniform(0.5, 5))
        self.counts[f"{name} frozen"] += 1

    def _redis(self) -> None:
        redis = self.ground.redis
        assert redis is not None
        manner = self.chance.choice(("killed", "frozen", "flushed"))
        if manner == "killed":
            house.restart(redis, signal.SIGKILL, away=self.chance.uniform(0, 3))
        elif manner == "frozen":
            house.freeze(redis, self.chance.uniform(1, 6))
        else:
            with Redis.from_url(self.ground.redis_url) as client:
                client.flushall()
        self.counts[f"Redis {manner}"] += 1

    def _database(self) -> None:
        database = self.ground.database
        assert database is not None
        manner = self.chance.choice(("restarted", "crashed", "frozen"))
        if manner == "frozen":
            house.freeze(database, self.chance.uniform(1, 6))
        else:
            number = signal.SIGINT if manner == "restarted" else signal.SIGQUIT
            house.restart(database, number, away=self.chance.uniform(0, 2))
        self.counts[f"PostgreSQL {manner}"] += 1

    # --- others at Wix ---------------------------------------------------------------------------

    def _others(self) -> None:
        at = self._now()
        for service in switching.others_act(self.ground.sandbox, self.chance, acts=1):
            change = {"at": at, "package": service.package_id, "service": service.id}
            self.outside_changes.append(change)
        self.counts["others at Wix"] += 1
