"""A person's own settings: how everything is shown to them, and what they may do."""

from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dashboard.components.problems import problems
from dashboard.frame import preferences, provider
from dashboard.frame.referrer import path_to_return_to
from dashboard.frame.staff import StaffRequest
from dashboard.lists.csv_file import default_choice
from dashboard.lists.preferences import save_dialect, saved_dialect
from dashboard.models import Preferences
from resellers import audit
from resellers.people import factors

from . import mailing
from .forms import MailForm, MeForm
from .rights import rights_of, roles_of

OWN = ("zone", "days", "thousands", "theme", "density", "shortcuts")
DIALECT = ("delimiter", "breaks")


@require_http_methods(["GET", "HEAD", "POST"])
def me_page(request: StaffRequest) -> HttpResponse:
    """Name, zone, way of writing, look, keys and files; 422 with what is wrong beside its field."""
    person = request.user
    held = _held(request)
    posted = request.method == "POST"
    data = request.POST if posted else None
    form = MeForm(data, initial=held, person=person, auto_id="%s")
    mail = MailForm(data, initial=mailing.chosen_by(person), auto_id="%s")
    if posted and all([form.is_valid(), mail.is_valid()]):
        changed = {k: v for k, v in form.cleaned_data.items() if v != held.get(k)}
        with transaction.atomic():
            if changed:
                _save(person, changed, held)
            has_chosen = mailing.keep(person, mail.cleaned_data)
        if changed or has_chosen:
            messages.success(request, _("Your settings are saved."))
        else:
            messages.info(request, _("Nothing was changed."))
        return redirect("me_page")
    context = {
        "form": form,
        "mail_form": mail,
        "problems": [*problems(form), *problems(mail)],
        "mail": mailing.state_for(person),
        "person": person,
        "has_password": settings.PASSWORD_SIGN_IN,
        "has_factor": factors.has_factor(person),
        "provider": settings.OIDC.name if provider.is_on() else "",
        "is_connected": provider.is_on() and SocialAccount.objects.filter(user=person).exists(),
        "may_tour": settings.DEMO,
        "roles": roles_of(person),
        "rights": rights_of(person),
    }
    return render(request, "pages/me/page.html", context, status=422 if posted else 200)


def _held(request: StaffRequest) -> dict[str, Any]:
    """All that the form has, as it stands."""
    current, dialect = preferences.of(request), saved_dialect(request.user)
    return {
        "name": request.user.get_full_name(),
        **{name: getattr(current, name) for name in OWN},
        **{name: dialect.get(name) or default_choice(name) for name in DIALECT},
    }


def _save(person: User, changed: dict[str, Any], held: dict[str, Any]) -> None:
    """What colleagues read, and what becomes of times in files, is told in the trail."""
    with transaction.atomic():
        if "name" in changed:
            person.first_name, person.last_name = changed["name"], ""
            person.save(update_fields=["first_name", "last_name"])
        if own := {name: changed[name] for name in OWN if name in changed}:
            preferences.keep(person, **own)
        if any(name in changed for name in DIALECT):
            dialect = {name: changed.get(name, held[name]) for name in DIALECT}
            save_dialect(person.pk, **dialect)
        audited: dict[str, Any] = {
            name: [held[name], changed[name]] for name in ("name", "zone") if name in changed
        }
        if audited:
            audit.record("person.settings_changed", by=person, body=audited)


@require_POST
def my_theme(request: StaffRequest) -> HttpResponse:
    """Light, dark, or as the system has it: from the user menu, and back to where one was."""
    theme = request.POST.get("theme", "")
    if theme not in Preferences.Theme.values:
        return HttpResponse(_("There is no such theme."), status=422, content_type="text/plain")
    preferences.keep(request.user, theme=theme)
    answer = redirect(path_to_return_to(request) or "me_page")
    preferences.set_theme_cookie(request, answer, theme)
    return answer
