"""What people say with what they do to cases: to whom, until when, why."""

from abc import abstractmethod
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

from django import forms
from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from resellers import cases, policy
from resellers.cases import Worked
from resellers.models import CaseEnd, CaseEvent
from resellers.models.cases import SAID_BY_PEOPLE

MORNING = time(9)  # of the day until which something is put off
LONGEST = CaseEvent.LONGEST


class VerbForm(forms.Form):
    """What is asked for before a verb is done to cases; `decides` names the field that does it."""

    decides: ClassVar[str]
    button: ClassVar[Promise]
    wrong_field: ClassVar[str]  # beside which it stands what the domain refuses

    @abstractmethod
    def do(self, ids: Sequence[int], by: User) -> Worked:
        """Do it to these cases. Raises ValueError with what is wrong in words."""


def _because(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class AssignForm(VerbForm):
    """A colleague who may work on cases."""

    decides, wrong_field = "to", "to"
    button = gettext_lazy("Assign to")

    to = forms.ChoiceField(label=gettext_lazy("Colleague"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._people = {person.get_username(): person for person in cases.people()}
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(name, str(person)) for name, person in self._people.items()]
        field.error_messages["invalid_choice"] = gettext(
            "Nobody of that name works on cases: choose one of the list."
        )

    def do(self, ids: Sequence[int], by: User) -> Worked:
        return cases.assign(ids, to=self._people[self.cleaned_data["to"]], by=by)


TOMORROW, MONDAY, WEEK, CHANGE, DAY = "tomorrow", "monday", "week", "change", "day"
UNTIL = {
    TOMORROW: gettext_lazy("Tomorrow, 09:00"),
    MONDAY: gettext_lazy("Next Monday, 09:00"),
    WEEK: gettext_lazy("In a week, 09:00"),
    CHANGE: gettext_lazy("Until it changes"),
    DAY: gettext_lazy("Until a day"),
}


class SnoozeForm(VerbForm):
    """Until when, and why."""

    decides, wrong_field = "until", "day"
    button = gettext_lazy("Snooze")

    until = forms.ChoiceField(
        label=gettext_lazy("Until"),
        choices=list(UNTIL.items()),
        initial=TOMORROW,
        widget=forms.RadioSelect,
    )
    day = forms.DateField(
        label=gettext_lazy("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    because = _because(gettext_lazy("Why (may stay empty)"))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        wants_day = data.get("until") == DAY
        if wants_day and not data.get("day") and "day" not in self.errors:
            self.add_error("day", gettext("Choose the day."))
        return data

    def do(self, ids: Sequence[int], by: User) -> Worked:
        until = _moment(self.cleaned_data["until"], self.cleaned_data["day"])
        return cases.snooze(ids, until=until, because=self.cleaned_data["because"], by=by)


def _moment(until: str, day: date | None) -> datetime | None:
    """The morning that is meant where the site's clocks are; None for none."""
    if until == CHANGE:
        return None
    today = timezone.localdate()
    days = {TOMORROW: 1, MONDAY: 7 - today.weekday(), WEEK: 7}
    meant = day if until == DAY and day else today + timedelta(days=days.get(until, 1))
    return timezone.make_aware(datetime.combine(meant, MORNING))


class CloseForm(VerbForm):
    """Why nobody has to look at it any more."""

    decides, wrong_field = "end", "because"
    button = gettext_lazy("Close")

    end = forms.ChoiceField(
        label=gettext_lazy("Why"),
        choices=[(end.value, end.label) for end in SAID_BY_PEOPLE],
        initial=CaseEnd.NOT_WANTED,
        widget=forms.RadioSelect,
    )
    because = _because(gettext_lazy("In words (wanted for another reason)"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if policy.closing_wants_reason():
            self.fields["because"].label = gettext("Why, in words")

    def do(self, ids: Sequence[int], by: User) -> Worked:
        data = self.cleaned_data
        return cases.close(ids, end=data["end"], because=data["because"], by=by)


class NoteForm(VerbForm):
    """A remark, which may mention colleagues."""

    decides, wrong_field = "text", "text"
    button = gettext_lazy("Add note")

    text = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=LONGEST,
        error_messages={"required": gettext_lazy("Write something.")},
        widget=forms.Textarea(
            attrs={"rows": 3, "placeholder": gettext_lazy("@ mentions a colleague")}
        ),
    )
    pin = forms.BooleanField(label=gettext_lazy("Pin it"), required=False)

    def do(self, ids: Sequence[int], by: User) -> Worked:
        worked = cases.note(ids, self.cleaned_data["text"], by=by)
        # Of many nobody is asked whether it shall head them.
        if self.cleaned_data["pin"] and len(worked.done) == 1:
            [case] = worked.done
            cases.pin(case.events.filter(kind=CaseEvent.Kind.NOTE, by=by)[0], by=by)
        return worked


class PlaybookNoteForm(forms.Form):
    """What the team wants everybody to know who works on cases of a cause."""

    text = forms.CharField(
        label=gettext_lazy("Note of the team"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
