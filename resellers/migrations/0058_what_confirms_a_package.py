"""A package keeps the fingerprint of the answer that it was last found to say, and an answer that
confirms a page of them is kept once.

The columns in which each package kept its answer stay for processes of the version before, which
write them; this one does not know them any more. They may go with the next one.
"""

from django.db import migrations, models

# Answers that packages share came at one moment.
KEEP_ANSWERS = """
INSERT INTO resellers_confirmation (at, wix_request_id, wix_status, wix_answered_at)
SELECT last_confirmed_at, MAX(wix_request_id), MAX(wix_status), MAX(wix_answered_at)
FROM resellers_package WHERE last_confirmed_at IS NOT NULL AND wix_answered_at IS NOT NULL
GROUP BY last_confirmed_at
"""


# A page of packages is confirmed at once, each in its place beside the row that it replaces.
HALF_FULL = "ALTER TABLE resellers_package SET (fillfactor = 50)"


def forwards(apps, editor):
    editor.execute(KEEP_ANSWERS)
    if editor.connection.vendor == "postgresql":
        editor.execute(HALF_FULL)


def backwards(apps, editor):
    """`migrate` lays the triggers in its end; without the column they would refuse every write."""
    from resellers import triggers

    triggers.drop("fingerprint")
    if editor.connection.vendor == "postgresql":
        editor.execute("ALTER TABLE resellers_package RESET (fillfactor)")


class Migration(migrations.Migration):
    dependencies = [
        ("resellers", "0057_mails_to_customers"),
    ]

    operations = [
        migrations.CreateModel(
            name="Confirmation",
            fields=[
                (
                    "at",
                    models.DateTimeField(
                        primary_key=True, serialize=False, help_text="start of the call"
                    ),
                ),
                (
                    "seen_in",
                    models.BigIntegerField(
                        null=True,
                        help_text="the pass that read this list: see mirror.sync; null: no list",
                    ),
                ),
                ("wix_request_id", models.CharField(blank=True, max_length=200)),
                ("wix_status", models.PositiveSmallIntegerField(null=True)),
                ("wix_answered_at", models.DateTimeField(null=True)),
            ],
            options={"default_permissions": ()},
        ),
        migrations.AddField(
            model_name="package",
            name="fingerprint",
            field=models.UUIDField(
                null=True,
                help_text="of the answer that it and its services were last found to say; the"
                " database empties it where one of them is written otherwise",
            ),
        ),
        migrations.AlterField(
            model_name="package",
            name="wix_request_id",
            field=models.CharField(max_length=200, blank=True, db_default=""),
        ),
        migrations.RunPython(forwards, backwards),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField("package", name)
                for name in ("seen_in", "wix_request_id", "wix_status", "wix_answered_at")
            ]
        ),
    ]
