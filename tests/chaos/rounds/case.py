"""One operation before its judge: its row, its calls as Wix journalled them, what was so when."""

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

from .evidence import Evidence, Row
from .looks import LOOKS, records_of
from .past import Past, milliseconds

# Reads may show the past, as far as `stale` says, and our clock reads a moment after Wix's.
LAG = 1_000
SOON = 100
UNIQUE = "external_id"  # Wix takes no key for it, but each asks for a name of its own


class Case:
    """What the evidence says of one operation."""

    def __init__(self, row: Row, evidence: Evidence, past: Past) -> None:
        self.row = row
        self.past = past
        self.look = LOOKS[row["kind"]]
        self.records = records_of(row)
        self.attempts = [a for a in evidence.attempts if a["operation_id"] == row["id"]]
        self.audit = [e for e in evidence.audit if e["operation_id"] == row["id"]]
        self.calls = [call for call in evidence.journal if self._is_ours(call)]
        self._evidence = evidence

    def _is_ours(self, call: Row) -> bool:
        if self.row["kind"] == UNIQUE:
            wanted = f"/update/{self.row['package_id']}/{self.row['wish']['external_id']}"
            is_named = str(call["path"]).endswith(wanted) and not call["idempotency_key"]
            return is_named and self._is_of_an_attempt(call)
        return (call["idempotency_key"] or "").startswith(f"{self.row['request_id']}:")

    def _is_of_an_attempt(self, call: Row) -> bool:
        """Somebody may ask for the same name twice: then each call is of who sent it then."""
        at = milliseconds(call["at"]) or 0
        sent = [milliseconds(a["sent_at"]) or 0 for a in self.attempts if a["writes"]]
        return any(one - SOON <= at <= one + 10_000 for one in sent)

    def step(self, call: Row) -> str:
        return "rename" if self.row["kind"] == UNIQUE else call["idempotency_key"].split(":")[1]

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
        return [record for record in self._evidence.history if record.startswith("package ")]

    def could_be_read(self, holds: Callable[[Past, Row, int], bool]) -> bool:
        """Whether that was so at a moment which the last reading may have shown."""
        return any(holds(self.past, self.row, moment) for moment in self.when_read())

    def between(self, first: int, last: int) -> Iterator[int]:
        """Each moment of that time at which anything about it was other than before."""
        yield from self.past.moments(first, last, *self._all_records())
