"""Lists in the order in which people look for names, and words found in their one column."""

from django.db import migrations, models

# Where PostgreSQL has the extension, a word is found in them without reading every row: see 0008.
COLUMNS = (
    ("resellers_account", "search_text"),
    ("resellers_account", "search_name"),
    ("resellers_site", "search_text"),
    ("resellers_package", "search_text"),
)


def make(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_extension WHERE extname = 'pg_trgm'")
        if not cursor.fetchone()[0]:
            return
        for table, column in COLUMNS:
            cursor.execute(
                f"CREATE INDEX {table}_{column}_words ON {table} USING gin ({column} gin_trgm_ops)"
            )


def drop(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    with schema_editor.connection.cursor() as cursor:
        for table, column in COLUMNS:
            cursor.execute(f"DROP INDEX IF EXISTS {table}_{column}_words")


class Migration(migrations.Migration):
    dependencies = [("resellers", "0028_what_is_held_is_folded")]

    operations = [
        migrations.AlterModelOptions(
            name="account",
            options={"ordering": ["sort_name", "id"]},
        ),
        migrations.AlterModelOptions(
            name="catalogproduct",
            options={"ordering": ["sort_type", "sort_name", "id"]},
        ),
        migrations.AlterModelOptions(
            name="site",
            options={"ordering": ["sort_name", "id"]},
        ),
        migrations.AddIndex(
            model_name="account",
            index=models.Index(fields=["sort_name", "id"], name="account_by_sort_name"),
        ),
        migrations.AddIndex(
            model_name="account",
            index=models.Index(
                fields=["group", "sort_name", "id"], name="account_by_group_and_name"
            ),
        ),
        migrations.AddIndex(
            model_name="site",
            index=models.Index(fields=["sort_name", "id"], name="site_by_sort_name"),
        ),
        migrations.AddIndex(
            model_name="site",
            index=models.Index(
                fields=["account", "sort_name", "id"], name="site_by_account_and_name"
            ),
        ),
        migrations.RunPython(make, drop),
    ]
