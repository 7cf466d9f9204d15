"""What is not kept for good is removed at its age, and nothing that something open still needs."""

import logging
from datetime import date, timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dashboard.environment import Environment
from dashboard.retention_settings import DAYS, retention_settings
from resellers import audit, retention
from resellers.models import (
    AuditEntry,
    CallCount,
    Case,
    Confirmation,
    DailyCount,
    Delivery,
    ExportFile,
    FlowStep,
    LogInTries,
    Notice,
    Operation,
    OperationAttempt,
    SyncRun,
    Upload,
)
from tests import worlds

pytestmark = pytest.mark.django_db


@pytest.fixture
def lena():
    return worlds.user("operator", "lena")


def ago(setting: str, *, younger: bool = False):
    """A moment to the one side or the other of that age."""
    minute = timedelta(minutes=1)
    age = timedelta(days=settings.RETENTION[setting])
    return timezone.now() - age + (minute if younger else -minute)


CALL = {"fence": 1, "step": "read", "writes": False, "state": "answered", "status": 200} | {
    "seen": {"site_id": ""},
    "effect": {},
    "message": "words",
    "wix_request_id": "r-1",
}


def both(setting: str):
    return ("old", ago(setting)), ("young", ago(setting, younger=True))


# Each makes rows and returns them by what is said of them; `old` alone is to go.


def readings(lena):
    kinds = SyncRun.Kind
    rows = {
        name: SyncRun.objects.create(
            kind=kinds.INCREMENTAL, subject=name, state="succeeded", requested_at=at, finished_at=at
        )
        for name, at in both("READINGS")
    }
    at = ago("READINGS")
    ended = {"requested_at": at, "finished_at": at}
    rows["furthest mark"] = SyncRun.objects.create(
        **ended, kind=kinds.FULL, subject="a", state="succeeded", high_water=timezone.now()
    )
    SyncRun.objects.create(  # another old one, behind which the mark lies
        kind=kinds.FULL, subject="b", state="succeeded", requested_at=timezone.now()
    )
    rows["last that failed"] = SyncRun.objects.create(
        **ended, kind=kinds.UNSETTLED, subject="c", state="failed"
    )
    rows["open"] = SyncRun.objects.create(
        kind=kinds.ACCOUNT, subject="d", state="queued", requested_at=at
    )
    SyncRun.objects.create(kind=kinds.ACCOUNT, subject="e", state="queued")
    return rows


def answers(lena):
    def attempt(at, **fields):
        operation = worlds.operation(by=lena, **{"state": "succeeded"} | fields)
        return OperationAttempt.objects.create(
            operation=operation,
            **CALL,
            sent_at=at,
        )

    at = ago("ANSWERS")
    rows = {name: attempt(at) for name, at in both("ANSWERS")}
    rows["open"] = attempt(at, state="needs_attention")
    rows["read once more"] = attempt(at, settle_at=timezone.now())
    rows["not true any more"] = attempt(at, drifted_at=at)
    rows["of a case"], rows["of a service's case"] = attempt(at), attempt(at)
    about = {"operation": rows["of a case"].operation}
    Case.objects.create(cause="operation", subject="operation:1", **about)
    about = {"instance": rows["of a service's case"].operation.instance}
    Case.objects.create(cause="failed", subject="instance:1", state="snoozed", **about)
    about = {"operation": rows["old"].operation}
    Case.objects.create(cause="operation", subject="operation:2", state="closed", **about)
    rows["of a flow"] = attempt(at)
    flow = worlds.flow(lena)
    FlowStep.objects.create(
        flow=flow, name="more", state="done", operation=rows["of a flow"].operation
    )
    return rows


def daily_counts(lena):
    days = {name: timezone.localdate(at) for name, at in both("DAILY_COUNTS")}
    days["old"] = days["young"] - timedelta(days=1)
    return {
        name: DailyCount.objects.create(day=day, figure="floating", value=1)
        for name, day in days.items()
    }


def sessions(lena):
    return {
        name: Session.objects.create(session_key=name, session_data="", expire_date=at)
        for name, at in both("SESSIONS")
    }


def entries_of_sessions(lena):
    def entry(key, at):
        return UserSession.objects.create(
            user=lena, ip="127.0.0.1", user_agent="", session_key=key, created_at=at
        )

    rows = {name: entry(f"entry-{name}", at) for name, at in both("SESSIONS")}
    later = timezone.now() + timedelta(hours=1)
    Session.objects.create(session_key="lasting", session_data="", expire_date=later)
    return rows | {"of a session that lasts": entry("lasting", ago("SESSIONS"))}


def uploads(lena):
    return {
        name: Upload.objects.create(kind="catalog", name=name, content=b"", by=lena, at=at)
        for name, at in both("UPLOADS")
    }


def exports(lena):
    def export(name, at, **fields):
        about = {
            "noun": "instances",
            "title": name,
            "view": "all",
            "zone": "UTC",
            "state": "failed",
        }
        return ExportFile.objects.create(by=lena, finished_at=at, **about | fields)

    rows = {name: export(name, at) for name, at in both("EXPORTS")}
    return rows | {"being made": export("waits", None, state="queued")}


def notices(lena):
    def notice(key, at, **about):
        return Notice.objects.create(person=lena, kind="assigned", key=key, at=at, **about)

    at = ago("NOTICES")
    closed = Case.objects.create(cause="failed", subject="instance:2", state="closed")
    open_case = Case.objects.create(cause="failed", subject="instance:3")
    return {name: notice(name, at, case=closed) for name, at in both("NOTICES")} | {
        "of a case": notice("case", at, case=open_case),
        "of an operation": notice("operation", at, operation=worlds.operation(by=lena)),
        "of a flow": notice("flow", at, flow=worlds.flow(lena)),
    }


def deliveries(lena):
    def delivery(key, at, state):
        fields = {"channel": "mail", "person": lena, "kind": "assigned", "body": ""}
        row = Delivery.objects.create(key=key, created_at=at, state=state, **fields)
        row.attempts.create()
        return row

    rows = {name: delivery(name, at, "sent") for name, at in both("DELIVERIES")}
    return rows | {"to be sent": delivery("waiting", ago("DELIVERIES"), "waiting")}


def tries(lena):
    def tried(key, at, **fields):
        since = {"recent_since": at, "since": at, "last_at": at}
        return LogInTries.objects.create(scope="name", key=key, **since, **fields)

    held = {"held_until": timezone.now() + timedelta(hours=1), "is_lasting": True}
    rows = {name: tried(name, at) for name, at in both("LOG_IN_TRIES")}
    return rows | {"held": tried("held", ago("LOG_IN_TRIES"), **held)}


def calls(lena):
    two = timedelta(minutes=2)
    return {
        name: CallCount.objects.create(key=name, minute=int((at - by).timestamp()) // 60)
        for (name, at), by in zip(both("API_COUNTS"), (two, -two), strict=True)
    }


def confirmations(lena):
    return {name: Confirmation.objects.create(at=at) for name, at in both("READINGS")}


MADE = {
    "readings": readings,
    "answers of readings": confirmations,
    "bodies of calls": answers,
    "daily counts": daily_counts,
    "sessions": sessions,
    "entries of sessions": entries_of_sessions,
    "files": uploads,
    "files made of lists": exports,
    "notices": notices,
    "mails and calls of webhooks": deliveries,
    "counts of log-ins": tries,
    "counts of calls": calls,
}


def test_what_is_old_enough_goes_and_what_is_needed_stays(lena, viewer, caplog):
    caplog.set_level(logging.INFO, logger="resellers.retention")
    assert set(MADE) == {rule.words for rule in retention.RULES}
    made = {words: make(lena) for words, make in MADE.items()}
    audit.record("log_in.held", body={"name": "x"})
    trail = list(AuditEntry.objects.values())
    operations = Operation.objects.count()

    assert retention.remove_old()

    for words, rows in made.items():
        models = {type(row) for row in rows.values()}
        [model] = models
        kept = model._default_manager.filter(pk__in=[row.pk for row in rows.values()])
        if model is OperationAttempt:
            assert kept.count() == len(rows), "the calls themselves stay"
            bare = kept.get(pk=rows["old"].pk)
            assert (bare.seen, bare.effect) == (None, None)
            assert (bare.message, bare.status, bare.wix_request_id) == ("words", 200, "r-1")
            kept = kept.filter(seen__isnull=False)
        left = set(kept.values_list("pk", flat=True))
        assert {name for name, row in rows.items() if row.pk not in left} == {"old"}, words
    page = viewer.get(made["bodies of calls"]["old"].operation.get_absolute_url())
    assert "what it showed is kept no longer" in page.content.decode()
    assert list(AuditEntry.objects.values()) == trail
    assert Operation.objects.count() == operations
    [line] = [record.getMessage() for record in caplog.records]
    assert all(f"1 {words}" in line for words in MADE), line

    caplog.clear()
    with CaptureQueriesContext(connection) as asked:
        assert retention.remove_old()
    assert not caplog.records
    assert not [one for one in asked if one["sql"].startswith(("DELETE", "UPDATE", "SAVEPOINT"))]


def test_it_goes_in_small_batches_and_stops_in_time(monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 3)
    day = date(2001, 1, 1)
    DailyCount.objects.bulk_create(
        DailyCount(day=day + timedelta(days=number), figure="floating", value=1)
        for number in range(8)
    )

    assert not retention.remove_old("DAILY_COUNTS", seconds=0)
    assert DailyCount.objects.count() == 5
    with CaptureQueriesContext(connection) as asked:
        assert retention.remove_old("DAILY_COUNTS")
    assert len([one for one in asked if one["sql"].startswith("DELETE")]) == 2
    assert not DailyCount.objects.exists()


@pytest.mark.once
@pytest.mark.parametrize(
    ("text", "word"),
    [
        ('{"SESSION": 1}', "SESSION"),
        ('{"ANSWERS": 1}', "2 at least"),
        ('{"NOTICES": "x"}', "NOTICES"),
        ("[]", "object"),
    ],
)
def test_an_age_that_makes_no_sense_refuses_to_start(monkeypatch, text, word):
    monkeypatch.setenv("RETENTION", text)
    with pytest.raises(ImproperlyConfigured, match=word):
        retention_settings(Environment())
    monkeypatch.setenv("RETENTION", '{"READINGS": 30}')
    assert retention_settings(Environment()) == dict(DAYS) | {"READINGS": 30}
