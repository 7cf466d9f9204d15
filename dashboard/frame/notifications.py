"""What concerns one person: what they asked for and how it ended, what of it needs them, and what
they were told.

The former is read from the operations each time. Stored is only what a person has read of them: up
to when all of it, and which ones singly.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, When
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from dashboard.models import Preferences, ReadNotice
from resellers.models import Operation
from resellers.models.operation_querysets import NEEDING_ATTENTION, UNDER_WAY
from resellers.models.states import UNDER_WAY_STATES
from resellers.operations.titles import operation_title
from resellers.refusals import StatusWords, explain_state

from .notices import (
    NEWS,
    CaseNotice,
    mark_operation_read,
    mark_read_until,
    notice_of,
    noticed_by,
)
from .preferences import keep

MOST = 20  # in the bell
RECENT = 200  # of a person's operations, among which the bell looks


@dataclass(frozen=True, slots=True)
class Notification:
    """One operation as it concerns the person who asked for it."""

    operation: Operation
    needs_you: bool
    is_new: bool

    @property
    def title(self) -> str:
        return operation_title(self.operation)

    @property
    def pk(self) -> int:
        return self.operation.pk

    @property
    def link(self) -> str:
        return self.operation.get_absolute_url()

    @property
    def words(self) -> StatusWords:
        """How it stands, in a word and a tone."""
        return explain_state(self.operation.state, self.operation.ending)

    @property
    def tone(self) -> str:
        return self.words.tone

    @property
    def detail(self) -> str:
        """How it stands, and whose it is."""
        return f"{self.words.word}, {self.operation.account}"

    @property
    def at(self) -> datetime:
        """When it ended or was found true no more; of what has not ended, when it was asked for."""
        operation = self.operation
        return operation.drifted_at or operation.finished_at or operation.requested_at


@dataclass(frozen=True, slots=True)
class Bell:
    """The newest of them, what needs the person and what is new first."""

    notifications: Sequence[Notification | CaseNotice]

    @property
    def new(self) -> int:
        return sum(one.is_new for one in self.notifications)

    @property
    def needing(self) -> int:
        """How many need the person."""
        return sum(one.needs_you for one in self.notifications)

    @property
    def new_files(self) -> int:
        """How many files were made for the person, who has not looked at them yet."""
        return sum(isinstance(one, CaseNotice) and one.is_new_file for one in self.notifications)

    @property
    def count(self) -> str:
        """How many are new, as the bell shows it; empty for none."""
        return f"{MOST}+" if self.new > MOST else str(self.new or "")

    @property
    def newest(self) -> Sequence[Notification | CaseNotice]:
        return self.notifications[:MOST]

    @property
    def until(self) -> str:
        """Up to when a person who sees these has seen everything."""
        ends = [
            one.at
            for one in self.notifications
            if isinstance(one, CaseNotice) or not one.operation.is_open
        ]
        return max(ends).isoformat() if ends else ""


def bell_of(person: User, preferences: Preferences) -> Bell:
    """What the bell shows to that person: two statements, and none for who has asked for nothing
    and was told nothing."""
    rows: list[Notification | CaseNotice] = []
    if getattr(person, "has_asked", True):
        newest = Operation.objects.filter(requested_by=person).order_by("-requested_at", "-id")
        recent = Q(pk__in=newest.values("pk")[:RECENT]) | NEEDING_ATTENTION
        found = concerning(person, preferences).filter(recent)
        ordered = found.order_by("-needs_you", "-is_new", "-requested_at", "-id")
        rows += [notification(operation) for operation in ordered[: MOST + 1]]
    if getattr(person, "was_noticed", True):
        notices = noticed_by(person).order_by("-is_new", "-at", "-id")
        rows += [notice_of(row) for row in notices[: MOST + 1]]
    return Bell(sorted(rows, key=_pressing, reverse=True)[: MOST + 1])


def _pressing(one: Notification | CaseNotice) -> tuple[bool, bool, datetime]:
    return one.needs_you, one.is_new, one.at


def concerning(person: User, preferences: Preferences) -> QuerySet[Any]:
    """The person's operations that ended or need somebody, with `needs_you` and `is_new`."""
    mine: Any = Operation.objects.filter(requested_by=person).exclude(UNDER_WAY)
    # Of a bulk change the bell tells once how it ended; only what has to be decided, or is true no
    # more, is told of each of its operations.
    of_bulk = Q(planned_change__isnull=False, drifted_at=None) & ~NEEDING_ATTENTION
    mine = mine.exclude(of_bulk)
    needing = Operation.objects.needing_a_person().filter(pk=OuterRef("pk"))
    found: QuerySet[Any] = (
        mine.annotate(
            needs_you=Exists(needing),
            is_new=Case(When(_is_new(person, preferences), then=True), default=False),
        )
        .select_related("account", "instance__product", "package", "site")
        .defer("instance__raw", "package__raw", "plan")
    )
    return found


def notification(operation: Any) -> Notification:
    """One of `concerning` as it is shown."""
    return Notification(operation, operation.needs_you, operation.is_new)


def _is_new(person: User, preferences: Preferences) -> Q:
    """What waits for a person is new until seen since it was taken up; what ended, for a week."""
    seen = ReadNotice.objects.filter(person=person, operation=OuterRef("pk"))
    ended_at = Coalesce(OuterRef("drifted_at"), OuterRef("finished_at"))
    since = timezone.now() - NEWS
    if preferences.notices_read_at:
        since = max(since, preferences.notices_read_at)
    has_ended = Q(drifted_at__gt=since) | Q(drifted_at=None, finished_at__gt=since)
    waits = NEEDING_ATTENTION & ~Q(Exists(seen.filter(fence__gte=OuterRef("fence"))))
    return waits | has_ended & ~Q(Exists(seen.filter(read_at__gte=ended_at)))


def mark_read(person: User, preferences: Preferences, operation: Operation) -> None:
    """The person has opened the operation, and sees how it stands: that is news no more."""
    mark_operation_read(person, operation.pk)
    if operation.requested_by_id != person.pk or operation.state in UNDER_WAY_STATES:
        return
    seen = ReadNotice.objects.filter(person=person, operation=operation)
    if concerning(person, preferences).filter(pk=operation.pk, is_new=True).exists():
        values = {"fence": operation.fence, "read_at": Now()}
        seen.update_or_create(person=person, operation=operation, defaults=values)


def mark_all_read(person: User, until: datetime | None) -> None:
    """Nothing that had ended by then, and nothing that waits for this person, is news any more."""
    with transaction.atomic():
        # What was read singly since then stays read.
        ReadNotice.objects.filter(person=person, read_at__lte=until or Now()).delete()
        waiting = Operation.objects.filter(requested_by=person).needing_attention()
        ReadNotice.objects.bulk_create(
            [
                ReadNotice(person=person, operation_id=pk, fence=fence)
                for pk, fence in waiting.values_list("pk", "fence")
            ],
            ignore_conflicts=True,
        )
        keep(person, notices_read_at=until or Now())
        mark_read_until(person, until)
