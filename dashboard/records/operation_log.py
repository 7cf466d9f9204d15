"""An operation as people read it: what happened call by call, what is known, what is awaited."""

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from resellers.clock import database_now
from resellers.durations import span
from resellers.models import Operation, OperationAttempt, OperationState
from resellers.operations.instance_kind import InstanceKind
from resellers.operations.kinds import KINDS
from resellers.refusals import Explanation, explain

from .changes import FieldChange, field_changes

State = OperationAttempt.State
# A worker takes a due operation up within a moment; after this long the page says that none did.
SLOW = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One line of what happened. `tone` is how it is marked: empty for done, or `now` `later`
    `look` `bad` `quiet`."""

    what: str
    detail: str = ""
    at: datetime | None = None
    tone: str = ""
    wix_request_id: str = ""
    times: int = 1


class OperationLog:
    """What is known of one operation; reads its attempts once, where they are not given."""

    def __init__(
        self, operation: Operation, attempts: list[OperationAttempt] | None = None
    ) -> None:
        self.operation = operation
        self.kind = KINDS.get(operation.kind)  # none for a row older than the kinds there are
        self.attempts = list(operation.attempts.all()) if attempts is None else attempts
        self.now = database_now()

    @property
    def entries(self) -> list[LogEntry]:
        """What happened, what is awaited now, and what comes after it."""
        operation = self.operation
        asked = LogEntry(
            "Recorded", f"Asked for by {operation.requested_by}", operation.requested_at
        )
        return [asked, *self._calls(), *self._end(), *self._ahead()]

    @property
    def token(self) -> str:
        """Changes when there is something new to say."""
        answered = sum(attempt.answered_at is not None for attempt in self.attempts)
        return f"{self.operation.state}-{len(self.attempts)}-{answered}"

    @property
    def reads(self) -> str:
        return self.kind.reads if self.kind else "it"

    @property
    def gap(self) -> str:
        """What was so between two of its steps."""
        return self.kind.gap if self.kind else "it was half-way"

    @property
    def changes(self) -> list[FieldChange]:
        """What the plan changes, field by field."""
        operation, keys = self.operation, (self.kind or InstanceKind).keys
        rows = operation.plan.get("rows", [])
        return field_changes(rows, operation.before, operation.wish, keys)

    @property
    def nothing_sent(self) -> bool:
        taken = OperationAttempt.TAKEN
        return not any(attempt.writes and attempt.state in taken for attempt in self.attempts)

    @property
    def elapsed(self) -> timedelta:
        return (self.operation.finished_at or self.now) - self.operation.requested_at

    @property
    def refusal(self) -> OperationAttempt | None:
        """The call whose answer is the operation's outcome; of one that a person ended, the last
        that Wix had refused."""
        if self.operation.settled_by_id:
            refused = [a for a in self.attempts if a.writes and a.state == State.REFUSED]
            return refused[-1] if refused else None
        code = self.operation.outcome_code
        for attempt in reversed(self.attempts):
            if code and code in (attempt.code, str(attempt.status or "")):
                return attempt
        return None

    @property
    def explanation(self) -> Explanation | None:
        """What that answer means and what to do."""
        refusal = self.refusal
        return explain(refusal.code, refusal.status, refusal.message) if refusal else None

    @property
    def known(self) -> list[str]:
        """What is certain, newest reading first."""
        lines = []
        seen = self._last_reading
        if seen:
            lines.append(f"At {_clock(seen.sent_at)} Wix showed: {self._describe_reading(seen)}.")
        for attempt in self.attempts:
            if attempt.writes and attempt.state == State.ANSWERED:
                lines.append(f"{self._done(attempt)}: Wix answered {attempt.status}.")
            elif attempt.writes and attempt.state == State.REFUSED:
                lines.append(f"{self._step(attempt)}: Wix refused, {_answer(attempt)}")
        return lines or ["Nothing was sent to Wix."]

    @property
    def unknown(self) -> list[str]:
        """What nobody can say."""
        lines = [
            f"Whether Wix carried out “{self._words(step)}”: {_lost(times)}."
            for step, times in self._in_doubt().items()
        ]
        seen = self._last_reading
        sent = [
            a for a in self.attempts if a.writes and a.state in OperationAttempt.MAYBE_CARRIED_OUT
        ]
        if sent and (seen is None or seen.pk < sent[-1].pk):
            noun = f"the {self.kind.noun}" if self.kind else "it"
            lines.append(f"How {noun} stands now: Wix has not been read since the last call.")
        elif seen:
            lines.append(f"What changed since {_clock(seen.sent_at)}, when Wix was last read.")
        return lines

    def _in_doubt(self) -> Counter[str]:
        """How many answers of each step were lost, while no later step stands on it.

        The engine goes from step to step once a reading shows the one before. Not so the way back.
        """
        doubts: Counter[str] = Counter()
        ways_back = self.kind.ways_back if self.kind else ()
        for attempt in self.attempts:
            if not attempt.writes:
                continue
            if attempt.state in OperationAttempt.IN_DOUBT:
                doubts[attempt.step] += 1
            if attempt.step not in ways_back:
                doubts = Counter({step: n for step, n in doubts.items() if step == attempt.step})
        return doubts

    @property
    def _last_reading(self) -> OperationAttempt | None:
        return next((a for a in reversed(self.attempts) if a.seen is not None), None)

    def _calls(self) -> Iterator[LogEntry]:
        """Every call in order; readings in a row that showed the same are one line."""
        last: LogEntry | None = None
        has_written = False
        for attempt in self.attempts:
            has_written = has_written or attempt.writes
            entry = self._write(attempt) if attempt.writes else self._reading(attempt, has_written)
            if (
                last
                and not attempt.writes
                and (last.what, last.detail) == (entry.what, entry.detail)
            ):
                last = replace(entry, times=last.times + 1)
                continue
            if last:
                yield last
            last = entry
        if last:
            yield last

    def _reading(self, attempt: OperationAttempt, has_written: bool) -> LogEntry:
        at = attempt.sent_at
        if attempt.state == State.SENT:
            return self._in_flight(attempt, f"Reading {self.reads}")
        if attempt.seen is None:
            words = _answer(attempt) or "no answer came"
            return LogEntry(
                f"Could not read {self.reads}", words, at, "look", attempt.wix_request_id
            )
        description = self._describe_reading(attempt)
        if not has_written and self._as_before(attempt.seen):
            description += ", as planned"
        return LogEntry(f"Read {self.reads}", description, at, "", attempt.wix_request_id)

    def _write(self, attempt: OperationAttempt) -> LogEntry:
        at, request_id = attempt.sent_at, attempt.wix_request_id
        took = f" in {attempt.duration_ms} ms" if attempt.duration_ms is not None else ""
        match attempt.state:
            case State.ANSWERED:
                words = f"Wix answered {attempt.status}{took}"
                return LogEntry(self._done(attempt), words, at, "", request_id)
            case State.REFUSED:
                words = f"Wix refused{took}: {_answer(attempt)}"
                return LogEntry(self._step(attempt), words, at, "bad", request_id)
            case State.NOT_SENT:
                words = _answer(attempt) or "Wix was not reached"
                words = f"Not taken: {words}. Nothing was changed."
                return LogEntry(self._step(attempt), words, at, "quiet", request_id)
            case State.UNKNOWN if attempt.status:
                words = (
                    f"Wix answered {attempt.status}{took}, which does not say whether it was done; "
                )
                words += "looked instead of sending again"
                return LogEntry(self._step(attempt), words, at, "look", request_id)
            case State.UNKNOWN:
                lost = f" after {_seconds(attempt.duration_ms)}" if attempt.duration_ms else ""
                words = f"The answer was lost{lost}; looked instead of sending again"
                return LogEntry(self._step(attempt), words, at, "look", request_id)
        return self._in_flight(attempt, self._step(attempt))

    def _in_flight(self, attempt: OperationAttempt, what: str) -> LogEntry:
        lease = self.operation.lease_until
        if lease and lease > self.now and attempt == self.attempts[-1]:
            waited = span(self.now - attempt.sent_at)
            limit = settings.OPERATIONS["CALL_SECONDS"]
            words = f"Sent {waited} ago, no answer yet; waited for up to {limit} s"
            return LogEntry(what, words, attempt.sent_at, "now")
        words = "Its worker stopped before the answer came; another one looks first"
        return LogEntry(what, words, attempt.sent_at, "look")

    def _end(self) -> Iterator[LogEntry]:
        operation = self.operation
        if operation.is_open or operation.finished_at is None:
            return
        tone = {
            OperationState.SUCCEEDED: "",
            OperationState.FAILED: "bad",
            OperationState.ROLLED_BACK: "look",
        }.get(OperationState(operation.state), "quiet")
        words = operation.outcome
        if operation.settled_by:
            words = f"Finished by hand by {operation.settled_by}: “{operation.settled_note}”"
        yield LogEntry(operation.get_state_display(), words, operation.finished_at, tone)

    def _ahead(self) -> Iterator[LogEntry]:
        """What is awaited and until when, and what is read once more after the end."""
        operation = self.operation
        first, second = (_minutes(seconds) for seconds in settings.OPERATIONS["SETTLE_SECONDS"])
        if operation.state == OperationState.NEEDS_ATTENTION:
            yield LogEntry("A person decides", operation.outcome, tone="look")
        elif operation.is_open:
            if not any(attempt.state == State.SENT for attempt in self.attempts[-1:]):
                yield self._awaited()
            yield LogEntry(f"Checked again after {first} and {second} minutes", tone="later")
        else:
            yield from self._checked_again()

    def _checked_again(self) -> Iterator[LogEntry]:
        """What the readings after success have shown, and when the next one is."""
        operation = self.operation
        if operation.drifted_at:
            words = (
                "Two readings showed something else, and no later operation of ours explains it:"
                " it was changed outside, or fell back."
            )
            yield LogEntry("Checked again", words, operation.drifted_at, "bad")
            if operation.drift_ended_at:
                words = "An operation of ours has changed it since."
                yield LogEntry("Changed by us", words, operation.drift_ended_at, "quiet")
        elif operation.doubted_at:
            words = "A reading showed something else; one reading alone says nothing."
            yield LogEntry("Checked again", words, operation.doubted_at, "look")
        elif operation.drift_ended_at:
            words = (
                "Wix shows it again as it was wished. Two readings before had shown something"
                " else; that is taken back."
            )
            yield LogEntry("Checked again", words, operation.drift_ended_at)
        if operation.settle_at and operation.state == OperationState.SUCCEEDED:
            yield LogEntry("Checked once more", f"At {_clock(operation.settle_at)}", tone="later")

    def _awaited(self) -> LogEntry:
        operation = self.operation
        wait = operation.next_run_at - self.now
        next_ = f"in {_until(wait)}" if wait > timedelta(0) else "now"
        if operation.state == OperationState.CONFIRMING:
            words = operation.waiting_for or "Wix is read before anything else is sent"
            words = f"{words.rstrip('.')}. Next reading {next_}; nothing is sent again before that."
            return LogEntry(f"Reading {self.reads} until Wix shows it", words, tone="now")
        if operation.waiting_for:
            return LogEntry(
                "Waiting", f"{operation.waiting_for.rstrip('.')}. Next try {next_}.", tone="now"
            )
        if operation.state == OperationState.RUNNING:
            return LogEntry("A worker is carrying it out", tone="now")
        if -wait > SLOW:
            words = (
                f"Recorded {span(self.now - operation.requested_at)} ago; no worker has taken it up"
                " yet. It is not lost: it is looked for every"
                f" {settings.OPERATIONS['SWEEP_SECONDS']} s."
            )
            return LogEntry("Waiting for a worker", words, tone="now")
        return LogEntry("Waiting for a worker", "Recorded; nothing was sent yet.", tone="now")

    def _step(self, attempt: OperationAttempt) -> str:
        return self._words(attempt.step)

    def _words(self, step: str) -> str:
        return self.kind.step_words(self.operation, step) if self.kind else step

    def _done(self, attempt: OperationAttempt) -> str:
        step = attempt.step
        return self.kind.step_done(self.operation, step) if self.kind else step

    def _as_before(self, seen: dict[str, Any]) -> bool:
        before = self.operation.before
        keys = (self.kind and self.kind.changes) or tuple(seen)
        return all(seen.get(key) == before[key] for key in keys if key in before)

    def _describe_reading(self, attempt: OperationAttempt) -> str:
        """What a reading showed of the thing, in the plan's own words."""
        return (
            self.kind.describe_reading(self.operation, attempt.seen or {})
            if self.kind
            else "it as it is"
        )


def _answer(attempt: OperationAttempt) -> str:
    """Wix's answer: status, code and words; in our words why there was none."""
    if attempt.status is None:
        return attempt.message
    head = f"{attempt.status} {attempt.code}" if attempt.code else f"HTTP status {attempt.status}"
    return f"{head} “{attempt.message}”" if attempt.message else head


def _lost(times: int) -> str:
    return "its answer was lost" if times == 1 else f"its answer was lost {times} times"


def _clock(at: datetime) -> str:
    return timezone.localtime(at).strftime("%H:%M:%S")


def _seconds(milliseconds: int) -> str:
    return f"{milliseconds / 1000:.0f} s" if milliseconds >= 1000 else f"{milliseconds} ms"


def _until(wait: timedelta) -> str:
    seconds = math.ceil(wait.total_seconds())
    return f"{seconds} s" if seconds < 100 else span(wait)


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:g}"
