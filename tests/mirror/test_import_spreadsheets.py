"""Files as spreadsheets leave them: taken as they are meant, and warned of where one wrote over."""

import pytest

from resellers.mirror.imports import CATALOG, CUSTOMERS, apply, dry_run
from resellers.mirror.imports.mangled import is_mangled
from resellers.models import Account
from tests import worlds

pytestmark = pytest.mark.django_db

WIDTHLESS = "\u200b" * 1_000_000
HEADER = "account_id,name,email,group,reference"


def problems(text: str, sheet=CUSTOMERS) -> list[tuple[int | None, str, str]]:
    return [(p.row, p.column, p.code) for p in dry_run(sheet, text.encode()).problems]


def named(text: str) -> list[str]:
    """Imports the file; the customers' names there are then."""
    apply(CUSTOMERS, text.encode())
    return [account.name for account in Account.objects.all()]


# --- what is taken -------------------------------------------------------------------------------


def test_a_row_shorter_than_the_header_ends_in_empty_cells():
    whole, short, shorter = (worlds.new_id() for _ in range(3))
    rows = [f"{whole},A,a@x.example,Food,7", f"{short},B,b@x.example", f"{shorter},C"]

    assert named("\r\n".join([HEADER, *rows])) == ["A", "B", "C"]
    assert Account.objects.get(pk=short).email == "b@x.example"
    assert Account.objects.get(pk=shorter).reference == ""


def test_a_row_that_is_longer_is_still_refused():
    assert problems(f"account_id,name\n{worlds.new_id()},A,,x") == [(2, "", "cells")]


@pytest.mark.parametrize("line", ["sep=;", "SEP=;", '"sep=;"', "\ufeffsep=;", "sep=;;;"])
def test_a_line_that_names_the_separator_is_no_header(line):
    assert named(f"{line}\r\naccount_id;name\r\n{worlds.new_id()};Miller, Ltd") == ["Miller, Ltd"]


def test_rows_are_numbered_as_the_spreadsheet_shows_them_below_such_a_line():
    assert problems("sep=;\r\naccount_id;name\r\nno-id;A") == [(2, "account_id", "no_id")]


@pytest.mark.parametrize("blank", [",", " , ", "\u00a0,\u200b", ",,,,", "\t,"])
def test_rows_of_blanks_are_passed_over_wherever_they_stand(blank):
    rows = f"{blank}\naccount_id,name\n{blank}\n{worlds.new_id()},A\n{blank}\n"

    assert named(rows) == ["A"]


@pytest.mark.parametrize("around", [" ", "\u00a0", "\u2007", "\u202f", "\ufeff", "\u200b", "\t"])
def test_what_nobody_sees_around_an_id_is_no_part_of_it(around):
    assert named(f"account_id,name\n{around}{worlds.new_id()}{around},A") == ["A"]


def test_two_byte_order_marks_are_none():
    assert named(f"\ufeff\ufeff\ufeffaccount_id,name\n{worlds.new_id()},A") == ["A"]


# --- what is the same, and what is none ----------------------------------------------------------


def test_the_same_text_in_other_bytes_is_no_change():
    account = worlds.account("Crêperie Noël", group="Hôtellerie")
    row = f"{account.pk},\u00a0Cre\u0302perie Noe\u0308l,Ho\u0302tellerie\u200b"

    assert dry_run(CUSTOMERS, f"account_id,name,group\n{row}".encode()).unchanged == 1


def test_an_import_keeps_composed_letters_and_no_blanks_around():
    row = f"{worlds.new_id()},\u200bCre\u0302perie\u00a0,Ho\u0302tellerie"

    apply(CUSTOMERS, f"account_id,name,group\n{row}".encode())

    account = Account.objects.get()
    assert (account.name, account.group) == ("Crêperie", "Hôtellerie")


@pytest.mark.parametrize("name", ["\u200b", "\u3164", "\u00a0\ufeff", "\u2800"])
def test_an_invisible_name_is_none(name):
    named_already, new = worlds.account("Harbour"), worlds.new_id()

    assert named(f"account_id,name\n{new},{name}") == ["", "Harbour"]
    assert problems(f"account_id,name\n{named_already.pk},{name}") == [(2, "name", "no_name")]
    assert problems(f"product_id,name\n{new},{name}", CATALOG) == [(2, "name", "no_name")]


# --- what the form refuses -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "cell", ["a@x.example; b@x.example", "n/a", "x@", "@x.example", "a b@x.io"]
)
def test_what_is_no_address_is_refused_as_the_form_refuses_it(cell):
    assert problems(f"account_id,email\n{worlds.new_id()},{cell}") == [(2, "email", "no_email")]


@pytest.mark.parametrize("sign", ["\n", "\r\n", "\t", "\u2028", "\x85"])
def test_a_group_is_one_line(sign):
    text = f'account_id,group\n{worlds.new_id()},"Retail{sign}North"'

    assert problems(text) == [(2, "group", "not_one_line")]
    assert problems(text.replace("account_id,group", "product_id,service_type"), CATALOG)


def test_what_is_held_already_is_no_fault_of_the_file():
    """An untouched export of older records comes back as no change."""
    account = worlds.account("A", email="n/a", group="Retail\nNorth")
    row = f'{account.pk},B,n/a,"Retail\nNorth"'

    done = apply(CUSTOMERS, f"account_id,name,email,group\n{row}".encode())

    assert done.changes[0].fields == (("name", "A", "B"),)
    account.refresh_from_db()
    assert (account.name, account.email, account.group) == ("B", "n/a", "Retail\nNorth")


# --- numbers that a spreadsheet has rewritten ----------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new"),
    [
        *(("007", "7"), ("0", "0.0"), ("1E5", "1.00E+05"), ("1E5", "100000"), ("+370", "370")),
        *(("12345678901234567890", "1.23457E+19"), ("12345678901234567890", "1,23457E+19")),
        ("12345678901234567890", "12345678901234500000"),
        ("12345678901234567890", "12345678901234600000"),
        ("", "1.00E+05"),
        ("", "12345678901234500000"),
        (None, "1.2E+10"),
    ],
)
def test_a_number_that_a_spreadsheet_rewrote_is_known(old, new):
    assert is_mangled(old, new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        *(
            ("7", "8"),
            ("K-7", "K-8"),
            ("007", "A7"),
            ("", "7"),
            ("", "1E5"),
            ("", "2024"),
            ("7", ""),
        ),
        *(
            (None, "+370 600 00000"),
            ("12345678901234567890", "12345678901234567891"),
            ("x", "1E99"),
        ),
        *(("", "9" * 5000), ("1E999", "2"), (".", ","), (5, "5"), (None, True)),
    ],
)
def test_another_number_is_a_wish(old, new):
    assert not is_mangled(old, new)


def test_the_dry_run_tells_each_with_what_is_held():
    account = worlds.account("A", reference="007")
    fresh = worlds.new_id()
    content = f"account_id,name,reference\n{account.pk},B,7\n{fresh},C,1.00E+05"

    plan = dry_run(CUSTOMERS, content.encode())

    assert plan.mangled == [(2, "reference", "007", "7"), (3, "reference", "", "1.00E+05")]
    assert plan.problems == []


# --- bounds --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        "account_id" + ",name" * 110_000 + "\n",
        "account_id" + ",x" * 2_000_000 + "\n",
        "account_id,name\n" + ",".join("x" * 2_000_000) + "\n",
        "account_id,name\n" + ("," * 5_000 + "\n") * 1_000,
        f"account_id,group\n{worlds.new_id()},{';=' * 2_000_000}\n",
        f"account_id,group\n{worlds.new_id()},x{WIDTHLESS}x{WIDTHLESS}x\n",
    ],
)
def test_a_file_costs_what_its_size_costs(content):
    """In work that grows with the square of the size, none of these would come to its end."""
    assert len(problems(content)) == 1


def test_a_cell_of_half_a_million_cycles_is_refused_as_it_stands():
    text = f"product_id,name,cycles\n{worlds.new_id()},Core,{'1 YEAR|' * 500_000}"

    assert problems(text, CATALOG) == [(2, "cycles", "no_cycle")]


def test_a_header_says_how_many_columns_are_too_many():
    assert problems("account_id" + ",name" * 60) == [(1, "", "too_many_columns")]
    assert problems("account_id,name" + "," * 60) == [(None, "", "no_rows")]
