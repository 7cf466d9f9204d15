"""What people read of a run and of its changes."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from resellers.models import BulkRun, PlannedChange
from resellers.models.bulk_querysets import UNTICKED_CODE
from resellers.models.states import UNDER_WAY_STATES, OperationState
from resellers.operations.bulk import RunFigures, verb_of
from resellers.operations.bulk.verb import AnyVerb
from resellers.refusals import explain_state

Outcome = PlannedChange.Outcome
TONES = {
    BulkRun.State.PLANNED: "look",
    BulkRun.State.RUNNING: "under-way",
    BulkRun.State.PAUSED: "look",
    BulkRun.State.STOPPED: "ended",
    BulkRun.State.DONE: "good",
}


def run_title(run: BulkRun, wanted: int) -> str:
    """The run by what it does to how many."""
    words = verb_of(run.kind).words
    title = words.title if run.is_planned or run.is_over else words.running
    return f"{title} ({wanted:,})"


def state_words(run: BulkRun) -> tuple[str, str]:
    """The run's state as a word, and its tone."""
    state = BulkRun.State(run.state)
    return str(state.label), TONES[state]


@dataclass(frozen=True, slots=True)
class Part:
    """Some of a run's changes: how many, what they are, and what more is to be said of them.

    `names` are those of their figures; `address` shows them alone.
    """

    key: str
    label: str
    count: int
    tone: str
    note: str
    names: tuple[str, ...]


def parts_of(run: BulkRun, figures: RunFigures) -> list[Part]:
    """What the totals bar shows, in its order; together they are all of the run's changes."""
    words = verb_of(run.kind).words

    def part(key: str, label: Any, tone: str, note: Any, *names: str) -> Part:
        count = sum(getattr(figures, name) for name in names)
        return Part(key, str(label), count, tone, str(note), names)

    if run.is_planned:
        left_out = gettext("left out of the run")
        return [
            part("will", words.will, "good", gettext("one after the other"), "waiting"),
            part("unchanged", gettext("no change"), "ended", words.unchanged, "unchanged"),
            part("refused", gettext("refused"), "bad", left_out, "refused"),
            *(
                [part("unticked", gettext("left out"), "ended", gettext("by you"), "unticked")]
                if figures.unticked
                else []
            ),
        ]
    doubt = gettext("nobody can say how it ended")
    parts = [
        part("done", words.done, "good", gettext("read back from Wix"), "carried_out"),
        part("failed", gettext("not carried out"), "bad", gettext("nothing changed"), "in_vain"),
        part("person", gettext("to be decided"), "look", doubt, "needing_a_person"),
        part("now", words.now, "under-way", gettext("at this moment"), "under_way"),
        part("wait", gettext("waiting"), "wait", gettext("not begun"), "waiting"),
        part(
            "out",
            gettext("left out"),
            "ended",
            gettext("nothing was asked for"),
            *("unchanged", "refused", "unticked", "skipped", "stopped"),
        ),
    ]
    always = ("done", "failed", "wait", "out")
    return [one for one in parts if one.count or one.key in always]


def outcome_words(change: PlannedChange, run: BulkRun, verb: AnyVerb) -> tuple[str, str, str]:
    """What becomes or became of a change: its tone, a few words, and why in one line."""
    if change.operation is not None:
        operation = change.operation
        words = explain_state(operation.state, operation.ending)
        word = str(words.word)
        if operation.state == OperationState.SUCCEEDED and not operation.ending:
            word = str(verb.words.done).capitalize()
        elif operation.state in UNDER_WAY_STATES:
            word = str(verb.words.now).capitalize()
        is_plain = operation.state == OperationState.SUCCEEDED and not operation.ending
        why = "" if is_plain else operation.waiting_for or operation.outcome_now
        return words.tone, word, why
    match Outcome(change.outcome):
        case Outcome.PLANNED if run.is_planned:
            return "good", str(verb.words.will).capitalize(), ""
        case Outcome.PLANNED:
            return "snoozed", gettext("Waits"), ""
        case Outcome.REFUSED:
            first, _, rest = change.why.partition(". ")
            return "bad", first.removesuffix("."), rest
        case Outcome.SKIPPED if change.code == UNTICKED_CODE:
            return "ended", gettext("Left out"), change.why
        case Outcome.SKIPPED:
            return "look", gettext("Skipped"), change.why
        case outcome:
            return "ended", str(outcome.label), change.why
