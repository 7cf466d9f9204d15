"""What people may decide about an operation that needs attention."""

from django import forms
from django.utils.translation import gettext_lazy


class FinishForm(forms.Form):
    """A person's word on how an operation ended."""

    succeeded = forms.TypedChoiceField(
        label=gettext_lazy("What is true at Wix"),
        choices=[
            ("yes", gettext_lazy("The wish is true")),
            ("no", gettext_lazy("The wish is not true")),
        ],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say whether the wish is true.")},
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={
            "required": gettext_lazy("Write what you found, for whoever reads this later.")
        },
    )
