from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("resellers", "0012_how_far_a_phase_has_come"),
    ]

    operations = [
        migrations.AddField(
            model_name="syncrun",
            name="unread",
            field=models.ManyToManyField(
                help_text="of a failed reading of chosen packages: those left",
                related_name="+",
                to="resellers.package",
            ),
        ),
    ]
