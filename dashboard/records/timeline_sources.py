"""The tables that tell of a record, and which of their rows are about it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from dashboard.lists.keyset import Order
from resellers import cases
from resellers.models import (
    Case,
    CaseCause,
    CaseEvent,
    Change,
    InstanceStatus,
    Note,
    Operation,
    Package,
    ProductInstance,
    Reorder,
    Site,
    SyncRun,
    Unreadable,
)

from . import timeline_cases, timeline_changes, timeline_entries, timeline_operations
from .record import Record
from .timeline_entries import TimelineEntry

FAILED = {"field": "status", "new": InstanceStatus.FAILED}


@dataclass(frozen=True, slots=True)
class Scope:
    """What of each table is about one record."""

    rows: Q  # of operations
    changes: Q
    notes: Q
    services: Q
    readings: Q
    unread: Q  # of the packages that a reading did not read
    refusals: Q  # to let us read it


def scope_of(record: Record | Case) -> Scope:
    """What is about an account, a package, a service, a site or a failure case."""
    match record:
        case Case():
            return _of_case(record)
        case ProductInstance():
            of, read = Q(instance=record), Q(package=record.package_id)
            return Scope(of, of, of, Q(pk=record.pk), read, read, read)
        case Package():
            of = Q(package=record)
            return Scope(of, of, of, of, of, of, of)
        case Site():
            of_services, of_account = Q(instance__site=record), Q(account=record.account_id)
            of = Q(site=record) | of_services
            # That a service came or left is told here too, wherever it is by now.
            here = Q(old=str(record.pk)) | Q(new=str(record.pk))
            moves = of_account & Q(field="site") & here
            readings, nothing = of_account & Q(package=None), Q(pk__in=[])
            refusals = of_account & Q(part=Unreadable.Part.SITES)
            return Scope(of, of | moves, of_services, Q(site=record), readings, nothing, refusals)
        case _:
            of = Q(account=record)
            return Scope(of, of, of, of, of, Q(package__account=record.pk), of)


@dataclass(frozen=True, slots=True)
class TimelineSource:
    """One table that tells of a record: its rows, and the field that says when."""

    rows: QuerySet
    at: str
    entries_of: Callable[[list[Any], bool], list[TimelineEntry]]

    @property
    def order(self) -> Order:
        return Order(self.at, descending=True, empties="never")


def _of_case(case: Case) -> Scope:
    """What is about the services of a case, or the operation; a case of readings has those."""
    services, nothing = cases.services_of(case).order_by().values("pk"), Q(pk__in=[])
    of = Q(instance__in=services)
    rows = of | Q(pk=case.operation_id) if case.operation_id else of
    rows = rows | Q(flow_step__flow=case.flow_id) if case.flow_id else rows
    scheduled = Q(account=None, package=None, requested_by=None)
    readings = scheduled if case.cause == CaseCause.READING else nothing
    return Scope(rows, of, of, Q(pk__in=services), readings, nothing, nothing)


def sources_of(record: Record | Case, kind: str) -> Iterator[tuple[str, TimelineSource]]:
    """The tables that tell of this record and kind, by name; at one moment in this order."""
    scope = scope_of(record)
    changes = Change.objects.filter(scope.changes)
    changes = changes.select_related("instance__product", "package", "site")
    ordered = Q(pk__in=_orders_of(record) if isinstance(record, ProductInstance | Case) else [])
    operations = Operation.objects.filter(scope.rows | ordered).select_related(
        "requested_by", "instance__product", "package", "site"
    )
    if kind == "outside":
        changes = changes.filter(operation=None).exclude(field="seen")
    if kind == "failures":
        changes = changes.filter(**FAILED)
        operations = operations.gone_wrong()
    if isinstance(record, Case) and kind in ("", "notes"):
        events = CaseEvent.objects.filter(case=record).select_related("by")
        if kind == "notes":
            events = events.filter(kind=CaseEvent.Kind.NOTE)
        yield "events", TimelineSource(events, "at", timeline_cases.of_events)
    if kind in ("", "outside", "failures"):
        yield "changes", TimelineSource(_without_causes(changes), "at", timeline_changes.of_changes)
    if kind in ("", "operations", "failures"):
        ended = operations.filter(finished_at__isnull=False)
        yield "ends", TimelineSource(ended, "finished_at", timeline_operations.of_ends)
    if kind in ("", "notes"):
        notes = Note.objects.filter(scope.notes).select_related(
            "by", "instance__product", "package"
        )
        yield "notes", TimelineSource(notes, "at", timeline_entries.of_notes)
    if kind in ("", "failures"):
        unread_runs = SyncRun.unread.through.objects.filter(scope.unread, syncrun=OuterRef("pk"))
        runs = SyncRun.objects.filter(
            scope.readings | Q(Exists(unread_runs)),
            state=SyncRun.State.FAILED,
            finished_at__isnull=False,
        )
        runs = runs.select_related("requested_by", "package")
        yield "readings", TimelineSource(runs, "finished_at", timeline_entries.of_readings)
        closed = Unreadable.objects.filter(scope.refusals).select_related("package")
        yield "unreadable", TimelineSource(closed, "since", timeline_entries.of_unreadable)
        # Of a service that was FAILED when it was met no change tells.
        recorded = Change.objects.filter(instance=OuterRef("pk"), **FAILED)
        failed = ProductInstance.objects.failed().filter(
            scope.services, ~Exists(recorded), status_since__isnull=False
        )
        failed = failed.select_related("product").defer("raw")
        yield "failed", TimelineSource(failed, "status_since", timeline_entries.of_failed)
    if kind in ("", "operations", "failures"):
        took_long = Q(finished_at__gt=F("requested_at") + timeline_operations.LONG)
        begun = Q(finished_at=None) if kind == "failures" else Q(finished_at=None) | took_long
        yield (
            "operations",
            TimelineSource(
                operations.filter(begun), "requested_at", timeline_operations.of_operations
            ),
        )


def _orders_of(service: ProductInstance | Case) -> list[int]:
    """The orders that were in place of that service, or that it came of; one query at most."""
    if isinstance(service, Case):
        of_same = Reorder.objects.filter(origin__in=cases.services_of(service).values("pk"))
        return list(of_same.order_by().values_list("operation", flat=True))
    made = getattr(service, "reorder", None)
    found = [made.operation_id] if made else []
    if service.is_failed:
        found += service.reorders.order_by().values_list("operation", flat=True)
    return found


def _without_causes(changes: QuerySet[Change]) -> QuerySet[Change]:
    """The changes less the code and message of a failure: its own entry tells them."""
    same = Change.objects.filter(instance=OuterRef("instance"), at=OuterRef("at"), **FAILED)
    causes = Q(field__in=("failure_code", "failure_message"))
    return changes.exclude(causes & Q(Exists(same)))
