"""What is asked for at the door."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm, LoginWebAuthnForm
from django import forms
from django.contrib.auth.forms import UsernameField
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from dashboard.frame.client_address import client_address
from dashboard.frame.reauthentication import too_many_words
from dashboard.frame.sign_in import log_in_failed_words, note_failure
from resellers.people import limits

LONGEST_PASSWORD = 4096


class LogInForm(forms.Form):
    """Name and password; once valid, `person` is who they are of."""

    username = UsernameField(label=gettext_lazy("Username"), max_length=150)
    password = forms.CharField(
        label=gettext_lazy("Password"), strip=False, max_length=LONGEST_PASSWORD
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._request = request
        self.person: User | None = None

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if "username" in given and "password" in given:
            self.person = get_adapter(self._request).authenticate(
                self._request, username=given["username"], password=given["password"]
            )
        if self.person is None:
            raise ValidationError(log_in_failed_words(), code="wrong")
        return given

    @property
    def is_held(self) -> bool:
        """Whether nothing was looked at, since there were too many tries."""
        return self.has_error("__all__", "too_many")


class CodeForm(AuthenticateForm):
    """The code of an app, or a recovery code; wrong ones count as wrong passwords do."""

    def clean_code(self) -> str:
        request, name = context.request, self.user.get_username()
        try:
            one_try = limits.begin(name, client_address(request))
        except limits.TooManyTries as error:
            raise ValidationError(too_many_words(error), code="too_many") from error
        code: str = super().clean_code()
        one_try.take_back()
        return code


class PasskeyForm(AuthenticateWebAuthnForm):
    """A passkey as the second factor."""


class PasskeyLogInForm(LoginWebAuthnForm):
    """A passkey instead of name and password; wrong ones count for the address they come from."""

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()
        except ValidationError:
            note_failure(context.request, "", "passkey")
            raise
