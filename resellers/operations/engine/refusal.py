"""How an operation ends that Wix refused.

Told from what our own attempts did and what was read after them: that it was put back is said where
a call of ours moved the thing, another one put it back, and Wix shows that.
"""

from dataclasses import dataclass
from typing import Any

from resellers.models import Operation, OperationState
from resellers.operations.kind import AnyKind

from .history import History


@dataclass(frozen=True, slots=True)
class RefusedEnd:
    """The end and its words. That others had a hand in it takes two readings apart."""

    state: OperationState
    words: str
    by_others: bool = False


def end_of(operation: Operation, kind: AnyKind, history: History, seen: Any) -> RefusedEnd:
    """How the operation ends, after a refusal and with nothing of ours left to be put back."""
    by_others = kind.has_moved(operation, seen)
    others = kind.changed_by_others(operation, seen.as_json()) if by_others else ""
    if history.moved_by_us and history.put_back_by_us:
        words = f"{kind.put_back(operation)} {others}".strip()
        return RefusedEnd(OperationState.ROLLED_BACK, words, by_others)
    if history.moved_by_us:
        words = others or "Changed by others meanwhile: they put it back, and Wix shows it so."
        words = f"A call of ours had changed it, and none put it back. {words}"
        return RefusedEnd(OperationState.FAILED, words, by_others=True)
    if by_others:
        words = f"No call of ours changed anything. {others}"
        return RefusedEnd(OperationState.FAILED, words, by_others=True)
    words = "Nothing was changed."
    if between := history.seen_between:
        reading = kind.describe_reading(operation, between)
        words += f" In between Wix showed {reading}, which no call of ours had done."
    return RefusedEnd(OperationState.FAILED, words)
