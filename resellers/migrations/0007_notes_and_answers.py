import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("resellers", "0006_readings_of_chosen_packages"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="package",
            name="wix_answered_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="package",
            name="wix_request_id",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="package",
            name="wix_status",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "subject",
                    models.CharField(
                        help_text="`account:ID`, `package:ID` or `instance:ID`",
                        max_length=60,
                    ),
                ),
                ("text", models.TextField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "is_pinned",
                    models.BooleanField(default=False, help_text="heads the page of its subject"),
                ),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="resellers.account",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "instance",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="resellers.productinstance",
                    ),
                ),
                (
                    "package",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="resellers.package",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-id"],
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["account", "-at", "-id"], name="note_by_account"),
                    models.Index(fields=["package", "-at", "-id"], name="note_by_package"),
                    models.Index(fields=["instance", "-at", "-id"], name="note_by_instance"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_pinned", True)),
                        fields=("subject",),
                        name="one_pinned_note_per_subject",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="operationattempt",
            index=models.Index(fields=["-sent_at"], name="attempt_newest"),
        ),
    ]
