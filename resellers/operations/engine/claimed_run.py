"""One claim of an operation: it is read, decided and acted upon, as often as there is time for.

What ends it stands in `ends`, what puts it off in `waits`.
"""

import time
from collections.abc import Sequence
from typing import Any

from django.conf import settings

from resellers import leases, wix
from resellers.models import Operation, OperationState
from resellers.operations.kinds import kind_of
from resellers.operations.steps import Back, Decision, Done, Reading, Send, Stuck, Wait
from resellers.policy import writes_are_paused, writes_paused_since
from resellers.wix import NextMove, WixError, WixNotFound

from . import calls, ends, failpoints, refusal, waits
from .history import History, apart


class ClaimedRun:
    """One claim of one operation."""

    def __init__(self, operation: Operation, client: wix.WixClient) -> None:
        self.operation = operation
        self.client = client
        self.kind = kind_of(operation.kind)
        self.started = time.monotonic()
        self.is_first_step = True

    def go(self) -> None:
        """Take it as far as it will go now; what there is no time for is put off."""
        while self._step():
            self.is_first_step = False
            if not self._has_time():
                waits.later(self.operation, 0, "")
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
            if self._is_read_twice(history):
                ends.plan_moved(self.operation)
            return False
        if isinstance(decision, Done) and self._is_done_by_others(history):
            decision = Back()
        match decision:
            case Done():
                ends.succeeded(self.operation, history, reading.seen)
            case Back():
                end = refusal.end_of(self.operation, self.kind, history, reading.seen)
                if not end.by_others or self._is_read_twice(history):
                    ends.refused(self.operation, history, end)
            case Stuck():
                if self._is_read_twice(history):
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
                ends.succeeded(self.operation, history, closer.seen)
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

    def _is_read_twice(self, history: History) -> bool:
        """Whether two readings apart have shown the same; else the second one is waited for.

        What others are said to have done must not rest on one odd answer.
        """
        if history.was_seen_apart():
            return True
        if not self._takes_too_long(history):
            words = "Wix shows what no call of ours explains: it is read once more."
            waits.later(self.operation, apart(), words)
        return False

    def _wait(self, words: str, history: History) -> None:
        """Read again later, and come to a person once that has gone on for too long."""
        if not self._takes_too_long(history):
            ladder = settings.OPERATIONS[self.kind.ladder]
            looked = max(history.reads_since_write, 1)
            waits.later(self.operation, ladder[min(looked, len(ladder)) - 1], words)

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
            rungs = self._waits_before_next_send(sends, keys_stuck)
            looked = history.reads_since_write
            if looked <= len(rungs):
                waits.later(
                    self.operation,
                    rungs[looked - 1],
                    f"Wix to show it: read {looked} of {len(rungs) + 1} was too early.",
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
            waits.later(self.operation, waits.PAUSED_SECONDS, "All writes to Wix are paused.")
            return False
        # The first write always goes out, or a slow Wix would be read for ever and never written.
        if not self.is_first_step and not self._has_time():
            waits.later(self.operation, 0, "")
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
        if waits.later_if_not_about_it(self.operation, self.client, error, is_write=True):
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
            waits.later(
                self.operation,
                first,
                "The answer was lost: Wix is read before anything is sent again.",
            )
            return False
        waits.retry_later(self.operation, error)
        return False

    def _reading_failed(self, error: WixError) -> bool:
        if waits.later_if_not_about_it(self.operation, self.client, error):
            return False
        history = History.of(self.operation)
        if error.next_move is NextMove.STOP and history.nothing_done:
            gone = isinstance(error, WixNotFound)
            ends.refused_to_read(self.operation, history, error, gone=gone)
        elif error.next_move is NextMove.STOP:
            words = f"Wix does not let us read {self.kind.reads}, so nobody can say how it ended."
            ends.needs_attention(self.operation, error.code or "unreadable", words)
        else:
            waits.retry_later(self.operation, error)
        return False
