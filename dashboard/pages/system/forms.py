"""What an admin sets for everybody."""

from collections.abc import Iterable
from typing import Any

from django import forms


class ReadOnlyForm(forms.Form):
    """Why nothing shall be written to Wix for now."""

    reason = forms.CharField(
        label="Reason",
        max_length=300,
        help_text="Stands on every page until it is lifted.",
        error_messages={"required": "Write why: everybody reads it on every page."},
    )


class ReasonsForm(forms.Form):
    """The kinds of operation that want a reason."""

    kinds = forms.MultipleChoiceField(
        label="A reason is wanted for",
        required=False,
        error_messages={"invalid_choice": "There is no such kind of operation."},
    )

    def __init__(self, *args: Any, choices: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kinds"].choices = list(choices)  # type: ignore[attr-defined]
