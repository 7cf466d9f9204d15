"""Whose customers a colleague may see."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from dashboard.components.problems import problems
from dashboard.frame.reauthentication import require_recent
from dashboard.frame.staff import StaffRequest
from resellers import scopes

EVERY, SOME = "every", "some"


class ScopeForm(forms.Form):
    """Every customer, or those of the chosen groups."""

    limited = forms.ChoiceField(
        label=gettext_lazy("Customers they may see"),
        choices=[(EVERY, gettext_lazy("Every customer")), (SOME, gettext_lazy("Those of groups"))],
    )
    groups = forms.MultipleChoiceField(
        label=gettext_lazy("Groups"),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("There is no such group any more.")},
    )

    def __init__(self, *args: Any, held: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "%s"} | kwargs)
        # What the person is limited to stays, though no customer is in it just now.
        self._known = sorted({*scopes.groups(), *held})
        self.fields["groups"].choices = [(name, name) for name in self._known]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("limited") == SOME and not given.get("groups") and "groups" in given:
            self.add_error("groups", _("Choose one at least."))
        return given

    @property
    def group_choices(self) -> list[tuple[str, bool]]:
        """Each group, and whether it is chosen."""
        chosen = set(self["groups"].value() or ())
        return [(name, name in chosen) for name in self._known]


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("resellers.administer", raise_exception=True)
def person_scope(request: StaffRequest, pk: int) -> HttpResponse:
    """Limit a colleague to groups of customers, or let them see every customer."""
    person = get_object_or_404(User, pk=pk)
    groups = scopes.groups_of(person)
    held = groups or []
    if request.method != "POST":
        initial = {"limited": EVERY if groups is None else SOME, "groups": held}
        return _page(request, person, ScopeForm(initial=initial, held=held))
    require_recent(request)
    form = ScopeForm(request.POST, held=held)
    if form.is_valid():
        try:
            if form.cleaned_data["limited"] == SOME:
                scopes.limit(person, form.cleaned_data["groups"], by=request.user)
            else:
                scopes.lift(person, by=request.user)
        except scopes.NotLimited as error:
            form.add_error("limited", str(error))
        else:
            messages.success(request, _("Saved: it counts from the next page they open."))
            return redirect("person_page", pk)
    return _page(request, person, form, status=422)


def _page(
    request: StaffRequest, person: User, form: ScopeForm, *, status: int = 200
) -> HttpResponse:
    context = {"person": person, "form": form, "problems": problems(form) if form.is_bound else []}
    return render(request, "pages/people/scope.html", context, status=status)
