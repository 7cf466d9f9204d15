"""No text of a file is a formula where a spreadsheet opens it, and an import gives it back."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.lists import csv_file
from resellers.formulas import restore
from resellers.mirror import imports
from tests import worlds
from tests.dashboard.listing import table
from tests.randomness import examples

pytestmark = [pytest.mark.django_db, pytest.mark.once]

LISTS = ("accounts", "packages", "instances", "sites")
TRIGGERS = ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"]


@pytest.mark.parametrize("before", ["", " ", "\ufeff", "\u200b ", "\u00a0"])
@pytest.mark.parametrize("trigger", TRIGGERS)
def test_no_text_is_a_formula(trigger, before):
    assert csv_file.defuse(f"{before}{trigger}1") == f"'{before}{trigger}1"


@pytest.mark.parametrize("text", ["", "bakery", "a=b", "it's", "1-2", "a, b; c | d", "x\ny", "ünï"])
def test_harmless_text_stays_as_it_is(text):
    assert csv_file.defuse(text) == text


@pytest.mark.parametrize("separator", [",", ";", "|", "\t", '"', "\r", "\n", "\u2028"])
@pytest.mark.parametrize("trigger", ["=", "+", "-", "@", "＝"])
def test_no_text_is_a_formula_where_the_file_is_divided_otherwise(separator, trigger):
    defused = csv_file.defuse(f"a{separator} {trigger}1")

    assert defused == f"a{separator}' {trigger}1"
    assert restore(defused) == f"a{separator} {trigger}1"


@pytest.mark.parametrize("text", ["'=1", "''-1", "' @x", "'\u200b+1"])
def test_text_that_looks_defused_gets_one_apostrophe_more(text):
    assert csv_file.defuse(text) == f"'{text}"


CHARACTERS = st.sampled_from([*"'=+-@＝,;|\"", "\u200b", "\ufeff", "\u2060", "\u2028", "a", "1"])


@examples(100, full=3_000)
@given(characters=st.lists(CHARACTERS | st.sampled_from(TRIGGERS) | st.characters(), max_size=8))
def test_an_import_of_what_was_exported_gives_the_text_back(characters):
    text = "".join(characters).replace("\0", "").strip(" ")

    assert restore(csv_file.defuse(text)) == text


def test_customers_come_back_from_an_import_as_they_were_exported(viewer, tmp_path):
    for text in ("=1+1", "'=1+1", "''x", "-5", "'plain", 'a, "b"'):
        worlds.account(text, group=text, reference=text)
    names = {"account_id": "account_id", "account_name": "name", "group": "group"}
    rows = table(viewer.get("/accounts/export.csv"))
    file = tmp_path / "customers.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, names.values())
        writer.writeheader()
        writer.writerows({name: row[head] for head, name in names.items()} for row in rows)

    done = imports.import_customers(file)

    assert (done.created, done.changed, done.unchanged) == (0, 0, 6)


def test_what_cannot_be_stored_is_replaced_before_looking():
    assert csv_file.defuse("=\0\ud800") == "'=\ufffd\ufffd"
    assert csv_file.defuse("\0=1") == "\ufffd=1"


@pytest.mark.parametrize("trigger", TRIGGERS)
def test_every_text_column_is_defused(viewer, trigger):
    wild = f"{trigger}HYPERLINK(1)"
    account = worlds.account(wild, email=wild, group=wild, reference=wild)
    worlds.instance(
        worlds.package(account, external_id=wild),
        on=worlds.site(account, display_name=wild, url=wild),
        product=worlds.product(wild, service_type=wild),
        status=wild,
        failure_code=wild,
        failure_message=wild,
        country_code=wild[:10],
        discount_code=wild,
        billing_type=wild,
        cycle_unit=wild,
    )

    cells = [
        cell
        for noun in LISTS
        for row in table(viewer.get(f"/{noun}/export.csv"))
        for cell in row.values()
    ]

    assert sum("HYPERLINK" in cell for cell in cells) >= 20
    assert [cell for cell in cells if cell.startswith(tuple(TRIGGERS))] == []


def test_typed_numbers_stay_numbers():
    assert csv_file.cell_value(-5) == -5
    assert csv_file.cell_value("-5") == "'-5"
