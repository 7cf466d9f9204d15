"""Import in the browser: a dry run first, all errors at once, and nothing half done."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from resellers import tasks
from resellers.mirror.imports import MAX_BYTES
from resellers.models import Account, AuditEntry, CatalogProduct, Upload
from tests import worlds
from tests.dashboard.submitting import hidden_fields, text

pytestmark = [pytest.mark.django_db, pytest.mark.once]

PAGES = {"catalog": "/catalog/import/", "accounts": "/accounts/import/"}
WILD = [
    *("=SUM(A1)", "+49", "-1", "@home", " =x", "\u00a0=x", "\uff1dx", "'=x", "''+x", "'"),
    *("O'Neil", 'the "Inn"', "a;b", "a,b", "a\tb", "two\r\nlines", "x\n=y", "\n=1", "N\u2028S"),
]


def upload(client, content: bytes | str, noun: str = "catalog", name: str = "list.csv"):
    content = content.encode() if isinstance(content, str) else content
    return client.post(PAGES[noun], {"file": SimpleUploadedFile(name, content)})


def confirm(client, run: str, **changed: str):
    fields = hidden_fields(client.get(run), run) | changed
    return client.post(run, fields)


def body(answer) -> bytes:
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def test_a_dry_run_shows_each_row_and_writes_nothing(manager):
    held = worlds.product("Old", cycles=["1 YEAR"], limit=None)
    same = worlds.product("Same")
    fresh = worlds.new_id()
    content = f"product_id,name,limit\n{held.pk},New,5\n{same.pk},Same,\n{fresh},Fresh,\n"

    answer = upload(manager, content)
    page = manager.get(answer["Location"])

    words = text(page)
    assert "1 new, 1 changed, 1 as they are. Nothing is written yet" in words
    assert "name Old → becomes New" in words
    assert "limit empty → becomes 5" in words
    assert "Fresh 4 New name Fresh" in words
    assert set(CatalogProduct.objects.values_list("name", flat=True)) == {"Old", "Same"}


def test_a_number_that_a_spreadsheet_rewrote_is_shown_with_the_old_one_before_confirm(manager):
    account = worlds.account("North", reference="007")
    content = f"account_id,reference\n{account.pk},7\n"

    words = text(manager.get(upload(manager, content, "accounts")["Location"]))

    assert "1 number looks rewritten by a spreadsheet." in words
    assert words.count("007 → becomes 7") == 2, "in the warning and in its row"
    assert "rewritten by a spreadsheet?" in words
    assert "Confirm" in words


def test_confirm_imports_the_file_that_was_shown_and_once_only(manager):
    id_ = worlds.new_id()
    run = upload(manager, f"product_id,name\n{id_},Core\n")["Location"]

    answer = confirm(manager, run)

    assert answer["Location"] == "/catalog/"
    assert "list.csv is imported: 1 new, 0 changed" in text(manager.get("/catalog/"))
    assert CatalogProduct.objects.get(pk=id_).name == "Core"
    entry = AuditEntry.objects.get(event="catalog.imported")
    assert (entry.actor, entry.body["file"]) == (manager.user, "list.csv")
    assert bytes(Upload.objects.get().content) == b"", "what is imported is not kept"
    again = manager.post(run, {"plan": "f" * 64}, follow=True)
    assert "imported already" in text(again)
    assert AuditEntry.objects.filter(event="catalog.imported").count() == 1


def test_what_has_moved_since_is_shown_anew_and_not_imported(manager):
    product = worlds.product("Old")
    run = upload(manager, f"product_id,name\n{product.pk},New\n")["Location"]
    fields = hidden_fields(manager.get(run), run)
    CatalogProduct.objects.update(name="Meanwhile")

    answer = manager.post(run, fields)

    assert answer.status_code == 422
    assert "has changed since this was shown" in text(answer)
    assert "Meanwhile → becomes New" in text(answer)
    product.refresh_from_db()
    assert product.name == "Meanwhile"
    assert manager.post(run, hidden_fields(answer, run)).status_code == 302
    product.refresh_from_db()
    assert product.name == "New"


def test_a_confirm_that_names_no_plan_imports_nothing(manager):
    run = upload(manager, f"product_id,name\n{worlds.new_id()},Core\n")["Location"]

    assert manager.post(run, {}).status_code == 422
    assert not CatalogProduct.objects.exists()


def test_all_that_is_wrong_is_told_at_once_with_row_column_and_code(manager):
    rows = [f"{worlds.new_id()},Good,1 YEAR"] + [f"no-id-{n},,1 FORTNIGHT" for n in range(60)]

    answer = upload(manager, "\n".join(["product_id,name,cycles", *rows]))

    assert answer.status_code == 422
    words = text(answer)
    assert "120 things are wrong in 60 rows." in words
    assert "product_id is not an id: 'no-id-0' no_id" in words
    assert "Problems 1–100 of 120" in words
    link = re.search(r'href="([^"]+\?page=2)"', answer.content.decode())[1]
    assert "no-id-59" in text(manager.get(link))
    assert "Confirm" not in words
    assert not CatalogProduct.objects.exists()
    run = link.partition("?")[0]
    assert manager.post(run, {"plan": "f" * 64}).status_code == 422
    assert not CatalogProduct.objects.exists()


def test_the_failing_rows_come_as_csv_that_can_be_mended_and_imported(manager):
    id_ = worlds.new_id()
    rows = [f"{worlds.new_id()};Good;true", f"{id_};'=Wild;perhaps", "short"]
    answer = upload(manager, "\n".join(["product_id;name;adjustable", *rows]))
    link = re.search(r'href="([^"]+errors\.csv)"', answer.content.decode())[1]

    table = list(csv.reader(io.StringIO(body(manager.get(link)).decode("utf-8-sig"))))

    assert table[0] == ["product_id", "name", "adjustable", "error_code", "error_message"]
    assert table[1][:4] == [str(id_), "'=Wild", "perhaps", "no_flag"]
    assert table[1][4] == "line 3: adjustable must be true or false, not 'perhaps'"
    assert table[2][:4] == ["short", "", "", "no_id"]
    mended = io.StringIO()
    csv.writer(mended).writerows([table[0], [str(id_), "'=Wild", "yes", *table[1][3:]]])
    run = upload(manager, mended.getvalue())["Location"]
    assert confirm(manager, run).status_code == 302
    assert CatalogProduct.objects.get().name == "=Wild"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "the file is empty"),
        (b"\x89PNG\r\n\x1a\n\0\0", "it is a picture"),
        ("product_id,name".encode("utf-16"), "it is UTF-16"),
        (b"product_id,name\n", "no rows below the header"),
        (b"nothing,else\n1,2\n", "the column 'product_id' is missing"),
        (b"\0" * 50, "it holds NUL characters"),
        (b"product_id,name\n" + b'"' * 999, "quotation marks do not pair"),
        (b"product_id,name\n" + b"x\n" * 5001, "5,001 rows: 5,000 at most"),
        (b"x" * (MAX_BYTES + 1), "The file is larger than 10 MiB"),
    ],
)
def test_what_is_no_such_file_is_refused_in_plain_words(manager, content, words):
    answer = upload(manager, content)

    assert answer.status_code == 422
    assert words in text(answer)


def test_a_form_without_a_file_says_what_to_choose(manager):
    for data in ({}, {"file": "only a name"}):
        answer = manager.post("/catalog/import/", data)
        assert answer.status_code == 422
        assert "Choose a CSV file." in text(answer)


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=x", b"--x\r\nbroken"),
        ("application/x-www-form-urlencoded", b"file=" + b"x" * 3_000_000),
        ("application/json", b"{}"),
    ],
)
def test_what_is_no_form_is_refused_and_no_fault_of_ours(manager, kind, content):
    answer = manager.post("/catalog/import/", content, content_type=kind)

    assert answer.status_code in (400, 422)
    assert not Upload.objects.exists()


def test_a_name_that_is_no_text_does_no_harm(manager):
    answer = upload(manager, "product_id,name\n", name="a\0b\r\n<i>.csv" + "x" * 400)

    assert answer.status_code == 422
    assert "<i>" not in answer.content.decode()


def test_a_file_is_its_owners_and_waits_an_hour(manager, log_in):
    run = upload(manager, f"product_id,name\n{worlds.new_id()},Core\n")["Location"]
    other = log_in("admin")

    assert "kept no longer" in text(other.get(run, follow=True))
    assert "kept no longer" in text(manager.get(run.replace("catalog", "accounts"), follow=True))
    Upload.objects.update(at=timezone.now() - timedelta(minutes=61))
    assert "kept no longer" in text(manager.get(run, follow=True))
    assert "kept no longer" in text(manager.post(run, {"plan": "x"}, follow=True))


def test_a_file_that_nobody_confirmed_goes_by_itself_after_its_hour(manager):
    old, new = (
        upload(manager, f"product_id,name\n{worlds.new_id()},Core\n")["Location"] for _ in range(2)
    )
    [late] = [file for file in Upload.objects.all() if str(file.pk) in old]
    Upload.objects.filter(pk=late.pk).update(at=timezone.now() - timedelta(minutes=61))

    tasks.wake_due()

    assert [str(file.pk) in new for file in Upload.objects.all()] == [True]


@pytest.mark.parametrize("role", ["viewer", "operator"])
def test_who_may_not_write_gets_nowhere(log_in, manager, role):
    run = upload(manager, f"product_id,name\n{worlds.new_id()},Core\n")["Location"]
    client = log_in(role)

    for address in (*PAGES.values(), run):
        assert client.get(address).status_code == 403
        assert client.post(address, {"plan": "x"}).status_code == 403
    assert client.get(f"{run}errors.csv").status_code == 403


@pytest.mark.parametrize("query", ["", "?profile=machine"])
def test_the_catalogues_own_file_comes_back_as_no_change(manager, query):
    for name in WILD:
        worlds.product(name, service_type=name, tld="", limit=len(name) or None)
    worlds.product("", service_type="", cycles=[], adjustable=False, one_per_site=True)

    run = upload(manager, body(manager.get(f"/catalog/export.csv{query}")))["Location"]

    assert "0 changes" in text(manager.get(run))
    assert f"0 new, 0 changed, {len(WILD) + 1} as they are" in text(manager.get(run))


@pytest.mark.parametrize("query", ["", "?profile=machine", "?columns=account,group"])
def test_the_accounts_own_file_comes_back_as_no_change(manager, query):
    for name in WILD:
        worlds.account(name, email=name, group=name, reference=name)
    worlds.account("", is_main=True)

    run = upload(manager, body(manager.get(f"/accounts/export.csv{query}")), "accounts")["Location"]

    assert f"0 new, 0 changed, {len(WILD) + 1} as they are" in text(manager.get(run))


def test_a_customers_file_changes_names_and_nothing_else(manager):
    account = worlds.account("Old", email="a@north.example", is_main=True)
    content = f"account_id,account_name,services\n{account.pk},New,99\n"

    run = upload(manager, content, "accounts")["Location"]
    answer = confirm(manager, run)

    assert answer["Location"] == "/accounts/"
    held = Account.objects.get()
    assert (held.name, held.email, held.is_main) == ("New", "a@north.example", True)


def test_what_a_person_was_shown_is_in_the_audit_trail(manager):
    upload(manager, "product_id,name\nno-id,Core\n")

    entry = AuditEntry.objects.get(event="import.shown")
    assert (entry.actor, entry.body["problems"]) == (manager.user, 1)
