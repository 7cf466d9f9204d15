"""The views of a list as tabs: all its rows, those it declares, and those that people saved."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from dashboard.components.people import person_name
from dashboard.models import SavedView
from resellers.texts import Text

from .facets import COUNT_LIMIT, capped
from .query import ListQuery
from .saved_views import Audience

Texts = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Tab:
    """One view: its name, where it leads, and how many rows it has where that is known."""

    key: str
    label: Text
    link: str
    is_current: bool
    count: int | None
    most: str  # as wide as the figure may come to: its place is kept, before it comes and after
    view: SavedView | None = None

    @property
    def figure(self) -> str:
        return "" if self.count is None else capped(self.count)

    @property
    def title(self) -> str:
        """Whose it is, of a view that others share."""
        return whose(self.view) if self.view else ""


class ViewTabs:
    """The tabs of one page, and what may be done with the view that is open."""

    def __init__(
        self, query: ListQuery, counts: Mapping[str, Any], figures: Sequence[int] | None = None
    ) -> None:
        self.query = query
        self.counts = counts
        self.figures = figures

    @cached_property
    def every(self) -> list[Tab]:
        """The tabs. The figures of saved views are known once they were counted."""
        list_, number = self.query.list, self.query.opened.number
        whole = self.counts.get(list_.noun)
        most = capped(COUNT_LIMIT + 1 if whole is None else whole)
        declared = [("all", _("All"), dict[str, Any](), whole)] + [
            (f"declared-{place}", chip.label, dict(chip.query), chip.count(self.counts))
            for place, chip in enumerate(list_.chips, start=1)
        ]
        asked = _sorted(self.query.texts)
        current = {"all"} if not number and not self.query.errors else set()
        for key, _label, texts, _number in declared[1:]:
            if current and asked == _sorted(as_texts(texts)):
                current = {key}
        tabs = [
            Tab(
                key,
                label,
                self._link(texts),
                key in current,
                count,
                most if count is None else capped(count),
            )
            for key, label, texts, count in declared
        ]
        tabs += [
            Tab(
                f"saved-{view.pk}",
                view.name,
                f"{list_.path}?view={view.pk}",
                str(view.pk) == number,
                None,
                most,
                view,
            )
            for view in self._saved
        ]
        if self.figures is None:
            return tabs
        return [replace(tab, count=n) for tab, n in zip(tabs, self.figures, strict=True)]

    @property
    def tally(self) -> int | None:
        """How many rows are asked for, where that is kept and is the figure of a declared view."""
        query = self.query
        asked = _sorted(query.texts)
        if query.errors or not query.tallied():
            return None
        if not asked:
            return self.counts.get(query.list.noun)
        chips = (chip for chip in query.list.chips if _sorted(as_texts(chip.query)) == asked)
        return next((chip.count(self.counts) for chip in chips), None)

    def _link(self, texts: Mapping[str, Any]) -> str:
        """Where the declared view is: shown as the list is now, unless a saved one said how."""
        query = self.query
        if not query.opened.number:
            return query.url(**dict.fromkeys(query.texts, "") | dict(texts))
        if not texts:
            return query.everything
        return ListQuery(query.list, QueryDict()).url(**texts)

    @property
    def _saved(self) -> list[SavedView]:
        return self.query.views.every if self.query.views else []

    @cached_property
    def open(self) -> SavedView | None:
        """The saved view that the address names."""
        number = self.query.opened.number
        return next((view for view in self._saved if str(view.pk) == number), None)

    @property
    def open_title(self) -> str:
        """Whose the open view is, if others share it."""
        return whose(self.open) if self.open else ""

    @property
    def further(self) -> list[tuple[str, str]]:
        """Other lists that stand among the views: what they are called, and where they are."""
        return [(str(label), reverse(name)) for label, name in self.query.list.further]

    @property
    def save_name(self) -> str:
        """The name of the address that keeps a new view."""
        return f"{self.query.list.noun}_view_save"

    @property
    def change_name(self) -> str:
        """The name of the address that changes a view."""
        return f"{self.query.list.noun}_view_change"

    @property
    def may_change(self) -> bool:
        """Whether this person may rename, share, update and delete the open view."""
        return bool(self.open and self.query.views and self.query.views.may_change(self.open))

    @property
    def is_changed(self) -> bool:
        """Whether the list is asked for something else than the open view keeps."""
        return self.query.is_changed_view and not self.query.errors

    @property
    def audiences(self) -> list[tuple[str, str, str]]:
        """Who may see a view: value, words, and who that is."""
        return [
            (Audience.MINE.value, _("Only me"), ""),
            (
                Audience.TEAM.value,
                _("My team"),
                _("all who share a role or a group with its maker"),
            ),
            (Audience.EVERYONE.value, _("Everyone"), _("managers may change it too")),
        ]


def whose(view: SavedView) -> str:
    """Who made a view that others share, and for whom."""
    if view.audience == Audience.MINE:
        return ""
    if view.audience == Audience.EVERYONE:
        return _("By %(person)s, for everyone") % {"person": person_name(view.made_by)}
    return _("By %(person)s, for the team") % {"person": person_name(view.made_by)}


def queries_of_tabs(query: ListQuery) -> Iterator[ListQuery]:
    """What each tab asks for, in their order, whatever is asked for beside."""
    list_ = query.list
    yield ListQuery(list_, QueryDict(), person=query.person)
    asked = [as_texts(chip.query) for chip in list_.chips]
    asked += [view.parameters for view in (query.views.every if query.views else [])]
    for texts in asked:
        yield _query_of(query, texts)


def _sorted(texts: Texts) -> dict[str, list[str]]:
    return {name: sorted(said) for name, said in texts.items()}


def as_texts(query: Mapping[str, Any]) -> dict[str, list[str]]:
    """The parameters with all values of each."""
    return {name: [said] if isinstance(said, str) else list(said) for name, said in query.items()}


def _query_of(query: ListQuery, texts: Texts) -> ListQuery:
    parameters = QueryDict(mutable=True)
    for name in (item.name for item in query.list.filters):
        parameters.setlist(name, list(texts.get(name, ())))
    return ListQuery(query.list, parameters, person=query.person)
