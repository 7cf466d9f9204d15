"""Triggers that refuse to change, remove or empty the audit trail."""

from django.db import migrations

TABLE = "resellers_auditentry"

POSTGRESQL = f"""
CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is append-only: % refused', TG_OP;
END $$;
CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON {TABLE}
    FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON {TABLE}
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
"""
POSTGRESQL_BACK = f"""
DROP TRIGGER IF EXISTS audit_no_truncate ON {TABLE};
DROP TRIGGER IF EXISTS audit_no_change ON {TABLE};
DROP FUNCTION IF EXISTS audit_is_append_only;
"""
SQLITE = [
    f"""CREATE TRIGGER audit_no_{event.lower()} BEFORE {event} ON {TABLE}
    BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only: {event} refused'); END"""
    for event in ("UPDATE", "DELETE")
]
SQLITE_BACK = ["DROP TRIGGER IF EXISTS audit_no_update", "DROP TRIGGER IF EXISTS audit_no_delete"]


def forward(apps, schema_editor):
    run(schema_editor, [POSTGRESQL], SQLITE)
    head = apps.get_model("resellers", "AuditHead")
    head.objects.using(schema_editor.connection.alias).get_or_create(pk=1)


def backward(apps, schema_editor):
    run(schema_editor, [POSTGRESQL_BACK], SQLITE_BACK)


def run(schema_editor, postgresql, sqlite):
    statements = {"postgresql": postgresql, "sqlite": sqlite}[schema_editor.connection.vendor]
    for statement in statements:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("resellers", "0001_tables")]
    operations = [migrations.RunPython(forward, backward)]
