"""What confirms a plan of many changes."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ConfirmForm(forms.Form):
    """Why, and how many: the number is typed where it is a large one."""

    reason = forms.CharField(label=_("Reason"), required=False, max_length=1000)
    count = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=10**6,
        error_messages={"invalid": _("Type the number with digits alone.")},
    )
