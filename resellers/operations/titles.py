"""What operations and their kinds are called: those of a kind that exists no more as well."""

from collections.abc import Iterator, Mapping

from resellers.models import OPEN_STATES, Operation, OperationState

from .kind import AnyKind
from .kinds import KINDS
from .sentences import general
from .steps import Done
from .wish import UnreadableWish


def kind_label(name: str) -> str:
    """The kind as people read it: `Cancel package`."""
    kind = KINDS.get(name)
    return str(kind.label) if kind else name.replace("_", " ").capitalize()


def operation_name(operation: Operation) -> str:
    """The operation by its number: `Cancel package #12`."""
    return f"{kind_label(operation.kind)} #{operation.pk}"


def operation_title(operation: Operation) -> str:
    """The operation by what it does to what: `Cancel package order-17`."""
    kind = KINDS.get(operation.kind)
    return kind.title(operation) if kind else kind_label(operation.kind)


def outcome_sentence(operation: Operation, *, is_in_doubt: bool) -> str:
    """How it stands, as one sentence without a full stop: what heads its page.

    `is_in_doubt`: of one that needs a person, whether an answer of Wix is missing.
    """
    kind, state = KINDS.get(operation.kind), operation.state
    words = kind.sentences(operation) if kind else general(kind_label(operation.kind))
    if state == OperationState.QUEUED:
        return words.waits
    if state == OperationState.NEEDS_ATTENTION:
        return words.in_doubt if is_in_doubt else words.neither
    if operation.is_open:
        return words.under_way
    if state != OperationState.SUCCEEDED:
        return words.as_before if kind and _is_as_before(operation, kind) else words.not_done
    if operation.drifted_at and not operation.drift_ended_at:
        return words.no_more
    return words.done if is_still_true(operation) else words.was_done


def brief_sentence(operation: Operation, state: str = "") -> str:
    """What was done or is at work, told where many are: it looks at no record again.

    `state`: how it stood at that time, where that is not how it stands now.
    """
    kind, state = KINDS.get(operation.kind), state or operation.state
    words = kind.sentences(operation) if kind else general(kind_label(operation.kind))
    if state == OperationState.NEEDS_ATTENTION:
        return words.in_doubt
    if state in OPEN_STATES:
        return words.waits if state == OperationState.QUEUED else words.under_way
    return words.was_done if state == OperationState.SUCCEEDED else words.not_done


def is_still_true(operation: Operation) -> bool:
    """Whether the mirror shows what was wished, by now still."""
    kind = KINDS.get(operation.kind)
    thing = kind.thing_of(operation) if kind else None
    if kind is None or thing is None:
        return False
    try:
        seen = kind.in_mirror(thing, kind.wish_of(operation))
        return isinstance(kind.decide(operation, seen, None), Done)
    except (KeyError, UnreadableWish):  # a row from before the kind kept all that it keeps now
        return False


def _is_as_before(operation: Operation, kind: AnyKind) -> bool:
    """Whether the mirror shows it as it was planned, and no others were seen at it."""
    thing = kind.thing_of(operation)
    if thing is None or operation.changed_by_others or operation.settled_by_id:
        return False
    try:
        return not kind.has_moved(operation, kind.in_mirror(thing, kind.wish_of(operation)))
    except (KeyError, UnreadableWish):
        return False


class KindLabels(Mapping[str, str]):
    """What each kind there is just now is called, by its name and in the order of the kinds."""

    def __getitem__(self, name: str) -> str:
        return str(KINDS[name].label)

    def __iter__(self) -> Iterator[str]:
        return iter(KINDS)

    def __len__(self) -> int:
        return len(KINDS)


KIND_LABELS = KindLabels()
