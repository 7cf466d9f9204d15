"""Takes flows on: looks at the current step, and writes what came of it, as far as it goes now.

One process at a time holds a flow's lease, and a look may read Wix. What came of it is written in
one transaction with the flow's row locked, an operation with the step that wanted it: who dies
before its end has asked for nothing, who dies after it once, and whoever pauses the flow or gives
it up does so between two steps.
"""

import logging
import time

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import Error as DatabaseFault

from resellers import cases, leases
from resellers.clock import database_now
from resellers.models import Flow, FlowStep
from resellers.operations.engine import failpoints
from resellers.transactions import briefly
from resellers.wake import wake
from resellers.wix import WixError

from . import progress
from .kinds import FLOW_KINDS
from .outcomes import STOPPED_SECONDS, Outcome, Stops
from .unanswered import outcome_of

logger = logging.getLogger(__name__)

TASK = "resellers.run_flow"
LONGEST_WAKE = 30  # seconds that a worker may be woken ahead; the sweep finds what waits longer


def due() -> list[int]:
    """The ids of the flows whose time has come and that nobody carries on."""
    flows = leases.due(Flow.objects.under_way().filter(kind__in=FLOW_KINDS))
    return list(flows.order_by("next_run_at", "id").values_list("pk", flat=True)[:100])


def run_next() -> bool:
    """Carry on the flow that is due first; whether there was one."""
    return any(run(pk) for pk in due())


def run(flow_id: int) -> bool:
    """Take the flow as far as it will go now; whether it was this process that did.

    Safe to call at any time, and twice.
    """
    flow = leases.claim(Flow.objects.under_way(), flow_id)
    if flow is None:
        return False
    failpoints.at("flow-claimed")
    try:
        _carry_on(flow)
    except leases.LostLease:
        logger.info("flow %s went on in another process", flow_id)
    return True


def _carry_on(flow: Flow) -> None:
    try:
        give_up_at = time.monotonic() + settings.OPERATIONS["TASK_SECONDS"]
        while _one_look(flow):
            leases.renew(flow)
            if time.monotonic() > give_up_at:
                leases.release(flow)
                break
    except leases.LostLease:
        raise
    except (*leases.TRANSIENT, SoftTimeLimitExceeded):
        logger.exception("flow %s was interrupted", flow.pk)
        _interrupted(flow)
        return
    except Exception as error:
        logger.exception("flow %s crashed", flow.pk)
        _crashed(flow, error)
    leases.refresh(flow)
    if flow.state == Flow.State.WAITING:
        wait = (flow.next_run_at - database_now()).total_seconds()
        if wait <= LONGEST_WAKE:
            wake(TASK, flow.pk, after=max(wait, 0))


def _interrupted(flow: Flow) -> None:
    """Nobody's fault of this flow: it goes on where it stood.

    Where even this cannot be written, its lease runs out, and it goes on then.
    """
    try:
        wait = leases.interrupted(flow)
    except DatabaseFault as other:
        logger.warning("flow %s waits for its lease to run out: %s", flow.pk, other)
        return
    wake(TASK, flow.pk, after=min(wait, LONGEST_WAKE))


def _crashed(flow: Flow, error: Exception) -> None:
    """Have it wait for a person, in words that hold nothing of what the error itself says."""
    leases.drop_broken_connection()
    words = f"A fault of the dashboard stopped it ({type(error).__name__}): see the log."
    try:
        _write(flow, Stops(words, "crashed"))
    except leases.LostLease:
        raise
    except Exception:
        # Whatever else is told of it, the row must not be what each round of the sweep breaks at.
        logger.exception("flow %s could not be brought to a person", flow.pk)
        leases.drop_broken_connection()
        leases.release(flow, after=STOPPED_SECONDS, state=Flow.State.STOPPED)


def _one_look(flow: Flow) -> bool:
    """Look at the current step and write what came of it; whether to look at once again."""
    row = progress.current_row(flow)
    if row is None:
        return _write(flow, None)
    step = FLOW_KINDS[flow.kind].step(flow, row.name)
    try:
        outcome = step.look(flow, row)
    except WixError as error:
        logger.info("flow %s could not look: %s", flow.pk, error)
        outcome = outcome_of(error, row)
    failpoints.at("flow-looked", row.name)
    return _write(flow, outcome, row)


def _write(flow: Flow, outcome: Outcome | None, seen: FlowStep | None = None) -> bool:
    """Write what came of the look, if the flow still stands where it was looked at; whether to
    look at once again. Where not, the lease is given back with it."""
    with briefly():
        # Not joined: whoever waited for the lock would miss a row whose owner changed meanwhile.
        held = (
            Flow.objects.select_for_update(no_key=True).filter(pk=flow.pk, fence=flow.fence).first()
        )
        if held is None:
            raise leases.LostLease
        row = progress.current_row(held)
        again = False
        if row and outcome and held.state in (Flow.State.WAITING, Flow.State.STOPPED):
            again = _apply(flow, held, row, outcome, seen)
        if not again:
            leases.save(flow, lease_until=None, interruptions=0)
        failpoints.at("flow-writing", row.name if row else "")
    failpoints.at("flow-written", row.name if row else "")
    if again:
        leases.refresh(flow)
    return again


def _apply(flow: Flow, held: Flow, row: FlowStep, outcome: Outcome, seen: FlowStep | None) -> bool:
    """Write it into the row that is held."""
    if seen is not None and (seen.pk, seen.operation_id) != (row.pk, row.operation_id):
        return True
    for name in ("account_id", "site_id", "subject"):  # what the look has found out
        setattr(held, name, getattr(flow, name))
    had_stopped = held.state == Flow.State.STOPPED
    again = progress.apply(held, FLOW_KINDS[held.kind], row, outcome)
    if had_stopped or held.state == Flow.State.STOPPED:
        cases.keep_flow(held)
    return again
