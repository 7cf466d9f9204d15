"""What people may decide about what was planned, what waits, and what is read."""

from django import forms

from resellers.models import SyncRun


class ConfirmForm(forms.Form):
    """A plan as it was shown, confirmed by one click."""

    plan = forms.RegexField(r"\A[0-9a-f]{64}\Z")
    request_id = forms.UUIDField()


class FinishForm(forms.Form):
    """A person's word on how an operation ended."""

    succeeded = forms.TypedChoiceField(
        label="What is true at Wix",
        choices=[("yes", "The wish is true"), ("no", "The wish is not true")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether the wish is true."},
    )
    note = forms.CharField(
        label="Note",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Write what you found, for whoever reads this later."},
    )


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
