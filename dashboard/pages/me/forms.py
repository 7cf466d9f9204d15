"""What a person says about themselves, and how they want to see everything."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.models import DELIMITERS, LINE_BREAKS, Preferences
from resellers import formats
from resellers.folding import is_one_line, plain, tidy
from resellers.models import MailWay, NoticeKind

from .zones import zones

LONGEST_NAME = User._meta.get_field("first_name").max_length or 150


class MeForm(forms.Form):
    """A person's own settings, all at once."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        required=False,
        max_length=LONGEST_NAME,
        help_text=gettext_lazy("What colleagues read beside what you did. Empty: your username."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        required=False,
        help_text=gettext_lazy(
            "For times on every page, and for the local times in your CSV files."
        ),
        error_messages={"invalid_choice": gettext_lazy("Choose one of the zones in the list.")},
    )
    days = forms.ChoiceField(label=gettext_lazy("Dates"), widget=forms.RadioSelect)
    thousands = forms.ChoiceField(label=gettext_lazy("Numbers"), widget=forms.RadioSelect)
    theme = forms.ChoiceField(
        label=gettext_lazy("Appearance"), choices=Preferences.Theme, widget=forms.RadioSelect
    )
    density = forms.ChoiceField(
        label=gettext_lazy("Rows of lists"), choices=Preferences.Density, widget=forms.RadioSelect
    )
    shortcuts = forms.BooleanField(
        label=gettext_lazy("Single keys do something"),
        required=False,
        help_text=gettext_lazy(
            "Such as j and k for the next and the previous row."
            " Ctrl-K, Esc and Enter work either way."
        ),
    )
    delimiter = forms.ChoiceField(label=gettext_lazy("Between two cells"))
    breaks = forms.ChoiceField(label=gettext_lazy("Line breaks within a cell"))

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._person = person
        agency = (("", _("The agency's: %(time_zone)s") % {"time_zone": settings.TIME_ZONE}),)
        _offer(self, "zone", (*agency, *((_(part), places) for part, places in zones().items())))
        today = timezone.localdate()
        ways = {key: formats.Formats(days=key) for key in formats.DAYS}
        _offer(self, "days", [(key, formats.day(today, way)) for key, way in ways.items()])
        counts = {key: formats.Formats(thousands=key) for key in formats.THOUSANDS}
        examples = [(key, formats.number(1234567, way)) for key, way in counts.items()]
        _offer(self, "thousands", examples)
        signs = {key: "" if key == "tab" else f" {sign}" for key, sign in DELIMITERS.items()}
        _offer(self, "delimiter", [(k, f"{k.capitalize()}{sign}") for k, sign in signs.items()])
        _offer(self, "breaks", [(k, words.capitalize()) for k, words in LINE_BREAKS.items()])
        if not person.has_perm("resellers.export"):
            del self.fields["delimiter"], self.fields["breaks"]

    def clean_name(self) -> str:
        """One line that can be seen, and that is nobody else's."""
        name: str = tidy(self.cleaned_data["name"])
        if not name:
            return ""
        if not is_one_line(name):
            raise ValidationError(_("Write the name on one line, without tabs."))
        others = User.objects.exclude(pk=self._person.pk)
        taken = {plain(known) for one in others for known in (one.username, one.get_full_name())}
        if plain(name) in taken:
            raise ValidationError(_("A colleague goes by this name: add something to yours."))
        return name


class MailForm(forms.Form):
    """What is mailed to a person, where to, and when."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        required=False,
        max_length=254,
        help_text=gettext_lazy("Where mail to you goes. Empty: you get none."),
        error_messages={"invalid": gettext_lazy("Write one address, such as you@agency.example.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    digest = forms.BooleanField(
        label=gettext_lazy("Mail me a digest each day"),
        required=False,
        help_text=gettext_lazy(
            "What is new, stuck, about to expire or floating for long. Where there is nothing, no"
            " mail is sent."
        ),
    )
    hour = forms.TypedChoiceField(
        label=gettext_lazy("At"),
        coerce=int,
        choices=[(hour, f"{hour:02}:00") for hour in range(24)],
        help_text=gettext_lazy("By the clock of your time zone."),
        error_messages={
            "required": gettext_lazy("Choose an hour of the day."),
            "invalid_choice": gettext_lazy("Choose an hour of the day."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in NoticeKind:
            self.fields[f"mail_{kind}"] = forms.ChoiceField(
                label=kind.label, choices=MailWay, widget=forms.RadioSelect
            )

    @property
    def ways(self) -> list[forms.BoundField]:
        """A field for each kind of thing that may be told."""
        return [self[f"mail_{kind}"] for kind in NoticeKind]


def _offer(form: forms.Form, name: str, choices: Any) -> None:
    form.fields[name].choices = choices  # type: ignore[attr-defined]
