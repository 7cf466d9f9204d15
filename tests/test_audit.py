"""The trail holds, and where it does not it says so."""

from datetime import UTC, datetime
from io import StringIO
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from resellers import audit
from resellers.models import AuditEntry, AuditHead
from tests import worlds
from tests.tampering import breaks, tampered_with, unguarded

pytestmark = [pytest.mark.django_db, pytest.mark.every_value]


def test_entries_follow_each_other_without_a_gap():
    person = worlds.user()

    for event in ("one", "two", "three"):
        audit.record(event, by=person, body={"event": event})

    assert [entry.seq for entry in AuditEntry.objects.order_by("seq")] == [1, 2, 3]
    assert list(audit.verify()) == []


def test_an_entry_says_who_did_what_to_what_and_from_where():
    person, operation = worlds.user(), worlds.operation()

    audit.record("one", by=person, address="192.0.2.1", operation=operation, body={"amount": 1})

    entry = AuditEntry.objects.get()
    assert (entry.event, entry.actor, entry.actor_name) == ("one", person, person.username)
    assert (entry.address, entry.body) == ("192.0.2.1", {"amount": 1})
    about = (entry.operation_id, entry.account_id, entry.instance_id)
    assert about == (operation.pk, operation.account_id, operation.instance_id)


def test_an_entry_without_an_operation_names_what_it_is_told():
    account, instance = worlds.new_id(), worlds.new_id()

    audit.record("one", account_id=account, instance_id=instance)
    audit.record("two")

    first, second = AuditEntry.objects.order_by("seq")
    assert (first.operation_id, first.account_id, first.instance_id) == (None, account, instance)
    assert (first.actor, first.actor_name) == (None, "")
    assert (second.account_id, second.instance_id) == (None, None)


def test_of_an_operation_of_another_account_the_entry_names_the_account_it_is_told():
    operation, account, instance = worlds.operation(), worlds.new_id(), worlds.new_id()

    entry = audit.record("one", operation=operation, account_id=account, instance_id=instance)

    assert (entry.account_id, entry.instance_id) == (account, instance)


def test_what_persons_do_has_the_address_of_the_request_in_hand_and_the_system_has_none():
    person = worlds.user()
    audit.persons_come_from("192.0.2.1")
    try:
        entries = [
            audit.record("by a person", by=person),
            audit.record("from elsewhere", by=person, address="192.0.2.2"),
            audit.record("by the system"),
        ]
    finally:
        audit.persons_come_from(None)

    assert [entry.address for entry in entries] == ["192.0.2.1", "192.0.2.2", None]
    assert audit.record("by a person", by=person).address is None


def test_what_persons_do_has_the_session_in_hand_and_the_system_and_the_next_person_do_not():
    person = worlds.user()
    audit.persons_use("the key of a session")
    try:
        entries = [audit.record("by a person", by=person), audit.record("by the system")]
    finally:
        audit.persons_come_from(None)

    fingerprint = audit.session_fingerprint("the key of a session")
    assert [entry.session for entry in entries] == [fingerprint, None]
    assert audit.record("by a person", by=person).session is None


@pytest.mark.django_db(transaction=True)
def test_in_tables_that_were_emptied_a_trail_begins_anew():
    audit.record("one")
    call_command("flush", interactive=False, verbosity=0)
    assert not AuditHead.objects.exists()

    assert audit.record("one").seq == 1

    assert breaks() == []


def test_a_hash_is_made_for_good_so_that_what_was_written_once_still_holds():
    entry = AuditEntry(
        seq=7,
        at=datetime(2026, 1, 2, 3, 4, 5, 600, tzinfo=UTC),
        event="operation.requested",
        actor_id=3,
        actor_name="Jürgen",
        operation_id=11,
        account_id=UUID(int=1),
        instance_id=UUID(int=2),
        body={"b": [1, "ž"], "a": {"y": None, "x": True}},
        previous_hash="0" * 64,
    )
    sparse = AuditEntry(seq=1, at=entry.at, event="one", previous_hash=audit.FIRST_HASH)

    assert audit.hash_of(entry, "192.0.2.1") == (
        "a00417c798c9b50b9d1f5bf2a8350acafca717fcb6733dbd70605683a4cb0bdb"
    )
    assert audit.hash_of(sparse, None) == (
        "fec46a7b75dd65decd9ef92b67c466039351434f30e87db7e3a7692840267792"
    )


ENTRY = "SELECT {}, at, 'other', actor_name, body, previous_hash, hash FROM resellers_auditentry"
COLUMNS = "seq, at, event, actor_name, body, previous_hash, hash"
ON_ANY = [
    "UPDATE resellers_auditentry SET event = 'other'",
    "DELETE FROM resellers_auditentry",
    "UPDATE resellers_audithead SET seq = 1",
    "UPDATE resellers_audithead SET seq = 3",
    "UPDATE resellers_audithead SET hash = 'other'",
    "UPDATE resellers_audithead SET id = 2",
    "UPDATE resellers_audithead"
    " SET seq = 1, hash = (SELECT hash FROM resellers_auditentry WHERE seq = 1)",
    "DELETE FROM resellers_audithead",
    "INSERT INTO resellers_audithead (id, seq, hash) VALUES (2, 0, 'other')",
    "INSERT INTO resellers_audithead (id, seq, hash) VALUES (1, 0, 'other')"
    " ON CONFLICT (id) DO UPDATE SET seq = 0",
]
ON = {
    "postgresql": [
        "TRUNCATE resellers_auditentry",
        "TRUNCATE resellers_audithead",
        f"INSERT INTO resellers_auditentry ({COLUMNS}) {ENTRY.format('seq')}"
        " ON CONFLICT (seq) DO UPDATE SET event = 'other'",
    ],
    "sqlite": [
        f"INSERT OR REPLACE INTO resellers_auditentry ({COLUMNS}) {ENTRY.format('seq')}",
        f"REPLACE INTO resellers_auditentry ({COLUMNS}) {ENTRY.format('seq')} WHERE seq = 1",
        f"REPLACE INTO resellers_auditentry (rowid, {COLUMNS}) {ENTRY.format('1, 9')} LIMIT 1",
        f"INSERT INTO resellers_auditentry ({COLUMNS}) {ENTRY.format('seq')} WHERE true"
        " ON CONFLICT (seq) DO UPDATE SET event = 'other'",
        "UPDATE OR REPLACE resellers_auditentry SET seq = 2 WHERE seq = 1",
        "REPLACE INTO resellers_audithead (id, seq, hash) VALUES (1, 1, 'other')",
        "REPLACE INTO resellers_audithead (rowid, id, seq, hash) VALUES (1, 2, 9, 'other')",
        "UPDATE OR REPLACE resellers_audithead SET seq = 0",
    ],
}


def test_the_database_refuses_to_change_or_remove_an_entry_or_to_move_the_head_back():
    audit.record("one")
    audit.record("two")
    connection.check_constraints()  # none is left to be looked at later: TRUNCATE would wait for it

    for statement in ON_ANY + ON[connection.vendor]:
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    assert breaks() == []
    audit.record("three")
    assert breaks() == []


def test_an_entry_changed_behind_the_triggers_is_found():
    audit.record("one", body={"amount": 1})
    audit.record("two")
    tampered_with(seq=1, body={"amount": 2})

    assert breaks() == [(1, "entry 1 was changed")]
    with pytest.raises(CommandError, match="does not hold in"):
        call_command("verify_audit", stderr=StringIO())


@pytest.mark.parametrize("number", [1, 3])
def test_last_entries_that_were_rewritten_and_hashed_anew_are_found_by_the_head(number):
    previous = audit.FIRST_HASH
    for event in ("one", "two", "three"):
        audit.record(event, body={"amount": 1})
    for entry in AuditEntry.objects.order_by("seq"):
        if entry.seq > 3 - number:
            entry.body, entry.previous_hash = {"amount": 2}, previous
            entry.hash = audit.hash_of(entry, entry.address)
            changed = {name: getattr(entry, name) for name in ("body", "previous_hash", "hash")}
            tampered_with(seq=entry.seq, **changed)
        previous = entry.hash

    assert breaks() == [(3, "entry 3 is not the one that the head names")]


def test_a_trail_whose_end_was_cut_off_is_found_by_the_head():
    for event in ("one", "two"):
        audit.record(event)
    unguarded(seq=2).delete()

    assert breaks() == [(2, "the trail ends at 1, the head says 2")]


def test_entries_that_were_taken_out_of_the_midst_are_found():
    for event in ("one", "two", "three", "four"):
        audit.record(event)
    unguarded(seq=2).delete()
    unguarded(seq=3).delete()

    assert breaks() == [(2, "entries 2 to 3 are missing")]


def test_an_entry_that_follows_another_than_the_one_before_it_is_found():
    audit.record("one")
    audit.record("two")
    first = AuditEntry.objects.get(seq=1)
    first.event = "other"
    tampered_with(seq=1, event="other", hash=audit.hash_of(first, None))

    assert breaks() == [(2, "entry 2 does not follow the one before it")]


def test_the_command_names_the_head_so_that_it_can_be_kept_elsewhere():
    entry = audit.record("one")
    out = StringIO()

    call_command("verify_audit", stdout=out)

    assert out.getvalue() == f"The audit trail holds: 1 entries, head 1:{entry.hash}\n"
