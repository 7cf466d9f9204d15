"""A field for one of many records: found by words, script or not, and the barred ones greyed."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.lists import matching
from dashboard.lists.filters import InvalidQuery, clean_text
from resellers.flows.steps import Many
from resellers.models import Account, Flow, Site
from resellers.wix_ids import as_wix_id

MOST = 12  # that are shown at once: of more, words find some
MATCHERS = {Account: matching.ACCOUNTS, Site: matching.SITES}
NOT_ON_OFFER = gettext_lazy("This is not on offer: choose one of the list.")


@dataclass(frozen=True, slots=True)
class Found:
    """One record to choose from; with `why`, it cannot be chosen."""

    value: str
    label: str
    detail: str
    why: str
    chosen: bool


class Finder(forms.Field):
    """One of a question's records, or of what is on offer beside them; its value is the id."""

    def __init__(self, many: Many, flow: Flow, **texts: Any) -> None:
        super().__init__(**texts)
        self.many, self.flow = many, flow

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> "BoundFinder":
        return BoundFinder(form, self, field_name)

    def rows(self) -> QuerySet[Any]:
        """All that it is one of."""
        return self.many.rows(self.flow)

    def row(self, value: str) -> Any:
        """The record of that id; None where it is none of them."""
        id_ = as_wix_id(value)
        return self.rows().filter(pk=id_).first() if id_ else None

    def clean(self, value: Any) -> str:
        text = str(super().clean(value) or "").strip()
        if not text or text in dict(self.many.beside):
            return text
        row = self.row(text)
        if row is None:
            raise forms.ValidationError(str(NOT_ON_OFFER), "invalid_choice")
        if why := self.many.why_not(row):
            raise forms.ValidationError(why, "barred")
        return str(row.pk)


class BoundFinder(forms.BoundField):
    """The field on a page: what was found by the words that were typed, and what is chosen."""

    field: Finder

    @property
    def words_name(self) -> str:
        return f"find_{self.name}"

    @property
    def words(self) -> str:
        """What was typed to find some."""
        source = self.form.data if self.form.is_bound else self.form.initial
        return str(source.get(self.words_name) or "")

    @cached_property
    def _matching(self) -> QuerySet[Any]:
        rows = self.field.rows()
        try:
            return MATCHERS[rows.model].narrow(rows, clean_text(self.words))
        except InvalidQuery:
            return rows.none()

    @cached_property
    def in_all(self) -> int:
        """How many the words mean."""
        return self._matching.count()

    @property
    def has_more(self) -> bool:
        return self.in_all > MOST

    @cached_property
    def options(self) -> Sequence[Found]:
        """What is on offer beside them, then the chosen one, then the first that the words mean."""
        chosen, many = str(self.value() or "").strip(), self.field.many
        beside = [Found(v, str(label), "", "", v == chosen) for v, label in many.beside]
        held = None if any(one.chosen for one in beside) else self.field.row(chosen)
        rows = [*([held] if held else []), *(r for r in self._matching[:MOST] if r != held)]
        found = [
            Found(str(row.pk), str(row), many.detail(row), many.why_not(row), row == held)
            for row in rows
        ]
        return [*beside, *sorted(found, key=lambda one: (not one.chosen, bool(one.why)))]

    @property
    def hint(self) -> str:
        """How many there are, where not all are shown."""
        if self.has_more:
            words = _("The first %(some)s of %(all)s: find others by words.")
            return words % {"some": MOST, "all": f"{self.in_all:,}"}
        if not self.in_all and self.words:
            return _("Nothing matches “%(words)s”.") % {"words": self.words}
        return ""
