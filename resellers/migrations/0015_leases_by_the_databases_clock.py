"""Leases for readings as for operations, and every stamp of a row by the database's clock."""

import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("resellers", "0014_wix_takes_no_calls_for_now"),
    ]

    operations = [
        migrations.AddField(
            model_name="operation",
            name="interruptions",
            field=models.PositiveIntegerField(
                db_default=0,
                default=0,
                help_text="how many processes in a row stopped in the midst of it",
            ),
        ),
        migrations.AddField(
            model_name="syncrun",
            name="interruptions",
            field=models.PositiveIntegerField(
                db_default=0,
                default=0,
                help_text="how many processes in a row stopped in the midst of it",
            ),
        ),
        migrations.AddField(
            model_name="syncrun",
            name="lease_owner",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="host:process:claim",
                max_length=120,
            ),
        ),
        migrations.AlterField(
            model_name="account",
            name="first_seen_at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
        ),
        migrations.AlterField(
            model_name="catalogproduct",
            name="first_seen_at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
        ),
        migrations.AlterField(
            model_name="change",
            name="at",
            field=models.DateTimeField(
                db_default=django.db.models.functions.datetime.Now(),
                help_text="when it was noticed",
            ),
        ),
        migrations.AlterField(
            model_name="note",
            name="at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
        ),
        migrations.AlterField(
            model_name="operation",
            name="lease_owner",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="host:process:claim",
                max_length=120,
            ),
        ),
        migrations.AlterField(
            model_name="operation",
            name="next_run_at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
        ),
        migrations.AlterField(
            model_name="operation",
            name="requested_at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
        ),
        migrations.AlterField(
            model_name="operationattempt",
            name="sent_at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
        ),
        migrations.AlterField(
            model_name="package",
            name="first_seen_at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
        ),
        migrations.AlterField(
            model_name="productinstance",
            name="first_seen_at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
        ),
        migrations.AlterField(
            model_name="productrefusal",
            name="at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
        ),
        migrations.AlterField(
            model_name="site",
            name="first_seen_at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
        ),
        migrations.AlterField(
            model_name="syncrun",
            name="fence",
            field=models.PositiveIntegerField(default=0, help_text="rises with each claim"),
        ),
        migrations.AlterField(
            model_name="syncrun",
            name="next_run_at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
        ),
        migrations.AlterField(
            model_name="syncrun",
            name="requested_at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
        ),
        migrations.AlterField(
            model_name="upload",
            name="at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
        ),
    ]
