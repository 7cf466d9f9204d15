"""The log-in: by name and password or by passkey, and then by a second factor where one is set."""

from http import HTTPStatus
from typing import Any

from allauth.account.internal import flows
from allauth.account.mixins import RedirectAuthenticatedUserMixin
from allauth.account.models import Login
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.webauthn.views import LoginWebAuthnView
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic.edit import FormView

from dashboard.frame import provider

from .forms import CodeForm, LogInForm, PasskeyForm, PasskeyLogInForm

TROUBLE = {
    "passkey": gettext_lazy("This passkey is not known here. Use another way, or try once more."),
    "provider": gettext_lazy("The sign-in of your agency did not work. Try once more."),
    "role": gettext_lazy("The sign-in of your agency gives you no role here: ask an admin."),
    "unknown": gettext_lazy("Nobody has let you in here yet: ask an admin for an invitation."),
}
OPTIONS_SECONDS = 10 * 60  # so long a browser may take to ask its owner


def wanted_page(request: HttpRequest) -> str:
    """The page of ours that somebody was on the way to; the first one where that is none."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, None)
    leads_on = is_ours and wanted.partition("?")[0] != reverse("login")
    return wanted if leads_on else resolve_url(settings.LOGIN_REDIRECT_URL)


def check_passwords_are_taken() -> None:
    """Raise PermissionDenied where the agency signs in through its provider alone."""
    if not settings.PASSWORD_SIGN_IN:
        raise PermissionDenied(_("Here one signs in through the sign-in of your agency alone."))


class LogIn(RedirectAuthenticatedUserMixin, FormView):
    """Asks for name and password; who is logged in already is led on at once."""

    form_class = LogInForm
    template_name = "pages/signin/login.html"

    def get_success_url(self) -> str:
        return wanted_page(self.request)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"request": self.request}

    @method_decorator(sensitive_post_parameters())
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        check_passwords_are_taken()
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: LogInForm) -> HttpResponse:
        login = Login(user=form.person, redirect_url=self.get_success_url())
        given = {"username": form.cleaned_data["username"]}
        answer: HttpResponse = flows.login.perform_password_login(self.request, given, login)
        return answer

    def form_invalid(self, form: LogInForm) -> HttpResponse:
        status = HTTPStatus.TOO_MANY_REQUESTS if form.is_held else HTTPStatus.UNPROCESSABLE_ENTITY
        return self.render_to_response(self.get_context_data(form=form), status=status)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = {
            "next": self.request.POST.get("next") or self.request.GET.get("next") or "",
            "by_password": settings.PASSWORD_SIGN_IN,
            "provider": settings.OIDC.name if provider.is_on() else "",
            "trouble": TROUBLE.get(self.request.GET.get("trouble", ""), ""),
        }
        return super().get_context_data(**kwargs) | context


class LogInByCode(AuthenticateView):
    """Asks who has given the right password for the second factor."""

    form_class = CodeForm
    webauthn_form_class = PasskeyForm
    template_name = "pages/signin/code.html"

    def form_invalid(self, form: Any) -> HttpResponse:
        held = any(form.has_error(name, "too_many") for name in form.fields)
        answer: HttpResponse = super().form_invalid(form)
        answer.status_code = 429 if held else 422
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        takes = context.get("js_data", {}).get("request_options", {})
        has_passkey = bool(takes.get("publicKey", {}).get("allowCredentials"))
        return context | {"has_passkey": has_passkey, "options": takes}


class LogInByPasskey(LoginWebAuthnView):
    """Takes a passkey; a browser asks for what it has to sign with a GET."""

    form_class = PasskeyLogInForm

    @method_decorator(login_not_required)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        check_passwords_are_taken()
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            request.session.set_expiry(OPTIONS_SECONDS)
        answer: HttpResponse = super().get(request, *args, **kwargs)
        return answer

    def form_invalid(self, form: Any) -> HttpResponse:
        return redirect(f"{reverse('login')}?trouble=passkey")


def closed(request: HttpRequest) -> HttpResponse:
    """Who may not log in any more is told so, after having shown who they are."""
    return render(request, "pages/signin/closed.html", status=403)
