"""What is wrong with what was sent: told together above its form, each leading to its field."""

from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from .wix_b2b import without_link


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, and the id of what it is wrong with; empty where that is nothing."""

    words: str
    anchor: str = ""


def problems(form: Any) -> list[Problem]:
    """All that is wrong with a form, and with those of its `lines` where it has some.

    The elements of the fields have the ids that Django gives them, by the form's `auto_id`.
    """
    found = _of(form)
    for place, line in enumerate(getattr(form, "lines", ()), 1):
        found += [replace(p, words=_within(place, p.words)) for p in _of(line)]
    return found


def _within(place: int, words: str) -> str:
    head = _("Product %(place)s: ") % {"place": place}
    return SafeString(head + words) if isinstance(words, SafeString) else head + words


def _of(form: forms.BaseForm | None) -> list[Problem]:
    if form is None or not form.is_bound:
        return []
    return [
        _problem(str(words), _anchor(form, name))
        for name, errors in form.errors.items()
        for words in errors
    ]


def _problem(words: str, anchor: str) -> Problem:
    """A link leads to the field alone: one to a mail stands beside the field."""
    if anchor and isinstance(words, SafeString):
        words = without_link(words)
    return Problem(words, anchor)


def _anchor(form: forms.BaseForm, name: str) -> str:
    if name not in form.fields or form[name].is_hidden:
        return ""
    return form[name].auto_id
