"""What a round is judged by: rows, pages and clicks on our side, journal and history on Wix's."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from tests import truth
from tests.truth import Records

from .world_history import History, history

if TYPE_CHECKING:
    from resellers.sandbox import Sandbox

Row = dict[str, Any]

OF_OPERATIONS = (
    *("id", "kind", "state", "subject", "account_id", "package_id", "instance_id", "site_id"),
    *(
        "strategy",
        "wish",
        "before",
        "request_id",
        "requested_at",
        "finished_at",
        "outcome",
        "outcome_code",
    ),
    *("changed_by_others", "drifted_at", "drift_ended_at", "settle_at", "lease_until"),
    *("settled_by_id", "waiting_for"),
)
OF_ATTEMPTS = (
    *("id", "operation_id", "step", "writes", "generation", "idempotency_key", "state"),
    *("sent_at", "answered_at", "status", "seen"),
)
OF_RUNS = ("id", "kind", "state", "started_at", "finished_at", "error", "lease_until")
OF_CHANGES = (
    *("id", "at", "package_id", "instance_id", "site_id", "field", "old", "new"),
    "operation_id",
)


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a round began: the last row of each table, the last call, and the moment."""

    operation: int
    audit: int
    run: int
    change: int
    call: int
    moment: int

    @classmethod
    def now(cls, sandbox: "Sandbox") -> Self:
        from resellers.models import AuditEntry, Change, Operation, SyncRun

        def last(rows: Any) -> int:
            return int(rows.order_by("-pk").values_list("pk", flat=True).first() or 0)

        tables = (Operation.objects, AuditEntry.objects, SyncRun.objects, Change.objects)
        world = sandbox.world
        with world.lock:
            return cls(*map(last, tables), world.journal.last, world.clock.now())


@dataclass
class Evidence:
    """Everything that is known of a round, as JSON has it."""

    operations: list[Row]
    attempts: list[Row]
    audit: list[Row]
    runs: list[Row]
    changes: list[Row]
    journal: list[Row]
    history: History
    true: Records  # at Wix, at the end
    mirrored: Records  # in the mirror, at the end
    since: int  # milliseconds, as all moments of Wix's
    until: int
    # What others did at Wix: `at`, and the `package` and `service` that it was done to.
    outside_changes: list[Row] = field(default_factory=list)
    # Each confirmation: its `request_id`, and what was answered: `recorded`, `refused` or `lost`.
    clicks: list[Row] = field(default_factory=list)
    # By an operation's number, the words of its page; numbers are text, as in JSON.
    pages: dict[str, str] = field(default_factory=dict)
    # When which faults were in force: `since`, `until` and their `effects`.
    fault_windows: list[Row] = field(default_factory=list)

    def copy(self) -> "Evidence":
        """One whose lists may be changed, and whose rows' fields may be set anew."""
        held = {one.name: getattr(self, one.name) for one in fields(self)}
        return Evidence(**{name: _copied(value) for name, value in held.items()})

    def write(self, file: Path) -> None:
        """Keep it for somebody who has to find a fault."""
        file.write_text(json.dumps(asdict(self), indent=1))


def gather(sandbox: "Sandbox", since: Mark, **more: Any) -> Evidence:
    """All that rows and sandbox say of what came after that mark. `more` is what people noted."""
    from resellers.models import AuditEntry, Change, Operation, OperationAttempt, SyncRun

    operations = Operation.objects.filter(pk__gt=since.operation)
    attempts = OperationAttempt.objects.filter(operation__in=operations)
    entries = AuditEntry.objects.filter(seq__gt=since.audit)
    runs, changes = SyncRun.objects, Change.objects
    return Evidence(
        operations=_rows(operations, OF_OPERATIONS),
        attempts=_rows(attempts, OF_ATTEMPTS),
        audit=_rows(entries, ("seq", "event", "operation_id", "body")),
        runs=_rows(runs.filter(pk__gt=since.run), OF_RUNS),
        changes=_rows(changes.filter(pk__gt=since.change), OF_CHANGES),
        journal=sandbox.world.journal.after(since.call),
        true=truth.at_wix(sandbox),
        mirrored=truth.in_mirror(),
        history=history(sandbox),
        since=since.moment,
        until=sandbox.world.clock.now(),
        **more,
    )


def _copied(value: Any) -> Any:
    if isinstance(value, list):
        return [dict(row) for row in value]
    return dict(value) if isinstance(value, dict) else value


def _rows(rows: Any, names: Iterable[str]) -> list[Row]:
    from django.core.serializers.json import DjangoJSONEncoder

    found = list(rows.order_by("pk").values(*names))
    return list(json.loads(json.dumps(found, cls=DjangoJSONEncoder)))
