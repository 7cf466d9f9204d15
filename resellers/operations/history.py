"""What an operation's attempts say: the engine remembers nothing else between wakes."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from resellers.models import Operation, OperationAttempt

from .kind import Refused

State = OperationAttempt.State
READ = "read"
SERVER_ERROR = 500
# Two calls further apart than this do not show that Wix answered all the time between them.
GAP = timedelta(seconds=60)
# A call that may have reached Wix; `sent` is one whose worker died before the answer.
MAYBE_CARRIED_OUT = (State.SENT, State.ANSWERED, State.UNKNOWN)


@dataclass(frozen=True)
class History:
    """The attempts since a person last let the operation go on, oldest first."""

    attempts: tuple[OperationAttempt, ...]
    # Whether any reading, also before that, showed the thing other than it was at first.
    has_moved: bool

    @classmethod
    def of(cls, operation: Operation) -> "History":
        attempts = tuple(operation.attempts.order_by("id"))
        since = tuple(a for a in attempts if a.id > operation.resumed_after)
        return cls(since, any(_shows_other(a.seen, operation.before) for a in attempts))

    @property
    def writes(self) -> list[OperationAttempt]:
        return [attempt for attempt in self.attempts if attempt.writes]

    @property
    def nothing_sent(self) -> bool:
        """Whether Wix cannot have carried anything out."""
        return not any(write.state in MAYBE_CARRIED_OUT for write in self.writes)

    @property
    def refused(self) -> Refused | None:
        """The last refusal."""
        for write in reversed(self.writes):
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
            for write in self.writes
        )

    def repeated_sends(self) -> dict[str, int]:
        """How often each step went out that may have been carried out more than once."""
        counts = Counter(w.step for w in self.writes if w.state in MAYBE_CARRIED_OUT)
        return {step: count for step, count in counts.items() if count > 1}

    def generation(self, step: str) -> int:
        """The number in the step's idempotency key."""
        return max((write.generation for write in self.writes if write.step == step), default=0)

    def is_stuck_on_its_key(self, step: str) -> bool:
        """Whether every send of the step's only generation so far got the same server error.

        Then Wix may be replaying its first answer to that key, and would for ever.
        """
        sends = [w for w in self.writes if w.step == step and w.state in MAYBE_CARRIED_OUT]
        answers = {w.status for w in sends}
        return (
            self.generation(step) == 0
            and len(answers) == 1
            and all(status is not None and status >= SERVER_ERROR for status in answers)
        )

    @property
    def awaited(self) -> OperationAttempt | None:
        """The last write, if it may have been carried out."""
        last = self.writes[-1] if self.writes else None
        return last if last and last.state in MAYBE_CARRIED_OUT else None

    @property
    def reads_since_write(self) -> int:
        """How many readings Wix has answered since the last write."""
        count = 0
        for attempt in reversed(self.attempts):
            if attempt.writes:
                break
            count += attempt.state == State.ANSWERED
        return count

    @property
    def failures_in_a_row(self) -> int:
        """How many of the last calls got no answer that says anything."""
        count = 0
        for attempt in reversed(self.attempts):
            if attempt.state in (State.ANSWERED, State.REFUSED, State.SENT):
                break
            count += 1
        return count

    @property
    def answered_for(self) -> timedelta:
        """How long Wix has been answering since the first write."""
        total, previous, counting = timedelta(), None, False
        for attempt in self.attempts:
            counting = counting or attempt.writes
            if not counting or attempt.answered_at is None:
                continue
            if previous is not None:
                total += min(attempt.answered_at - previous, GAP)
            previous = attempt.answered_at
        return total

    @property
    def outage_seconds(self) -> float | None:
        """How long the service was on no site between two confirmed steps; None if it was not."""
        confirmed = [w for w in self.writes if w.state in MAYBE_CARRIED_OUT and w.answered_at]
        left = next((w for w in confirmed if w.step == "unassign"), None)
        back_on = next((w for w in reversed(confirmed) if w.step.startswith("assign")), None)
        if not left or not back_on or not left.answered_at or not back_on.answered_at:
            return None
        return max(0.0, (back_on.answered_at - left.answered_at).total_seconds())


def _shows_other(seen: dict[str, Any] | None, before: dict[str, Any]) -> bool:
    keys = ("site_id", "product_id", "cycle")
    return seen is not None and any(seen.get(key) != before.get(key) for key in keys)
