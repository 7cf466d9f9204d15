"""Hard files: each is taken, or refused with row, column and words; nothing is half imported."""

import struct

import pytest

from resellers.formulas import defuse, restore
from resellers.mirror import figures
from resellers.mirror.imports import (
    CATALOG,
    CUSTOMERS,
    MAX_BYTES,
    ImportMoved,
    ImportRefused,
    apply,
    dry_run,
)
from resellers.models import Account, AuditEntry, CatalogProduct
from tests import worlds

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR\0\0\0\x01\0\0\0\x01"


def customers(*rows: str, header: str = "account_id,name", end: str = "\n") -> bytes:
    return end.join([header, *rows]).encode()


def problems(content: bytes, sheet=CUSTOMERS) -> list[tuple[int | None, str, str]]:
    return [(p.row, p.column, p.code) for p in dry_run(sheet, content).problems]


def test_five_thousand_rows_are_taken():
    ids = [worlds.new_id() for _ in range(5000)]
    content = customers(*(f"{id_},Customer {place}" for place, id_ in enumerate(ids)))

    done = apply(CUSTOMERS, content)

    assert (done.created, Account.objects.count()) == (5000, 5000)
    assert dry_run(CUSTOMERS, content).unchanged == 5000


def test_one_row_more_is_refused_whole():
    content = customers(*(f"{worlds.new_id()},Customer" for _ in range(5001)))

    with pytest.raises(ImportRefused, match="5,001 rows: 5,000 at most"):
        apply(CUSTOMERS, content)

    assert not Account.objects.exists()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_delimiter_mark_and_line_end_is_read(delimiter, mark, end):
    id_ = worlds.new_id()
    rows = [f'{id_}{delimiter}"Miller{delimiter} Ltd"', f"{worlds.new_id()}{delimiter}Other"]

    done = apply(CUSTOMERS, mark + customers(*rows, header=f"account_id{delimiter}name", end=end))

    assert done.created == 2
    assert Account.objects.get(pk=id_).name == f"Miller{delimiter} Ltd"


def test_line_ends_may_be_mixed_and_blank_lines_between():
    ids = [worlds.new_id() for _ in range(3)]
    text = f"account_id,name\r\n{ids[0]},A\n\n{ids[1]},B\r{ids[2]},C\r\n\r\n"

    assert apply(CUSTOMERS, text.encode()).created == 3


def test_a_separator_that_only_unicode_calls_a_line_end_stays_within_its_cell():
    id_ = worlds.new_id()

    apply(CUSTOMERS, customers(f"{id_},North\u2028South\x0b\x85"))

    assert Account.objects.get().name == "North\u2028South\x0b\x85"


def test_headers_are_known_in_any_case_and_order():
    id_ = worlds.new_id()

    apply(CUSTOMERS, f" Name ,ACCOUNT_ID\nN,{id_}".encode())

    assert Account.objects.get(pk=id_).name == "N"


def test_all_unknown_and_double_headers_are_told_at_once():
    content = b"account_id,nmae,name,name,colour\n"

    assert problems(content) == [
        (1, "nmae", "unknown_column"),
        (1, "name", "column_twice"),
        (1, "colour", "unknown_column"),
    ]


def test_a_key_that_stands_twice_is_told_with_its_first_row():
    id_ = worlds.new_id()
    content = customers(f"{id_},A", f"{worlds.new_id()},B", f"{str(id_).upper()},C")

    [problem] = dry_run(CUSTOMERS, content).problems

    assert (problem.row, problem.column, problem.code) == (4, "account_id", "key_twice")
    assert str(problem) == f"line 4: account_id {id_} stands in line 2 too"


def test_a_cell_of_a_mebibyte_is_told_with_its_row_and_column():
    content = customers(f"{worlds.new_id()},{'x' * 2**20}", "no-id,B")

    assert problems(content) == [(2, "name", "too_long"), (3, "account_id", "no_id")]


def test_a_huge_cell_is_quoted_in_short():
    [problem] = dry_run(CUSTOMERS, customers(f"{'y' * 2**20},A")).problems

    assert len(problem.words) < 120


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"", "empty_file", "the file is empty"),
        (b"\xef\xbb\xbf \r\n\t\r\n", "empty_file", "the file is empty"),
        (b"account_id,name\r\n\r\n", "no_rows", "no rows below the header"),
        (PNG, "not_utf8", "it is a picture"),
        (b"PK\x03\x04\x14\0\x06\0", "no_csv", "it is a workbook"),
        ("account_id,name\n".encode("utf-16"), "not_utf8", "it is UTF-16"),
        ("account_id,name\n".encode("utf-16-le"), "no_csv", "it holds NUL characters"),
        ("account_id,name\n,\xe9".encode("latin-1"), "not_utf8", "see byte 18"),
        (b"x" * (MAX_BYTES + 1), "too_large", "larger than 10 MiB"),
    ],
)
def test_what_is_no_table_is_refused_with_the_reason(content, code, words):
    [problem] = dry_run(CUSTOMERS, content).problems

    assert problem.code == code
    assert words in problem.words


def test_a_nul_within_a_row_is_told_with_its_row():
    assert problems(customers(f"{worlds.new_id()},A\0B")) == [(2, "name", "nul")]


def test_quotation_marks_that_do_not_pair_are_told_where_they_begin():
    content = customers(
        f'{worlds.new_id()},"A"b', f"{worlds.new_id()},C", "no-id,D", f'{worlds.new_id()},"open'
    )

    assert problems(content) == [
        (2, "", "broken_quotes"),
        (4, "account_id", "no_id"),
        (5, "", "broken_quotes"),
    ]


def test_empty_columns_that_a_spreadsheet_leaves_at_the_end_do_no_harm():
    assert apply(CUSTOMERS, customers(f"{worlds.new_id()},A,,", header="account_id,name,,")).created


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("limit", "99999999999", "no_number"),
        ("limit", "2147483648", "no_number"),
        ("limit", "-1", "no_number"),
        ("limit", "٣", "no_number"),
        ("limit", "9" * 5000, "no_number"),
        ("cycles", "0 YEAR", "no_cycle"),
        ("cycles", "9" * 5000 + " YEAR", "no_cycle"),
        ("cycles", "1 YEARS", "no_cycle"),
        ("adjustable", "maybe", "no_flag"),
        ("tld", "x" * 64, "too_long"),
        ("product_id", "", "no_id"),
    ],
)
def test_each_column_says_what_it_takes(column, cell, code):
    row = {"product_id": str(worlds.new_id()), "name": "Core"} | {column: cell}
    content = f"{','.join(row)}\n{','.join(row.values())}".encode()

    assert problems(content, CATALOG) == [(2, column, code)]


def test_a_name_is_wanted_only_where_there_was_one_or_the_product_is_new():
    unnamed = CatalogProduct.objects.create(id=worlds.new_id())
    named = worlds.product("Core")
    rows = [f"{unnamed.pk},", f"{named.pk},", f"{worlds.new_id()},"]

    assert problems(customers(*rows, header="product_id,name"), CATALOG) == [
        (3, "name", "no_name"),
        (4, "name", "no_name"),
    ]


def test_a_plan_shows_each_field_with_old_and_new():
    held = worlds.account("Old", email="a@north.example", group="gold")
    same = worlds.account("Same", email="", group="")
    fresh = worlds.new_id()
    content = customers(
        f"{held.pk},New,silver",
        f"{same.pk},Same,",
        f"{fresh},Fresh,",
        header="account_id,name,group",
    )

    plan = dry_run(CUSTOMERS, content)

    assert (plan.created, plan.changed, plan.unchanged) == (1, 1, 1)
    changed, created = plan.changes
    assert changed.fields == (("name", "Old", "New"), ("group", "gold", "silver"))
    assert (changed.row, changed.is_new, created.row, created.is_new) == (2, False, 4, True)
    assert Account.objects.count() == 2, "a dry run writes nothing"


def test_what_has_moved_since_the_dry_run_is_not_imported():
    held = worlds.account("Old")
    content = customers(f"{held.pk},New")
    fingerprint = dry_run(CUSTOMERS, content).fingerprint
    Account.objects.update(name="Meanwhile")

    with pytest.raises(ImportMoved) as moved:
        apply(CUSTOMERS, content, fingerprint=fingerprint)

    assert moved.value.plan.changes[0].fields == (("name", "Meanwhile", "New"),)
    assert Account.objects.get().name == "Meanwhile"
    apply(CUSTOMERS, content, fingerprint=moved.value.plan.fingerprint)
    assert Account.objects.get().name == "New"


def test_an_import_is_audited_with_old_and_new_values_in_entries_of_a_bearable_size():
    held = worlds.account("Old")
    rows = [f"{held.pk},New", *(f"{worlds.new_id()},Customer" for _ in range(300))]
    person = worlds.user("manager")

    apply(CUSTOMERS, customers(*rows), by=person, file="names.csv")

    entries = AuditEntry.objects.filter(event="customers.imported").order_by("seq")
    assert [len(entry.body["rows"]) for entry in entries] == [200, 101]
    first = entries[0]
    assert first.actor == person
    assert first.body["rows"][str(held.pk)] == {"name": ["Old", "New"]}
    assert (first.body["file"], first.body["new"], first.body["changed"]) == ("names.csv", 300, 1)


@pytest.mark.django_db(transaction=True)
def test_the_menus_counts_follow_an_import():
    apply(CUSTOMERS, customers(f"{worlds.new_id()},", f"{worlds.new_id()},B"))

    assert figures.read().counts["unnamed_accounts"] == 1


@pytest.mark.parametrize(
    "text",
    [
        *("=1", "+1", "-1", "@x", "\t1", "\r\nx", "\uff1d1", " =1", "\u00a0=1", "\ufeff+"),
        *("'=1", "''=1", "'", "''", "'a", "' =1", "'\u200b-", "a'=1", "", "plain", 'say "x"; y'),
    ],
)
def test_a_text_that_was_guarded_in_a_file_reads_back_as_it_was(text):
    assert restore(defuse(text)) == text


@pytest.mark.parametrize("wrong", ["_", "+", "{", " "])
def test_a_mistyped_id_brings_no_customer(wrong):
    typed = str(worlds.new_id())
    content = customers(f"{typed[:30]}{wrong}{typed[31:]},A", f"{{{typed}}},B")

    assert problems(content) == [(2, "account_id", "no_id"), (3, "account_id", "no_id")]
