"""The steps of an operation under way, as they are ticked off."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from dashboard.records.operation_log import OperationLog
from resellers.models import OperationAttempt, OperationState

State = OperationAttempt.State
DONE, NOW, LATER, BAD = "done", "now", "later", "bad"


@dataclass(frozen=True, slots=True)
class Step:
    """One of them: what is done, and how far it is, `done` `now` `later` or `bad`."""

    words: str
    stands: str

    @property
    def stands_in_words(self) -> str:
        """The same for those who hear the page."""
        return {DONE: "done", NOW: "now", LATER: _("to come"), BAD: _("refused by Wix")}[
            self.stands
        ]


def steps_of(log: OperationLog) -> list[Step]:
    """What it takes, from the wish to where Wix shows it; the one that is at work is `now`."""
    found = [
        Step(_("Recorded"), DONE),
        *_calls(log),
        Step(_("Wix shows it in %(reads)s") % {"reads": log.reads}, LATER),
    ]
    if not any(step.stands == NOW for step in found):
        first = next(place for place, step in enumerate(found) if step.stands == LATER)
        found[first] = Step(found[first].words, NOW)
    return found


def _calls(log: OperationLog) -> Iterator[Step]:
    """The planned calls, and those beside the plan that were made: the way back."""
    plan, sent = log.operation.plan, [attempt for attempt in log.attempts if attempt.writes]
    names = {words: step for step, words in plan.get("steps", {}).items()}
    planned = [names.get(words, words) for words in plan.get("calls", [])]
    others = [step for step in dict.fromkeys(a.step for a in sent) if step not in planned]
    for place, step in enumerate([*planned, *others]):
        tries = [attempt for attempt in sent if attempt.step == step]
        followed = any(a.step in [*planned, *others][place + 1 :] for a in sent)
        yield Step(log.words(step), _stands(log, tries, is_followed=followed))


def _stands(log: OperationLog, tries: list[OperationAttempt], *, is_followed: bool) -> str:
    if not tries:
        return LATER
    if tries[-1].state == State.REFUSED:
        return BAD
    if tries[-1].state == State.ANSWERED or is_followed:
        return DONE
    is_moving = log.operation.state != OperationState.QUEUED
    return NOW if is_moving else LATER
