"""Names for ids, from CSV: all of a file or nothing of it."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from resellers.mirror.imports import ImportRefused, import_catalog, import_customers
from resellers.models import Account, CatalogProduct
from tests import worlds

pytestmark = pytest.mark.django_db

PRODUCT, ACCOUNT = worlds.new_id(), worlds.new_id()
HEADER = "product_id,name,service_type,cycles,one_per_site,needs_premium,tld,adjustable,limit"


@pytest.fixture
def file(tmp_path: Path):
    def write(text: str, encoding: str = "utf-8") -> Path:
        path = tmp_path / "table.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return write


def test_a_catalogue_gives_products_their_names(file):
    row = f"{PRODUCT},Core,Premium plan,1 YEAR|1 MONTH,true,false,,true,25"

    done = import_catalog(file(f"{HEADER}\r\n{row}\r\n"))

    product = CatalogProduct.objects.get()
    assert (done.created, done.changed, done.unchanged) == (1, 0, 0)
    assert str(product) == "Core"
    assert product.cycles == ["1 YEAR", "1 MONTH"]
    assert product.one_per_site
    assert product.limit == 25


def test_the_same_file_again_changes_nothing(file):
    text = f"{HEADER}\n{PRODUCT},Core,Premium plan,1 YEAR,true,false,,true,\n"
    import_catalog(file(text))

    done = import_catalog(file(text))

    assert (done.created, done.changed, done.unchanged) == (0, 0, 1)


def test_a_product_met_in_a_sync_gets_its_name(file):
    CatalogProduct.objects.create(id=PRODUCT)

    done = import_catalog(file(f"product_id,name\n{PRODUCT},Core\n"))

    assert done.changed == 1
    assert str(CatalogProduct.objects.get()) == "Core"


BRINGS = "premium,reference,voucher,features"


def test_what_a_product_is_and_brings_stands_in_columns_that_may_be_left_out(file):
    row = f"{PRODUCT},Core,Website plan,1 YEAR,true,false,,true,25"
    import_catalog(
        file(f"{HEADER},{BRINGS}\n{row},yes,no,a domain for 1 year,Storage| Payments |\n")
    )

    import_catalog(file(f"{HEADER}\n{row}\n"))

    product = CatalogProduct.objects.get()
    assert (product.premium, product.reference) == (True, False)
    assert product.voucher == "a domain for 1 year"
    assert product.features == ["Storage", "Payments"]


def test_an_empty_cell_says_nothing_of_what_a_product_is(file):
    worlds.product(id=PRODUCT, premium=True, reference=False, service_type="Premium plan")

    import_catalog(file(f"product_id,{BRINGS}\n{PRODUCT},,,,\n"))

    product = CatalogProduct.objects.get()
    assert (product.premium, product.reference, product.features) == (None, None, [])
    assert product.is_premium_plan


@pytest.mark.parametrize("written", ["com", ".COM", " .com "])
def test_an_ending_is_kept_in_one_spelling_however_it_is_written(file, written):
    """With a dot and capitals kept, every name was refused as of another ending."""
    product = worlds.product("Domain")

    import_catalog(file(f"product_id,tld\n{product.pk},{written}\n"))

    product.refresh_from_db()
    assert product.tld == "com"


def test_a_column_that_is_left_out_keeps_what_is_held(file):
    worlds.account("Old Name", id=ACCOUNT, email="owner@north.example")

    import_customers(file(f"account_id,name\n{ACCOUNT},New Name\n"))

    account = Account.objects.get()
    assert (account.name, account.email) == ("New Name", "owner@north.example")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_any_usual_delimiter_and_a_byte_order_mark_are_read(file, delimiter, encoding):
    text = f"account_id,name\n{ACCOUNT},Bäckerei\n".replace(",", delimiter)

    import_customers(file(text, encoding))

    assert Account.objects.get().name == "Bäckerei"


def test_an_apostrophe_of_our_own_export_is_taken_off_again(file):
    import_customers(file(f"account_id,name\n{ACCOUNT},'=SUM(A1)\n"))

    assert Account.objects.get().name == "=SUM(A1)"


def test_all_that_is_wrong_is_told_at_once_and_nothing_is_imported(file):
    good = f"{PRODUCT},Core,Premium plan,1 YEAR,true,false,,true,25"
    bad = [
        "not-an-id,Core,,,,,,,",
        f"{worlds.new_id()},,Premium plan,1 FORTNIGHT,perhaps,,,,many",
        f"{PRODUCT},Again,,,,,,,",
        f"{worlds.new_id()},too,,,,,,,,many",
    ]

    with pytest.raises(ImportRefused) as refused:
        import_catalog(file("\n".join([HEADER, good, *bad])))

    errors = "\n".join(refused.value.errors)
    for words in (
        "line 3: product_id is not an id: 'not-an-id'",
        "line 4: name is empty",
        "line 4: cycles must look like `1 YEAR|1 MONTH`, not '1 FORTNIGHT'",
        "line 4: one_per_site must be true or false, not 'perhaps'",
        "line 4: limit must be a whole number, not 'many'",
        f"line 5: product_id {PRODUCT} stands in line 2 too",
        "line 6: 10 cells where the header has 9",
    ):
        assert words in errors
    assert not CatalogProduct.objects.exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "the file is empty"),
        ("\n\n", "the file is empty"),
        ("account_id,name\n", "no rows below the header"),
        ("name,email\nx,y\n", "the column 'account_id' is missing"),
        ("account_id,nmae\n", "unknown column 'nmae'"),
        ("account_id,name,name\n", "column 'name' twice"),
        ('account_id,name\n"open', "not a CSV file"),
    ],
)
def test_a_file_that_is_no_table_of_customers_is_refused_with_the_reason(file, text, words):
    with pytest.raises(ImportRefused, match=words):
        import_customers(file(text))


def test_bytes_that_are_no_text_are_refused(file):
    with pytest.raises(ImportRefused, match="not UTF-8"):
        import_customers(file("account_id,name\n,\xe9\n", "latin-1"))


def test_a_huge_cell_is_refused_not_cut(file):
    with pytest.raises(ImportRefused, match=r"name is longer than 500|field larger than"):
        import_customers(file(f"account_id,name\n{ACCOUNT},{'x' * 2**20}\n"))


def test_the_command_says_what_it_did(file):
    out = StringIO()

    call_command("import_customers", str(file(f"account_id,name\n{ACCOUNT},A\n")), stdout=out)

    assert out.getvalue() == "Customers: 1 new, 0 changed, 0 as they were.\n"


def test_the_command_ends_with_status_2_where_the_file_is_not_there(tmp_path):
    with pytest.raises(CommandError, match="No such file") as refused:
        call_command("import_catalog", str(tmp_path / "none.csv"))

    assert refused.value.returncode == 2


def test_the_command_prints_one_line_a_problem_and_imports_nothing(file):
    err = StringIO()
    path = file(f"account_id,name\nno-id,A\n{ACCOUNT},{'x' * 501}\n{ACCOUNT},B\n")

    with pytest.raises(CommandError) as refused:
        call_command("import_customers", str(path), stderr=err)

    errors = [*err.getvalue().splitlines(), str(refused.value)]
    assert errors == [
        "line 2: account_id is not an id: 'no-id'",
        "line 3: name is longer than 500 characters",
        f"line 4: account_id {ACCOUNT} stands in line 3 too (nothing was imported)",
    ]
    assert refused.value.returncode == 2
    assert not Account.objects.exists()
