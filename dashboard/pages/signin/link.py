"""A link that works once: the person behind it sets a password and is in."""

from allauth.account.adapter import get_adapter
from allauth.account.internal import flows
from allauth.account.models import Login
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import SetPasswordForm
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from dashboard.frame import provider
from resellers import audit
from resellers.models import SignInLink
from resellers.notify import forgotten
from resellers.people import links, sessions

from .log_in import OPTIONS_SECONDS, check_passwords_are_taken

KEY = "sign_in_link"


@login_not_required
@require_safe
def link_open(request: HttpRequest, secret: str) -> HttpResponse:
    """Take the secret out of the address, where it would stand in histories, and lead on.

    Nothing is used up by that: what looks into mails opens links, too.
    """
    key = links.key_of(secret)
    if links.found_by(key) is None:
        return _over(request)
    if not request.user.is_authenticated:
        request.session.set_expiry(OPTIONS_SECONDS)
    request.session[KEY] = key
    return redirect("link_use")


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def link_use(request: HttpRequest) -> HttpResponse:
    """Set a password by Django's rules, and be logged in; a second factor is asked for as ever."""
    if request.method == "POST":
        check_passwords_are_taken()
    link = links.found_by(str(request.session.get(KEY, "")))
    if link is None:
        return _over(request)
    form = SetPasswordForm(
        link.person, request.POST if request.method == "POST" else None, auto_id="%s"
    )
    if form.is_bound and form.is_valid():
        with transaction.atomic():
            was_open = links.use(link)
            if was_open:
                form.save()
                sessions.end(link.person, by=link.person)
        return _come_in(request, link) if was_open else redirect("link_use")
    context = {"form": form, "person": link.person, "is_new": link.purpose == "invitation"}
    context |= {
        "by_password": settings.PASSWORD_SIGN_IN,
        "provider": settings.OIDC.name if provider.is_on() else "",
    }
    status = 422 if form.is_bound else 200
    return render(request, "pages/signin/link.html", context, status=status)


def _over(request: HttpRequest) -> HttpResponse:
    context = {"may_ask": forgotten.is_on()}
    return render(request, "pages/signin/link_over.html", context, status=410)


def _come_in(request: HttpRequest, link: SignInLink) -> HttpResponse:
    if request.user.is_authenticated:
        get_adapter(request).logout(request)
    request.session.pop(KEY, None)
    is_new = link.purpose == SignInLink.Purpose.INVITATION
    audit.record("person.accepted" if is_new else "password.changed", by=link.person)
    given = {"username": link.person.get_username()}
    login = Login(user=link.person, redirect_url=resolve_url("overview"))
    answer: HttpResponse = flows.login.perform_password_login(request, given, login)
    return answer
