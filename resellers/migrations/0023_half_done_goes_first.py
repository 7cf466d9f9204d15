"""What stands between two writes is carried out first, and what is under way before what is new."""

from typing import Any

from django.db import migrations, models


def rank(apps: Any, schema_editor: Any) -> None:
    """Of what is under way nobody knows here how far it is: it goes before what is new."""
    operations = apps.get_model("resellers", "Operation").objects
    operations.filter(state__in=["running", "confirming"]).update(priority=1)


class Migration(migrations.Migration):
    dependencies = [
        ("resellers", "0022_two_readings_tell_a_drift"),
    ]

    operations = [
        migrations.AddField(
            model_name="operation",
            name="priority",
            field=models.PositiveSmallIntegerField(
                choices=[
                    (0, "Between two writes"),
                    (1, "On its way back, or being confirmed"),
                    (2, "Not begun"),
                ],
                db_default=2,
                default=2,
                help_text="the lowest is carried out first, and among equals the oldest",
            ),
        ),
        migrations.AddIndex(
            model_name="operation",
            index=models.Index(
                condition=models.Q(("state__in", ["queued", "running", "confirming"])),
                fields=["priority", "id"],
                name="operation_first",
            ),
        ),
        migrations.RunPython(rank, migrations.RunPython.noop),
    ]
