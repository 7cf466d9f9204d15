"""Columns made of others: what words are looked for in, and by what names are sorted.

The database's default lets processes of the version before write on.
"""

from django.db import migrations

import resellers.models.derived


class Migration(migrations.Migration):
    dependencies = [("resellers", "0026_packages_by_their_last_change")]

    operations = [
        migrations.AddField(
            model_name="account",
            name="search_text",
            field=resellers.models.derived.SearchText(of=("name", "email", "reference")),
        ),
        migrations.AddField(
            model_name="account",
            name="search_name",
            field=resellers.models.derived.SearchText(of=("name",)),
        ),
        migrations.AddField(
            model_name="account",
            name="sort_name",
            field=resellers.models.derived.SortKey(max_length=200, of=("name",)),
        ),
        migrations.AddField(
            model_name="catalogproduct",
            name="search_text",
            field=resellers.models.derived.SearchText(of=("name", "service_type")),
        ),
        migrations.AddField(
            model_name="catalogproduct",
            name="search_name",
            field=resellers.models.derived.SearchText(of=("name",)),
        ),
        migrations.AddField(
            model_name="catalogproduct",
            name="sort_name",
            field=resellers.models.derived.SortKey(max_length=200, of=("name",)),
        ),
        migrations.AddField(
            model_name="catalogproduct",
            name="sort_type",
            field=resellers.models.derived.SortKey(max_length=200, of=("service_type",)),
        ),
        migrations.AddField(
            model_name="package",
            name="search_text",
            field=resellers.models.derived.SearchText(of=("external_id",)),
        ),
        migrations.AddField(
            model_name="site",
            name="search_text",
            field=resellers.models.derived.SearchText(of=("display_name", "name", "url")),
        ),
        migrations.AddField(
            model_name="site",
            name="sort_name",
            field=resellers.models.derived.SortKey(
                max_length=200, of=("display_name", "url", "name")
            ),
        ),
    ]
