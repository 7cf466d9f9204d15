"""What a file would change, shown before it is done and done exactly so."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from resellers import audit
from resellers.constraints import is_taken
from resellers.folding import same_text, tidy
from resellers.models import CatalogProduct
from resellers.models.derived import derived_names

from .columns import Sheet
from .mangled import is_mangled
from .problems import ImportRefused, Problem
from .table import Table, read

if TYPE_CHECKING:
    from django.contrib.auth.models import User

ROWS_AN_ENTRY = 200  # of the audit trail


@dataclass(frozen=True, slots=True)
class RowChange:
    """What becomes of one row: a new record, or fields of a held one, each with old and new."""

    row: int
    key: UUID
    is_new: bool
    label: str
    fields: tuple[tuple[str, Any, Any], ...]

    @property
    def mangled(self) -> tuple[str, ...]:
        """The fields whose new value looks as if a spreadsheet had rewritten a number."""
        return tuple(name for name, old, new in self.fields if is_mangled(old, new))


@dataclass(slots=True)
class ImportPlan:
    """Everything that a file would change, or all that is wrong with it."""

    sheet: Sheet
    table: Table
    changes: list[RowChange] = field(default_factory=list)
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def created(self) -> int:
        return sum(change.is_new for change in self.changes)

    @property
    def changed(self) -> int:
        return len(self.changes) - self.created

    @property
    def mangled(self) -> list[tuple[int, str, str, str]]:
        """Row, field, held and new value of each number that a spreadsheet may have rewritten."""
        return [
            (change.row, name, old or "", new)
            for change in self.changes
            for name, old, new in change.fields
            if name in change.mangled
        ]

    @property
    def fingerprint(self) -> str:
        """Covers each change with its old values: another one means that the records moved."""
        changes = [[str(c.key), c.is_new, c.fields] for c in self.changes]
        return hashlib.sha256(json.dumps([changes, self.unchanged]).encode()).hexdigest()


class ImportMoved(Exception):
    """The records are no longer what they were in the dry run. `plan` is as it is now."""

    def __init__(self, plan: ImportPlan) -> None:
        super().__init__(_("The records have changed since the dry run."))
        self.plan = plan


def dry_run(sheet: Sheet, content: bytes) -> ImportPlan:
    """What importing this file would change now; nothing is written."""
    table = read(sheet, content)
    return _compare(sheet, table, _held(sheet, table))


def apply(
    sheet: Sheet,
    content: bytes,
    *,
    by: "User | None" = None,
    file: str = "",
    fingerprint: str | None = None,
) -> ImportPlan:
    """Import the file, all of it or nothing, and return what it changed.

    Raises ImportRefused with all that is wrong, or ImportMoved where the changes are others than
    those that the fingerprint covers.
    """
    table = read(sheet, content)
    if table.problems:
        raise ImportRefused(_compare(sheet, table, _held(sheet, table)).problems)
    about = {"file": file, "sha256": hashlib.sha256(content).hexdigest()}
    try:
        with transaction.atomic():
            plan = _write(sheet, table, fingerprint)
            _remember(plan, about, by=by)
    except IntegrityError as error:
        if not is_taken(error, sheet.model, "id"):
            raise
        # A sync has met one of the new records in this moment, so it is there now.
        with transaction.atomic():
            plan = _write(sheet, table, fingerprint)
            _remember(plan, about, by=by)
    return plan


def _held(sheet: Sheet, table: Table, *, lock: bool = False) -> dict[UUID, Any]:
    rows: Any = sheet.model._default_manager.all()
    # To be written, rows are wanted whole: see below.
    rows = rows.select_for_update(no_key=True) if lock else rows.only(*sheet.columns)
    found: dict[UUID, Any] = rows.in_bulk([row.key for row in table.rows])
    return found


def _compare(sheet: Sheet, table: Table, held: dict[UUID, Any]) -> ImportPlan:
    plan = ImportPlan(sheet, table, problems=list(table.problems))
    for row in table.rows:
        record = held.get(row.key)
        old_name = tidy(record.name) if record else ""
        if not row.values.get("name", "named") and (old_name or (sheet.name_wanted and not record)):
            plan.problems.append(Problem("no_name", _("name is empty"), row.number, "name"))
        # What is held already is no change, also where nobody could write it anew.
        plan.problems += [
            problem
            for name, (cell, problem) in row.refused.items()
            if record is None or not _same(getattr(record, name), cell)
        ]
        fields = tuple(
            (name, getattr(record, name) if record else None, value)
            for name, value in row.values.items()
            if record is None or not _same(getattr(record, name), value)
        )
        if record is not None and not fields:
            plan.unchanged += 1
            continue
        label = row.values.get("name") or old_name or f"{str(row.key)[:8]}…"
        plan.changes.append(RowChange(row.number, row.key, record is None, label, fields))
    # What concerns the whole file comes first, then row by row.
    plan.problems.sort(key=lambda problem: problem.row or 0)
    return plan


def _same(held: Any, value: Any) -> bool:
    if isinstance(held, str) and isinstance(value, str):
        return same_text(held, value)
    return bool(held == value)


def _write(sheet: Sheet, table: Table, fingerprint: str | None) -> ImportPlan:
    held = _held(sheet, table, lock=True)
    plan = _compare(sheet, table, held)
    if plan.problems:
        raise ImportRefused(plan.problems)
    if fingerprint is not None and fingerprint != plan.fingerprint:
        raise ImportMoved(plan)
    fresh: list[Any] = []
    changed: list[Any] = []
    given = table.columns
    for change in plan.changes:
        values = {name: new for name, _, new in change.fields}
        record = sheet.model(id=change.key) if change.is_new else held[change.key]
        for name, value in values.items():
            setattr(record, name, value)
        if isinstance(record, CatalogProduct):
            record.imported_at = Now()
        (fresh if change.is_new else changed).append(record)
    if sheet.model is CatalogProduct:
        given = [*given, "imported_at"]
    manager: Any = sheet.model._default_manager
    manager.bulk_create(fresh)
    if changed:
        # They exist and are locked, so each of these is an update; `bulk_update` takes ten times
        # as long.
        manager.bulk_create(
            changed,
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=[*given, *derived_names(sheet.model)],
        )
    return plan


def _remember(plan: ImportPlan, about: dict[str, Any], *, by: "User | None") -> None:
    """Audit the import: each change with old and new values, in entries of a bearable size."""
    about = about | {"new": plan.created, "changed": plan.changed, "unchanged": plan.unchanged}
    parts = range(0, max(len(plan.changes), 1), ROWS_AN_ENTRY)
    for part, start in enumerate(parts, start=1):
        rows = {
            str(change.key): {name: [old, new] for name, old, new in change.fields}
            for change in plan.changes[start : start + ROWS_AN_ENTRY]
        }
        body = about | {"part": part, "parts": len(parts), "rows": rows}
        audit.record(plan.sheet.event, by=by, body=body)
