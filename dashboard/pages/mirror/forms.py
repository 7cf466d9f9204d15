"""Which reading of Wix is wanted."""

from django import forms
from django.utils.translation import gettext_lazy

from resellers.models import SyncRun


class SyncForm(forms.Form):
    """Which reading of Wix is wanted."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What to read"),
        choices=[
            (SyncRun.Kind.INCREMENTAL, gettext_lazy("What changed since the last reading")),
            (SyncRun.Kind.FULL, gettext_lazy("Everything")),
        ],
        error_messages={
            "required": gettext_lazy("Choose what to read: full or incremental."),
            "invalid_choice": gettext_lazy("There is no such reading. Choose full or incremental."),
        },
    )
