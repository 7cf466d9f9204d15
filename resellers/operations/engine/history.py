"""What an operation's attempts say: the engine remembers nothing else between wakes."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings

from resellers.models import Operation, OperationAttempt, OperationPriority
from resellers.operations.kind import AnyKind
from resellers.operations.kinds import KINDS
from resellers.operations.steps import Refused

State = OperationAttempt.State
READ = "read"
SERVER_ERROR = 500
# Two calls further apart than this do not show that Wix answered all the time between them.
GAP = timedelta(seconds=60)
MAYBE_CARRIED_OUT = OperationAttempt.MAYBE_CARRIED_OUT


def apart() -> float:
    """How many seconds lie at least between two readings that count as two."""
    return float(settings.OPERATIONS["READ_LADDER"][-1])


@dataclass(frozen=True)
class History:
    """An operation's attempts, oldest first.

    What has happened counts for good. How often a step was sent or refused, and how long it was
    waited for, counts from where a person last let the operation go on.
    """

    attempts: tuple[OperationAttempt, ...]
    resumed_after: int
    before: dict[str, Any]
    kind: AnyKind | None  # none: a row may be older than the kinds there are

    @classmethod
    def of(cls, operation: Operation) -> "History":
        attempts = tuple(operation.attempts.order_by("id"))
        kind = KINDS.get(operation.kind)
        return cls(attempts, operation.resumed_after, operation.before, kind)

    @property
    def writes(self) -> list[OperationAttempt]:
        return [attempt for attempt in self.attempts if attempt.writes]

    @property
    def nothing_sent(self) -> bool:
        """Whether Wix cannot have carried anything out."""
        return not any(write.state in MAYBE_CARRIED_OUT for write in self.writes)

    @property
    def nothing_done(self) -> bool:
        """Whether Wix cannot have carried anything out, nor half of what it refused."""
        return not any(self._may_have_acted(write) for write in self.writes)

    @property
    def gap_is_open(self) -> bool:
        """Whether the kind's first step may have been carried out, and none yet that follows it."""
        is_open = False
        for write in self.writes:
            if self.kind is not None and write.state in MAYBE_CARRIED_OUT:
                is_open = write.step == self.kind.opens_gap or (
                    is_open and write.step not in self.kind.close_gap
                )
        return is_open

    @property
    def priority(self) -> OperationPriority:
        """How urgent what is still to be done is."""
        if self.gap_is_open and self.refused is None:
            return OperationPriority.HALF_DONE
        if self.nothing_sent and self.refused is None:
            return OperationPriority.NEW
        return OperationPriority.UNDER_WAY

    @property
    def moved_by_us(self) -> bool:
        """Whether a reading showed the thing other than at first, after a write of ours that may
        have done that."""
        acted = False
        for attempt in self.attempts:
            if attempt.writes:
                acted = acted or (not self._is_way_back(attempt) and self._may_have_acted(attempt))
            elif acted and self._shows_other(attempt):
                return True
        return False

    @property
    def put_back_by_us(self) -> bool:
        """Whether the last reading showed the thing as at first, after our own way back."""
        went_back = False
        last: OperationAttempt | None = None
        for attempt in self.attempts:
            if attempt.writes and self._is_way_back(attempt) and self._may_have_acted(attempt):
                went_back, last = True, None
            elif went_back and attempt.seen is not None:
                last = attempt
        return last is not None and not self._shows_other(last)

    @property
    def seen_between(self) -> dict[str, Any] | None:
        """What a reading showed, the last one set aside, that was not as at first; None if none."""
        readings = [attempt for attempt in self.attempts if attempt.seen is not None]
        others = [attempt.seen for attempt in readings[:-1] if self._shows_other(attempt)]
        return others[-1] if others else None

    def was_seen_apart(self) -> bool:
        """Whether two readings apart, the last one and another, showed the same, and so did all
        between them, with no write among them."""
        last: OperationAttempt | None = None
        for attempt in reversed(self.attempts):
            if attempt.writes:
                return False
            if attempt.seen is None:
                continue
            if last is None:
                last = attempt
            elif attempt.seen != last.seen:
                return False
            elif (last.sent_at - attempt.sent_at).total_seconds() >= apart():
                return True
        return False

    def _is_way_back(self, attempt: OperationAttempt) -> bool:
        return self.kind is not None and attempt.step in self.kind.ways_back

    def _may_have_acted(self, write: OperationAttempt) -> bool:
        if self.kind is None:
            return write.state in OperationAttempt.TAKEN
        return self.kind.may_have_acted(write)

    def _shows_other(self, attempt: OperationAttempt) -> bool:
        seen, keys = attempt.seen, self.kind.changes if self.kind else ()
        return seen is not None and any(seen.get(key) != self.before.get(key) for key in keys)

    @property
    def _recent(self) -> list[OperationAttempt]:
        return [attempt for attempt in self.attempts if attempt.pk > self.resumed_after]

    @property
    def _recent_writes(self) -> list[OperationAttempt]:
        return [attempt for attempt in self._recent if attempt.writes]

    @property
    def refused(self) -> Refused | None:
        """The last refusal."""
        for write in reversed(self._recent_writes):
            if write.state == State.REFUSED:
                return Refused(
                    write.step, write.status, write.code, write.message, write.wix_request_id
                )
        return None

    def sends(self, step: str) -> int:
        """How often the step went out in its present generation and may have been carried out."""
        generation = self.generation(step)
        return sum(
            write.step == step
            and write.generation == generation
            and write.state in MAYBE_CARRIED_OUT
            for write in self._recent_writes
        )

    def repeated_sends(self) -> dict[str, int]:
        """How often each lately sent step went out, where it may have been done more than once."""
        counts = Counter(w.step for w in self.writes if w.state in MAYBE_CARRIED_OUT)
        lately = {w.step for w in self._recent_writes if w.state in MAYBE_CARRIED_OUT}
        return {step: counts[step] for step in sorted(lately) if counts[step] > 1}

    def generation(self, step: str) -> int:
        """The number in the step's idempotency key."""
        return max((write.generation for write in self.writes if write.step == step), default=0)

    def keys_stuck(self, step: str) -> int:
        """With how many keys the step lately went out, if every send got the same server error.

        0 where some answer was another one, or none came. Of the same error to a key that was sent
        again, Wix may be replaying its first answer, and would for ever.
        """
        sends = [w for w in self._recent_writes if w.step == step and w.state in MAYBE_CARRIED_OUT]
        answers = {w.status for w in sends}
        if len(answers) != 1 or any(status is None or status < SERVER_ERROR for status in answers):
            return 0
        return len({write.generation for write in sends})

    @property
    def awaited(self) -> OperationAttempt | None:
        """The last write, if it may have been carried out."""
        last = self._recent_writes[-1] if self._recent_writes else None
        return last if last and last.state in MAYBE_CARRIED_OUT else None

    @property
    def reads_since_write(self) -> int:
        """How many readings Wix has answered since the last write."""
        count = 0
        for attempt in reversed(self._recent):
            if attempt.writes:
                break
            count += attempt.state == State.ANSWERED
        return count

    @property
    def failures_in_a_row(self) -> int:
        """How many of the last calls of the last one's sort got no answer that says anything.

        A write that is not taken is tried less and less often, though each reading is answered.
        """
        count = 0
        for attempt in reversed(self._recent):
            if attempt.writes != self._recent[-1].writes:
                continue
            if attempt.state in (State.ANSWERED, State.REFUSED, State.SENT):
                break
            count += 1
        return count

    @property
    def answered_for(self) -> timedelta:
        """How long Wix has been answering since the first write."""
        total, previous, counting = timedelta(), None, False
        for attempt in self._recent:
            counting = counting or attempt.writes
            if not counting or attempt.answered_at is None:
                continue
            if previous is not None:
                total += min(attempt.answered_at - previous, GAP)
            previous = attempt.answered_at
        return total

    @property
    def outage_seconds(self) -> float | None:
        """How long the kind's gap lasted between two confirmed steps; None where there was none."""
        if self.kind is None:
            return None
        confirmed = [w for w in self.writes if w.state in MAYBE_CARRIED_OUT and w.answered_at]
        left = next((w for w in confirmed if w.step == self.kind.opens_gap), None)
        back_on = next((w for w in reversed(confirmed) if w.step in self.kind.close_gap), None)
        if not left or not back_on or not left.answered_at or not back_on.answered_at:
            return None
        return max(0.0, (back_on.answered_at - left.answered_at).total_seconds())
