"""Where in a round's evidence a lie can be planted, and what one is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from .evidence import Evidence, Row


@dataclass(frozen=True, slots=True)
class Lie:
    """What is false, how it is planted (True where there is something to tell it of), and a part
    of what the judge has to say of it."""

    name: str
    plant: Callable[[Evidence], bool]
    found_as: str


def operations(evidence: Evidence, state: str, words: str = "") -> Iterator[Row]:
    """Those that ended in that state and words like these, by nobody's hand."""
    for row in evidence.operations:
        is_such = row["state"] == state and words in row["outcome"] and not row["settled_by_id"]
        if is_such and not row["drifted_at"]:
            yield row


def calls(evidence: Evidence, row: Row, effect: str) -> list[Row]:
    """The calls of an operation that had that effect, as the journal has it."""
    key = f"{row['request_id']}:"
    ours = [c for c in evidence.journal if (c["idempotency_key"] or "").startswith(key)]
    return [call for call in ours if call["effect"] == effect]


def effects(evidence: Evidence) -> Iterator[tuple[Row, Row]]:
    """A success of ours, and a call of it that changed something."""
    for row in operations(evidence, "succeeded", "Wix shows it."):
        for call in calls(evidence, row, "applied")[:1]:
            yield row, call


def refusals(evidence: Evidence) -> Iterator[tuple[Row, Row]]:
    """A failure of ours, and a call of it that Wix refused."""
    for row in operations(evidence, "failed", "Nothing was changed."):
        for call in calls(evidence, row, "refused")[:1]:
            yield row, call


def quiet_service(evidence: Evidence) -> str | None:
    """A service on a site that nobody touched."""
    touched = {row["instance_id"] for row in evidence.operations}
    touched |= {change["service"] for change in evidence.outside_changes}
    for record, fields in evidence.true.items():
        is_one = record.startswith("service ") and record.partition(" ")[2] not in touched
        if is_one and fields["site"] and fields["status"] == "ENABLED":
            return record
    return None


def becomes(evidence: Evidence, record: str, since: int, **fields: Any) -> None:
    """It became so at Wix at that moment and stays so, and the mirror shows that."""
    now = evidence.true[record] | fields
    evidence.true[record] = now
    evidence.mirrored[record] = dict(now)
    before = [version for version in evidence.history[record] if version[0] < since]
    evidence.history[record] = [*before, (since, dict(now))]


def set_end(row: Row, state: str, outcome: str) -> bool:
    """Have it have ended so. Always True."""
    row["state"], row["outcome"] = state, outcome
    return True
