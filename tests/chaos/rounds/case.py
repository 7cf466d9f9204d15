"""One operation before its judge: its row, its calls as Wix journalled them, what was so when."""

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Any

from .evidence import Evidence, Row
from .looks import LOOKS, records_of
from .world_history import WorldHistory, milliseconds

# Reads may show the past, as far as `stale` says, and our clock reads a moment after Wix's.
LAG = 1_000
SOON = 100
UNIQUE = "external_id"  # Wix takes no key for it, but each asks for a name of its own
# For it neither, and the journal has no more of it than whose call it was.
CONNECTED, CONNECTED_PATH = "connect_domain", "/domains/v1/connected-domains"
# The one step of what has no key to name it.
KEYLESS = {UNIQUE: "rename", CONNECTED: "connect"}


class Files:
    """The evidence, laid out so that what is about one operation is found at once."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self.past = WorldHistory(evidence.history)
        self.packages = [record for record in evidence.history if record.startswith("package ")]
        self._attempts = _by(evidence.attempts, lambda row: row["operation_id"])
        self._audit = _by(evidence.audit, lambda row: row["operation_id"])
        self._calls = _by(evidence.journal, _whose)

    def cases(self) -> "list[Case]":
        return [Case(row, self) for row in self.evidence.operations]

    def attempts(self, row: Row) -> list[Row]:
        return self._attempts.get(row["id"], [])

    def audit(self, row: Row) -> list[Row]:
        return self._audit.get(row["id"], [])

    def calls(self, row: Row) -> list[Row]:
        """The writes that came with its key or, where Wix takes none, for its very wish."""
        whose = row["request_id"]
        if row["kind"] == UNIQUE:
            whose = f"{row['package_id']}/{row['wish']['external_id']}"
        elif row["kind"] == CONNECTED:
            whose = f"{row['account_id']} connects"
        return self._calls.get(whose, [])


def _whose(call: Row) -> str:
    if key := call["idempotency_key"]:
        return str(key.split(":")[0])
    if (call["method"], call["path"]) == ("POST", CONNECTED_PATH):
        return f"{call['account']} connects"
    return str(call["path"].partition("/packages/update/")[2])


def _by(rows: Iterable[Row], key: Callable[[Row], Any]) -> dict[Any, list[Row]]:
    found: dict[Any, list[Row]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return found


class Case:
    """What the evidence says of one operation."""

    def __init__(self, row: Row, files: Files) -> None:
        self.row = row
        self.past = files.past
        self.look = LOOKS[row["kind"]]
        self.records = records_of(row)
        self.attempts = files.attempts(row)
        self.audit = files.audit(row)
        self.calls = files.calls(row)
        if row["kind"] in KEYLESS:
            self.calls = [call for call in self.calls if self._is_of_an_attempt(call)]
        self._packages = files.packages

    def _is_of_an_attempt(self, call: Row) -> bool:
        """Somebody may ask for the same twice: then each call is of who sent it then."""
        at = milliseconds(call["at"]) or 0
        sent = [milliseconds(a["sent_at"]) or 0 for a in self.attempts if a["writes"]]
        return any(one - SOON <= at <= one + 10_000 for one in sent)

    def step(self, call: Row) -> str:
        return KEYLESS.get(self.row["kind"]) or str(call["idempotency_key"].split(":")[1])

    @property
    def applied(self) -> list[Row]:
        """The calls that changed something."""
        return [call for call in self.calls if call["effect"] == "applied"]

    @property
    def applied_forward(self) -> list[Row]:
        return [c for c in self.applied if self.step(c) not in self.look.ways_back]

    @property
    def applied_back(self) -> list[Row]:
        return [c for c in self.applied if self.step(c) in self.look.ways_back]

    @property
    def refused(self) -> list[Row]:
        """The calls that Wix answered by a refusal."""
        return [call for call in self.calls if 400 <= (call["status"] or 0) < 500]

    @cached_property
    def last_reading(self) -> Row | None:
        """The attempt whose reading the end was concluded from."""
        read = [attempt for attempt in self.attempts if attempt["seen"] is not None]
        return read[-1] if read else None

    def when_read(self) -> Iterator[int]:
        """Each moment that the last reading may have shown."""
        read = self.last_reading
        if read is None:
            return
        first = (milliseconds(read["sent_at"]) or 0) - LAG
        last = (milliseconds(read["answered_at"]) or milliseconds(read["sent_at"]) or 0) + SOON
        yield from self.past.moments(first, last, *self._all_records())

    def _all_records(self) -> Iterable[str]:
        if self.row["kind"] != "create_package":
            return self.records
        return self._packages

    def could_be_read(self, holds: Callable[[WorldHistory, Row, int], bool]) -> bool:
        """Whether that was so at a moment which the last reading may have shown."""
        return any(holds(self.past, self.row, moment) for moment in self.when_read())

    def between(self, first: int, last: int) -> Iterator[int]:
        """Each moment of that time at which anything about it was other than before."""
        yield from self.past.moments(first, last, *self._all_records())
