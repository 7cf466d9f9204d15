from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("resellers", "0011_since_when_a_service_floats"),
    ]

    operations = [
        migrations.AddField(
            model_name="syncrun",
            name="phase_began_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="syncrun",
            name="phase_began_calls",
            field=models.PositiveIntegerField(default=0, help_text="`calls` as it began"),
        ),
    ]
