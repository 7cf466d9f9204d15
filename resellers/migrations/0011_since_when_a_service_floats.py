"""Since when a service is on no site: the last change that took it off, else when it was made."""

from django.db import migrations, models
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce


def fill(apps, schema_editor):
    changes = apps.get_model("resellers", "Change").objects
    left = changes.filter(instance=OuterRef("pk"), field="site", new="").order_by("-at")
    instances = apps.get_model("resellers", "ProductInstance").objects
    instances.filter(site=None).update(
        floating_since=Coalesce(Subquery(left.values("at")[:1]), "created_at", "first_seen_at")
    )


class Migration(migrations.Migration):
    dependencies = [("resellers", "0010_refused_as_a_target")]

    operations = [
        migrations.AddField(
            model_name="productinstance",
            name="floating_since",
            field=models.DateTimeField(
                help_text="when it left its site, or was made without one; null on a site",
                null=True,
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
