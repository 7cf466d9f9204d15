"""A person's own tokens, by which their programs read: made, shown once, revoked."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from dashboard.frame.reauthentication import is_recent, require_recent
from dashboard.frame.staff import StaffRequest
from dashboard.lists.filters import InvalidQuery, clean_text
from resellers import tokens
from resellers.models import PersonalToken

MOST_ENDED = 20
DAYS = [
    (days, ngettext_lazy("%(n)s day", "%(n)s days", "n") % {"n": days}) for days in tokens.LIFETIMES
]


class TokenForm(forms.Form):
    """A new token: what it is for, and how long it is to last."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=PersonalToken.LONGEST_NAME,
        help_text=gettext_lazy("What it is for, such as: nightly report."),
        error_messages={"required": gettext_lazy("Say what it is for.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    days = forms.TypedChoiceField(
        label=gettext_lazy("Lasts"), choices=DAYS, coerce=int, initial=tokens.LIFETIME
    )

    def clean_name(self) -> str:
        try:
            name = clean_text(self.cleaned_data["name"])
        except InvalidQuery as error:
            raise ValidationError(str(error)) from error
        if not name:
            raise ValidationError(self.fields["name"].error_messages["required"])
        return name


@require_http_methods(["GET", "HEAD", "POST"])
def my_tokens(request: StaffRequest) -> HttpResponse:
    """Those in force and the last that ended; a POST makes one, and shows it this once."""
    may = request.user.has_perm("resellers.export")
    form = TokenForm(request.POST if request.method == "POST" else None, auto_id="%s")
    if form.is_bound:
        require_recent(request)
    if form.is_bound and not may:
        raise PermissionDenied(_("Taking lists away needs the right to export."))
    if form.is_bound and form.is_valid():
        try:
            _made, text = tokens.make(request.user, **form.cleaned_data)
        except tokens.NotMade as error:
            form.add_error("name", str(error))
        else:
            return _page(request, form=TokenForm(auto_id="%s"), may=may, text=text)
    return _page(request, form=form, may=may, status=422 if form.is_bound else 200)


@require_POST
def my_token_revoke(request: StaffRequest, pk: int) -> HttpResponse:
    """Have one of them open nothing any more."""
    token = get_object_or_404(request.user.tokens.select_related("person"), pk=pk)
    if tokens.revoke(token, by=request.user):
        messages.success(request, _("The token is revoked. It opens nothing any more."))
    else:
        messages.info(request, _("It was revoked before."))
    return redirect("my_tokens")


def _page(request: StaffRequest, *, status: int = 200, **context: Any) -> HttpResponse:
    mine = request.user.tokens.all()
    held = list(mine.in_force())
    ended = mine.exclude(pk__in=[one.pk for one in held])[:MOST_ENDED]
    context |= {"held": held, "ended": ended, "is_confirmed": is_recent(request)}
    return render(request, "pages/me/tokens.html", context, status=status)
