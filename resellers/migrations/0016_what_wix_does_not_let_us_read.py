import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("resellers", "0015_leases_by_the_databases_clock"),
    ]

    operations = [
        migrations.AddField(
            model_name="account",
            name="listed_at",
            field=models.DateTimeField(
                help_text="when it was last among the main account's child accounts", null=True
            ),
        ),
        migrations.AddField(
            model_name="account",
            name="missing_since",
            field=models.DateTimeField(
                help_text="first full pass that did not list it, until calls settle it", null=True
            ),
        ),
        migrations.AddField(
            model_name="package",
            name="seen_in",
            field=models.BigIntegerField(
                help_text="the pass that showed it last: see mirror.sync", null=True
            ),
        ),
        migrations.AddField(
            model_name="syncrun",
            name="refused",
            field=models.PositiveIntegerField(
                db_default=0, default=0, help_text="records that Wix did not let us read"
            ),
        ),
        migrations.AddField(
            model_name="syncrun",
            name="shortfall",
            field=models.JSONField(
                help_text="why it ends as failed though it went on: `error` and what goes with it",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="syncrun",
            name="wix_date",
            field=models.DateTimeField(help_text="Wix's clock at its last answer", null=True),
        ),
        migrations.AlterField(
            model_name="syncrun",
            name="high_water",
            field=models.DateTimeField(
                help_text="highest updatedDate seen, at most wix_date", null=True
            ),
        ),
        migrations.CreateModel(
            name="Unreadable",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "part",
                    models.CharField(
                        choices=[
                            ("package", "This package"),
                            ("packages", "This customer's packages"),
                            ("sites", "This customer's sites"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "subject",
                    models.CharField(
                        help_text="`package:ID`, and of an account `packages:ID` or `sites:ID`",
                        max_length=60,
                    ),
                ),
                (
                    "since",
                    models.DateTimeField(help_text="start of the first call that was refused"),
                ),
                ("last_at", models.DateTimeField(help_text="start of the last one")),
                (
                    "ended_at",
                    models.DateTimeField(
                        help_text="when it could be read again, or was gone", null=True
                    ),
                ),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("code", models.CharField(blank=True, max_length=200)),
                ("message", models.TextField(blank=True, help_text="Wix's words")),
                ("wix_request_id", models.CharField(blank=True, max_length=200)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="unreadable",
                        to="resellers.account",
                    ),
                ),
                (
                    "package",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="unreadable",
                        to="resellers.package",
                    ),
                ),
            ],
            options={
                "ordering": ["-since", "-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("subject",),
                        name="one_standing_refusal_to_read_per_subject",
                    )
                ],
            },
        ),
    ]
