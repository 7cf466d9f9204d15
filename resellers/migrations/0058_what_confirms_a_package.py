"""A package keeps the fingerprint of the answer that it was last found to say, and an answer that
confirms a page of them is kept once.

The columns in which each package kept its answer stay for processes of the version before, which
write them; this one does not know them any more. They may go with the next one.
"""

from django.db import migrations, models

# What an answer says of a package and of a service; the derived columns follow from these.
OF_PACKAGE = "account_id, external_id, created_at, updated_at, gone_at, raw"
OF_SERVICE = (
    "package_id, account_id, product_id, site_id, status, failure_code, failure_message,"
    " billing_type, cycle_unit, cycle_count, country_code, discount_code, reference_instance_id,"
    " expires_at, created_at, updated_at, gone_at, raw"
)
EMPTY = "UPDATE resellers_package SET fingerprint = NULL WHERE fingerprint IS NOT NULL AND"

OF_PACKAGE_POSTGRESQL = f"""
CREATE FUNCTION package_is_another() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.fingerprint IS NOT DISTINCT FROM OLD.fingerprint THEN
        NEW.fingerprint := NULL;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER package_is_another BEFORE UPDATE OF {OF_PACKAGE} ON resellers_package
    FOR EACH ROW EXECUTE FUNCTION package_is_another();
-- A page of them is confirmed at once, each in its place beside the row that it replaces.
ALTER TABLE resellers_package SET (fillfactor = 50);
"""  # noqa: S608
OF_SERVICE_POSTGRESQL = f"""
CREATE FUNCTION service_is_another() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE resellers_package SET fingerprint = NULL
        WHERE id = OLD.package_id AND fingerprint IS NOT NULL;
    IF TG_OP = 'UPDATE' AND NEW.package_id <> OLD.package_id THEN
        UPDATE resellers_package SET fingerprint = NULL
            WHERE id = NEW.package_id AND fingerprint IS NOT NULL;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER service_is_another AFTER DELETE OR UPDATE OF {OF_SERVICE}
    ON resellers_productinstance FOR EACH ROW EXECUTE FUNCTION service_is_another();
"""  # noqa: S608
POSTGRESQL = OF_PACKAGE_POSTGRESQL + OF_SERVICE_POSTGRESQL
POSTGRESQL_BACK = """
ALTER TABLE resellers_package RESET (fillfactor);
DROP TRIGGER service_is_another ON resellers_productinstance;
DROP FUNCTION service_is_another;
DROP TRIGGER package_is_another ON resellers_package;
DROP FUNCTION package_is_another;
"""
SQLITE = (
    f"""CREATE TRIGGER package_is_another AFTER UPDATE OF {OF_PACKAGE} ON resellers_package
    WHEN NEW.fingerprint IS OLD.fingerprint AND NEW.fingerprint IS NOT NULL
    BEGIN {EMPTY} id = NEW.id; END""",
    f"""CREATE TRIGGER service_is_another AFTER UPDATE OF {OF_SERVICE} ON resellers_productinstance
    BEGIN {EMPTY} id IN (OLD.package_id, NEW.package_id); END""",
    f"""CREATE TRIGGER service_is_gone AFTER DELETE ON resellers_productinstance
    BEGIN {EMPTY} id = OLD.package_id; END""",
)
# Answers that packages share came at one moment.
KEEP_ANSWERS = """
INSERT INTO resellers_confirmation (at, wix_request_id, wix_status, wix_answered_at)
SELECT last_confirmed_at, MAX(wix_request_id), MAX(wix_status), MAX(wix_answered_at)
FROM resellers_package WHERE last_confirmed_at IS NOT NULL AND wix_answered_at IS NOT NULL
GROUP BY last_confirmed_at
"""


def forwards(apps, editor):
    editor.execute(KEEP_ANSWERS)
    for statement in [POSTGRESQL] if editor.connection.vendor == "postgresql" else SQLITE:
        editor.execute(statement, params=None)


def backwards(apps, editor):
    if editor.connection.vendor == "postgresql":
        editor.execute(POSTGRESQL_BACK, params=None)
    else:
        for name in ("package_is_another", "service_is_another", "service_is_gone"):
            editor.execute(f"DROP TRIGGER {name}")


class Migration(migrations.Migration):
    dependencies = [
        ("resellers", "0057_mails_to_customers"),
    ]

    operations = [
        migrations.CreateModel(
            name="Confirmation",
            fields=[
                (
                    "at",
                    models.DateTimeField(
                        primary_key=True, serialize=False, help_text="start of the call"
                    ),
                ),
                (
                    "seen_in",
                    models.BigIntegerField(
                        null=True,
                        help_text="the pass that read this list: see mirror.sync; null: no list",
                    ),
                ),
                ("wix_request_id", models.CharField(blank=True, max_length=200)),
                ("wix_status", models.PositiveSmallIntegerField(null=True)),
                ("wix_answered_at", models.DateTimeField(null=True)),
            ],
            options={"default_permissions": ()},
        ),
        migrations.AddField(
            model_name="package",
            name="fingerprint",
            field=models.UUIDField(
                null=True,
                help_text="of the answer that it and its services were last found to say; the"
                " database empties it where one of them is written otherwise",
            ),
        ),
        migrations.AlterField(
            model_name="package",
            name="wix_request_id",
            field=models.CharField(max_length=200, blank=True, db_default=""),
        ),
        migrations.RunPython(forwards, backwards),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField("package", name)
                for name in ("seen_in", "wix_request_id", "wix_status", "wix_answered_at")
            ]
        ),
    ]
