"""The form of a flow's step, made of the questions that it asks."""

from collections.abc import Sequence
from typing import Any, ClassVar, Self

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy

from dashboard.actions.sure import FIELDS, Sure, account_name_field, code_field, password_field
from dashboard.frame.reauthentication import Proof
from resellers.flows import deciding
from resellers.flows.outcomes import Unanswerable
from resellers.flows.steps import Question
from resellers.models import Account, Flow, FlowEvent

from .finder import Finder

NOTHING = [("", gettext_lazy("Choose"))]


class QuestionsForm(Sure):
    """What a step asks; `cleaned_data` are the answers by the questions' names.

    Where the answer ends something for good, `sure_of` is the customer whose name is typed with it,
    and `proof` what shows who it is, unless that was given lately.
    """

    redraws: ClassVar[tuple[str, ...]] = ("redraw",)  # the buttons that want it drawn once more

    def __init__(
        self,
        questions: Sequence[Question],
        flow: Flow,
        data: Any = None,
        *,
        initial: dict[str, Any] | None = None,
        sure_of: Account | None = None,
        proof: Proof | None = None,
    ) -> None:
        self._options: dict[str, Any] = {"sure_of": sure_of, "proof": proof}
        self._questions, self._flow = questions, flow
        super().__init__(data, initial=initial, auto_id="%s")
        for question in questions:
            self.fields[question.name] = _field(question, flow)
        if sure_of is not None:
            self.account = sure_of
            self.fields["account_name"] = account_name_field()
            self.fields["account_name"].help_text = self.to_type
            self.proof = proof
            self.fields |= {"password": password_field(), "code": code_field()}
            self.leave_out_proof_not_wanted()

    @property
    def answers(self) -> dict[str, Any]:
        """What was answered, without what it took to be sure."""
        return {n: v for n, v in self.cleaned_data.items() if n not in FIELDS}

    def redrawn(self) -> Self:
        """The form with what was typed and nothing checked, and what other words have found."""
        left_out = {"csrfmiddlewaretoken", "password", "code"}
        typed = {name: str(text) for name, text in self.data.items() if name not in left_out}
        return type(self)(self._questions, self._flow, initial=typed, **self._options)

    def refuse(self, error: Unanswerable) -> None:
        """Put what cannot be taken beside its field."""
        for name, words in error.errors.items():
            self.add_error(name if name in self.fields else None, words)


class _Offered(forms.ChoiceField):
    """One of what is on offer; of anything else it is told why it is not, as far as is known."""

    def __init__(self, question: Question, flow: Flow, **texts: Any) -> None:
        super().__init__(**texts)
        self._question, self._flow = question, flow

    def validate(self, value: Any) -> None:
        try:
            super().validate(value)
        except forms.ValidationError as error:
            why_not = self._question.why_not if error.code == "invalid_choice" else None
            words = why_not(self._flow, str(value)) if why_not else ""
            if not words:
                raise
            raise forms.ValidationError(words, error.code) from error


def _field(question: Question, flow: Flow) -> forms.Field:
    texts: dict[str, Any] = {
        "label": question.label,
        "required": question.required,
        "help_text": question.help_text,
        "initial": question.initial or None,
    }
    errors = {"required": question.required_words or gettext_lazy("Fill this in.")}
    if question.is_button:
        return forms.BooleanField(required=False, widget=forms.HiddenInput)
    if question.is_tick:
        return forms.BooleanField(error_messages=errors, **texts)
    if question.many:
        return Finder(question.many, flow, error_messages=errors, **texts)
    if question.choices:
        errors["invalid_choice"] = gettext_lazy("This is not on offer: choose one of the list.")
        choices = [*NOTHING, *question.choices(flow)]
        return _Offered(question, flow, choices=choices, error_messages=errors, **texts)
    if question.is_email:
        errors["invalid"] = gettext_lazy("This is no e-mail address.")
        return forms.EmailField(max_length=question.longest, error_messages=errors, **texts)
    return forms.CharField(max_length=question.longest, error_messages=errors, **texts)


class HandForm(forms.Form):
    """The colleague who goes on with a flow."""

    to = forms.ChoiceField(
        label=gettext_lazy("Colleague"),
        error_messages={
            "required": gettext_lazy("Choose a colleague."),
            "invalid_choice": gettext_lazy("Nobody of that name works on flows."),
        },
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **{"auto_id": "hand-%s", **more})
        self._people: dict[str, User] = {
            person.get_username(): person for person in deciding.colleagues()
        }
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(name, str(person)) for name, person in self._people.items()]

    def clean_to(self) -> User:
        return self._people[self.cleaned_data["to"]]


class WordsForm(forms.Form):
    """A note for whoever goes on, or why a flow is given up."""

    text = forms.CharField(
        label=gettext_lazy("Note for whoever goes on"),
        max_length=FlowEvent.LONGEST,
        error_messages={"required": gettext_lazy("Write something.")},
    )
