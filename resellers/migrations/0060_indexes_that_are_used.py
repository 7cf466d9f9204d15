"""No foreign key has an index beside the one that serves it and a page, and none is left that no
query of this version uses: each is written with every row.

On PostgreSQL nobody waits for it: the indexes go and come CONCURRENTLY.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Whose columns another index begins with.
DOUBLED = (
    ("AuditEntry", "actor"),
    ("CaseEvent", "case"),
    ("Change", "account", "package", "instance", "site", "operation"),
    ("Delivery", "webhook"),
    ("ExportFile", "by"),
    ("DomainProposal", "site"),
    ("Flow", "account"),
    ("FlowEvent", "flow"),
    ("FlowStep", "flow"),
    ("Note", "account", "package", "instance"),
    ("Notice", "person"),
    ("Operation", "account", "instance", "requested_by"),
    ("OperationAttempt", "operation"),
    ("Package", "account"),
    ("PlannedChange", "run"),
    ("ProductInstance", "account", "product", "site"),
    ("Reorder", "operation"),
    ("Site", "account"),
    ("WithheldRight", "person"),
)
UNUSED = (
    *("account_by_name", "account_by_group", "site_by_name", "site_by_account"),
    "package_by_external_id",
)
NAMED = (
    ("package_of_external_id", "resellers_package (external_id)"),
    (
        "change_by_site",
        "resellers_change (site_id, at DESC, id DESC) WHERE site_id IS NOT NULL",
    ),
    ("change_by_operation", "resellers_change (operation_id) WHERE operation_id IS NOT NULL"),
)


# A page of them is noted as seen at once, each row in its place beside the one that it replaces.
ROOMY = """
ALTER TABLE resellers_account SET (fillfactor = 60);
ALTER TABLE resellers_site SET (fillfactor = 80);
"""


def forwards(apps, editor):
    concurrently = _concurrently(editor)
    for name, of in NAMED:
        # One that was not finished is of no use: it is begun anew.
        editor.execute(f"DROP INDEX {concurrently} IF EXISTS {name}")
        editor.execute(f"CREATE INDEX {concurrently} {name} ON {of}")
    for name in (*_doubles(apps, editor), *UNUSED):
        quoted = editor.connection.ops.quote_name(name)
        editor.execute(f"DROP INDEX {concurrently} IF EXISTS {quoted}")


def backwards(apps, editor):
    """The version before looks for what it had; that comes back without CONCURRENTLY."""
    for name, _ in NAMED:
        editor.execute(f"DROP INDEX IF EXISTS {name}")
    for model_name, *names in DOUBLED:
        model = apps.get_model("resellers", model_name)
        for name in names:
            field = model._meta.get_field(name)
            editor.execute(editor._create_index_sql(model, fields=[field]))
    for name, of in (
        ("account_by_name", "resellers_account (name, id)"),
        ("account_by_group", 'resellers_account ("group", name, id)'),
        ("package_by_external_id", "resellers_package (UPPER(external_id))"),
        ("site_by_name", "resellers_site (display_name, id)"),
        ("site_by_account", "resellers_site (account_id, display_name, id)"),
    ):
        editor.execute(f"CREATE INDEX {name} ON {of}")


def _concurrently(editor):
    if editor.connection.vendor != "postgresql":
        return ""
    editor.execute("SET statement_timeout = 0")
    editor.execute(ROOMY)
    return "CONCURRENTLY"


def _doubles(apps, editor):
    """The names of the indexes that Django made for these columns alone."""
    for model_name, *names in DOUBLED:
        meta = apps.get_model("resellers", model_name)._meta
        declared = {index.name for index in meta.indexes} | {name for name, _ in NAMED}
        columns = {meta.get_field(name).column for name in names}
        with editor.connection.cursor() as cursor:
            found = editor.connection.introspection.get_constraints(cursor, meta.db_table)
        for name, one in found.items():
            if len(one["columns"]) != 1 or name in declared or not one["index"]:
                continue
            if one["columns"][0] in columns and not (one["unique"] or one["primary_key"]):
                yield name


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("resellers", "0059_tallies"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(forwards, backwards, atomic=False)],
            state_operations=[
                migrations.RemoveIndex(
                    model_name="package",
                    name="package_by_external_id",
                ),
                migrations.AddIndex(
                    model_name="package",
                    index=models.Index(fields=["external_id"], name="package_of_external_id"),
                ),
                migrations.RemoveIndex(
                    model_name="account",
                    name="account_by_name",
                ),
                migrations.RemoveIndex(
                    model_name="account",
                    name="account_by_group",
                ),
                migrations.RemoveIndex(
                    model_name="site",
                    name="site_by_name",
                ),
                migrations.RemoveIndex(
                    model_name="site",
                    name="site_by_account",
                ),
                migrations.AlterField(
                    model_name="auditentry",
                    name="actor",
                    field=models.ForeignKey(
                        db_index=False,
                        help_text="none: the system",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AlterField(
                    model_name="caseevent",
                    name="case",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="resellers.case",
                    ),
                ),
                migrations.AlterField(
                    model_name="change",
                    name="account",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="changes",
                        to="resellers.account",
                    ),
                ),
                migrations.AlterField(
                    model_name="change",
                    name="instance",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="changes",
                        to="resellers.productinstance",
                    ),
                ),
                migrations.AlterField(
                    model_name="change",
                    name="operation",
                    field=models.ForeignKey(
                        db_index=False,
                        help_text="none: outside",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="changes",
                        to="resellers.operation",
                    ),
                ),
                migrations.AlterField(
                    model_name="change",
                    name="package",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="changes",
                        to="resellers.package",
                    ),
                ),
                migrations.AlterField(
                    model_name="change",
                    name="site",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="changes",
                        to="resellers.site",
                    ),
                ),
                migrations.AlterField(
                    model_name="delivery",
                    name="webhook",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="resellers.webhook",
                    ),
                ),
                migrations.AlterField(
                    model_name="domainproposal",
                    name="site",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="domain_proposals",
                        to="resellers.site",
                    ),
                ),
                migrations.AlterField(
                    model_name="exportfile",
                    name="by",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="export_files",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AlterField(
                    model_name="flow",
                    name="account",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="flows",
                        to="resellers.account",
                    ),
                ),
                migrations.AlterField(
                    model_name="flowevent",
                    name="flow",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="resellers.flow",
                    ),
                ),
                migrations.AlterField(
                    model_name="flowstep",
                    name="flow",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="resellers.flow",
                    ),
                ),
                migrations.AlterField(
                    model_name="note",
                    name="account",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="resellers.account",
                    ),
                ),
                migrations.AlterField(
                    model_name="note",
                    name="instance",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="resellers.productinstance",
                    ),
                ),
                migrations.AlterField(
                    model_name="note",
                    name="package",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="resellers.package",
                    ),
                ),
                migrations.AlterField(
                    model_name="notice",
                    name="person",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AlterField(
                    model_name="operation",
                    name="account",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="operations",
                        to="resellers.account",
                    ),
                ),
                migrations.AlterField(
                    model_name="operation",
                    name="instance",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="operations",
                        to="resellers.productinstance",
                    ),
                ),
                migrations.AlterField(
                    model_name="operation",
                    name="requested_by",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="operations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AlterField(
                    model_name="operationattempt",
                    name="operation",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attempts",
                        to="resellers.operation",
                    ),
                ),
                migrations.AlterField(
                    model_name="package",
                    name="account",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="packages",
                        to="resellers.account",
                    ),
                ),
                migrations.AlterField(
                    model_name="plannedchange",
                    name="run",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="resellers.bulkrun",
                    ),
                ),
                migrations.AlterField(
                    model_name="productinstance",
                    name="account",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="instances",
                        to="resellers.account",
                    ),
                ),
                migrations.AlterField(
                    model_name="productinstance",
                    name="product",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="instances",
                        to="resellers.catalogproduct",
                    ),
                ),
                migrations.AlterField(
                    model_name="productinstance",
                    name="site",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="instances",
                        to="resellers.site",
                    ),
                ),
                migrations.AlterField(
                    model_name="reorder",
                    name="operation",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reorders",
                        to="resellers.operation",
                    ),
                ),
                migrations.AlterField(
                    model_name="site",
                    name="account",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sites",
                        to="resellers.account",
                    ),
                ),
                migrations.AlterField(
                    model_name="withheldright",
                    name="person",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="withheld_rights",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddIndex(
                    model_name="change",
                    index=models.Index(
                        condition=models.Q(("site__isnull", False)),
                        fields=["site", "-at", "-id"],
                        name="change_by_site",
                    ),
                ),
                migrations.AddIndex(
                    model_name="change",
                    index=models.Index(
                        condition=models.Q(("operation__isnull", False)),
                        fields=["operation"],
                        name="change_by_operation",
                    ),
                ),
            ],
        ),
    ]
