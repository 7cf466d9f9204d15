"""An operation as people read it: what happened call by call, what is known, what is awaited."""

import math
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from resellers.durations import span
from resellers.models import OperationAttempt, OperationState
from resellers.operations.instance_kind import InstanceKind
from resellers.refusals import Explanation, explain

from .changes import FieldChange, field_changes
from .operation_calls import LogEntry, OperationCalls, answer_words, clock

State = OperationAttempt.State
# A worker takes a due operation up within a moment; after this long the page says that none did.
SLOW = timedelta(seconds=5)


class OperationLog(OperationCalls):
    """What is known of one operation; reads its attempts once, where they are not given."""

    @property
    def entries(self) -> list[LogEntry]:
        """What happened, what is awaited now, and what comes after it."""
        operation = self.operation
        asked = LogEntry(
            _("Recorded"),
            _("Asked for by %(requested_by)s") % {"requested_by": operation.requested_by},
            operation.requested_at,
        )
        return [asked, *self.calls, *self._end(), *self._ahead()]

    @property
    def token(self) -> str:
        """Changes when there is something new to say."""
        answered = sum(attempt.answered_at is not None for attempt in self.attempts)
        return f"{self.operation.state}-{len(self.attempts)}-{answered}"

    @property
    def gap(self) -> str:
        """What was so between two of its steps."""
        return self.kind.gap if self.kind else _("it was half-way")

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
        seen = self.last_reading
        if seen:
            lines.append(
                _("At %(clock)s Wix showed: %(reading)s.")
                % {"clock": clock(seen.sent_at), "reading": self.describe_reading(seen)}
            )
        for attempt in self.attempts:
            if attempt.writes and attempt.state == State.ANSWERED:
                lines.append(
                    _("%(done)s: Wix answered %(status)s.")
                    % {"done": self.done(attempt), "status": attempt.status}
                )
            elif attempt.writes and attempt.state == State.REFUSED:
                lines.append(
                    _("%(step)s: Wix refused, %(answer)s")
                    % {"step": self.step(attempt), "answer": answer_words(attempt)}
                )
        return lines or [_("Nothing was sent to Wix.")]

    @property
    def unknown(self) -> list[str]:
        """What nobody can say."""
        lines = [
            _("Whether Wix carried out “%(words)s”: %(lost)s.")
            % {"words": self.words(step), "lost": _lost(times)}
            for step, times in self._in_doubt().items()
        ]
        seen = self.last_reading
        if self._sent_unread:
            noun = _("the %(noun)s") % {"noun": self.kind.noun} if self.kind else "it"
            lines.append(
                _("How %(noun)s stands now: Wix has not been read since the last call.")
                % {"noun": noun}
            )
        elif seen:
            lines.append(
                _("What changed since %(clock)s, when Wix was last read.")
                % {"clock": clock(seen.sent_at)}
            )
        return lines

    @property
    def is_in_doubt(self) -> bool:
        """Whether nobody can say what came of a call: its answer was lost, or nothing was read
        since."""
        return bool(self._in_doubt()) or self._sent_unread

    @property
    def awaited(self) -> LogEntry | None:
        """What it waits for and until when; None where it waits for nobody or for a person."""
        return next((entry for entry in self._ahead() if entry.tone == "now"), None)

    @property
    def _sent_unread(self) -> bool:
        """Whether a call may have been carried out that no reading came after."""
        taken = OperationAttempt.MAYBE_CARRIED_OUT
        sent = [a for a in self.attempts if a.writes and a.state in taken]
        seen = self.last_reading
        return bool(sent) and (seen is None or seen.pk < sent[-1].pk)

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
            words = _("Finished by hand by %(settled_by)s: “%(settled_note)s”") % {
                "settled_by": operation.settled_by,
                "settled_note": operation.settled_note,
            }
        yield LogEntry(operation.get_state_display(), words, operation.finished_at, tone)

    def _ahead(self) -> Iterator[LogEntry]:
        """What is awaited and until when, and what is read once more after the end."""
        operation = self.operation
        first, second = (_minutes(seconds) for seconds in settings.OPERATIONS["SETTLE_SECONDS"])
        if operation.state == OperationState.NEEDS_ATTENTION:
            yield LogEntry(_("A person decides"), operation.outcome, tone="look")
        elif operation.is_open:
            if not any(attempt.state == State.SENT for attempt in self.attempts[-1:]):
                yield self._awaited()
            yield LogEntry(
                _("Checked again after %(first)s and %(second)s minutes")
                % {"first": first, "second": second},
                tone="later",
            )
        else:
            yield from self._checked_again()

    def _checked_again(self) -> Iterator[LogEntry]:
        """What the readings after success have shown, and when the next one is."""
        operation = self.operation
        if operation.drifted_at:
            words = _(
                "Two readings showed something else, and no later operation of ours explains it:"
                " it was changed outside, or fell back."
            )
            yield LogEntry(_("Checked again"), words, operation.drifted_at, "bad")
            if operation.drift_ended_at:
                words = _("An operation of ours has changed it since.")
                yield LogEntry(_("Changed by us"), words, operation.drift_ended_at, "quiet")
        elif operation.doubted_at:
            words = _("A reading showed something else; one reading alone says nothing.")
            yield LogEntry(_("Checked again"), words, operation.doubted_at, "look")
        elif operation.drift_ended_at:
            words = _(
                "Wix shows it again as it was wished. Two readings before had shown something"
                " else; that is taken back."
            )
            yield LogEntry(_("Checked again"), words, operation.drift_ended_at)
        if operation.settle_at and operation.state == OperationState.SUCCEEDED:
            yield LogEntry(
                _("Checked once more"),
                _("At %(clock)s") % {"clock": clock(operation.settle_at)},
                tone="later",
            )

    def _awaited(self) -> LogEntry:
        operation = self.operation
        wait = operation.next_run_at - self.now
        next_ = _("in %(until)s") % {"until": _until(wait)} if wait > timedelta(0) else _("now")
        if operation.state == OperationState.CONFIRMING:
            words = operation.waiting_for or _("Wix is read before anything else is sent")
            words = _("%(why)s. Next reading %(when)s; nothing is sent again before that.") % {
                "why": words.rstrip("."),
                "when": next_,
            }
            return LogEntry(
                _("Reading %(reads)s until Wix shows it") % {"reads": self.reads}, words, tone="now"
            )
        if operation.waiting_for:
            return LogEntry(
                _("Waiting"),
                _("%(why)s. Next try %(when)s.")
                % {"why": operation.waiting_for.rstrip("."), "when": next_},
                tone="now",
            )
        if operation.state == OperationState.RUNNING:
            return LogEntry(_("It is being carried out"), tone="now")
        if -wait > SLOW:
            words = _(
                "Recorded %(span)s ago; it has not begun yet. It is not lost: it is "
                "looked for every %(operations)s s."
            ) % {
                "span": span(self.now - operation.requested_at),
                "operations": settings.OPERATIONS["SWEEP_SECONDS"],
            }
            return LogEntry(_("Waiting for its turn"), words, tone="now")
        return LogEntry(_("Waiting for its turn"), _("Recorded; nothing was sent yet."), tone="now")


def _lost(times: int) -> str:
    return (
        _("its answer was lost")
        if times == 1
        else _("its answer was lost %(times)s times") % {"times": times}
    )


def _until(wait: timedelta) -> str:
    seconds = math.ceil(wait.total_seconds())
    return f"{seconds} s" if seconds < 100 else span(wait)


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:g}"
