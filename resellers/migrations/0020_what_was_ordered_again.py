"""What was ordered in place of services that had failed."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("resellers", "0019_others_changed_it_meanwhile"),
    ]

    operations = [
        migrations.CreateModel(
            name="Reorder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "line",
                    models.PositiveSmallIntegerField(
                        db_default=0, default=0, help_text="of the order"
                    ),
                ),
                (
                    "failed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reorders",
                        to="resellers.productinstance",
                    ),
                ),
                (
                    "operation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reorders",
                        to="resellers.operation",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        help_text="the first that failed, where each is in place of another",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reorders_since",
                        to="resellers.productinstance",
                    ),
                ),
                (
                    "service",
                    models.OneToOneField(
                        help_text="what came of the line, once Wix shows it",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reorder",
                        to="resellers.productinstance",
                    ),
                ),
            ],
            options={
                "ordering": ["-operation", "line"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("operation", "line"), name="one_reorder_per_line"
                    )
                ],
            },
        ),
    ]
