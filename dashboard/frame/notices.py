"""What a person was told, as the bell shows it: of cases, of what takes too long, of what ended."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Case, Q, QuerySet, When
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext

from dashboard.components.people import person_name
from resellers.flows.titles import flow_title
from resellers.models import BulkRun, ExportFile, Flow, Notice, NoticeKind
from resellers.notify import words
from resellers.operations.bulk import verb_of
from resellers.operations.bulk.telling import how_it_stands
from resellers.operations.titles import operation_title

NEWS = timedelta(days=7)  # nothing is new for longer
RELATED = (
    *("case__account", "case__product", "case__operation"),
    *("operation__account", "operation__instance__product", "operation__package"),
    *("operation__site", "run", "flow__account", "flow__site", "export", "by"),
)
LARGE = ("instance__raw", "package__raw", "plan")


@dataclass(frozen=True, slots=True)
class CaseNotice:
    """One of them; it has what a `Notification` has."""

    notice: Notice
    is_new: bool
    needs_you: bool = False

    @property
    def pk(self) -> int:
        return self.notice.pk

    @property
    def is_new_file(self) -> bool:
        """Whether it tells of a file that can be taken, to who has not looked at it yet."""
        export = self.notice.export
        return self.is_new and export is not None and export.is_offered

    @property
    def at(self) -> datetime:
        return self.notice.at

    @property
    def title(self) -> str:
        notice = self.notice
        if notice.operation:
            return operation_title(notice.operation)
        if notice.run:
            return f"{verb_of(notice.run.kind).words.title}, #{notice.run_id}"
        if notice.flow:
            return flow_title(notice.flow)
        if notice.export:
            return gettext("%(list)s as CSV") % {"list": notice.export.title}
        return words.case_title(notice.case) if notice.case else ""

    @property
    def link(self) -> str:
        notice = self.notice
        if notice.operation:
            return notice.operation.get_absolute_url()
        if notice.run:
            return notice.run.get_absolute_url()
        if notice.flow:
            return notice.flow.get_absolute_url()
        if notice.export:
            return notice.export.get_absolute_url()
        return notice.case.get_absolute_url() if notice.case else ""

    @property
    def tone(self) -> str:
        if flow := self.notice.flow:
            return "good" if flow.state == Flow.State.DONE else "look"
        if export := self.notice.export:
            return "good" if export.state == ExportFile.State.READY else "bad"
        run = self.notice.run
        if run and run.state == BulkRun.State.DONE and not run.ended_with.get("needing_a_person"):
            return "good"
        return "bad" if self.notice.kind == NoticeKind.REGRESSED else "look"

    @property
    def detail(self) -> str:
        """What happened, and who did it."""
        if flow := self.notice.flow:
            return str(flow.get_state_display())
        if export := self.notice.export:
            return export.trouble or str(export.get_state_display())
        if run := self.notice.run:
            return how_it_stands(run)
        by = {"name": person_name(self.notice.by) if self.notice.by else ""}
        match self.notice.kind:
            case NoticeKind.ASSIGNED:
                return gettext("Given to you by %(name)s") % by
            case NoticeKind.MENTIONED:
                return gettext("%(name)s mentioned you") % by
            case NoticeKind.REGRESSED:
                return gettext("Came back; it was yours")
        return gettext("Waits for too long")


def noticed_by(person: User) -> QuerySet[Any]:
    """What that person was told, each with `is_new`."""
    new = Q(read_at=None, at__gt=timezone.now() - NEWS)
    rows: QuerySet[Any] = (
        Notice.objects.filter(person=person)
        .annotate(is_new=Case(When(new, then=True), default=False))
        .select_related(*RELATED)
        .defer(*(f"operation__{name}" for name in LARGE))
    )
    return rows


def notice_of(row: Any) -> CaseNotice:
    """One of `noticed_by` as it is shown."""
    return CaseNotice(row, row.is_new)


def mark_case_read(person: User, case_id: int) -> None:
    """The person has opened the case: what they were told of it is news no more."""
    if getattr(person, "was_noticed", True):
        Notice.objects.filter(person=person, case=case_id, read_at=None).update(read_at=Now())


def mark_operation_read(person: User, operation_id: int) -> None:
    """The person has opened the operation: that it waits is news no more."""
    Notice.objects.filter(person=person, operation=operation_id, read_at=None).update(read_at=Now())


def mark_flow_read(person: User, flow_id: int) -> None:
    """The person has opened the flow: how it stands is news no more."""
    if getattr(person, "was_noticed", True):
        Notice.objects.filter(person=person, flow=flow_id, read_at=None).update(read_at=Now())


def mark_export_read(person: User, export_id: int) -> None:
    """The person has opened the file's page: that it is ready is news no more."""
    if getattr(person, "was_noticed", True):
        Notice.objects.filter(person=person, export=export_id, read_at=None).update(read_at=Now())


def mark_run_read(person: User, run_id: int) -> None:
    """The person has opened the bulk change: how it ended is news no more."""
    if getattr(person, "was_noticed", True):
        Notice.objects.filter(person=person, run=run_id, read_at=None).update(read_at=Now())


def mark_read_until(person: User, until: datetime | None) -> None:
    """Nothing that the person was told by then is news any more."""
    unread = Notice.objects.filter(person=person, read_at=None)
    unread.filter(at__lte=until or Now()).update(read_at=Now())
