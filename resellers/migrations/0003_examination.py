from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("resellers", "0002_audit_is_append_only")]
    operations = [
        migrations.CreateModel(
            name="Examination",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False),
                ),
                ("examined_at", models.DateTimeField()),
                ("host", models.CharField(blank=True, max_length=200)),
                (
                    "findings",
                    models.JSONField(
                        default=list,
                        help_text="part, verdict, words and next_step of each, in order",
                    ),
                ),
            ],
            options={"default_permissions": ()},
        ),
    ]
