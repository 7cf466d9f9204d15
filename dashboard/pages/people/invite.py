"""Inviting a colleague."""

from django.conf import settings
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from dashboard.components.problems import problems
from dashboard.frame.reauthentication import require_recent
from dashboard.frame.staff import StaffRequest
from dashboard.pages.me.rights import ROLES
from resellers.models import Role
from resellers.people import inviting

from .forms import InviteForm
from .link import address_of, mail_to

RIGHT = "resellers.administer"


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(RIGHT, raise_exception=True)
def people_invite(request: StaffRequest) -> HttpResponse:
    """Who they are and what they may do; answers with the link, or says that it was sent."""
    require_recent(request)
    data = request.POST if request.method == "POST" else None
    form = InviteForm(data, may_mail=settings.MAIL_IS_ON)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            person, secret = inviting.invite(
                given["username"],
                Role(given["role"]),
                email=given["email"],
                name=given["name"],
                by=request.user,
            )
        except inviting.NameTaken as error:
            form.add_error("username", str(error))
        else:
            link = address_of(request, secret)
            trouble = mail_to(person, link) if given.get("by_mail") else ""
            was_sent = bool(given.get("by_mail")) and not trouble
            context = {"person": person, "link": "" if was_sent else link, "trouble": trouble}
            return render(request, "pages/people/link.html", context)
    context = {
        "form": form,
        "problems": problems(form),
        "roles": [(role.label, words) for role, words in ROLES.items()],
        "may_mail": settings.MAIL_IS_ON,
    }
    status = 422 if form.is_bound else 200
    return render(request, "pages/people/invite.html", context, status=status)
