"""What people may decide about an operation that needs attention."""

from django import forms


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
