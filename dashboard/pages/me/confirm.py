"""Where a person shows once more who they are, before what cannot be undone."""

from typing import Any

from allauth.mfa.webauthn.forms import ReauthenticateWebAuthnForm
from allauth.mfa.webauthn.internal import auth as webauthn
from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from dashboard.components.problems import problems
from dashboard.frame import provider, second_factor
from dashboard.frame.reauthentication import Proof
from dashboard.frame.staff import StaffRequest
from dashboard.pages.signin.log_in import wanted_page


class ConfirmForm(forms.Form):
    """The password, the second factor, or what of both the person has."""

    password = forms.CharField(
        label=gettext_lazy("Your password"),
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    code = forms.CharField(
        label=gettext_lazy("Code of your second factor"),
        max_length=40,
        help_text=gettext_lazy("From your authenticator app, or a recovery code."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, proof: Proof, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "%s"} | kwargs)
        self._proof = proof
        if not proof.wants_password:
            del self.fields["password"]
        if not proof.wants_code:
            del self.fields["code"]

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if all(name in given for name in self.fields):
            found = self._proof.problems(given.get("password", ""), given.get("code", ""))
            for name, words in found.items():
                self.add_error(name, words)
        return given


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def reauthenticate(request: StaffRequest) -> HttpResponse:
    """Asks for it, and leads on to the page that wanted it."""
    proof = Proof(request)
    credential = request.POST.get("credential")
    form = ConfirmForm(
        request.POST if request.method == "POST" and credential is None else None, proof=proof
    )
    passkey_words = ""
    if credential is not None:
        passkey = ReauthenticateWebAuthnForm(request.POST, user=request.user)
        if passkey.is_valid():
            passkey.save()
            return redirect(wanted_page(request))
        passkey_words = str(next(iter(passkey.errors.values()))[0])
    elif form.is_bound and proof.is_possible and form.is_valid():
        return redirect(wanted_page(request))
    is_held_back = second_factor.is_held_back(request)
    context = {
        "base": "frame/bare.html" if is_held_back else "frame/base.html",
        "form": form,
        "proof": proof,
        "problems": problems(form),
        "passkey_words": passkey_words,
        "options": webauthn.begin_authentication(request.user) if proof.takes_passkey else None,
        "next": wanted_page(request),
        "provider": settings.OIDC.name if provider.is_on() else "",
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "pages/me/confirm.html", context, status=status)
