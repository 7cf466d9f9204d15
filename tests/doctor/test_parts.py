"""What the doctor says of the parts of the dashboard itself, and what is kept of a run."""

import re
import subprocess
from datetime import timedelta

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from resellers import audit, breaker, heartbeats, policy, tallies
from resellers.doctor import files
from resellers.models import (
    Delivery,
    Examination,
    Figures,
    Heartbeat,
    SyncRun,
    Tally,
    TallyCheck,
)
from resellers.notify import hooks, outbox
from tests import environment, processes, servers, worlds
from tests.doctor.report import PARTS, examined, in_a_process
from tests.environment import PRODUCTION
from tests.tampering import emptied

ON_CHANGE = {"sqlite": "delete", "postgresql": "change"}


@pytest.mark.parametrize("role", ["worker", "beat", "sweep"])
@pytest.mark.parametrize("minutes", [3, None])
def test_a_process_that_is_silent_is_wrong(role, minutes, healthy):
    if minutes:
        Heartbeat.objects.filter(role=role).update(
            last_seen_at=timezone.now() - timedelta(minutes=minutes)
        )
    else:
        Heartbeat.objects.filter(role=role).delete()

    finding = examined().of[role.capitalize()]

    assert finding.verdict == "WRONG"
    assert finding.words == ("Last seen 3 min ago." if minutes else "Never seen.")
    assert finding.next_step


def test_pages_that_nobody_asks_for_are_no_fault(healthy):
    Heartbeat.objects.filter(role="web").delete()

    report = examined()

    assert report.of["Web"].verdict == "note"
    assert report.status == 0


@pytest.mark.parametrize(("hours", "words"), [(27, "last whole 27 h ago"), (None, "never read")])
def test_a_mirror_that_is_overdue_is_wrong(hours, words, healthy):
    whole = timezone.now() - timedelta(hours=hours) if hours else None
    Figures.objects.update(mirror_whole_at=whole)

    finding = examined().of["Mirror"]

    assert finding.verdict == "WRONG"
    assert words in finding.words
    assert "sync_mirror --full" in finding.next_step


def test_where_files_of_lists_are_kept_is_tried_and_told_with_its_room(
    healthy, settings, tmp_path, monkeypatch
):
    settings.EXPORTS_DIR = str(tmp_path / "exports")
    before = examined().of["Files"]
    (tmp_path / "exports").mkdir()
    there = examined().of["Files"]
    monkeypatch.setattr(files, "ROOM", 1 << 62)
    narrow = examined().of["Files"]

    assert (before.verdict, there.verdict, narrow.verdict) == ("ok", "ok", "note")
    assert "is made with the first file" in before.words
    assert re.search(r"exports can be written to; [\d.]+ .B are free\.", there.words)
    assert list((tmp_path / "exports").iterdir()) == []
    assert "but only" in narrow.words
    assert "400 MB" in narrow.next_step


def test_figures_that_were_wrong_are_told_until_a_check_finds_all_right(
    healthy,
):
    assert examined().of["Figures"].words.endswith(" s ago: all right.")

    Tally.objects.of("packages").delete()
    tallies.check()
    mended = examined().of["Figures"]
    assert mended.verdict == "WRONG"
    assert "found 1 records counted wrongly, and mended it: packages +1" in mended.words

    tallies.check()
    assert examined().of["Figures"].verdict == "ok"
    assert "wrong last on" in examined().of["Figures"].words

    TallyCheck.objects.update(checked_at=timezone.now() - timedelta(hours=51))
    assert examined().of["Figures"].verdict == "WRONG"
    TallyCheck.objects.all().delete()
    assert examined().of["Figures"].verdict == "not tried"


def test_a_reading_that_failed_is_wrong_until_one_ends_well(healthy):
    now = timezone.now()
    failed = {"state": "failed", "error": "Wix was away.", "finished_at": now}
    SyncRun.objects.create(kind="incremental", subject="incremental", **failed)
    before = examined().of["Mirror"]
    SyncRun.objects.create(
        kind="full", subject="full", state="succeeded", finished_at=now + timedelta(seconds=1)
    )
    after = examined().of["Mirror"]

    assert before.verdict == "WRONG"
    assert "Wix was away." in before.words
    assert after.verdict == "ok"


def test_a_pause_of_all_writes_is_told_with_its_reason(healthy):
    breaker.pause_writes("Wix does not accept the key.")

    finding = examined().of["Writing"]

    assert finding.verdict == "WRONG"
    assert "Wix does not accept the key." in finding.words
    assert "press Resume" in finding.next_step


def test_a_dashboard_made_read_only_is_worth_knowing_and_no_fault(healthy):
    policy.set_read_only("Wix moves our account.", by=worlds.user("admin"))

    report = examined()

    finding = report.of["Writing"]
    assert (finding.verdict, report.wrong) == ("note", [])
    assert "by admin since" in finding.words
    assert "Wix moves our account." in finding.words


def test_the_last_run_alone_is_kept(healthy):
    Heartbeat.objects.filter(role="sweep").delete()
    examined()
    heartbeats.record(Heartbeat.Role.SWEEP)
    examined()

    examination = Examination.objects.get()
    verdicts = {found["part"]: found["verdict"] for found in examination.findings}
    assert list(verdicts) == PARTS
    assert verdicts["Sweep"] == "ok"
    assert timezone.now() - examination.examined_at < timedelta(minutes=1)


def test_a_key_that_got_into_the_words_of_others_is_not_repeated(healthy, settings):
    SyncRun.objects.create(
        kind="full",
        subject="full",
        state="failed",
        error=f"key {settings.WIX_API_KEY}\nrefused",
        finished_at=timezone.now(),
    )

    report = examined()

    assert "key [secret] refused" in report.of["Mirror"].words
    assert settings.WIX_API_KEY not in report.output
    assert settings.WIX_API_KEY not in str(Examination.objects.get().findings)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_database_that_knows_only_ascii_letters_is_told_with_how_to_make_one():
    made = processes.database_url()
    plain = made.rpartition("/")[0] + "/plain"
    programs = servers.postgresql_folder()
    with psycopg.connect(made, autocommit=True) as server:
        server.execute("CREATE DATABASE plain TEMPLATE template0 LOCALE 'C'")
    # With the tables that are there: to make them anew takes ten seconds.
    dump = subprocess.run([programs / "pg_dump", made], stdout=subprocess.PIPE, check=True)
    fill = [programs / "psql", "--quiet", "--set", "ON_ERROR_STOP=1", plain]
    subprocess.run(fill, input=dump.stdout, stdout=subprocess.DEVNULL, check=True)

    finding = in_a_process(environment.of_process(PRODUCTION, DATABASE_URL=plain)).of["Database"]

    with psycopg.connect(made, autocommit=True) as server:
        server.execute("DROP DATABASE plain")
    assert finding.verdict == "note"
    assert "`šiaul` does not find Šiaulių" in finding.words
    assert "createdb --locale=C.UTF-8" in finding.next_step


def test_a_trail_whose_guards_no_longer_do_the_same_is_wrong(healthy):
    audit.record("one")
    assert examined().of["Audit trail"].words == "What guards it stands."
    connection.check_constraints()  # none is left to be looked at later: ALTER would wait for it
    for statement in emptied("resellers_auditentry", "audit_no_" + ON_CHANGE[connection.vendor])[0]:
        with connection.cursor() as cursor:
            cursor.execute(statement)

    report = examined()

    assert report.wrong == ["Audit trail"]
    assert "does not do what it was laid to do" in report.of["Audit trail"].words
    assert "verify_audit --head" in report.of["Audit trail"].next_step


def test_mails_and_calls_that_wait_are_told_with_what_the_server_said(healthy, settings):
    person = worlds.user("admin", email="ada@agency.example")
    hook, _ = hooks.make("https://chat.agency.example/hook", ["cause.opened"], by=person)
    assert examined().of["Mail"].words == "None was sent yet."
    assert examined().of["Webhooks"].words == "Nothing waits for the 1 of them."

    outbox.post([outbox.mail(person, "assigned", "a", "A case", "Look at it.")])
    hooks.send_test(hook, by=person)
    Delivery.objects.update(tries=2, last_answer="No answer within 10 s.")

    report = examined()
    assert report.wrong == ["Mail"]
    assert "1 wait, the oldest since" in report.of["Mail"].words
    assert "No answer within 10 s." in report.of["Webhooks"].words
    assert report.of["Webhooks"].verdict == "note"
    settings.MAIL_IS_ON = False
    assert "nobody is mailed" in examined().of["Mail"].words
