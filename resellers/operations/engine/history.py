"""What an operation's attempts say: the engine remembers nothing else between wakes."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from resellers.models import Operation, OperationAttempt
from resellers.operations.kind import Refused
from resellers.operations.kinds import KINDS

State = OperationAttempt.State
READ = "read"
SERVER_ERROR = 500
# Two calls further apart than this do not show that Wix answered all the time between them.
GAP = timedelta(seconds=60)
MAYBE_CARRIED_OUT = OperationAttempt.MAYBE_CARRIED_OUT


@dataclass(frozen=True)
class History:
    """An operation's attempts, oldest first.

    What has happened counts for good. How often a step was sent or refused, and how long it was
    waited for, counts from where a person last let the operation go on.
    """

    attempts: tuple[OperationAttempt, ...]
    resumed_after: int
    # Whether any reading showed the thing other than it was at first.
    has_moved: bool
    # The step that opens a gap, and those that close it.
    opens_gap: str = ""
    close_gap: tuple[str, ...] = ()

    @classmethod
    def of(cls, operation: Operation) -> "History":
        attempts = tuple(operation.attempts.order_by("id"))
        kind = KINDS.get(operation.kind)  # a row may be older than the kinds there are
        if kind is None:
            return cls(attempts, operation.resumed_after, has_moved=False)
        moved = any(_shows_other(a.seen, operation.before, kind.changes) for a in attempts)
        return cls(attempts, operation.resumed_after, moved, kind.opens_gap, kind.close_gap)

    @property
    def writes(self) -> list[OperationAttempt]:
        return [attempt for attempt in self.attempts if attempt.writes]

    @property
    def nothing_sent(self) -> bool:
        """Whether Wix cannot have carried anything out."""
        return not any(write.state in MAYBE_CARRIED_OUT for write in self.writes)

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

    def is_stuck_on_its_key(self, step: str) -> bool:
        """Whether every send of the step's only generation so far got the same server error.

        Then Wix may be replaying its first answer to that key, and would for ever.
        """
        sends = [w for w in self._recent_writes if w.step == step and w.state in MAYBE_CARRIED_OUT]
        answers = {w.status for w in sends}
        return (
            self.generation(step) == 0
            and len(answers) == 1
            and all(status is not None and status >= SERVER_ERROR for status in answers)
        )

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
        confirmed = [w for w in self.writes if w.state in MAYBE_CARRIED_OUT and w.answered_at]
        left = next((w for w in confirmed if w.step == self.opens_gap), None)
        back_on = next((w for w in reversed(confirmed) if w.step in self.close_gap), None)
        if not left or not back_on or not left.answered_at or not back_on.answered_at:
            return None
        return max(0.0, (back_on.answered_at - left.answered_at).total_seconds())


def _shows_other(
    seen: dict[str, Any] | None, before: dict[str, Any], keys: tuple[str, ...]
) -> bool:
    return seen is not None and any(seen.get(key) != before.get(key) for key in keys)
