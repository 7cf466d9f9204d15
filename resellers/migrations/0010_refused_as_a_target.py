from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("resellers", "0009_one_wish_for_an_external_id")]

    operations = [
        migrations.AddField(
            model_name="productrefusal",
            name="as_target",
            field=models.BooleanField(
                default=False, help_text="as what a service was to become, not as what it was"
            ),
        ),
    ]
