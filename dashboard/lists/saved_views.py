"""Saved views: what a list is asked for and how it is shown, kept under a name.

A view is its maker's alone, their team's, or everyone's. A team is all who share a role or another
group with the maker. Everybody may open one view by default, of those that they see.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Case, Exists, IntegerField, OuterRef, Q, Value, When
from django.db.models.functions import Now
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.models import DefaultView, SavedView
from resellers import audit

from .filters import InvalidQuery, clean_text
from .view_in_force import ALL, ViewInForce, view_parameters

if TYPE_CHECKING:
    from .declaration import List

Audience = SavedView.Audience
Parameters = Mapping[str, Sequence[str]]
GONE = gettext_lazy("This view is gone, or it is private to the person who made it.")


class ViewError(ValueError):
    """What is wrong with a view to be saved, by the field beside which it is said."""

    def __init__(self, **errors: str) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = errors


@dataclass
class Views:
    """The views of one list that one person sees; read at once, when they are first asked for."""

    person: User
    noun: str

    @cached_property
    def every(self) -> list[SavedView]:
        """Their own first, then their team's, then everyone's, by name."""
        of_team = User.objects.filter(groups__in=self.person.groups.all()).values("pk")
        seen = (
            Q(made_by=self.person)
            | Q(audience=Audience.EVERYONE)
            | Q(audience=Audience.TEAM, made_by__in=of_team)
        )
        nearness = Case(
            When(made_by=self.person, then=Value(0)),
            When(audience=Audience.TEAM, then=Value(1)),
            default=Value(2),
            output_field=IntegerField(),
        )
        chosen = DefaultView.objects.filter(person=self.person, view=OuterRef("pk"))
        views = SavedView.objects.filter(seen, noun=self.noun).select_related("made_by")
        return list(views.annotate(is_default=Exists(chosen)).order_by(nearness, "name", "pk"))

    @property
    def default(self) -> SavedView | None:
        """The view with which the list opens."""
        return next((one for one in self.every if one.is_default), None)  # type: ignore[attr-defined]

    def find(self, text: str) -> SavedView | None:
        """The view of that number; None where there is none that this person sees."""
        return next((one for one in self.every if str(one.pk) == text), None)

    def may_change(self, view: SavedView) -> bool:
        """Whether this person may rename, share, update and delete it."""
        is_shared_by_all = view.audience == Audience.EVERYONE
        return view.made_by_id == self.person.pk or (
            is_shared_by_all and self.person.has_perm("resellers.approve")
        )


def open_view(
    list_: "List", views: Views, asked: QueryDict, *, opens_default: bool
) -> tuple[QueryDict, ViewInForce, str]:
    """What the address asks, the view that it names or that opens by default, and what is wrong.

    Where it asks for something itself, that is in force instead of what the view asks for.
    """
    text, names = asked.get("view", ""), view_parameters(list_)
    asks_itself = any(any(asked.getlist(name)) for name in names)
    is_bare = not text and not asks_itself and opens_default
    view = views.default if is_bare else views.find(text)
    is_one_default = views.default is not None
    if view is None:
        is_gone = text not in ("", ALL)
        return asked, ViewInForce("", {}, is_one_default, names=names), str(GONE) if is_gone else ""
    in_force = ViewInForce(str(view.pk), asks(view, list_), is_one_default, is_bare, names)
    if asks_itself:
        return asked, in_force, ""
    parameters = asked.copy()
    for name, texts in in_force.asks.items():
        parameters.setlist(name, list(texts))
    return parameters, in_force, ""


def asks(view: SavedView, list_: "List") -> dict[str, list[str]]:
    """The parameters of a list's address that the view stands for.

    A column that is no more is passed over.
    """
    known = {column.key for column in list_.columns}
    found = {name: list(view.parameters.get(name, ())) for name in view_parameters(list_)}
    keys = [key for text in found.get("columns", ()) for key in text.split(",") if key in known]
    found["columns"] = [",".join(keys)] if keys else []
    return {name: texts for name, texts in found.items() if texts}


def save(person: User, noun: str, parameters: Parameters, *, name: str, audience: str) -> SavedView:
    """Keep a new view. Raises ViewError."""
    mine = SavedView.objects.filter(made_by=person, noun=noun)
    if mine.count() >= SavedView.MOST:
        raise ViewError(
            name=_("You keep %(most)s views of this list, the most there can be: delete one first.")
            % {"most": SavedView.MOST}
        )
    view = SavedView(noun=noun, made_by=person, parameters=dict(parameters))
    with transaction.atomic():
        _write(view, name=name, audience=audience)
        audit.record("view.saved", by=person, body=_about(view))
    return view


def change(view: SavedView, *, name: str, audience: str, by: User) -> None:
    """Give the view another name, or share it with others. Raises ViewError."""
    before = {"name": view.name, "audience": view.audience}
    with transaction.atomic():
        _write(view, name=name, audience=audience)
        audit.record("view.changed", by=by, body=_about(view) | {"before": before})


def update(view: SavedView, parameters: Parameters, *, by: User) -> None:
    """Have the view stand for these parameters from now on."""
    with transaction.atomic():
        view.parameters = dict(parameters)
        view.saved_at = Now()
        view.save(update_fields=["parameters", "saved_at"])
        audit.record("view.changed", by=by, body=_about(view))


def delete(view: SavedView, *, by: User) -> None:
    """Take the view away, from everybody who sees it."""
    with transaction.atomic():
        about = _about(view)
        view.delete()
        audit.record("view.deleted", by=by, body=about)


def open_by_default(person: User, view: SavedView, *, wanted: bool) -> None:
    """Have the list open with this view for that person from now on, or with all its rows."""
    if wanted:
        DefaultView.objects.update_or_create(person=person, noun=view.noun, defaults={"view": view})
    else:
        DefaultView.objects.filter(person=person, view=view).delete()


def _write(view: SavedView, *, name: str, audience: str) -> None:
    view.name, view.audience = _clean_name(name), audience
    if audience not in Audience.values:
        raise ViewError(audience=_("Choose who sees it."))
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError:
        words = _("There is a view called “%(view)s” already: choose another name.") % {
            "view": view.name
        }
        raise ViewError(name=words) from None


def _clean_name(name: str) -> str:
    try:
        text = clean_text(name)
    except InvalidQuery as error:
        raise ViewError(name=str(error)) from None
    if not text:
        raise ViewError(name=_("Give it a name."))
    if len(text) > SavedView.LONGEST_NAME:
        most = SavedView.LONGEST_NAME
        raise ViewError(
            name=_("At most %(most)s characters; this has %(count)s.")
            % {"most": most, "count": len(text)}
        )
    return text


def _about(view: SavedView) -> dict[str, object]:
    asked = QueryDict(mutable=True)
    for name, texts in view.parameters.items():
        asked.setlist(name, list(texts))
    return {
        "list": view.noun,
        "name": view.name,
        "audience": view.audience,
        "asks": asked.urlencode(),
    }
