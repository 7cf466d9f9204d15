"""What somebody with the database's own rights does to the audit trail, and what is found of it."""

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


def tampered_with(seq, **values):
    unguarded(seq).update(**values)


def breaks():
    return [(found.seq, found.words) for found in audit.verify()]
