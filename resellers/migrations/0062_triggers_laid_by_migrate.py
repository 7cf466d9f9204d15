"""The triggers that empty fingerprints are laid in the end of `migrate`, so those that a migration
laid go."""

from django.db import migrations

LAID_BY_A_MIGRATION = {
    "package_is_another": "resellers_package",
    "service_is_another": "resellers_productinstance",
    "service_is_gone": "resellers_productinstance",
}


def forwards(apps, editor):
    is_postgresql = editor.connection.vendor == "postgresql"
    for name, table in LAID_BY_A_MIGRATION.items():
        of_table = f" ON {table}" if is_postgresql else ""
        editor.execute(f"DROP TRIGGER IF EXISTS {name}{of_table}")
        if is_postgresql:
            editor.execute(f"DROP FUNCTION IF EXISTS {name}()")


class Migration(migrations.Migration):
    dependencies = [
        ("resellers", "0061_mails_to_addresses_of_settings"),
    ]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
