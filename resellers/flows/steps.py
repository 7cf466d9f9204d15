"""The sorts of steps that a flow is made of: a question, an operation, a check.

A step is stateless: what is known of it stands in the flow's data and in the step's own row.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from resellers.models import Account, Flow, FlowStep, Operation, OperationAttempt, OperationState
from resellers.operations.titles import operation_name
from resellers.operations.wish import Thing, Wish
from resellers.refusals import Explanation, explain
from resellers.texts import Text

from .outcomes import Asks, Finished, Outcome, Skipped, Stops, Waits, Wants

if TYPE_CHECKING:
    from django.contrib.auth.models import User

Choices = Sequence[tuple[str, Text]]


@dataclass(frozen=True, slots=True)
class Many:
    """Records of which a question asks for one, found by words; the answer is its id.

    `detail` tells namesakes apart, `why_not` says why one is barred, and `beside` is on offer in
    place of any of them.
    """

    rows: Callable[[Flow], QuerySet[Any]]
    detail: Callable[[Any], str] = lambda row: ""
    why_not: Callable[[Any], str] = lambda row: ""
    beside: Choices = ()


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that a person is asked in a step; the answer is kept in the flow's data by `name`.

    With `choices` it is one of these, as they are when the page is made, and `why_not` says of an
    answer that is none of them what is wrong with it, as far as it knows. `is_tick` asks yes or
    no, and so does `is_button`, by a button of that name which the step's template has.
    """

    name: str
    label: Text
    choices: Callable[[Flow], Choices] | None = None
    many: Many | None = None
    why_not: Callable[[Flow, str], str] | None = None
    help_text: Text = ""
    required: bool = True
    required_words: Text = ""
    is_tick: bool = False
    is_email: bool = False
    is_button: bool = False
    longest: int = 200
    initial: str = ""


class Step(ABC):
    """One step. `name` is its own within the flow, `label` what people read."""

    # A template of the dashboard for what stands in its card while it is current.
    template: ClassVar[str] = ""

    def __init__(self, name: str, label: Text) -> None:
        self.name, self.label = name, label

    def ahead(self, flow: Flow) -> str:
        """What it will do, for those who read it before its turn."""
        return ""

    def shows(self, flow: Flow, row: FlowStep) -> Mapping[str, Any]:
        """What its template is given, while it is current."""
        return {}

    @abstractmethod
    def look(self, flow: Flow, row: FlowStep) -> Outcome:
        """How it stands now. It may read Wix, and writes nothing: writes are operations."""

    def renewed(self, flow: Flow) -> dict[str, Any]:
        """What the flow's data are to say by now, before a step is begun anew."""
        return {}

    def begins_again_at(self, flow: Flow, row: FlowStep) -> str:
        """The name of the step that is begun anew where this one stopped as its row says: itself,
        unless something is to be chosen anew first."""
        return self.name


class QuestionStep(Step):
    """A person chooses; the answers are kept in the flow's data."""

    button: ClassVar[Text] = ""  # `Go on` where it is empty
    form: ClassVar[str] = ""  # that asks in place of its questions, by the name pages know it by
    # A kind of operation that the answer lets happen: whoever answers needs the right to it.
    lets_happen: ClassVar[str] = ""

    @abstractmethod
    def questions(self, flow: Flow) -> Sequence[Question]:
        """What is asked, as the flow stands; several, or none where its template asks."""

    def ends_for(self, flow: Flow) -> Account | None:
        """The customer for whom the answer ends something for good: then it is given with the
        customer's name and the password."""
        return None

    def take(self, flow: Flow, answers: dict[str, Any]) -> Finished:
        """What these answers, each checked by its question, come to. Raises Unanswerable.

        The flow's row may be changed here: its `account`, `site` and `subject` are saved.
        """
        return Finished(data=answers)

    def decided(self, flow: Flow, answers: dict[str, Any], *, by: "User") -> dict[str, Any]:
        """Write down beside the flow what this person has answered it, in the transaction in which
        it is taken; what the flow keeps of that. The first step of a flow writes nothing."""
        return {}

    def look(self, flow: Flow, row: FlowStep) -> Outcome:
        return Asks()


class OperationStep(Step):
    """One operation: planned, confirmed by a person or with a step before it, watched to its end.

    Its own plan and preflight are the operation's.
    """

    @abstractmethod
    def wanted(self, flow: Flow) -> tuple[Thing, Wish[Any]] | Skipped | Stops:
        """The thing and the wish, or why there is none."""

    def is_confirmed(self, flow: Flow) -> bool:
        """Whether a person has confirmed it with a step before, so that it goes on by itself."""
        return False

    def finished(self, flow: Flow, operation: Operation) -> Finished:
        """What its success comes to.

        The flow's `account`, `site` and `subject` may be set here: they are saved with it.
        """
        return Finished(operation.outcome_now)

    def stuck(self, flow: Flow, operation: Operation) -> Stops:
        """What is told where its operation needs a person."""
        words = f"{operation_name(operation)} needs a person. {operation.outcome}"
        return Stops(words, operation.outcome_code)

    def otherwise(self, flow: Flow) -> str:
        """What follows if Wix does not show it in time."""
        return _("If Wix does not show it in time, the flow stops here and asks you.")

    def chosen_at(self, flow: Flow) -> Mapping[str, str]:
        """The names of the steps at which what Wix may refuse was chosen, by the field that a
        refusal belongs to."""
        return {}

    def begins_again_at(self, flow: Flow, row: FlowStep) -> str:
        operation = latest(row)
        refusal = refused_with(operation) if operation else None
        if refusal is None or refusal.retry:
            return self.name
        return self.chosen_at(flow).get(refusal.field, self.name)

    def look(self, flow: Flow, row: FlowStep) -> Outcome:
        operation = latest(row)
        if operation is None:
            wanted = self.wanted(flow)
            if isinstance(wanted, Skipped | Stops):
                return wanted
            return Wants(*wanted) if self.is_confirmed(flow) else Asks()
        if operation.state == OperationState.SUCCEEDED:
            return self.finished(flow, operation)
        if operation.state == OperationState.NEEDS_ATTENTION:
            return self.stuck(flow, operation)
        if operation.is_open:
            words = operation.waiting_for or "Wix is being asked."
            seconds = float(settings.OPERATIONS["FLOW_SECONDS"])
            return Waits(words, seconds, otherwise=self.otherwise(flow))
        return Stops(_why(operation), operation.outcome_code)


class CheckStep(Step):
    """Something is looked at again and again until it is so: `look` says how it stands."""


def latest(row: FlowStep) -> Operation | None:
    """The operation of that try, or the last that was asked for again in its place."""
    operation = row.operation
    while operation is not None and operation.is_repeatable:
        again = operation.retries.order_by("-id").first()
        if again is None:
            break
        operation = again
    return operation


def refused_with(operation: Operation) -> Explanation | None:
    """What it means that Wix refused the operation; None where it did not."""
    refused = operation.attempts.filter(state=OperationAttempt.State.REFUSED).order_by("id").last()
    if not operation.outcome_code or refused is None:
        return None
    return explain(operation.outcome_code, refused.status, refused.message)


def _why(operation: Operation) -> str:
    """Why an operation came to nothing, with what to do about it."""
    refusal = refused_with(operation)
    words = operation.outcome_now
    return f"{words} {refusal.next_step}" if refusal else words
