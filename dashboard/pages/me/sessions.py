"""A person's own sessions, wherever they are logged in."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from dashboard.frame.staff import StaffRequest
from resellers.people import sessions


@require_safe
def my_sessions(request: StaffRequest) -> HttpResponse:
    """Each with where it is used from and since when, this one marked."""
    own = sessions.open_sessions().filter(user=request.user)
    context = {"sessions": own, "this": request.session.session_key}
    return render(request, "pages/me/sessions.html", context)


@require_POST
def my_session_end(request: StaffRequest, pk: int) -> HttpResponse:
    """End one of one's own."""
    if sessions.end(request.user, by=request.user, only=pk):
        messages.success(request, _("That session is over."))
    return redirect("my_sessions")


@require_POST
def my_sessions_end(request: StaffRequest) -> HttpResponse:
    """End all of one's own, this one included: leads to the log-in."""
    sessions.end(request.user, by=request.user)
    logout(request)
    return redirect("login")
