from django.db import migrations, models
from django.db.models.fields.json import KT


class Migration(migrations.Migration):
    dependencies = [("resellers", "0008_words_are_found_by_trigrams")]

    operations = [
        migrations.AddConstraint(
            model_name="operation",
            constraint=models.UniqueConstraint(
                KT("wish__external_id"),
                condition=models.Q(
                    ("state__in", ("queued", "running", "confirming", "needs_attention"))
                ),
                name="one_open_operation_per_external_id",
            ),
        ),
    ]
