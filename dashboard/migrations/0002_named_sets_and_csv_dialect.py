import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dashboard", "0001_column_choice"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CsvDialect",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="csv_dialect",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "delimiter",
                    models.CharField(
                        choices=[
                            ("comma", "comma"),
                            ("semicolon", "semicolon"),
                            ("tab", "tab"),
                            ("pipe", "pipe"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "breaks",
                    models.CharField(choices=[("kept", "kept"), ("space", "space")], max_length=10),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.RemoveConstraint(
            model_name="columnchoice",
            name="one_column_choice_per_person_and_list",
        ),
        migrations.AddField(
            model_name="columnchoice",
            name="name",
            field=models.CharField(
                blank=True, default="", help_text="empty for those in force", max_length=40
            ),
        ),
        migrations.AddConstraint(
            model_name="columnchoice",
            constraint=models.UniqueConstraint(
                fields=("person", "noun", "name"), name="one_column_choice_per_person_list_and_name"
            ),
        ),
    ]
