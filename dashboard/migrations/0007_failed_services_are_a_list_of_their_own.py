"""What people keep of the list of failed services stays with it: its place is the inbox's now."""

from django.db import migrations

WAS, IS = "failures", "failed-services"


def follow(apps, schema_editor, *, was=WAS, now=IS):
    for name in ("SavedView", "ColumnChoice", "DefaultView"):
        apps.get_model("dashboard", name).objects.filter(noun=was).update(noun=now)


def go_back(apps, schema_editor):
    follow(apps, schema_editor, was=IS, now=WAS)


class Migration(migrations.Migration):
    dependencies = [("dashboard", "0006_saved_views")]

    operations = [migrations.RunPython(follow, go_back)]
