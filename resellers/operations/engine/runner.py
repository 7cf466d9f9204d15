"""The engine: claims an operation and takes it as far as it will go now.

It drives towards the wished end state by reading, deciding, and writing only what is not yet true.
All it knows between two wakes is the row and its attempts, so running twice is harmless, and dying
at any line costs time only.
"""

import logging
import time
from collections.abc import Sequence
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import Error as DatabaseFault

from resellers import leases, throttling, wix
from resellers.connection import wix_client
from resellers.database_faults import trouble_of
from resellers.models import Operation, OperationPriority, OperationState
from resellers.operations.kind import Back, Decision, Done, Reading, Send, Stuck, Wait
from resellers.operations.kinds import kind_of
from resellers.policy import writes_are_paused, writes_paused_since
from resellers.throttling import Meaning
from resellers.transactions import briefly
from resellers.wake import wake
from resellers.wix import NextMove, WixError, WixNotFound, WixPaceTimeout, WixRateLimited

from . import calls, claims, ends, failpoints, refusal
from .history import History

logger = logging.getLogger(__name__)

PAUSED_SECONDS = 30
MOST_INTERRUPTIONS = 20
AT_ONCE = 100  # looked at for one that nobody else has taken, or carried out one after another


def run(operation_id: int) -> bool:
    """Take one operation as far as it will go now; whether it was this process that carried it out.

    Safe to call at any time, and twice.
    """
    operation = claims.claim(operation_id)
    if operation is None:
        return False
    failpoints.at("claimed")
    try:
        _carry_out(operation)
    except leases.LostLease:
        logger.info("operation %s went on in another worker", operation_id)
    return True


def _carry_out(operation: Operation) -> None:
    try:
        if operation.interruptions >= MOST_INTERRUPTIONS:
            words = "It was begun again and again, and each time it broke off in the midst of it."
            ends.needs_attention(operation, "interrupted", words)
            return
        with wix_client("people") as client:
            _Run(operation, client).go()
    except leases.LostLease:
        raise
    except (*leases.TRANSIENT, SoftTimeLimitExceeded) as error:
        logger.exception("operation %s was interrupted", operation.pk)
        _interrupted(operation, error)
    except Exception as error:
        logger.exception("operation %s crashed", operation.pk)
        _crashed(operation, error)


def _interrupted(operation: Operation, error: Exception) -> None:
    """Nobody's fault of this operation: it goes on where it stood.

    Where even this cannot be written, its lease runs out, and it goes on then.
    """
    because = trouble_of(error).value if isinstance(error, DatabaseFault) else "It took too long"
    try:
        wait = leases.interrupted(operation, waiting_for=f"{because}: it goes on by itself.")
    except DatabaseFault as other:
        logger.warning("operation %s waits for its lease to run out: %s", operation.pk, other)
        return
    priority = OperationPriority(operation.priority)
    wake("resellers.run_operation", operation.pk, after=min(wait, 30), priority=priority)


def _crashed(operation: Operation, error: Exception) -> None:
    """Bring it to a person, in words that hold nothing of what the error itself says."""
    words = f"A fault of the dashboard stopped it ({type(error).__name__}): see the log."
    try:
        ends.needs_attention(operation, "crashed", words)
    except leases.LostLease:
        raise
    except Exception:
        # Whatever else is noted of it, the row itself must not go on saying that it runs.
        logger.exception("operation %s could not be brought to a person", operation.pk)
        leases.drop_broken_connection()
        state = OperationState.NEEDS_ATTENTION
        leases.end(operation, state=state, outcome_code="crashed", outcome=words)


class _Run:
    """One claim of one operation."""

    def __init__(self, operation: Operation, client: wix.WixClient) -> None:
        self.operation = operation
        self.client = client
        self.kind = kind_of(operation.kind)
        self.started = time.monotonic()
        self.is_first_step = True

    def go(self) -> None:
        while self._step():
            self.is_first_step = False
            if not self._has_time():
                self._later(0, "")
                return

    def _client(self, history: History) -> wix.WixClient:
        """What stands between two writes does not wait for the calls of what has not begun."""
        return self.client.in_lane("half_done") if history.gap_is_open else self.client

    def _has_time(self) -> bool:
        """Whether a call begun now ends before the task is stopped, maybe in the midst of it."""
        left = self.started + settings.OPERATIONS["TASK_SECONDS"] - time.monotonic()
        return bool(left >= settings.OPERATIONS["CALL_SECONDS"])

    def _step(self) -> bool:
        """Read, decide, and act once; whether to go on at once."""
        client = self._client(History.of(self.operation))
        try:
            reading, read_at = calls.read(self.operation, self.kind, client)
        except WixError as error:
            return self._reading_failed(error)
        failpoints.at("noted")
        calls.to_mirror(reading, read_at, self.operation)
        failpoints.at("mirrored")
        history = History.of(self.operation)
        decision: Decision = self.kind.decide(self.operation, reading.seen, history.refused)
        if self._plan_moved(reading, decision, history):
            if self._is_shown_twice(history):
                ends.plan_moved(self.operation)
            return False
        if isinstance(decision, Done) and self._is_done_by_others(history):
            decision = Back()
        match decision:
            case Done():
                ends.succeeded(self.operation, history, self.kind.result(reading.seen))
            case Back():
                end = refusal.end_of(self.operation, self.kind, history, reading.seen)
                if not end.by_others or self._is_shown_twice(history):
                    ends.refused(self.operation, history, end)
            case Stuck():
                if self._is_shown_twice(history):
                    self._stuck(decision, reading, history)
            case Wait(words):
                self._wait(words, history)
            case Send():
                return self._send(decision, history)
        return False

    def _stuck(self, stuck: Stuck, reading: Reading[Any], history: History) -> None:
        """Bring it to a person; before that person is told to end something, look more closely.

        Two readings of one sort may be wrong alike.
        """
        if not stuck.is_to_be_ended:
            ends.needs_attention(self.operation, stuck.code, stuck.words)
            return
        client = self._client(history)
        try:
            closer = calls.look_closer(self.operation, self.kind, reading.seen, client)
        except WixError as error:
            self._reading_failed(error)
            return
        decision = self.kind.decide(self.operation, closer.seen, history.refused)
        match decision:
            case Stuck(words, code):
                ends.needs_attention(self.operation, code, words)
            case Done():
                ends.succeeded(self.operation, history, self.kind.result(closer.seen))
            case _:
                self._wait("Wix's answers contradict each other: it is read once more.", history)

    def _plan_moved(self, reading: Reading[Any], decision: Decision, history: History) -> bool:
        """Whether Wix shows something else than the plan was confirmed on.

        Once a person has let an operation go on, what Wix shows is what that person saw.
        """
        if self.operation.resumed_after or not history.nothing_sent or history.refused:
            return False
        if isinstance(decision, Done) and self.kind.may_be_true_already:
            return False
        return self.kind.has_moved(self.operation, reading.seen)

    def _is_done_by_others(self, history: History) -> bool:
        """Whether what is true was none of our doing, and the kind counts only what we did."""
        if self.kind.may_be_true_already:
            return False
        return history.refused is not None and history.nothing_done

    def _is_shown_twice(self, history: History) -> bool:
        """Whether two readings apart have shown the same; else the second one is waited for.

        What others are said to have done must not rest on one odd answer.
        """
        apart = settings.OPERATIONS["READ_LADDER"][-1]
        if history.is_shown_apart(apart):
            return True
        if not self._takes_too_long(history):
            words = "Wix shows what no call of ours explains: it is read once more."
            self._later(apart, words)
        return False

    def _wait(self, words: str, history: History) -> None:
        """Read again later, and come to a person once that has gone on for too long."""
        if not self._takes_too_long(history):
            ladder = settings.OPERATIONS[self.kind.ladder]
            looked = max(history.reads_since_write, 1)
            self._later(ladder[min(looked, len(ladder)) - 1], words)

    def _takes_too_long(self, history: History) -> bool:
        if history.answered_for.total_seconds() <= settings.OPERATIONS["ESCALATE_SECONDS"]:
            return False
        words = "Wix has been answering for long, and it is still not true."
        ends.needs_attention(self.operation, "too_long", words)
        return True

    def _send(self, decision: Send, history: History) -> bool:
        generation = history.generation(decision.step)
        awaited = history.awaited
        if awaited and awaited.step == decision.step:
            # It went out and the reading does not show it. Look some more before sending again.
            sends, keys_stuck = history.sends(decision.step), history.keys_stuck(decision.step)
            waits = self._waits_before_next_send(sends, keys_stuck)
            looked = history.reads_since_write
            if looked <= len(waits):
                self._later(
                    waits[looked - 1],
                    f"Wix to show it: read {looked} of {len(waits) + 1} was too early.",
                )
                return False
            if keys_stuck > 1:
                words = f"Wix answers {awaited.status} to every try, and does not show it."
                ends.needs_attention(self.operation, "no_effect", words)
                return False
            if keys_stuck and sends > 1:
                generation += 1
            elif sends >= settings.OPERATIONS["MAX_SENDS"]:
                words = f"Sent {sends} times; Wix does not show it."
                ends.needs_attention(self.operation, "no_effect", words)
                return False
        if self._takes_too_long(history):
            return False
        if self.operation.look_only:
            ends.needs_attention(self.operation, "not_true", "Looked again: it is not true yet.")
            return False
        if writes_are_paused() and not self._may_go_back(decision, history):
            self._later(PAUSED_SECONDS, "All writes to Wix are paused.")
            return False
        # The first write always goes out, or a slow Wix would be read for ever and never written.
        if not self.is_first_step and not self._has_time():
            self._later(0, "")
            return False
        failpoints.at("deciding", decision.step)
        if generation > history.generation(decision.step):
            ends.tell_new_key(self.operation, decision.step, generation)
        try:
            client = self._client(history)
            calls.write(self.operation, self.kind, decision, generation, client)
        except WixError as error:
            return self._writing_failed(error, decision)
        failpoints.at("recorded", decision.step)
        leases.save(self.operation, state=OperationState.CONFIRMING, waiting_for="")
        self.operation.state = OperationState.CONFIRMING
        failpoints.at("confirming", decision.step)
        return True

    def _waits_before_next_send(self, sends: int, keys_stuck: int) -> Sequence[float]:
        """How long to wait after each reading that does not show the last write.

        The whole ladder; none once it was gone through and the same key got the same error again;
        and with another key, which got that error too, not the last and longest rung.
        """
        ladder: Sequence[float] = settings.OPERATIONS[self.kind.ladder]
        if keys_stuck > 1:
            return ladder[:-1]
        return () if keys_stuck and sends > 1 else ladder

    def _may_go_back(self, decision: Send, history: History) -> bool:
        """Whether this is the way back, which is tried once more while writes are paused."""
        tried = [write for write in history.writes if write.step == decision.step]
        since = writes_paused_since()
        return decision.is_way_back and not (tried and since and tried[-1].sent_at >= since)

    def _writing_failed(self, error: WixError, decision: Send) -> bool:
        if self._is_not_about_this(error, is_write=True):
            return False
        if error.next_move is NextMove.STOP:
            if decision.is_way_back:
                words = self.kind.way_back_refused
                ends.needs_attention(self.operation, error.code or "refused", words)
                return False
            return True
        if error.next_move is NextMove.LOOK_FIRST:
            leases.save(self.operation, state=OperationState.CONFIRMING)
            self.operation.state = OperationState.CONFIRMING
            first = settings.OPERATIONS["READ_LADDER"][0]
            self._later(first, "The answer was lost: Wix is read before anything is sent again.")
            return False
        self._retry_later(error)
        return False

    def _reading_failed(self, error: WixError) -> bool:
        if self._is_not_about_this(error):
            return False
        history = History.of(self.operation)
        if error.next_move is NextMove.STOP and history.nothing_done:
            gone = isinstance(error, WixNotFound)
            ends.refused_to_read(self.operation, history, error, gone=gone)
        elif error.next_move is NextMove.STOP:
            words = f"Wix does not let us read {self.kind.reads}, so nobody can say how it ended."
            ends.needs_attention(self.operation, error.code or "unreadable", words)
        else:
            self._retry_later(error)
        return False

    def _is_not_about_this(self, error: WixError, *, is_write: bool = False) -> bool:
        """Whether Wix refuses our key, or takes no calls for now: then the operation waits."""
        verdict = throttling.judge(error, self.client)
        if verdict.meaning is Meaning.THING:
            return False
        if is_write:
            calls.mark_last_write_unsent(self.operation)
        if verdict.meaning is Meaning.KEY:
            self._later(PAUSED_SECONDS, "Wix refused our key: all writes are paused.")
        else:
            self._later(verdict.wait, "Wix takes no calls for now; it is tried again more slowly.")
        return True

    def _retry_later(self, error: WixError) -> None:
        waits = settings.OPERATIONS["RETRY_SECONDS"]
        history = History.of(self.operation)
        wait = waits[min(max(history.failures_in_a_row, 1), len(waits)) - 1]
        if history.gap_is_open and isinstance(error, WixPaceTimeout | WixRateLimited):
            # The pace holds all calls for as long as it must: nothing is gained by waiting longer.
            wait = error.wait or waits[0]
        self._later(wait, "Wix did not take the call; it is tried again.")

    def _later(self, seconds: float, waiting_for: str) -> None:
        """Give the lease back and come again; the state says whether a write may be on its way."""
        state, history = self.operation.state, History.of(self.operation)
        if state == OperationState.RUNNING:
            untouched = history.nothing_sent and history.refused is None
            state = OperationState.QUEUED if untouched else OperationState.CONFIRMING
        with briefly():
            leases.release(
                self.operation,
                after=seconds,
                state=state,
                priority=history.priority,
                waiting_for=waiting_for,
            )
            wake(
                "resellers.run_operation",
                self.operation.pk,
                after=min(seconds, 30),
                priority=history.priority,
            )


def run_next() -> bool:
    """Carry out the operation that goes first of those that are due; whether there was one."""
    return any(run(pk) for pk in claims.due().values_list("pk", flat=True)[:AT_ONCE])


def run_due(*, limit: int = AT_ONCE) -> int:
    """Carry out what is due in this process, so many at most; returns how many there were.

    After each one it is looked anew which goes first.
    """
    done = 0
    while done < limit and run_next():
        done += 1
    return done
