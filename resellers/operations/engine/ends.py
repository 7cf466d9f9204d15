"""How an operation ends, or comes to a person: each in one transaction with its audit entry."""

from typing import Any

from django.conf import settings
from django.db.models.functions import Now

from resellers import audit, cases, leases
from resellers.clock import in_seconds
from resellers.mirror.learned_refusals import OF_A_SITE, disprove, learn
from resellers.models import Operation, OperationState
from resellers.operations.kinds import kind_of
from resellers.operations.premium import lacks_premium
from resellers.operations.steps import Seen
from resellers.refusals import explain
from resellers.transactions import briefly
from resellers.wix import WixError

from . import failpoints
from .history import History
from .refusal import RefusedEnd


def succeeded(operation: Operation, history: History, seen: Seen) -> None:
    """Read back from Wix, and true."""
    kind = kind_of(operation.kind)
    result, words = kind.result(seen), kind.success_words(seen) or "Wix shows it."
    if history.nothing_sent:
        words = "It was true already; nothing was sent."
        if history.refused:
            words = "Wix shows it, though it refused our call: that was others' doing."
    first_settle = settings.OPERATIONS["SETTLE_SECONDS"][0]
    for column, value in result.items():
        setattr(operation, column, value)
    _end(
        operation,
        OperationState.SUCCEEDED,
        outcome=words,
        outage_seconds=history.outage_seconds,
        settle_at=in_seconds(first_settle),
        wix_request_id=history.writes[-1].wix_request_id if history.writes else "",
        **result,
    )


def refused(operation: Operation, history: History, end: RefusedEnd) -> None:
    """Wix refused, and nothing of ours is left to be put back."""
    refusal = history.refused
    assert refusal is not None
    known = explain(refusal.code, refusal.status, refusal.message)
    kind = kind_of(operation.kind)
    for lesson in kind.taught_by(operation, refusal):
        if refusal.code == OF_A_SITE and lacks_premium(lesson.product_id, lesson.site_id):
            continue  # foreseen, and over once the plan is delivered: it would stand after that
        learn(
            lesson.product_id,
            refusal.code,
            refusal.message,
            refusal.wix_request_id,
            operation,
            lesson.site_id,
        )
    _end(
        operation,
        end.state,
        outcome_code=refusal.code or str(refusal.status or ""),
        outcome=f"{known.words} {end.words}",
        changed_by_others=end.by_others,
        wix_request_id=refusal.wix_request_id,
    )


def refused_to_read(operation: Operation, history: History, error: WixError, *, gone: bool) -> None:
    """Wix does not let us read the thing, and has carried out nothing of ours."""
    known = explain(error.code or ("PACKAGE_NOT_FOUND" if gone else ""), error.status, error.said)
    words = "Nothing was sent."
    if history.refused:
        words = "Before that Wix had refused our call, so no call of ours changed anything."
    _end(
        operation,
        OperationState.FAILED,
        outcome_code=error.code or str(error.status or ""),
        outcome=f"{known.words} {words}",
        wix_request_id=error.request_id or "",
    )


def plan_moved(operation: Operation) -> None:
    """Wix shows something else than the plan was confirmed on: nothing is sent."""
    _end(
        operation,
        OperationState.CANCELED,
        outcome_code="plan_moved",
        outcome=kind_of(operation.kind).plan_moved(),
    )


def needs_attention(operation: Operation, code: str, words: str) -> None:
    """We cannot say, or cannot repair: a person decides."""
    with briefly():
        leases.end(
            operation,
            state=OperationState.NEEDS_ATTENTION,
            outcome_code=code,
            outcome=words,
            waiting_for="",
        )
        cases.keep_operation(operation)
        audit.record("operation.needs_attention", operation=operation, body={"code": code})
        _tell_repeats(operation)


def _end(operation: Operation, state: OperationState, **values: Any) -> None:
    failpoints.at("ending")
    with briefly():
        leases.end(
            operation,
            state=state,
            finished_at=Now(),
            waiting_for="",
            **{"outcome_code": "", "settle_at": None} | values,
        )
        if state == OperationState.SUCCEEDED:
            kind_of(operation.kind).carried_out(operation)
        cases.keep_operation(operation)
        if state == OperationState.SUCCEEDED:
            disprove(kind_of(operation.kind).disproves(operation), operation)
        audit.record(
            f"operation.{state}",
            operation=operation,
            body={"code": values.get("outcome_code", ""), "outcome": values["outcome"]},
        )
        _tell_repeats(operation)
    failpoints.at("ended")


def tell_new_key(operation: Operation, step: str, generation: int) -> None:
    """Note that the step is sent with a key of its own generation: the old one was stuck."""
    audit.record(
        "operation.generation_raised",
        operation=operation,
        body={"step": step, "generation": generation},
    )


def _tell_repeats(operation: Operation) -> None:
    """Tell of each step that went out more than once, without an answer that settles it.

    Wix promises nothing about idempotency keys, so any of those sends may have been carried out.
    """
    for step, sends in History.of(operation).repeated_sends().items():
        audit.record(
            "operation.repeated_write_suspected",
            operation=operation,
            body={"step": step, "sends": sends},
        )
