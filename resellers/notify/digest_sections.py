"""What a digest says: what is new, stuck, expiring, afloat for long, how readings do, and what
concerns its reader."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from resellers import formats
from resellers.clock import database_now
from resellers.durations import ago, span
from resellers.models import (
    Case,
    CaseCause,
    Figures,
    MailWay,
    Notice,
    NoticeKind,
    ProductInstance,
)
from resellers.models.cases import cause_of

from . import people, words

if TYPE_CHECKING:
    from django.contrib.auth.models import User

MOST_LINES = 5
EXPIRING_DAYS = 30


@dataclass(frozen=True, slots=True)
class Section:
    """One part of it: what the subject says of it, its head, lines, and where all of it is."""

    summary: str
    head: str
    lines: Sequence[str]
    path: str

    @property
    def text(self) -> str:
        lines = [f"- {line}" for line in self.lines]
        return words.block(self.head, *lines, words.link(self.path))


def sections(person: "User", since: datetime) -> list[Section]:
    """All that has something to say; none where there is nothing. A fixed number of statements."""
    return [
        *_new(person, since),
        *_stuck(),
        *_expiring(),
        *_floating(),
        *_readings(),
        *_looked_after(person),
        *_own(person, since),
    ]


def _new(person: "User", since: datetime) -> Iterator[Section]:
    """The open cases that opened or came back, by cause."""
    if people.settings_of(person).way(NoticeKind.CAUSE) == MailWay.NEVER:
        return
    new = Case.objects.open().filter(Q(opened_at__gte=since) | Q(regressed_at__gte=since))
    counts = Counter(words.cause_title(cause_of(case)) for case in new.with_kind())
    if not counts:
        return
    number = counts.total()
    summary = ngettext("%(number)d new case", "%(number)d new cases", number)
    lines = [f"{title}: {formats.number(count)}" for title, count in counts.most_common()]
    yield _section(summary, number, lines, reverse("failure_list"))


def _stuck() -> Iterator[Section]:
    stuck = Case.objects.open().filter(cause=CaseCause.STUCK)
    number = stuck.count()
    if not number:
        return
    cases = stuck.select_related("account", "product", "operation").order_by("since", "id")
    lines = [
        f"{words.case_title(case)}, {span(database_now() - case.since)}"
        for case in cases[:MOST_LINES]
        if case.since
    ]
    summary = ngettext("%(number)d stuck service", "%(number)d stuck services", number)
    yield _section(summary, number, lines, reverse("failure_list"))


def _expiring() -> Iterator[Section]:
    rows = ProductInstance.objects.expiring(EXPIRING_DAYS)
    number = rows.count()
    if not number:
        return
    lines = [
        f"{formats.day(service.expires_at)}: {service.product}, {service.account}"
        for service in _named(rows).order_by("expires_at", "id")[:MOST_LINES]
        if service.expires_at
    ]
    summary = _expire_words(number)
    query = {"expiring": str(EXPIRING_DAYS), "sort": "expires"}
    yield _section(summary, number, lines, reverse("instance_list", query=query))


def _expire_words(number: int) -> str:
    return ngettext("%(number)d expires within 30 days", "%(number)d expire within 30 days", number)


def _float_words(number: int) -> str:
    return ngettext(
        "%(number)d floats for over 14 days", "%(number)d float for over 14 days", number
    )


def _floating() -> Iterator[Section]:
    rows = ProductInstance.objects.floating_long()
    number = rows.count()
    if not number:
        return
    lines = [
        gettext("%(service)s, %(customer)s, for %(time)s")
        % {
            "service": service.product,
            "customer": service.account,
            "time": span(database_now() - service.floating_since),
        }
        for service in _named(rows).order_by("floating_since", "id")[:MOST_LINES]
        if service.floating_since
    ]
    summary = _float_words(number)
    query = {"floating": "1", "floating_for": "long", "sort": "floating"}
    yield _section(summary, number, lines, reverse("instance_list", query=query))


def _looked_after(person: "User") -> Iterator[Section]:
    """What waits at the customers that the person looks after."""
    theirs = {"account__looked_after_by": person}
    services = ProductInstance.objects.filter(**theirs)
    cases = Case.objects.open().filter(**theirs).count()
    expiring = services.expiring(EXPIRING_DAYS).count()
    floating = services.floating_long().count()
    number = cases + expiring + floating
    if not number:
        return
    entries = (
        (cases, ngettext("%(number)d open case", "%(number)d open cases", cases)),
        (expiring, _expire_words(expiring)),
        (floating, _float_words(floating)),
    )
    lines = [words % {"number": count} for count, words in entries if count]
    summary = ngettext(
        "%(number)d thing at your customers", "%(number)d things at your customers", number
    )
    yield _section(summary, number, lines, reverse("account_list", query={"looked_after": "me"}))


def _readings() -> Iterator[Section]:
    """That Wix cannot be read, or was not read in full for long."""
    figures = Figures.objects.filter(pk=1).first()
    if figures is None:
        return
    if figures.unread_since:
        head = gettext(
            "Wix cannot be read for %(time)s: what stands in the dashboard is as old."
        ) % {"time": span(database_now() - figures.unread_since)}
        lines = [figures.unread_because] if figures.unread_because else []
        yield Section(gettext("Wix cannot be read"), head, lines, reverse("mirror_list"))
    elif figures.mirror_whole_at and figures.is_overdue:
        head = gettext("Wix was last read in full %(when)s.") % {
            "when": ago(figures.mirror_whole_at)
        }
        yield Section(gettext("a full reading is overdue"), head, [], reverse("mirror_list"))


def _own(person: "User", since: datetime) -> Iterator[Section]:
    """What the person wants told in the digest rather than at once."""
    chosen = people.settings_of(person)
    kinds = [kind for kind in NoticeKind if chosen.way(kind) == MailWay.DIGEST]
    rows = Notice.objects.filter(person=person, kind__in=kinds, at__gte=since)
    related = ("case__account", "case__product", "case__operation", "operation", "run", "by")
    notices = list(rows.select_related(*related))
    if not notices:
        return
    lines = [_of_notice(notice) for notice in notices]
    summary = ngettext("%(number)d thing for you", "%(number)d things for you", len(lines))
    yield _section(summary, len(lines), lines, reverse("notification_list"))


def _of_notice(notice: Notice) -> str:
    kind = NoticeKind(notice.kind)
    if notice.run:
        title = gettext("Bulk change #%(number)s") % {"number": notice.run_id}
    elif notice.case:
        title = words.case_title(notice.case)
    else:
        title = words.operation_title(notice.operation) if notice.operation else str(kind.label)
    return words.subject(kind, [title], people.name_of(notice.by))


def _section(summary: str, number: int, lines: Sequence[str], path: str) -> Section:
    counted = summary % {"number": number}
    first = list(lines[:MOST_LINES])
    if more := len(lines) - len(first):
        first.append(gettext("and %(number)d more") % {"number": more})
    return Section(counted, f"{counted[:1].upper()}{counted[1:]}:", first, path)


def _named(rows: QuerySet[ProductInstance]) -> QuerySet[ProductInstance]:
    return rows.select_related("product", "account").defer("raw", "account__raw")
