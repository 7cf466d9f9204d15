"""A mail may go to an address that stands in a setting: the head of the audit trail does."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("resellers", "0060_indexes_that_are_used"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="delivery",
            name="delivery_goes_to_one",
        ),
        migrations.AddField(
            model_name="delivery",
            name="address",
            field=models.CharField(
                blank=True,
                db_default="",
                help_text="one of the settings, that is nobody's",
                max_length=254,
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("account", None),
                        ("address", ""),
                        ("channel", "mail"),
                        ("person__isnull", False),
                        ("webhook", None),
                    ),
                    models.Q(
                        ("account__isnull", False),
                        ("address", ""),
                        ("channel", "mail"),
                        ("person", None),
                        ("webhook", None),
                    ),
                    models.Q(
                        ("account", None),
                        ("channel", "mail"),
                        ("person", None),
                        ("webhook", None),
                        models.Q(("address", ""), _negated=True),
                    ),
                    models.Q(
                        ("account", None),
                        ("address", ""),
                        ("channel", "webhook"),
                        ("person", None),
                        ("webhook__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="delivery_goes_to_one",
            ),
        ),
    ]
