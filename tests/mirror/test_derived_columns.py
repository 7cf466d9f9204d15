"""What is made of other columns is written with its row, and mended where it was not."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from resellers.folding import fold, sort_key
from resellers.mirror import derived
from resellers.mirror.ingest import ingest_sites
from resellers.models import Account, CatalogProduct, Package, Site
from resellers.models.derived import derived_names
from resellers.wix.parsing import read_site
from tests import worlds
from tests.randomness import examples

pytestmark = pytest.mark.django_db


def columns() -> list[tuple[str, ...]]:
    """Every derived value that there is."""
    return [
        row
        for model in derived.MODELS
        for row in model.objects.order_by("pk").values_list("pk", *derived_names(model))
    ]


def as_the_last_version_wrote() -> None:
    """Rows as by a process that knows nothing of such columns."""
    Account.objects.update(search_text="", search_name="", sort_name="")
    Site.objects.update(search_text="\nold\n", sort_name="old")
    Package.objects.update(search_text="")
    CatalogProduct.objects.update(search_text="", search_name="", sort_name="", sort_type="")


def world() -> None:
    account = worlds.account("Äpfel", email="a@bäcker.example", reference="R-1")
    worlds.instance(worlds.package(account), worlds.site(account, "shop"))


def test_whatever_the_last_version_wrote_is_mended_a_part_at_a_time(monkeypatch):
    monkeypatch.setattr(derived, "BATCH", 2)
    for _ in range(5):
        world()
    right = columns()
    as_the_last_version_wrote()

    place, steps = derived.mend(seconds=0), 1
    while place:
        place, steps = derived.mend(place, seconds=0), steps + 1

    assert columns() == right
    assert steps > 4


def test_the_migration_fills_them_and_keeps_texts_tidy():
    migration = import_module("resellers.migrations.0028_what_is_held_is_folded")
    world()
    right = columns()
    invisible = worlds.account("\u200b", group="Ho\u0302tel")
    worlds.site(worlds.account(""), display_name="\u3164")
    as_the_last_version_wrote()

    migration.fill(apps, None)

    assert set(right) <= set(columns())
    invisible.refresh_from_db()
    assert (invisible.name, invisible.group) == ("", "Hôtel")
    assert Site.objects.filter(display_name="").count() == 1


def site_of(account: Account, id_: object, **fields: object) -> Site:
    """That site as a reading of Wix brings it in."""
    values = {"id": str(id_), "ownerAccountId": str(account.pk), **fields}
    ingest_sites(account, [read_site(values, "sites[0]")], fetch_started_at=timezone.now())
    return Site.objects.get(pk=id_)


def test_a_reading_writes_them_and_an_invisible_name_is_none():
    account, id_ = worlds.account(), worlds.new_id()

    first = site_of(account, id_, displayName="Äpfel", viewUrl="https://bäcker.example")
    assert (first.sort_name, "xn--bcker-gra" in first.search_text) == ("apfel", True)
    second = site_of(account, id_, displayName="\u200b\u3164", viewUrl="https://mole.example")
    assert (second.display_name, second.sort_name) == ("", "mole example")
    assert "bcker" not in second.search_text


def test_the_same_name_in_other_bytes_is_no_change():
    account, id_ = worlds.account(), worlds.new_id()
    site_of(account, id_, displayName="Crêperie")
    before = account.changes.count()

    site_of(account, id_, displayName="Cre\u0302perie\u00a0")

    assert account.changes.count() == before


def test_names_compare_by_code_points_whatever_the_databases_locale():
    if connection.vendor != "postgresql":
        return  # SQLite knows no other way
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT collation_name FROM information_schema.columns"
            " WHERE column_name IN ('sort_name', 'sort_type')"
        )
        assert cursor.fetchall() == [("C",)]


@examples(100, full=3_000)
@given(st.text(max_size=12))
def test_what_is_folded_is_folded(text):
    assert fold(fold(text)) == fold(text)
    assert sort_key(sort_key(text)) == sort_key(text)
    assert fold(text.upper()) == fold(text.upper().lower()) or not text.isascii()
