from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("resellers", "0016_what_wix_does_not_let_us_read"),
    ]

    operations = [
        migrations.AddField(
            model_name="figures",
            name="changes_read_at",
            field=models.DateTimeField(
                help_text="start of the last reading of what changed that ended well", null=True
            ),
        ),
        migrations.AddField(
            model_name="figures",
            name="read_again_at",
            field=models.DateTimeField(help_text="when they last ceased to fail", null=True),
        ),
        migrations.AddField(
            model_name="figures",
            name="unread_because",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
        migrations.AddField(
            model_name="figures",
            name="unread_since",
            field=models.DateTimeField(
                help_text="when readings by schedule began to fail; null while they do not",
                null=True,
            ),
        ),
    ]
