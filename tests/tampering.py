"""What somebody with the database's own rights does to the audit trail, and what is found of it."""

import re

from django.db import connection

from resellers import audit
from resellers.models import AuditEntry


def unguarded(seq):
    """An entry that can be changed and removed, as by who owns the tables."""
    drop = {
        "sqlite": [
            "DROP TRIGGER IF EXISTS audit_no_update",
            "DROP TRIGGER IF EXISTS audit_no_delete",
        ],
        "postgresql": [
            "SET CONSTRAINTS ALL IMMEDIATE;"
            "ALTER TABLE resellers_auditentry DISABLE TRIGGER audit_no_change"
        ],
    }
    with connection.cursor() as cursor:
        for statement in drop[connection.vendor]:
            cursor.execute(statement)
    return AuditEntry.objects.filter(seq=seq)


def emptied(table, name):
    """Ways to leave a trigger its name and take away what it refuses, each as its statements."""
    if connection.vendor == "sqlite":
        sql = f"CREATE TRIGGER {name} BEFORE {{}} ON {table} BEGIN SELECT 1; END"
        return [[f"DROP TRIGGER {name}", sql.format(event)] for event in ("DELETE", "UPDATE")]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, pg_get_triggerdef(pg_trigger.oid) FROM pg_trigger JOIN pg_proc"
            " ON pg_proc.oid = tgfoid WHERE tgname = %s AND tgrelid = %s::regclass",
            [name, table],
        )
        [[function, definition]] = cursor.fetchall()
    drop = f"DROP TRIGGER {name} ON {table}"
    return [
        [
            f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RETURN NEW; END $$"
        ],
        [f"ALTER FUNCTION {function}() SET search_path = elsewhere"],
        [drop, definition.replace(" EXECUTE", " WHEN (false) EXECUTE")],
        [drop, definition.replace(" FOR EACH ROW", " FOR EACH STATEMENT")],
        [drop, re.sub("BEFORE .* ON", "BEFORE UPDATE OF hash ON", definition)],
    ]


def tampered_with(seq, **values):
    unguarded(seq).update(**values)


def breaks():
    return [(found.seq, found.words) for found in audit.verify()]
