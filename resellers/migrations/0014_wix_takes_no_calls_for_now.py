from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("resellers", "0013_what_a_failed_reading_left_unread")]

    operations = [
        migrations.AddField(
            "policy",
            "throttled_since",
            models.DateTimeField(
                null=True, help_text="when Wix first refused a harmless Query without a code"
            ),
        ),
        migrations.AddField(
            "policy",
            "throttled_queries",
            models.PositiveSmallIntegerField(
                default=0, db_default=0, help_text="how often it has since"
            ),
        ),
        migrations.AddField(
            "policy",
            "throttled_until",
            models.DateTimeField(null=True, help_text="when it is asked again"),
        ),
    ]
