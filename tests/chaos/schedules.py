"""Random bad days: reads and writes spoilt at random while moves and readings go on together."""

import random
import time
from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.test import override_settings

from resellers.mirror import sync
from resellers.models import InstanceStatus, Operation, OperationState, ProductInstance, SyncRun
from resellers.operations.decisions import try_again
from resellers.operations.instance_kind import InstanceSeen
from tests import practice

from . import turns, verdict
from .ground import Ground
from .report import Report
from .services import service_as_read, service_at_wix
from .wishes import Wishes

MOVES = 3
LATE = 0.4
READ_FAULTS = (
    "reset_before",
    "reset_after",
    "500_before",
    "hang_before",
    "429",
    "bad_json",
    "stale:800",
    "duplicate_rows",
    "expired_cursor",
    "no_cursors",
    "empty_page",
    "unknown_enum",
    "unknown_field",
    "paging_metadata",
)
LIES = ("unknown_enum", "stale")
WRITE_FAULTS = (
    "reset_before",
    "reset_after",
    "500_before",
    "500_after",
    "429",
    "hang_before",
    "hang_after",
    f"late:{LATE * 1000:.0f}",
    "bad_json",
    "refuse:PRODUCT_TYPE_ALREADY_ASSIGNED",
    "bare:409",
    "half_move",
)


def random_schedules(ground: Ground, report: Report, *, count: int) -> None:
    """So many bad days; after each, the mirror shows what is true and nothing is left open."""
    wishes = Wishes(ground.by)
    with override_settings(OPERATIONS=settings.OPERATIONS | turns.NUMBERS):
        for number in range(count):
            label = f"schedules {number:04}"
            if report.wants(label):
                _day(ground, report, wishes, label)


def _day(ground: Ground, report: Report, wishes: Wishes, label: str) -> None:
    chance = random.Random(f"{report.seed}:{label}")
    since, started = ground.mark(), time.monotonic()
    rules = list(_rules(chance))
    operations = [
        wishes.ask("reassign", chance.choice(("two_step", "direct"))) for _ in range(MOVES)
    ]
    practice.faults(ground.sandbox, *rules)
    kind = SyncRun.Kind.FULL if chance.random() < 0.1 else SyncRun.Kind.INCREMENTAL
    runs = [sync.want(kind), sync.want(SyncRun.Kind.UNSETTLED)]
    _change_something(ground, chance, operations)
    turns.finish_mixed(ground, operations, runs, chance)
    time.sleep(LATE)
    practice.faults(ground.sandbox)
    _decide(ground, operations)
    turns.settle_now(operations)
    turns.finish_mixed(ground, [], [sync.want(_last_reading(rules))], chance)
    honoured = all(rule["effect"] != "ignore_idempotency" for rule in rules)
    wrongs = _wrongs(ground, operations, since, honoured)
    states = ", ".join(sorted(operation.state for operation in operations))
    end = f"ended {time.monotonic() - started:5.1f} s  {states}"
    lines = [f"rule {rule}" for rule in rules]
    lines += [line for operation in operations for line in verdict.story(operation)]
    report.note(label, end, wrongs, lines)
    wishes.free()


def _rules(chance: random.Random) -> Iterator[dict[str, Any]]:
    if chance.random() < 0.3:
        yield {"match": "any", "effect": "ignore_idempotency"}
    for _ in range(chance.randint(3, 8)):
        writes = chance.random() < 0.5
        match = chance.choice(("unassign", "assign") if writes else ("query", "get", "sites"))
        yield {
            "match": match,
            "effect": chance.choice(WRITE_FAULTS if writes else READ_FAULTS),
            "times": chance.randint(1, 3),
            "after": chance.randint(0, 2),
            "probability": chance.choice((0.3, 0.6, 1)),
            "seed": chance.randrange(1_000_000),
        }


def _last_reading(rules: Sequence[dict[str, Any]]) -> SyncRun.Kind:
    """What brings the mirror to the truth: a wrong answer that Wix dates as of old is found by the
    nightly pass alone, anything else by the next incremental run."""
    has_lies = any(rule["effect"].startswith(LIES) for rule in rules)
    return SyncRun.Kind.FULL if has_lies else SyncRun.Kind.INCREMENTAL


def _change_something(
    ground: Ground, chance: random.Random, operations: Sequence[Operation]
) -> None:
    """Somebody else floats two services at Wix, behind our back."""
    others = ProductInstance.objects.filter(
        status=InstanceStatus.ENABLED, site__isnull=False, gone_at=None
    ).exclude(package_id__in=[operation.package_id for operation in operations])
    for instance_id in chance.sample(list(others.values_list("id", flat=True).order_by("id")), 2):
        practice.change(ground.sandbox, instance_id, siteId=None)


def _decide(ground: Ground, operations: Sequence[Operation]) -> None:
    """A person lets go on what needs attention, now that Wix is well again."""
    for operation in operations:
        operation.refresh_from_db()
        if operation.state == OperationState.NEEDS_ATTENTION:
            try_again(operation, by=ground.by)
    turns.finish(ground, operations)


def _wrongs(
    ground: Ground, operations: Sequence[Operation], since: int, honoured: bool
) -> list[str]:
    found = []
    for operation in operations:
        wrongs = verdict.wrongs(ground, operation, since=since, keys_honoured=honoured)
        found += [f"#{operation.pk}: {words}" for words in wrongs]
        if operation.is_open:
            found.append(f"#{operation.pk}: left open")
    return found + _mirror_differences(ground)


def _mirror_differences(ground: Ground) -> list[str]:
    """The services that the mirror shows otherwise than Wix has them."""
    mirrored = {}
    for instance in ProductInstance.objects.filter(gone_at=None):
        seen = InstanceSeen.in_mirror(instance).as_json()
        mirrored[str(instance.pk)] = service_as_read(seen), instance.status
    world = ground.sandbox.world
    with world.lock:
        listed = [
            instance
            for package in world.packages
            if not package.unlisted
            for instance in package.instances
        ]
    true = {i.id: (service_at_wix(ground, i.id), i.status) for i in listed}
    return [
        f"the mirror shows {mirrored.get(id_)} for {id_}, Wix has {now}"
        for id_, now in true.items()
        if mirrored.get(id_) != now
    ]
