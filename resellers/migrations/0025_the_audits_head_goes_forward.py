"""Triggers on the audit's head, which only moves on to a later entry, and on what SQLite replaces.

`INSERT OR REPLACE` removes the row in its way without a word to the triggers on DELETE, and finds
it by its hidden row number as well.
"""

from django.db import migrations

ENTRIES, HEAD = "resellers_auditentry", "resellers_audithead"

# True while there is a head that this row would not take on to an entry, nor leave as it is.
ASTRAY = """EXISTS (
    SELECT 1 FROM resellers_audithead AS head WHERE NOT (
        NEW.id = head.id AND (
            (NEW.seq = head.seq AND NEW.hash = head.hash)
            OR (
                NEW.seq > head.seq
                AND EXISTS (
                    SELECT 1 FROM resellers_auditentry WHERE seq = NEW.seq AND hash = NEW.hash
                )
            )
        )
    )
)"""

POSTGRESQL = f"""
CREATE FUNCTION audit_head_goes_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF {ASTRAY} THEN
        RAISE EXCEPTION 'the audit trail is append-only: % of its head refused', TG_OP;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER audit_head_goes_forward BEFORE INSERT OR UPDATE ON {HEAD}
    FOR EACH ROW EXECUTE FUNCTION audit_head_goes_forward();
CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON {HEAD}
    FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_head_no_truncate BEFORE TRUNCATE ON {HEAD}
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
"""
POSTGRESQL_BACK = f"""
DROP TRIGGER IF EXISTS audit_head_no_truncate ON {HEAD};
DROP TRIGGER IF EXISTS audit_head_no_delete ON {HEAD};
DROP TRIGGER IF EXISTS audit_head_goes_forward ON {HEAD};
DROP FUNCTION IF EXISTS audit_head_goes_forward;
"""


def trigger(name, event, table, when, what):
    refuse = f"SELECT RAISE(ABORT, 'the audit trail is append-only: {what} refused');"
    return f"CREATE TRIGGER {name} BEFORE {event} ON {table} {when} BEGIN {refuse} END"


TAKEN = """EXISTS (
    SELECT 1 FROM resellers_auditentry WHERE seq = NEW.seq OR rowid = NEW.rowid
)"""
SQLITE = [
    trigger("audit_no_replace", "INSERT", ENTRIES, f"WHEN {TAKEN}", "REPLACE"),
    trigger("audit_head_no_insert", "INSERT", HEAD, f"WHEN {ASTRAY}", "INSERT of its head"),
    trigger("audit_head_no_update", "UPDATE", HEAD, f"WHEN {ASTRAY}", "UPDATE of its head"),
    trigger("audit_head_no_delete", "DELETE", HEAD, "", "DELETE of its head"),
]
SQLITE_BACK = [
    f"DROP TRIGGER IF EXISTS {name}"
    for name in (
        "audit_no_replace",
        "audit_head_no_insert",
        "audit_head_no_update",
        "audit_head_no_delete",
    )
]


def forward(apps, schema_editor):
    run(schema_editor, [POSTGRESQL], SQLITE)


def backward(apps, schema_editor):
    run(schema_editor, [POSTGRESQL_BACK], SQLITE_BACK)


def run(schema_editor, postgresql, sqlite):
    statements = {"postgresql": postgresql, "sqlite": sqlite}[schema_editor.connection.vendor]
    for statement in statements:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("resellers", "0024_what_a_write_makes_of_what")]
    operations = [migrations.RunPython(forward, backward)]
