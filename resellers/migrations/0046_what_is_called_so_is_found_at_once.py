"""Indexes by which a text's whole lines and its first letters are found.

For the search box: what is called exactly so, and what begins so. Trigrams know no line breaks, so
that of a common word they would find every row that has it anywhere. They are PostgreSQL's alone:
SQLite reads its rows.
"""

from django.db import migrations

TABLES = ("resellers_account", "resellers_site", "resellers_package")
# Nothing is looked for in these columns any more, but in what is made of them: see 0029.
UNUSED = (
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
        for table in TABLES:
            cursor.execute(
                f"CREATE INDEX {table}_lines ON {table}"
                " USING gin (string_to_array(search_text, E'\\n'))"
            )
            cursor.execute(
                f"CREATE INDEX {table}_starts ON {table} (left(search_text, 100) text_pattern_ops)"
            )
        for table, column in UNUSED:
            cursor.execute(f"DROP INDEX IF EXISTS {table}_{column}_words")


def drop(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    with schema_editor.connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"DROP INDEX IF EXISTS {table}_lines")
            cursor.execute(f"DROP INDEX IF EXISTS {table}_starts")


class Migration(migrations.Migration):
    dependencies = [("resellers", "0045_people_and_their_ways_in")]

    operations = [migrations.RunPython(make, drop)]
