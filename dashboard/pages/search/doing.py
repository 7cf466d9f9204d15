"""What can be asked for of what was found: each only where preflight allows it, else with why not.

A text that begins with the words of a button, as `reassign harbour` does, asks for that of what the
rest of it finds.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from dashboard.actions.create_package import NewPackageForm
from dashboard.actions.forms import WISH_FORMS
from dashboard.actions.wish_form import AnyForm
from resellers.models import Account, Package, ProductInstance
from resellers.operations.namesakes import distinctions
from resellers.operations.preflight import Answer, Preflight

from .hits import Aside, Hit

MOST = 6
MOST_OF_ONE = 3  # of the only service that was found
BETWEEN = ("for", "of", "to")  # words between what is asked for and what of
THINGS: Mapping[str, type[Model]] = {
    "instances": ProductInstance,
    "packages": Package,
    "": Account,  # an order is asked for from its customer
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a text asks for, and the words that say of what."""

    forms: tuple[type[AnyForm], ...] = ()
    rest: str = ""

    @property
    def names_a_thing(self) -> bool:
        return bool(self.forms and self.rest)


def asked_in(text: str) -> Asked:
    """What the text begins with of what buttons say; of one word, its first letters are enough."""
    words = text.casefold().split()
    if not words or len(words[0]) < 2:
        return Asked()
    said = [form for form in _forms() if words[: len(_label(form))] == _label(form)]
    if said:
        return Asked(tuple(said), _rest(text, len(_label(said[0]))))
    if len(words) == 1:
        begun = tuple(form for form in _forms() if _label(form)[0].startswith(words[0]))
        return Asked(begun)
    meant = [
        form for form in _forms() if _label(form)[0] == words[0] and _is_begun(form, words[1:])
    ]
    if meant and len(words) == 2 and len(meant) == 1:
        return Asked(tuple(meant))  # `new pack` says no more than the button's words
    meant = [form for form in _forms() if _label(form)[0] == words[0]]
    return Asked(tuple(meant), _rest(text, 1) if meant else "")


def _forms() -> list[type[AnyForm]]:
    return [form for form in WISH_FORMS.values() if not form.is_in_place and form.under in THINGS]


def _label(form: type[AnyForm]) -> list[str]:
    return form.button.casefold().split()


def _is_begun(form: type[AnyForm], words: Sequence[str]) -> bool:
    label = _label(form)[1:]
    return bool(label) and label[0].startswith(words[0])


def _rest(text: str, said: int) -> str:
    words = text.split()[said:]
    if words and words[0].casefold() in BETWEEN:
        words = words[1:]
    return " ".join(words)


def asked_for(asked: Asked, rows: Iterable[Model], preflight: Preflight) -> list[Hit]:
    """What the text asks for, of each of these rows that it may be about; what may be done first.

    What may not be done stands there too, with the reason: it was asked for.
    """
    things = [*rows]
    found = _offers(asked.forms, things, preflight)
    apart = _distinctions(things)
    hits = [_hit(*one, apart.get(one[1].pk, "")) for one in found]
    if not asked.rest:
        hits += [_of_whatever(form, preflight) for form in asked.forms]
    return sorted(hits, key=lambda hit: bool(hit.reason))[:MOST]


def offered(rows: Iterable[Model], preflight: Preflight) -> list[Hit]:
    """What one would go on with from what was found: the first customer, and its first service.

    What is not for this person's role or makes no sense there is left out.
    """
    things = [*rows]
    services = [row for row in things if isinstance(row, ProductInstance)]
    account = next((row for row in things if isinstance(row, Account)), None)
    hits = []
    if account:
        hits += [
            _hit(*offer) for offer in _offers((NewPackageForm,), [account], preflight, fitting=True)
        ]
        link = reverse("instance_list", query={"account": str(account.pk)})
        hits.append(
            Hit(_("Show services of %(account)s") % {"account": account}, "", link, "filter")
        )
    if services:
        forms = [form for form in _forms() if form.under == "instances"]
        found = _offers(forms, services[:1], preflight, fitting=True)
        apart = _distinctions(services)
        most = MOST_OF_ONE if len(services) == 1 else 1
        hits += [_hit(*one, apart.get(one[1].pk, "")) for one in found[:most]]
    return hits[:MOST]


def _offers(
    forms: Sequence[type[AnyForm]],
    rows: Sequence[Model],
    preflight: Preflight,
    *,
    fitting: bool = False,
) -> list[tuple[type[AnyForm], Any, Answer]]:
    """Each of the forms with each of the rows that it may be about, and whether it may be done.

    Only `fitting` ones: what the role may do and would not be refused of the thing as it is.
    """
    found = []
    for under, model in THINGS.items():
        of_model = [form for form in forms if form.under == under]
        things: list[Any] = [row for row in rows if isinstance(row, model)]
        if not of_model or not things:
            continue
        answers = preflight.of_all([form.kind for form in of_model], things)
        found += [
            (form, thing, answers[thing.pk][form.kind]) for thing in things for form in of_model
        ]
    if not fitting:
        return found
    return [one for one in found if one[2].may or one[2].is_passing]


def _distinctions(rows: Iterable[Model]) -> dict[UUID, str]:
    """What tells each of the services from its namesakes among them, beside where it stands."""
    return distinctions((row for row in rows if isinstance(row, ProductInstance)), ("place",))


def _hit(form: type[AnyForm], thing: Any, answer: Answer, apart: str = "") -> Hit:
    """What leads to the form for that thing, off with the reason where it may not be asked for."""
    match thing:
        case ProductInstance():
            title = f"{form.button} {thing.product}"
            detail = f"{thing.account}, {thing.place if thing.site else thing.place.lower()}"
            detail += f", {apart}" if apart else ""
        case Account():
            title, detail = (
                _("%(button)s for %(thing)s") % {"button": form.button, "thing": thing},
                "",
            )
        case _:
            title, detail = f"{form.button} {thing}", str(thing.account)
    return Hit(title, detail, form.path(thing), form.icon, reason=answer.why)


def _of_whatever(form: type[AnyForm], preflight: Preflight) -> Hit:
    """What may be asked for before anybody has said of what."""
    answer, icon = preflight.in_general(form.kind), form.icon
    if form is NewPackageForm:
        return Hit(form.button, "", reverse(form.url_name), icon, reason=answer.why)
    fills = f"{form.button} "
    link = f"{reverse('search')}?{urlencode({'q': form.button})}"
    words = Aside(_("type what of"))
    return Hit(f"{form.button}…", "", link, icon, words, reason=answer.why, fills=fills)
