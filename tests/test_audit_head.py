"""What somebody with the tables' own rights does to the trail, and what a kept head tells of it."""

import logging
import sqlite3
import subprocess
import sys
from contextlib import closing
from copy import copy
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from resellers import audit, audit_guards, audit_head, notify
from resellers.models import AuditEntry, AuditHead, Delivery
from resellers.notify import hooks
from tests import processes, worlds
from tests.notify.receivers import mail_server
from tests.tampering import breaks, emptied, unguarded

pytestmark = pytest.mark.django_db
ROLE = Path("deploy/append_only_role.sql")


def trail() -> audit_head.Head:
    """Three entries; their head as it was kept."""
    for event in ("one", "two", "three"):
        audit.record(event, body={"amount": 1})
    return audit_head.current()


def written_anew(seq: int) -> None:
    """The entry with another body, all after it hashed anew, and the head made to fit."""
    previous = ""
    for entry in AuditEntry.objects.filter(seq__gte=seq).order_by("seq"):
        entry.body = {"amount": 2} if entry.seq == seq else entry.body
        entry.previous_hash = previous or entry.previous_hash
        entry.hash = previous = audit.hash_of(entry, entry.address)
        changed = {name: getattr(entry, name) for name in ("body", "previous_hash", "hash")}
        unguarded(entry.seq).update(**changed)
    the_head_is(AuditEntry.objects.latest("seq"))


def the_head_is(entry: AuditEntry) -> None:
    off = {
        "sqlite": "DROP TRIGGER IF EXISTS audit_head_no_update",
        "postgresql": "ALTER TABLE resellers_audithead DISABLE TRIGGER audit_head_goes_forward",
    }
    with connection.cursor() as cursor:
        cursor.execute(off[connection.vendor])
    AuditHead.objects.filter(pk=1).update(seq=entry.seq, hash=entry.hash)


def against(head: audit_head.Head) -> list[str]:
    return [found.words for found in audit_head.against([head])]


def test_a_chain_that_was_written_anew_with_its_head_is_told_by_a_kept_head_alone():
    kept = trail()
    written_anew(seq=2)

    assert breaks() == []
    assert against(kept) == ["entry 3 is not the one whose hash was kept: it was written anew"]


def test_a_tail_that_was_cut_with_its_head_or_an_old_backup_is_told_by_a_kept_head_alone():
    kept = trail()
    unguarded(seq=3).delete()
    the_head_is(AuditEntry.objects.get(seq=2))

    assert breaks() == []
    assert against(kept) == ["the trail ends at 2, and entry 3 was kept: its end was cut off"]
    # What was written since in its place is another entry.
    audit.record("other")
    assert against(kept) == ["entry 3 is not the one whose hash was kept: it was written anew"]


def edited() -> None:
    unguarded(2).update(body={"amount": 2})


def edited_with_its_hash() -> None:
    unguarded(2).update(**rehashed(AuditEntry.objects.get(seq=2), body={"amount": 2}))


def deleted() -> None:
    unguarded(2).delete()


def appended_by_hand() -> None:
    last = AuditEntry.objects.get(seq=3)
    values = rehashed(last, seq=4, previous_hash=last.hash)
    AuditEntry.objects.bulk_create([replace(last, **values)])


def inserted_before_all() -> None:
    first = AuditEntry.objects.get(seq=1)
    AuditEntry.objects.bulk_create([replace(first, **rehashed(first, seq=0))])


def inserted_amid() -> None:
    """Between two others: those behind it are numbered anew, each with a hash that fits."""
    second, third = AuditEntry.objects.get(seq=2), AuditEntry.objects.get(seq=3)
    unguarded(3).update(**rehashed(third, seq=4))
    AuditEntry.objects.bulk_create([replace(second, **rehashed(second, seq=3))])


def reordered() -> None:
    rows = [AuditEntry.objects.get(seq=seq) for seq in (2, 3)]
    unguarded(2).update(**rehashed(rows[0], event=rows[1].event))
    unguarded(3).update(**rehashed(rows[1], event=rows[0].event))


def cut() -> None:
    unguarded(3).delete()


def replaced() -> None:
    """As REPLACE does it: one statement, and the row is another one under the same number."""
    row = AuditEntry.objects.get(seq=2)
    values = rehashed(row, event="other")
    unguarded(2)
    statement = {
        "sqlite": "REPLACE INTO resellers_auditentry ({0}) SELECT {1} FROM resellers_auditentry"
        " WHERE seq = 2",
        "postgresql": "INSERT INTO resellers_auditentry ({0}) SELECT {1} FROM resellers_auditentry"
        " WHERE seq = 2 ON CONFLICT (seq) DO UPDATE SET event = EXCLUDED.event,"
        " hash = EXCLUDED.hash",
    }[connection.vendor]
    names = [field.column for field in AuditEntry._meta.concrete_fields]
    chosen = [f"'{values[name]}'" if name in values else name for name in names]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER audit_no_replace")
        cursor.execute(statement.format(", ".join(names), ", ".join(chosen)))


def rehashed(entry: AuditEntry, **values: object) -> dict[str, object]:
    """These values, and the hash that the entry has with them."""
    return values | {"hash": audit.hash_of(replace(entry, **values), entry.address)}


def replace(entry: AuditEntry, **values: object) -> AuditEntry:
    """A copy of the entry with these values in it."""
    copied = copy(entry)
    for name, value in values.items():
        setattr(copied, name, value)
    return copied


@pytest.mark.every_value
@pytest.mark.parametrize(
    ("act", "told"),
    [
        (edited, ["entry 2 was changed"]),
        (edited_with_its_hash, ["entry 3 does not follow the one before it"]),
        (deleted, ["entries 2 to 2 are missing"]),
        (appended_by_hand, ["the trail ends at 4, the head says 3"]),
        (inserted_before_all, ["entry 0 was inserted"]),
        (inserted_amid, ["does not follow the one before it", "the trail ends at 4, the head"]),
        (reordered, ["entry 3 does not follow the one before it"]),
        (cut, ["the trail ends at 2, the head says 3"]),
        (replaced, ["entry 3 does not follow the one before it"]),
    ],
)
def test_whatever_is_done_to_the_trail_verify_audit_names(act, told):
    kept, error = trail(), StringIO()
    act()

    with pytest.raises(CommandError, match="does not hold"):
        call_command("verify_audit", head=[str(kept)], stderr=error)

    for words in told:
        assert words in error.getvalue()


def told_with(*statements: str) -> str:
    """What the command names once these have run, which are then taken back."""
    error = StringIO()
    with transaction.atomic():
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        with pytest.raises(CommandError):
            call_command("verify_audit", stderr=error)
        transaction.set_rollback(True)
    return error.getvalue()


def guards() -> list[tuple[str, str]]:
    """Those of the trail, but for what the tests' own tables have not."""
    laid = sorted(audit_guards.laid())
    assert len(laid) == {"sqlite": 6, "postgresql": 5}[connection.vendor]
    return [(table, name) for table, name in laid if "truncate" not in name]


OFF = {
    "sqlite": "DROP TRIGGER {name}",
    "postgresql": "ALTER TABLE {table} DISABLE TRIGGER {name}",
}


def test_each_trigger_that_is_away_or_disabled_is_named():
    trail()
    connection.check_constraints()  # none is left to be looked at later: ALTER would wait for it
    for table, name in guards():
        told = told_with(OFF[connection.vendor].format(table=table, name=name))
        assert f"the trigger {name} on {table} is missing or disabled" in told


def test_each_trigger_of_the_same_name_that_no_longer_does_the_same_is_named():
    trail()
    connection.check_constraints()
    for table, name in guards():
        for statements in emptied(table, name):
            told = told_with(*statements)
            assert f"the trigger {name} on {table} does not do what it was laid to do" in told


@pytest.mark.standalone
@pytest.mark.django_db(transaction=True)
def test_a_backup_that_was_put_in_place_is_told_by_a_kept_head_alone(tmp_path):
    """A real one: the file as it was before the last entries were written."""
    trail()
    backup = tmp_path / "backup.sqlite3"
    with closing(sqlite3.connect(backup)) as copied:
        connection.connection.backup(copied)
    audit.record("four")
    kept = audit_head.current()
    env = processes.environment("") | {"DATABASE_URL": f"sqlite:///{backup}"}

    def verified(*heads: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "manage.py", "verify_audit", *heads]
        return subprocess.run(
            command, cwd=processes.ROOT, env=env, capture_output=True, text=True, check=False
        )

    assert verified().returncode == 0
    with_head = verified("--head", str(kept))
    assert with_head.returncode == 1
    assert "the trail ends at 3, and entry 4 was kept: its end was cut off" in with_head.stderr


def test_the_command_takes_heads_as_written_and_in_files_and_refuses_what_names_none(tmp_path):
    first, kept = audit.record("zero"), trail()
    log = tmp_path / "worker.log"
    log.write_text(f"10:00 the audit trail's head is 1:{first.hash}\nhead {kept}\n")
    out = StringIO()

    call_command("verify_audit", head=[str(kept), str(log)], stdout=out)

    assert "the one of which 3 heads were kept" in out.getvalue()
    for wrong in ("no-such-file", str(tmp_path / "empty")):
        (tmp_path / "empty").write_text("nothing")
        with pytest.raises(CommandError) as told:
            call_command("verify_audit", head=[wrong])
        assert told.value.returncode == 2


def test_the_head_leaves_by_log_mail_and_webhook_once_for_what_was_recorded(
    caplog, settings, mailoutbox
):
    keepers = ["keeper@agency.example", "other@agency.example"]
    settings.MAIL_IS_ON, settings.AUDIT_HEAD_MAIL = True, keepers
    hooks.make("https://keeper.example/", ["audit.head"], by=worlds.user("admin"))
    kept = trail()

    with caplog.at_level(logging.INFO, logger="resellers.audit_head"):
        audit_head.leave()
        audit_head.leave()

    assert caplog.messages == [f"the audit trail's head is {kept}"] * 2
    [call] = Delivery.objects.filter(channel="webhook")
    assert kept.hash in call.body
    for one in Delivery.objects.mails().order_by("pk"):
        notify.send(one.pk)
    assert [one.to for one in mail.outbox] == [["keeper@agency.example"], ["other@agency.example"]]
    assert str(kept) in mail.outbox[0].body


def test_a_head_that_no_mail_server_took_comes_once_it_is_back_and_once_alone(settings):
    settings.MAIL_IS_ON, settings.AUDIT_HEAD_MAIL = True, ["keeper@agency.example"]
    settings.NOTIFY = settings.NOTIFY | {"RETRY_SECONDS": (0,)}
    kept = trail()
    with mail_server(settings) as server:
        pass

    def sent() -> None:
        for pk in notify.due():
            notify.send(pk)

    audit_head.leave()
    sent()
    audit_head.leave()

    [waiting] = Delivery.objects.pending()
    assert "Connection refused" in waiting.last_answer
    with mail_server(settings, server.port) as back:
        sent()
        audit_head.leave()
        sent()
    [read] = back.taken
    assert (read["To"], str(kept) in read.get_content()) == ("keeper@agency.example", True)


def test_a_trail_that_was_written_anew_is_mailed_though_its_number_was_mailed_before(settings):
    settings.MAIL_IS_ON, settings.AUDIT_HEAD_MAIL = True, ["keeper@agency.example"]
    kept = trail()
    audit_head.leave()
    written_anew(seq=2)

    audit_head.leave()

    mailed = [one.body.split()[0] for one in Delivery.objects.order_by("pk")]
    assert mailed == [str(kept), str(audit_head.current())]


def test_where_beat_is_away_the_sweep_has_it_leave_every_ten_minutes_and_once_beside_beat(
    transactional_db, caplog, settings, mailoutbox, monkeypatch
):
    settings.MAIL_IS_ON, settings.AUDIT_HEAD_MAIL = True, ["keeper@agency.example"]
    cache.clear()
    heads = [trail()]
    begun = timezone.now()

    def swept(minutes):
        caplog.clear()
        monkeypatch.setattr(audit_head, "database_now", lambda: begun + timedelta(minutes=minutes))
        with caplog.at_level(logging.INFO, logger="resellers.audit_head"):
            call_command("sweep", "--once")
        return [one.partition("head is ")[2] for one in caplog.messages if "head is" in one]

    assert swept(0) == [str(heads[0])]
    assert swept(1) == swept(10) == []
    audit.record("four")
    heads.append(audit_head.current())
    assert swept(11) == [str(heads[1])]
    assert swept(22) == [str(heads[1])]  # the log always says it
    assert [one.subject.rpartition(" ")[2] for one in mail.outbox] == ["3", "4"]
    # What was recorded while nothing ran at all is told once something does.
    audit.record("five")
    assert swept(300) == [str(audit_head.current())]
    assert len(mail.outbox) == 3
    # Beat has done it a moment ago.
    monkeypatch.setattr(audit_head, "database_now", lambda: begun + timedelta(minutes=311))
    audit_head.leave()
    assert swept(312) == []


def test_an_entry_has_the_fingerprint_of_the_session_in_which_a_person_did_it(client):
    person = worlds.user("manager")
    client.force_login(person)
    client.get("/instances/export.csv").getvalue()

    entry = AuditEntry.objects.filter(event="export.taken").get()
    key = client.session.session_key
    assert entry.session == audit.session_fingerprint(key)
    assert key not in str(vars(entry))
    assert breaks() == []
    unguarded(entry.seq).update(session="other")
    assert breaks() == [(entry.seq, f"entry {entry.seq} was changed")]


@pytest.mark.postgres
def test_a_role_that_may_only_append_does_and_can_do_nothing_else():
    kept, role = trail(), "only_appends"
    statements = [line for line in ROLE.read_text().splitlines() if not line.startswith("--")]
    refused = [
        *("UPDATE resellers_auditentry SET event = 'x'", "DELETE FROM resellers_auditentry"),
        *("TRUNCATE resellers_auditentry", "DELETE FROM resellers_audithead"),
        "ALTER TABLE resellers_auditentry DISABLE TRIGGER audit_no_change",
        "DROP TRIGGER audit_no_change ON resellers_auditentry",
        "UPDATE resellers_audithead SET seq = 1",
        "INSERT INTO resellers_auditentry (seq, at, event, actor_name, body, previous_hash, hash)"
        " VALUES (3, now(), 'x', '', '{}', '', '') ON CONFLICT (seq) DO UPDATE SET event = 'x'",
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {role}")
        cursor.execute("\n".join(statements).replace(":role", role))
        cursor.execute(f"SET LOCAL ROLE {role}")
        for statement in refused:
            with pytest.raises(DatabaseError), transaction.atomic():
                cursor.execute(statement)

        audit.record("four")

        cursor.execute("RESET ROLE")
    assert against(kept) == []
    assert breaks() == []
    assert AuditEntry.objects.count() == 4
