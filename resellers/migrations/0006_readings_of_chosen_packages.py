from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("resellers", "0005_catalogue_uploads_and_policy"),
    ]

    operations = [
        migrations.AlterField(
            model_name="syncrun",
            name="kind",
            field=models.CharField(
                choices=[
                    ("full", "Everything"),
                    ("incremental", "What changed"),
                    ("unsettled", "Unsettled services"),
                    ("account", "One account"),
                    ("package", "One package"),
                    ("chosen", "Chosen packages"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="syncrun",
            name="subject",
            field=models.CharField(
                help_text="`full`, and with what it is about `account:ID`, `chosen:DIGEST`",
                max_length=60,
            ),
        ),
    ]
