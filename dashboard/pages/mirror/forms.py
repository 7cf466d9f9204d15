"""Which reading of Wix is wanted."""

from django import forms

from resellers.models import SyncRun


class SyncForm(forms.Form):
    """Which reading of Wix is wanted."""

    kind = forms.ChoiceField(
        label="What to read",
        choices=[
            (SyncRun.Kind.INCREMENTAL, "What changed since the last reading"),
            (SyncRun.Kind.FULL, "Everything"),
        ],
        error_messages={
            "required": "Choose what to read: full or incremental.",
            "invalid_choice": "There is no such reading. Choose full or incremental.",
        },
    )
