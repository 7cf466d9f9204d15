"""Asking for a link to another password: the same is said of every name."""

from datetime import timedelta
from http import HTTPStatus

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from dashboard.frame.client_address import client_address
from resellers.durations import on, span
from resellers.notify import forgotten
from resellers.people import limits

from .log_in import check_passwords_are_taken


class ForgottenForm(forms.Form):
    """Whose password it was."""

    username = forms.CharField(
        label=gettext_lazy("Username or mail address"),
        max_length=254,
        error_messages={"required": gettext_lazy("Say whose password it was.")},
    )


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def password_forgotten(request: HttpRequest) -> HttpResponse:
    """Have a link mailed; where none can be, the page says whom to ask."""
    check_passwords_are_taken()
    is_on, status = forgotten.is_on(), HTTPStatus.OK
    form = ForgottenForm(request.POST if request.method == "POST" and is_on else None)
    if form.is_bound and form.is_valid():
        try:
            forgotten.ask(form.cleaned_data["username"], client_address(request))
        except limits.TooManyTries as error:
            form.add_error("username", _too_often(error))
            status = HTTPStatus.TOO_MANY_REQUESTS
        else:
            return redirect(f"{reverse('password_forgotten')}?sent=1")
    elif form.is_bound:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    elif request.method == "POST":
        status = HTTPStatus.CONFLICT
    context = {
        "form": form,
        "is_on": is_on,
        "was_sent": is_on and "sent" in request.GET,
        "length": span(timedelta(seconds=settings.SIGN_IN["MAILED_SECONDS"])),
    }
    return render(request, "pages/signin/forgotten.html", context, status=status)


def _too_often(error: limits.TooManyTries) -> str:
    return _(
        "A link was asked for too often, so none is sent. Wait until %(time)s, or ask an admin."
    ) % {"time": on(error.until)}
