"""A person's second factors: an app, passkeys, and the codes for who has lost both."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from allauth.mfa.webauthn.internal.flows import begin_registration
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from dashboard.frame import second_factor
from dashboard.frame.reauthentication import is_recent
from dashboard.frame.staff import StaffRequest
from resellers.people import factors


@require_safe
def my_factors(request: StaffRequest) -> HttpResponse:
    """What is set up, and what could be; for who lacks a demanded one, nothing else is open."""
    own = list(Authenticator.objects.filter(user=request.user).order_by("pk"))
    by_type: dict[str, list[Authenticator]] = {}
    for one in own:
        by_type.setdefault(one.type, []).append(one)
    codes = by_type.get(factors.CODES, [])
    context = {
        "app": next(iter(by_type.get(factors.TOTP, [])), None),
        "passkeys": [(one, one.wrap().name) for one in by_type.get(factors.PASSKEY, [])],
        "codes_left": len(codes[0].wrap().get_unused_codes()) if codes else None,
        "codes_unseen": bool(codes) and not codes[0].wrap().did_view,
        "is_demanded": factors.is_demanded(request.user),
        "is_by_name": request.get_host().partition(":")[0] != "127.0.0.1",
        **_around(request),
    }
    return render(request, "pages/me/factors/page.html", context)


def _around(request: StaffRequest) -> dict[str, Any]:
    """The frame of these pages: for who is held back, without any figure of the others."""
    is_held_back = second_factor.is_held_back(request)
    base = "frame/bare.html" if is_held_back else "frame/base.html"
    return {"base": base, "is_held_back": is_held_back, "is_confirmed": is_recent(request)}


class Framed:
    """What the pages of allauth have around them here."""

    request: StaffRequest
    success_url = reverse_lazy("mfa_index")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return _around(self.request) | super().get_context_data(**kwargs)  # type: ignore[misc,no-any-return]

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        """The form again, with what is wrong beside its field."""
        context = self.get_context_data(form=form)
        return self.render_to_response(context, status=422)  # type: ignore[attr-defined,no-any-return]


class AddApp(Framed, ActivateTOTPView):
    """Shows a new secret for the app, and takes a code that the app makes of it."""

    template_name = "pages/me/factors/app.html"


class RemoveApp(Framed, DeactivateTOTPView):
    """Ends the app as a second factor."""

    template_name = "pages/me/factors/remove.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"what": gettext_lazy("authenticator app")}


class PasskeyForm(AddWebAuthnForm):
    """A name for the passkey, and what the browser has made of it."""

    name = forms.CharField(label=gettext_lazy("Name"), required=False, max_length=60)
    field_order = ["name", "credential"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("passwordless", None)


class AddPasskey(Framed, AddWebAuthnView):
    """Has the browser make a passkey: one with which one can log in without a password, too."""

    form_class = PasskeyForm
    template_name = "pages/me/factors/passkey.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        # The browser is to keep the passkey itself, so that it can offer it at the log-in.
        options = begin_registration(self.request, self.request.user, passwordless=True)
        return context | {"options": options}


class RemovePasskey(Framed, RemoveWebAuthnView):
    """Ends one passkey."""

    template_name = "pages/me/factors/remove.html"

    def get_success_url(self) -> str:
        return str(self.success_url)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"what": self.get_object().wrap().name}


class SeeCodes(Framed, ViewRecoveryCodesView):
    """The recovery codes, this once."""

    template_name = "pages/me/factors/codes.html"


class RenewCodes(Framed, GenerateRecoveryCodesView):
    """Makes new recovery codes; those from before are good for nothing any more."""

    template_name = "pages/me/factors/renew.html"
    success_url = reverse_lazy("mfa_view_recovery_codes")
