"""What is held gets its derived columns, and texts the form in which they are kept from now on.

A batch is a transaction of its own, so that nobody waits long; begun once more, it finds the rest.
"""

from django.db import migrations, transaction

from resellers.folding import tidy
from resellers.mirror.derived import mend_batch

BATCH = 1000
# Texts that are kept tidy: what cannot be seen is none, and the same text is the same bytes.
TEXTS = {
    "Account": ("name", "email", "group", "reference"),
    "Site": ("display_name",),
    "CatalogProduct": ("name", "service_type"),
}


def fill(apps, schema_editor):
    for name, columns in TEXTS.items():
        _tidy(apps.get_model("resellers", name), columns)
    for name in (*TEXTS, "Package"):
        model, last = apps.get_model("resellers", name), ""
        while last := mend_batch(model, last):
            pass


def _tidy(model, columns):
    last = None
    while True:
        with transaction.atomic():
            rows = model.objects.order_by("pk").select_for_update()
            rows = rows.filter(pk__gt=last) if last else rows
            held = list(rows.values("pk", *columns)[:BATCH])
            for row in held:
                told = {column: tidy(row[column]) for column in columns}
                if any(told[column] != row[column] for column in columns):
                    model.objects.filter(pk=row["pk"]).update(**told)
        if not held:
            return
        last = held[-1]["pk"]


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("resellers", "0027_words_are_found_folded")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
