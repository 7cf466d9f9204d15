"""The rows of operations, looked at after each statement that writes them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Count

from resellers.clock import database_now
from resellers.models import Operation, OperationState

State = OperationState
ENDS = {State.SUCCEEDED, State.FAILED, State.ROLLED_BACK, State.CANCELED}
# Where an operation may go from each state by one statement; from an end nowhere.
ALLOWED = {
    State.QUEUED: {State.RUNNING, State.CANCELED},
    State.RUNNING: {State.QUEUED, State.CONFIRMING, State.NEEDS_ATTENTION, *ENDS},
    State.CONFIRMING: {State.NEEDS_ATTENTION, State.SUCCEEDED, State.FAILED, State.ROLLED_BACK},
    State.NEEDS_ATTENTION: {State.CONFIRMING, State.SUCCEEDED, State.FAILED},
}
# An ended row is read once more by the settling, which notes that here.
AFTER_THE_END = {"settle_at", "doubted_at", "drifted_at", "drift_ended_at"}
# The last is what comes of the first in the midst of a transaction.
WRONG = (AssertionError, pytest.fail.Exception, transaction.TransactionManagementError)


class Watched:
    """Each operation's row as last seen, by its id; `note` is told what must not be.

    Called as a wrapper of the database's statements. Raises one of WRONG.
    """

    def __init__(self, note: Callable[[BaseException], None]) -> None:
        self.rows: dict[int, dict[str, Any]] = {}
        self._note = note

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        answer = execute(sql, params, many, context)
        if sql.startswith(("INSERT", "UPDATE")) and '"resellers_operation"' in sql[:40]:
            try:
                self._look()
            except WRONG as wrong:
                self._note(wrong)  # the engine takes it for a fault of its own, and goes on
                raise
        return answer

    def _look(self) -> None:
        for row in Operation.objects.order_by("pk").values():
            old = self.rows.get(row["id"])
            self.rows[row["id"]] = row
            if old is None:
                assert row["state"] == State.QUEUED
                continue
            assert row["fence"] >= old["fence"], "the fence fell"
            if row["fence"] > old["fence"] and old["lease_until"] is not None:
                assert old["lease_until"] < database_now(), "a live lease was taken over"
            if old["state"] in ENDS:
                changed = {name for name in row if row[name] != old[name]}
                assert changed <= AFTER_THE_END, f"{changed} of an ended operation"
            elif row["state"] != old["state"]:
                assert row["state"] in ALLOWED[old["state"]], f"{old['state']} to {row['state']}"


def more_than_one(field: str, states: Any) -> bool:
    """Whether two operations in one of these states are about the same thing."""
    rows = Operation.objects.filter(state__in=states).order_by().values(field)
    return rows.annotate(number=Count("id")).filter(number__gt=1).exists()
