"""The trail holds, and where it does not it says so."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from resellers import audit
from resellers.models import AuditEntry
from tests import worlds

pytestmark = pytest.mark.django_db


def test_entries_follow_each_other_without_a_gap():
    person = worlds.user()

    for event in ("one", "two", "three"):
        audit.record(event, by=person, body={"event": event})

    assert [entry.seq for entry in AuditEntry.objects.order_by("seq")] == [1, 2, 3]
    assert list(audit.verify()) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE resellers_auditentry SET event = 'other'",
        "DELETE FROM resellers_auditentry",
    ],
)
def test_the_database_refuses_to_change_or_remove_an_entry(statement):
    audit.record("one")

    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_an_entry_changed_behind_the_triggers_is_found():
    audit.record("one", body={"amount": 1})
    audit.record("two")
    drop = {
        "sqlite": "DROP TRIGGER audit_no_update",
        "postgresql": "SET CONSTRAINTS ALL IMMEDIATE;"
        "ALTER TABLE resellers_auditentry DISABLE TRIGGER audit_no_change",
    }
    with connection.cursor() as cursor:
        cursor.execute(drop[connection.vendor])
        AuditEntry.objects.filter(seq=1).update(body={"amount": 2})

    assert [(found.seq, found.words) for found in audit.verify()] == [(1, "entry 1 was changed")]
    with pytest.raises(CommandError, match="does not hold in 1 places"):
        call_command("verify_audit", stderr=StringIO())


def test_the_command_names_the_head_so_that_it_can_be_kept_elsewhere():
    entry = audit.record("one")
    out = StringIO()

    call_command("verify_audit", stdout=out)

    assert out.getvalue() == f"The audit trail holds: 1 entries, head 1 {entry.hash}\n"
