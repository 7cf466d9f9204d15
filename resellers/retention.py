"""What is not kept for good: each kind of row has an age, `RETENTION`, after which it is removed.

The audit trail, cases, operations and every change of a record are kept for good. What an open
operation, case, flow or bulk change still needs stays however old it is.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Exists, Max, Model, OuterRef, Q, QuerySet
from django.db.models.functions import Least
from django.utils import timezone

from resellers.clock import database_now
from resellers.models import (
    BulkRun,
    CallCount,
    Case,
    Confirmation,
    DailyCount,
    Delivery,
    ExportFile,
    Flow,
    FlowStep,
    LogInTries,
    Notice,
    Operation,
    OperationAttempt,
    SyncRun,
    Upload,
)
from resellers.models.operation_querysets import OPEN
from resellers.transactions import briefly

logger = logging.getLogger(__name__)

BATCH = 500  # rows a transaction: nobody waits for more than that
Rows = QuerySet[Any]


def _delete(rows: Rows) -> None:
    rows.delete()


def _empty(rows: Rows) -> None:
    """The call stays, with its time, its status, its code and what Wix said."""
    rows.update(seen=None, effect=None)


def _delete_with_bytes(rows: Rows) -> None:
    """The bytes first. Where their folder does not let them go, rows go all the same, and all that
    is removed after them: what no row names is looked for in that folder by itself."""
    for names in rows.values_list("stored_as", "keys_as"):
        for name in filter(None, names):
            try:
                (Path(settings.EXPORTS_DIR) / name).unlink(missing_ok=True)
            except OSError:
                logger.exception("%s could not be removed", name)
    rows.delete()


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of rows: which of them are older than a time and needed by nobody."""

    setting: str
    words: str
    older: Callable[[datetime], Rows]
    remove: Callable[[Rows], None] = _delete


# --- what is needed ------------------------------------------------------------------------------


def _readings(before: datetime) -> Rows:
    """But for the open ones, the last of each kind and end, of which pages tell, and the one that
    says from when on changes are still to be read."""
    last = SyncRun.objects.order_by().values("kind", "state").annotate(last=Max("pk"))
    marks = SyncRun.objects.filter(state=SyncRun.State.SUCCEEDED, high_water__isnull=False)
    furthest = marks.order_by(Least("high_water", "finished_at").desc()).values("pk")[:1]
    old = SyncRun.objects.filter(requested_at__lt=before).exclude(state__in=SyncRun.OPEN_STATES)
    return old.exclude(pk__in=last.values("last")).exclude(pk__in=furthest).order_by("requested_at")


def _answers(before: datetime) -> Rows:
    unclosed = Case.objects.unclosed()
    about = Q(operation=OuterRef("pk")) | Q(instance=OuterRef("instance"))
    steps = FlowStep.objects.filter(operation=OuterRef("pk"), flow__in=Flow.objects.unfinished())
    untrue = Q(drifted_at__isnull=False, drift_ended_at=None)
    needed = Operation.objects.filter(
        OPEN | Q(settle_at__isnull=False) | untrue | Exists(unclosed.filter(about)) | Exists(steps),
        pk=OuterRef("operation"),
    )
    has_bodies = Q(seen__isnull=False) | Q(effect__isnull=False)
    old = OperationAttempt.objects.filter(has_bodies, sent_at__lt=before)
    return old.exclude(Exists(needed)).order_by("sent_at")


def _notices(before: datetime) -> Rows:
    """What is told stays told: of what is still open nobody is to hear anew."""
    ended = (BulkRun.State.STOPPED, BulkRun.State.DONE)
    return (
        Notice.objects.filter(at__lt=before)
        .exclude(case__in=Case.objects.unclosed())
        .exclude(operation__in=Operation.objects.open())
        .exclude(flow__in=Flow.objects.unfinished())
        .exclude(run__in=BulkRun.objects.exclude(state__in=ended))
        .order_by("at")
    )


def _deliveries(before: datetime) -> Rows:
    old = Delivery.objects.filter(created_at__lt=before)
    return old.exclude(state__in=Delivery.PENDING_STATES).order_by("created_at")


def _tries(before: datetime) -> Rows:
    held = Q(held_until__isnull=False, held_until__gt=database_now())
    return LogInTries.objects.filter(last_at__lt=before).exclude(held).order_by("last_at")


def _logged_in(before: datetime) -> Rows:
    """What people see of their sessions, where these themselves are gone."""
    session = Session.objects.filter(session_key=OuterRef("session_key"))
    rows: Rows = UserSession.objects.filter(~Exists(session), created_at__lt=before)
    return rows.order_by("pk")


RULES = (
    Rule("READINGS", "readings", _readings),
    Rule(
        "READINGS",
        "answers of readings",
        lambda before: Confirmation.objects.filter(at__lt=before).order_by("at"),
    ),
    Rule("ANSWERS", "bodies of calls", _answers, _empty),
    Rule(
        "DAILY_COUNTS",
        "daily counts",
        lambda before: DailyCount.objects.filter(day__lt=timezone.localdate(before)),
    ),
    Rule("SESSIONS", "sessions", lambda before: Session.objects.filter(expire_date__lt=before)),
    Rule("SESSIONS", "entries of sessions", _logged_in),
    Rule("UPLOADS", "files", lambda before: Upload.objects.filter(at__lt=before)),
    Rule(
        "EXPORTS",
        "files made of lists",
        lambda before: ExportFile.objects.filter(finished_at__lt=before).order_by("finished_at"),
        _delete_with_bytes,
    ),
    Rule("NOTICES", "notices", _notices),
    Rule("DELIVERIES", "mails and calls of webhooks", _deliveries),
    Rule("LOG_IN_TRIES", "counts of log-ins", _tries),
    Rule(
        "API_COUNTS",
        "counts of calls",
        lambda before: CallCount.objects.filter(minute__lt=int(before.timestamp()) // 60),
    ),
)


# --- removing ------------------------------------------------------------------------------------


def remove_old(*settings_: str, seconds: float | None = None) -> bool:
    """Remove what is old enough, for so long at most; whether that was all of it.

    All rules are followed, or those of the settings that are named. One line of the log says what
    was removed.
    """
    give_up_at = None if seconds is None else time.monotonic() + seconds
    removed: dict[str, int] = {}
    try:
        for rule in RULES:
            if settings_ and rule.setting not in settings_:
                continue
            while found := _remove_batch(rule):
                removed[rule.words] = removed.get(rule.words, 0) + found
                if give_up_at is not None and time.monotonic() > give_up_at:
                    return False
        return True
    finally:
        if removed:
            summary = ", ".join(f"{number} {words}" for words, number in removed.items())
            logger.info("removed what was kept for long enough: %s", summary)


def _remove_batch(rule: Rule) -> int:
    """Remove the first of its rows, in a transaction of their own; how many those were."""
    before = database_now() - timedelta(days=settings.RETENTION[rule.setting])
    rows = rule.older(before)
    # Looked for before the transaction: on SQLite one that removes nothing keeps others waiting.
    keys = list(rows.values_list("pk", flat=True)[:BATCH])
    if keys:
        model: type[Model] = rows.model
        with briefly():
            rule.remove(model._default_manager.filter(pk__in=keys))
    return len(keys)
