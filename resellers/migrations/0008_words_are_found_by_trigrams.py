"""Indexes by trigrams, so that a word of a name is found without reading every row.

Only PostgreSQL has them, and only where its extension pg_trgm can be made: without it words are
found all the same, more slowly. They are on UPPER(column), since that is what `icontains` compares.
"""

from django.db import migrations

COLUMNS = (
    ("resellers_account", "name"),
    ("resellers_account", "email"),
    ("resellers_account", "reference"),
    ("resellers_site", "display_name"),
    ("resellers_site", "name"),
    ("resellers_site", "url"),
    ("resellers_package", "external_id"),
)


def make(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_available_extensions WHERE name = 'pg_trgm'")
        if not cursor.fetchone()[0]:
            return
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        for table, column in COLUMNS:
            cursor.execute(
                f"CREATE INDEX {table}_{column}_words ON {table}"
                f" USING gin (UPPER({column}::text) gin_trgm_ops)"
            )


def drop(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    with schema_editor.connection.cursor() as cursor:
        for table, column in COLUMNS:
            cursor.execute(f"DROP INDEX IF EXISTS {table}_{column}_words")


class Migration(migrations.Migration):
    dependencies = [("resellers", "0007_notes_and_answers")]

    operations = [migrations.RunPython(make, drop)]
