"""What the page of a plan, or of the run that it becomes, tells of it."""

from dataclasses import dataclass
from functools import cached_property
from math import ceil

from django.conf import settings
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils.translation import gettext

from dashboard.components.controls import Control
from resellers.models import BulkRun
from resellers.operations import bulk
from resellers.operations.bulk.deciding import TYPED_ABOVE
from resellers.operations.preflight import Preflight

from .selection import SOURCES
from .table import ChangesTable
from .totals import totals_bar
from .words import parts_of, run_title, state_words

LIVE_EVERY = 2  # seconds
SEARCHED_FROM = 10  # changes of a run, in which people look for one


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of the changes that can be shown alone, and the address that does."""

    label: str
    count: int
    link: str
    is_current: bool


class RunPage:
    """A run as its page tells it."""

    def __init__(
        self,
        run: BulkRun,
        preflight: Preflight,
        *,
        part: str = "",
        page: str = "",
        search: str = "",
        person: User | None = None,
    ) -> None:
        self.run, self.verb = run, bulk.verb_of(run.kind)
        self.figures = bulk.figures_of(run)
        self.parts = parts_of(run, self.figures)
        self.part = next((one for one in self.parts if one.key == part), None)
        self.title = run_title(run, self.figures.wanted)
        self.state, self.tone = state_words(run)
        self.answer = preflight.in_general(self.verb.kind)
        self.search, self._page = search.strip(), page
        is_mine = person is not None and person.pk == run.by_id
        self.may_confirm = run.is_planned and is_mine and self.answer.is_allowed

    @cached_property
    def table(self) -> ChangesTable:
        may_choose = self.may_confirm
        return ChangesTable(self.run, self.part, self._page, self.search, may_choose=may_choose)

    @property
    def may_search(self) -> bool:
        """Whether there is more than one page, or something is searched for."""
        return bool(self.search) or self.figures.every > SEARCHED_FROM

    @property
    def may_choose_all(self) -> bool:
        """Whether all that is shown may be left out at once: it is not the whole plan."""
        return self.may_confirm and bool(self.search) and self._holds("waiting")

    @property
    def may_put_all_back(self) -> bool:
        is_narrowed = self.search or (self.part and self.part.names == ("unticked",))
        return self.may_confirm and bool(is_narrowed) and self._holds("unticked")

    def _holds(self, name: str) -> bool:
        return bool(getattr(self.figures, name)) and (self.part is None or name in self.part.names)

    @property
    def bar(self) -> str:
        """The totals as a bar."""
        return totals_bar(self.title, self.parts)

    @property
    def segments(self) -> list[Segment]:
        whole = self._link(q=self.search)
        every = Segment(gettext("All"), self.figures.every, whole, self.part is None)
        return [
            every,
            *(
                Segment(
                    one.label[:1].upper() + one.label[1:],
                    one.count,
                    self._link(part=one.key, q=self.search),
                    one is self.part,
                )
                for one in self.parts
                if one.count or one is self.part
            ),
        ]

    @property
    def address(self) -> str:
        return self.run.get_absolute_url()

    @property
    def here(self) -> str:
        """The address of just this page of just this part."""
        return self._page_link(self.table.page.number)

    @property
    def previous(self) -> str:
        page = self.table.page
        return self._page_link(page.number - 1) if page.has_previous() else ""

    @property
    def next(self) -> str:
        page = self.table.page
        return self._page_link(page.number + 1) if page.has_next() else ""

    @property
    def export_link(self) -> str:
        query = {"part": self.part.key if self.part else "", "q": self.search}
        given = {name: value for name, value in query.items() if value}
        return reverse("bulk_rows", args=[self.run.pk], query=given or None)

    @property
    def is_live(self) -> bool:
        """Something goes on by itself: its page looks again until that is over."""
        return self.run.state == BulkRun.State.RUNNING or self.figures.under_way > 0

    @property
    def poll_every(self) -> int:
        return LIVE_EVERY

    @property
    def calls(self) -> int:
        """About how many calls to Wix are left."""
        return self.figures.waiting * self.verb.calls

    @property
    def minutes(self) -> int:
        """About how long that takes, at the pace at which Wix may be called."""
        return max(1, ceil(self.calls / self.pace))

    @property
    def pace(self) -> int:
        return int(settings.WIX_CALLS_PER_MINUTE)

    @property
    def wants_count(self) -> bool:
        return self.figures.waiting > TYPED_ABOVE

    @property
    def from_words(self) -> str:
        """Where the records were chosen."""
        said = self.run.selection
        if self.run.retry_of_id:
            return gettext("Once more from #%(run)s") % {"run": self.run.retry_of_id}
        source = SOURCES.get(str(said.get("list", "")))
        return gettext("From %(list)s") % {"list": source.list.title} if source else ""

    @property
    def unknown(self) -> int:
        """How many of what was chosen are not known here."""
        return int(self.run.selection.get("unknown", 0))

    def decide(self, name: str, label: str, icon: str, tone: str = "") -> Control:
        """What leads to a decision about the run."""
        path = reverse(f"bulk_{name}", args=[self.run.pk])
        return Control(self.answer, path, label, tone, icon=icon)

    def _page_link(self, number: int) -> str:
        part = self.part.key if self.part else ""
        return self._link(part=part, q=self.search, page=str(number) if number > 1 else "")

    def _link(self, **query: str) -> str:
        given = {name: value for name, value in query.items() if value}
        return reverse("bulk_run", args=[self.run.pk], query=given or None)
