"""A plan as it was shown, confirmed by one click."""

from django import forms


class ConfirmForm(forms.Form):
    """A plan as it was shown, confirmed by one click."""

    plan = forms.RegexField(r"\A[0-9a-f]{64}\Z")
    request_id = forms.UUIDField()
