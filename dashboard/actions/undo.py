"""Taking back what an operation did, as pages offer it: a form that asks for the way back."""

from dataclasses import dataclass

from resellers.models import Account, Operation, Package, ProductInstance
from resellers.operations.kinds import KINDS, kind_of_wish
from resellers.operations.preflight import Answer, Preflight
from resellers.operations.undo import undo_of

from .forms import WISH_FORMS


@dataclass(frozen=True, slots=True)
class Offer:
    """The operation that can be taken back, and the address and fields that ask for it."""

    operation_id: int
    path: str
    fields: dict[str, str]
    answer: Answer  # whether that may be done now


def offer(operation: Operation, preflight: Preflight) -> Offer | None:
    """What asks to take back what this operation did; None where nothing can."""
    undone = undo_of(operation)
    if undone is None:
        return None
    thing = KINDS[operation.kind].thing_of(operation)
    assert thing is not None  # or there would be nothing to take back
    form = WISH_FORMS[kind_of_wish(undone).name]
    fields = form.prefilled(undone) | {
        "undo_of": str(operation.pk),
        "reason": f"Undo of operation #{operation.pk}",
    }
    return Offer(operation.pk, form.path(thing), fields, preflight.of(form.kind, thing))


def latest_offer(record: Account | Package | ProductInstance, preflight: Preflight) -> Offer | None:
    """The offer for the last operation that succeeded on this very service or package.

    Whatever came before it stands no longer, or not by itself. Eight queries at most.
    """
    if isinstance(record, Account):
        return None
    noun = "package" if isinstance(record, Package) else "instance"
    last = (
        Operation.objects.succeeded()
        .filter(subject=f"{noun}:{record.pk}")
        .select_related(
            *("instance__package", "instance__account", "instance__site", "instance__product"),
            "package__account",
        )
        .order_by("-finished_at", "-id")
        .first()
    )
    return offer(last, preflight) if last else None
