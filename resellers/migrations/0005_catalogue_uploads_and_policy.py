import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("resellers", "0004_the_package_an_order_became"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="policy",
            name="read_only",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="policy",
            name="read_only_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="policy",
            name="read_only_reason",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="policy",
            name="read_only_since",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="policy",
            name="reason_wanted_for",
            field=models.JSONField(
                default=list,
                help_text="kinds of operation",
            ),
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("catalog", "Catalogue"), ("customers", "Customers")],
                        max_length=20,
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="the file's name as the browser told it", max_length=200
                    ),
                ),
                ("content", models.BinaryField(help_text="emptied once it is imported")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("imported_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="ProductRefusal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=200)),
                ("message", models.TextField(blank=True, help_text="Wix's own words")),
                ("wix_request_id", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("cleared_at", models.DateTimeField(null=True)),
                (
                    "cleared_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "operation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="resellers.operation",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="refusals",
                        to="resellers.catalogproduct",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        help_text="where it was refused",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="resellers.site",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-id"],
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(("cleared_at__isnull", True)),
                        fields=["product", "-at"],
                        name="refusal_standing",
                    )
                ],
            },
        ),
    ]
