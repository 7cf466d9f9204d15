from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("resellers", "0046_what_is_called_so_is_found_at_once")]

    operations = [
        migrations.AddField(
            model_name="auditentry",
            name="session",
            field=models.CharField(help_text="its fingerprint", max_length=16, null=True),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["at", "seq"], name="audit_by_time"),
        ),
    ]
