"""What stands around the cases: the causes at their left, the playbook above, the open one beside.

All of it takes a fixed number of statements, however many cases there are.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext, gettext_lazy

from dashboard.components.reorders import WHO_ACTS
from dashboard.frame.context import frame_of
from dashboard.frame.staff import StaffRequest
from dashboard.lists.filters import WordFilter
from dashboard.lists.page import ListPage
from dashboard.lists.person_filter import ME, NOBODY
from resellers import cases
from resellers.cases import causes
from resellers.cases.causes import Cause, CauseGroup
from resellers.cases.worked_before import worked_before
from resellers.models import Case, CaseKind, CaseState, DeliveryTime
from resellers.models.cases import BY_CODE
from resellers.refusals.playbooks import playbook

from .around import Entry, Part, Playing, Section, Segment
from .panel import CasePanel

NEEDING_A_PERSON = (CaseKind.ATTENTION, CaseKind.FLOW, CaseKind.DRIFTED, CaseKind.READING)
SECTIONS: tuple[tuple[str | Promise, tuple[CaseKind, ...]], ...] = (
    (gettext_lazy("Needs a person"), NEEDING_A_PERSON),
    (gettext_lazy("Failed"), (CaseKind.FAILED,)),
    (gettext_lazy("Stuck"), (CaseKind.STUCK, CaseKind.REGISTRATION)),
    (gettext_lazy("Not carried out"), (CaseKind.REFUSED,)),
)


@dataclass
class Inbox:
    """All that stands around the list of cases of one page."""

    request: StaffRequest
    page: ListPage

    @cached_property
    def state(self) -> str:
        """The state of the cases that are looked at."""
        asked = self.page.query.texts.get("state", [])
        state = asked[0] if len(asked) == 1 else CaseState.OPEN
        return state if state in CaseState.values else CaseState.OPEN

    @property
    def state_word(self) -> str:
        """The same within a sentence."""
        words = {CaseState.SNOOZED: gettext("snoozed"), CaseState.CLOSED: gettext("closed")}
        return words.get(CaseState(self.state), gettext("open"))

    @cached_property
    def groups(self) -> list[CauseGroup]:
        """The causes of the cases in that state; what is closed is ever more, and has none."""
        if self.state == CaseState.CLOSED:
            return []
        return causes.counted(Case.objects.filter(state=self.state))

    @cached_property
    def open_count(self) -> int:
        found: int = frame_of(self.request).counts["failures"]
        return found

    @cached_property
    def segments(self) -> list[Segment]:
        snoozed = Case.objects.filter(state=CaseState.SNOOZED).count()
        return [
            self._segment(gettext("Open"), CaseState.OPEN, self.open_count),
            self._segment(gettext("Snoozed"), CaseState.SNOOZED, snoozed),
            self._segment(gettext("Closed"), CaseState.CLOSED, None),
        ]

    def _segment(self, label: str, state: str, count: int | None) -> Segment:
        link = self._link({} if state == CaseState.OPEN else {"state": state})
        return Segment(label, link, state == self.state, count)

    @cached_property
    def chosen(self) -> Cause | None:
        """The cause that the list is narrowed to, and to nothing less."""
        texts, values = self.page.query.texts, self.page.query.values
        kinds, codes = values.get("kind", []), texts.get("failure_code", [])
        if len(kinds) > 1 or len(codes) > 1 or not (kinds or codes):
            return None
        kind = str(kinds[0]) if kinds else CaseKind.FAILED.value
        if kind not in BY_CODE:
            return Cause(kind) if not codes else None
        if not codes:
            return None
        code = values.get("failure_code", [""])[0]
        return Cause(kind, code if isinstance(code, str) else "")

    @cached_property
    def product(self) -> UUID | None:
        """The product of it that the list is narrowed to."""
        found = self.page.query.values.get("product", [])
        return found[0] if len(found) == 1 else None

    @cached_property
    def sections(self) -> list[Section]:
        """The causes at the left."""
        found = []
        for title, kinds in SECTIONS:
            entries = [self._entry(one) for one in self.groups if one.cause.kind in kinds]
            if entries:
                found.append(Section(str(title), entries))
        return found

    def _entry(self, group: CauseGroup) -> Entry:
        book, is_current = playbook(*group.cause), group.cause == self.chosen
        parts = [
            Part(name or gettext("No product"), part.number, link, product == self.product)
            for (product, name), part in sorted(
                group.products.items(), key=lambda one: (-one[1].number, one[0][1])
            )
            if (link := self._cause_link(group.cause, product))
        ]
        return Entry(
            book.title,
            str(WHO_ACTS[book.who]),
            group.number,
            group.oldest,
            self._cause_link(group.cause),
            is_current,
            parts if is_current else (),
        )

    def _cause_link(self, cause: Cause, product: UUID | None = None) -> str:
        return self._link(self._asking(cause, product))

    def _asking(self, cause: Cause, product: UUID | None = None) -> dict[str, str]:
        asked = {} if self.state == CaseState.OPEN else {"state": self.state}
        return asked | asking_for(cause, product)

    def _link(self, asked: dict[str, str]) -> str:
        everything = self.page.query.everything
        if not asked:
            return everything
        return f"{self.page.list.path}?{urlencode(asked)}"

    @property
    def all_link(self) -> str:
        """All causes in this state."""
        return self._link({} if self.state == CaseState.OPEN else {"state": self.state})

    @cached_property
    def playing(self) -> Playing | None:
        """The playbook of the chosen cause."""
        cause = self.chosen
        if cause is None:
            return None
        group = next((one for one in self.groups if one.cause == cause), CauseGroup(cause=cause))
        snoozed = causes.of_cause(Case.objects.filter(state=CaseState.SNOOZED), cause).count()
        book = playbook(*cause)
        delivery = (
            DeliveryTime.objects.filter(product=self.product).first() if self.product else None
        )
        return Playing(
            cause,
            book,
            group,
            snoozed if self.state == CaseState.OPEN else 0,
            f"{self.page.list.path}?{urlencode({'state': 'snoozed'} | asking_for(cause))}",
            causes.notes_of([cause]).get(cause),
            worked_before(cause, self.product),
            delivery,
        )

    @cached_property
    def median_since(self) -> datetime | None:
        """Since when the middle one of the rows has been so."""
        if not self.page.count:
            return None
        rows = self.page.query.rows().filter(since__isnull=False).order_by("since")
        middle = (min(self.page.count, 10_000) - 1) // 2
        return rows.values_list("since", flat=True)[middle : middle + 1].first()

    @cached_property
    def owners(self) -> list[Segment]:
        """Whose cases are looked at, beside the other filters in force."""
        query, texts = self.page.query, self.page.query.texts.get("owner", [])
        counts = (
            query.rows({"owner": []})
            .order_by()
            .aggregate(
                all=Count("pk"),
                me=Count("pk", filter=Q(owner=self.request.user)),
                nobody=Count("pk", filter=Q(owner=None)),
            )
        )
        labels = (
            ("all", "", gettext("All")),
            (ME, ME, gettext("Mine")),
            (NOBODY, NOBODY, gettext("Nobody's")),
        )
        return [
            Segment(
                label, query.url(owner=asked), texts == ([asked] if asked else []), counts[name]
            )
            for name, asked, label in labels
        ]

    @cached_property
    def people(self) -> list[Any]:
        """Who may be given a case."""
        return list(cases.people())

    @cached_property
    def case(self) -> CasePanel | None:
        """The case that is open beside the list."""
        given = self.request.POST if self.request.method == "POST" else self.request.GET
        number = given.get("case", "")
        if not (number.isascii() and number.isdecimal() and len(number) < 19):
            return None
        found = self.page.list.for_list(Case.objects.filter(pk=number)).first()
        return CasePanel(self.request, found) if found else None


def asking_for(cause: Cause, product: UUID | None = None) -> dict[str, str]:
    """The filters by which the list has the cases of that cause, and of one product of it."""
    asked = {"kind": str(cause.kind)}
    if cause.kind in BY_CODE:
        asked["failure_code"] = WordFilter.written(cause.code)
    if product:
        asked["product"] = str(product)
    return asked


def inbox(request: StaffRequest, page: ListPage) -> Inbox:
    """What the templates around the list of cases tell."""
    return Inbox(request, page)
