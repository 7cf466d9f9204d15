"""What an admin sets for everybody."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from resellers.models import Role


class ReadOnlyForm(forms.Form):
    """Why nothing shall be written to Wix for now."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        help_text=gettext_lazy("Stands on every page until it is lifted."),
        error_messages={"required": gettext_lazy("Write why: everybody reads it on every page.")},
    )


class ReasonsForm(forms.Form):
    """What wants a reason: kinds of operation, and the closing of cases."""

    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("A reason is wanted for"),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("There is no such thing to do.")},
    )

    def __init__(self, *args: Any, choices: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kinds"].choices = list(choices)  # type: ignore[attr-defined]


class SecondFactorForm(forms.Form):
    """The roles that a second factor is demanded from."""

    roles = forms.MultipleChoiceField(
        label=gettext_lazy("A second factor is demanded from"),
        required=False,
        choices=Role,
        error_messages={"invalid_choice": gettext_lazy("There is no such role.")},
    )
