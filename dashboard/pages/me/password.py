"""A person's own password: another one, by Django's rules."""

from allauth.account.signals import password_changed
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import SetPasswordForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from dashboard.components.problems import problems
from dashboard.frame.reauthentication import require_recent
from dashboard.frame.staff import StaffRequest
from dashboard.pages.signin.log_in import check_passwords_are_taken
from resellers.people import links


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def my_password(request: StaffRequest) -> HttpResponse:
    """Set another one; every other session of the person ends with that."""
    check_passwords_are_taken()
    require_recent(request)
    form = SetPasswordForm(
        request.user, request.POST if request.method == "POST" else None, auto_id="%s"
    )
    if form.is_bound and form.is_valid():
        form.save()
        links.revoke(request.user)
        update_session_auth_hash(request, request.user)
        password_changed.send(sender=type(request.user), request=request, user=request.user)
        messages.success(request, _("Your password is changed. All your other sessions are over."))
        return redirect("me_page")
    context = {"form": form, "problems": problems(form)}
    return render(request, "pages/me/password.html", context, status=422 if form.is_bound else 200)
