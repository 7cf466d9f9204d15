"""One colleague: what they may do, how they come in, where they are, and their leaving."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from dashboard.components.people import person_name
from dashboard.components.problems import problems
from dashboard.frame.reauthentication import require_recent
from dashboard.frame.staff import StaffRequest
from dashboard.pages.me.rights import rights_of
from resellers import leaving, scopes
from resellers.models import LogInTries, Role
from resellers.people import factors, inviting, limits, links, rights, sessions

from .forms import LeaveForm, RoleForm
from .link import address_of, mail_to
from .list import staff
from .shared_views import hand_over_views, shared_views

RIGHT = "resellers.administer"


@require_safe
@permission_required(RIGHT, raise_exception=True)
def person_page(request: StaffRequest, pk: int) -> HttpResponse:
    """All of it."""
    return _page(request, pk)


@require_POST
@permission_required(RIGHT, raise_exception=True)
def person_role(request: StaffRequest, pk: int) -> HttpResponse:
    """Give another role, or withhold the right to take lists away."""
    require_recent(request)
    person, form = _person(pk), RoleForm(request.POST, auto_id="%s")
    if form.is_valid():
        try:
            with transaction.atomic():
                rights.set_role(person, Role(form.cleaned_data["role"]), by=request.user)
                rights.set_export(person, may=form.cleaned_data["export"], by=request.user)
        except (rights.LastAdmin, rights.NotForLimited) as error:
            form.add_error("role", str(error))
        else:
            messages.success(request, _("Saved: it counts from the next page they open."))
            return redirect("person_page", pk)
    return _page(request, pk, role_form=form)


@require_POST
@permission_required(RIGHT, raise_exception=True)
def person_link(request: StaffRequest, pk: int) -> HttpResponse:
    """Another link that works once: to come in, or to set another password."""
    require_recent(request)
    person = get_object_or_404(User, pk=pk, is_active=True)
    link = address_of(request, inviting.invite_again(person, by=request.user))
    by_mail = "by_mail" in request.POST and bool(person.email)
    trouble = mail_to(person, link) if by_mail else ""
    context = {"person": person, "link": link if trouble or not by_mail else "", "trouble": trouble}
    return render(request, "pages/people/link.html", context)


@require_POST
@permission_required(RIGHT, raise_exception=True)
def person_factors_reset(request: StaffRequest, pk: int) -> HttpResponse:
    """Take the second factor away from who has lost it."""
    require_recent(request)
    if factors.reset(_person(pk), by=request.user):
        words = _("The second factor is reset: the password alone lets them in until they set one.")
        messages.success(request, words)
    return redirect("person_page", pk)


@require_POST
@permission_required(RIGHT, raise_exception=True)
def person_sessions_end(request: StaffRequest, pk: int) -> HttpResponse:
    """End every session of theirs at once."""
    if sessions.end(_person(pk), by=request.user):
        messages.success(request, _("Every session of theirs is over."))
    return redirect("person_page", pk)


@require_POST
@permission_required(RIGHT, raise_exception=True)
def person_deactivate(request: StaffRequest, pk: int) -> HttpResponse:
    """Let them in no more, and have a colleague go on with what they hold."""
    require_recent(request)
    person = _person(pk)
    is_needed = bool(leaving.holdings(person) or shared_views(person))
    form = LeaveForm(request.POST, person=person, is_needed=is_needed)
    if form.is_valid():
        to = form.cleaned_data["to"]
        try:
            with transaction.atomic():
                leaving.deactivate(person, to=to, by=request.user)
                if to is not None:
                    hand_over_views(person, to)
        except rights.LastAdmin as error:
            form.add_error(None, str(error))
        else:
            words = _("%(name)s can no longer log in.") % {"name": person_name(person)}
            messages.success(request, words)
            return redirect("person_page", pk)
    return _page(request, pk, leave_form=form)


@require_POST
@permission_required(RIGHT, raise_exception=True)
def person_reactivate(request: StaffRequest, pk: int) -> HttpResponse:
    """Let them in again."""
    require_recent(request)
    person = _person(pk)
    if not person.is_active:
        leaving.reactivate(person, by=request.user)
        words = _("%(name)s can log in again.") % {"name": person_name(person)}
        messages.success(request, words)
    return redirect("person_page", pk)


@require_POST
@permission_required(RIGHT, raise_exception=True)
def hold_lift(request: StaffRequest, pk: int) -> HttpResponse:
    """Let there be tries to log in again under a name, or from an address."""
    limits.lift(get_object_or_404(LogInTries, pk=pk), by=request.user)
    messages.success(request, _("The hold is lifted."))
    return redirect("people_list")


def _person(pk: int) -> User:
    return get_object_or_404(User, pk=pk)


def _page(
    request: StaffRequest,
    pk: int,
    *,
    role_form: RoleForm | None = None,
    leave_form: LeaveForm | None = None,
) -> HttpResponse:
    person: Any = get_object_or_404(staff(), pk=pk)
    held, views = leaving.holdings(person), shared_views(person)
    initial = {"role": person.role, "export": not rights.is_withheld(person, "export")}
    is_needed = bool(held or views)
    context = {
        "person": person,
        "role_form": role_form or RoleForm(initial=initial, auto_id="%s"),
        "leave_form": leave_form or LeaveForm(person=person, is_needed=is_needed),
        "problems": problems(role_form or leave_form) if role_form or leave_form else [],
        "holdings": held,
        "views": views,
        "rights": rights_of(person),
        "groups": scopes.groups_of(person),
        "tokens": person.tokens.in_force(),
        "sessions": sessions.open_sessions().filter(user=person),
        "link": links.open_for(person),
        "hold": limits.held_name(person.get_username()),
        "is_settled": links.is_settled(person),
        "is_me": person == request.user,
    }
    status = 422 if role_form or leave_form else 200
    return render(request, "pages/people/page.html", context, status=status)
