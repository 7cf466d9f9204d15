"""The calls of one operation as people read them: what was sent and what was read."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from resellers.clock import database_now
from resellers.durations import span
from resellers.models import Operation, OperationAttempt
from resellers.operations.kinds import KINDS

State = OperationAttempt.State


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


class OperationCalls:
    """What was sent and read for one operation; reads its attempts once, where none are given."""

    def __init__(
        self, operation: Operation, attempts: list[OperationAttempt] | None = None
    ) -> None:
        self.operation = operation
        self.kind = KINDS.get(operation.kind)  # none for a row older than the kinds there are
        self.attempts = list(operation.attempts.all()) if attempts is None else attempts
        self.now = database_now()

    @property
    def calls(self) -> Iterator[LogEntry]:
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

    @property
    def reads(self) -> str:
        """What its kind reads, such as `the service`."""
        """What its kind reads, such as `the service`."""
        return self.kind.reads if self.kind else "it"

    @property
    def last_reading(self) -> OperationAttempt | None:
        """The last call that showed the thing."""
        return next((a for a in reversed(self.attempts) if a.seen is not None), None)

    def step(self, attempt: OperationAttempt) -> str:
        """The step that this call was for, in words."""
        """The step that this call was for, in words."""
        return self.words(attempt.step)

    def words(self, step: str) -> str:
        """That step in words."""
        """That step in words."""
        return self.kind.step_words(self.operation, step) if self.kind else step

    def done(self, attempt: OperationAttempt) -> str:
        """That its step was taken, in words."""
        """That its step was taken, in words."""
        step = attempt.step
        return self.kind.step_done(self.operation, step) if self.kind else step

    def describe_reading(self, attempt: OperationAttempt) -> str:
        """What a reading showed of the thing, in the plan's own words."""
        return (
            self.kind.describe_reading(self.operation, attempt.seen or {})
            if self.kind
            else _("it as it is")
        )

    def _as_before(self, seen: dict[str, Any]) -> bool:
        before = self.operation.before
        keys = (self.kind and self.kind.changes) or tuple(seen)
        return all(seen.get(key) == before[key] for key in keys if key in before)

    def _reading(self, attempt: OperationAttempt, has_written: bool) -> LogEntry:
        at = attempt.sent_at
        if attempt.state == State.SENT:
            return self._in_flight(attempt, _("Reading %(reads)s") % {"reads": self.reads})
        if attempt.seen is None and attempt.state == State.ANSWERED:
            return LogEntry(
                _("Read %(reads)s") % {"reads": self.reads},
                _("what it showed is kept no longer"),
                at,
                "",
                attempt.wix_request_id,
            )
        if attempt.seen is None:
            words = answer_words(attempt) or _("no answer came")
            return LogEntry(
                _("Could not read %(reads)s") % {"reads": self.reads},
                words,
                at,
                "look",
                attempt.wix_request_id,
            )
        description = self.describe_reading(attempt)
        if not has_written and self._as_before(attempt.seen):
            description += _(", as planned")
        return LogEntry(
            _("Read %(reads)s") % {"reads": self.reads}, description, at, "", attempt.wix_request_id
        )

    def _write(self, attempt: OperationAttempt) -> LogEntry:
        at, request_id = attempt.sent_at, attempt.wix_request_id
        took = (
            _(" in %(duration_ms)s ms") % {"duration_ms": attempt.duration_ms}
            if attempt.duration_ms is not None
            else ""
        )
        match attempt.state:
            case State.ANSWERED:
                words = _("Wix answered %(status)s%(took)s") % {
                    "status": attempt.status,
                    "took": took,
                }
                return LogEntry(self.done(attempt), words, at, "", request_id)
            case State.REFUSED:
                words = _("Wix refused%(took)s: %(answer)s") % {
                    "took": took,
                    "answer": answer_words(attempt),
                }
                return LogEntry(self.step(attempt), words, at, "bad", request_id)
            case State.NOT_SENT:
                words = answer_words(attempt) or _("Wix was not reached")
                words = _("Not taken: %(words)s. Nothing was changed.") % {"words": words}
                return LogEntry(self.step(attempt), words, at, "quiet", request_id)
            case State.UNKNOWN if attempt.status:
                words = _(
                    "Wix answered %(status)s%(took)s, which does not say whether it was done; "
                ) % {"status": attempt.status, "took": took}
                words += _("looked instead of sending again")
                return LogEntry(self.step(attempt), words, at, "look", request_id)
            case State.UNKNOWN:
                lost = (
                    _(" after %(seconds)s") % {"seconds": _seconds(attempt.duration_ms)}
                    if attempt.duration_ms
                    else ""
                )
                words = _("The answer was lost%(lost)s; looked instead of sending again") % {
                    "lost": lost
                }
                return LogEntry(self.step(attempt), words, at, "look", request_id)
        return self._in_flight(attempt, self.step(attempt))

    def _in_flight(self, attempt: OperationAttempt, what: str) -> LogEntry:
        lease = self.operation.lease_until
        if lease and lease > self.now and attempt == self.attempts[-1]:
            waited = span(self.now - attempt.sent_at)
            limit = settings.OPERATIONS["CALL_SECONDS"]
            words = _("Sent %(waited)s ago, no answer yet; waited for up to %(limit)s s") % {
                "waited": waited,
                "limit": limit,
            }
            return LogEntry(what, words, attempt.sent_at, "now")
        words = _("Cut off before the answer came; Wix is read first")
        return LogEntry(what, words, attempt.sent_at, "look")


def answer_words(attempt: OperationAttempt) -> str:
    """Wix's answer: status, code and words; in our words why there was none."""
    if attempt.status is None:
        return attempt.message
    head = (
        f"{attempt.status} {attempt.code}"
        if attempt.code
        else _("HTTP status %(status)s") % {"status": attempt.status}
    )
    return f"{head} “{attempt.message}”" if attempt.message else head


def clock(at: datetime) -> str:
    """The time of day to the second, in the reader's zone."""
    """The time of day to the second, in the reader's zone."""
    return timezone.localtime(at).strftime("%H:%M:%S")


def _seconds(milliseconds: int) -> str:
    return (
        f"{milliseconds / 1000:.0f} s"
        if milliseconds >= 1000
        else _("%(milliseconds)s ms") % {"milliseconds": milliseconds}
    )
