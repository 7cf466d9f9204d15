"""Files: exactly the rows and columns of the page, safe in a spreadsheet, audited, never short."""

import csv
import io
import re
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dashboard import exports
from dashboard import page as list_page
from resellers.models import AuditEntry, ProductInstance
from tests import worlds

pytestmark = pytest.mark.django_db

LISTS = ("accounts", "packages", "instances", "sites")
INSTANCE_HEADER = (
    "package_id,account_id,account_name,external_id,instance_id,catalog_product_id,product_name,"
    "service_type,site_id,site_name,site_url,status,failure_code,failure_message,country_code,"
    "discount_code,reference_instance_id,expires_at_utc,created_at_utc,updated_at_utc,"
    "checked_at_utc,billing_type,cycle_unit,cycle_count,gone_at_utc"
)
HEADERS = {
    "accounts": "account_id,account_name,email,group,reference,is_main,packages,services,sites,"
    "checked_at_utc,gone_at_utc",
    "packages": "package_id,account_id,account_name,external_id,services,created_at_utc,"
    "updated_at_utc,checked_at_utc,gone_at_utc",
    "instances": INSTANCE_HEADER,
    "sites": "site_id,account_id,account_name,site_name,site_url,services,published,premium,"
    "blocked,domain_connected,created_at_utc,updated_at_utc,checked_at_utc,trashed_at_utc,"
    "gone_at_utc",
}
TRIGGERS = ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"]


def body(answer) -> bytes:
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def table(answer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body(answer).decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("noun", LISTS)
def test_the_header_is_pinned_and_stands_even_over_nothing(viewer, noun):
    text = body(viewer.get(f"/{noun}/export.csv"))

    assert text == b"\xef\xbb\xbf" + HEADERS[noun].encode() + b"\r\n"


def test_machines_get_no_byte_order_mark(viewer):
    text = body(viewer.get("/accounts/export.csv?profile=machine"))

    assert text.startswith(b"account_id,")


def test_a_row_has_ids_beside_names_raw_words_and_times_in_utc(viewer):
    at = datetime(2026, 11, 20, 12, 10, tzinfo=UTC)
    account = worlds.account("Fennel Florist", email="hello@fennel.example")
    site = worlds.site(account, "fennel")
    package = worlds.package(account, external_id="INV-7", last_confirmed_at=at)
    service = worlds.instance(
        package,
        on=site,
        status="FAILED",
        failure_code="DELIVERY_TIMEOUT",
        failure_message='Wix said "no",\nsorry',
        created_at=at,
        cycle_count=2,
    )

    answer = viewer.get("/instances/export.csv")
    [row] = table(answer)

    assert row["instance_id"] == str(service.pk)
    assert row["account_name"] == "Fennel Florist"
    assert row["site_url"] == "https://fennel.example"
    assert row["status"] == "FAILED"
    assert row["failure_message"] == 'Wix said "no",\nsorry'
    assert row["created_at_utc"] == row["checked_at_utc"] == "2026-11-20T12:10:00Z"
    assert row["expires_at_utc"] == row["reference_instance_id"] == ""
    assert row["cycle_count"] == "2"


def test_truths_are_told_as_true_and_false(viewer):
    worlds.site(worlds.account(), "shop", premium=True, blocked=False)

    [row] = table(viewer.get("/sites/export.csv"))

    assert (row["premium"], row["blocked"]) == ("true", "false")


def test_the_name_says_grain_view_time_and_rows(viewer):
    worlds.instance(status="FAILED")

    answer = viewer.get("/instances/export.csv?status=FAILED")

    name = re.search(r'filename="([^"]+)"', answer["Content-Disposition"])
    assert name
    assert re.fullmatch(r"instances_failed_\d{8}T\d{4}Z_1rows\.csv", name[1])
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Row-Count"] == "1"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("query", "view"),
    [
        ("", "all"),
        ("floating=1", "floating"),
        ("status=AWAITING_ACTION", "awaitingaction"),
        ("status=<b>", "b"),
        ("q=x", "filtered"),
        ("status=FAILED&floating=1", "filtered"),
    ],
)
def test_the_view_in_the_name_is_plain_letters(viewer, query, view):
    answer = viewer.get(f"/instances/export.csv?{query}")

    assert f'filename="instances_{view}_' in answer["Content-Disposition"]


@pytest.mark.parametrize(
    "query", ["", "status=ENABLED", "floating=1", "q=bakery", "sort=created", "gone=1&sort=created"]
)
def test_the_file_holds_the_rows_of_all_pages_in_their_order(viewer, monkeypatch, query):
    monkeypatch.setattr(list_page, "PAGE_SIZE", 3)
    package = worlds.package()
    for place in range(11):
        worlds.instance(
            package,
            floating=place % 3 == 0,
            status=("ENABLED", "PENDING")[place % 2],
            created_at=timezone.now(),
            gone_at=timezone.now() if place % 4 == 0 else None,
        )

    shown, address = [], f"/instances/?{query}"
    while address:
        page = viewer.get(address).context["page"]
        shown += [str(row.pk) for row in page.rows]
        address = page.next_link
    exported = [row["instance_id"] for row in table(viewer.get(f"/instances/export.csv?{query}"))]

    assert exported == shown
    assert exported


def test_chosen_columns_choose_the_file_too_and_keep_the_ids(viewer):
    worlds.instance()

    [row] = table(viewer.get("/instances/export.csv?columns=status,service"))

    assert list(row) == [
        "package_id",
        "account_id",
        "external_id",
        "instance_id",
        "catalog_product_id",
        "product_name",
        "service_type",
        "site_id",
        "status",
        "failure_code",
        "failure_message",
        "reference_instance_id",
    ]


@pytest.mark.parametrize("before", ["", " ", "\ufeff", "\u200b ", "\u00a0"])
@pytest.mark.parametrize("trigger", TRIGGERS)
def test_no_text_is_a_formula(trigger, before):
    assert exports.defuse(f"{before}{trigger}1") == f"'{before}{trigger}1"


@pytest.mark.parametrize("text", ["", "bakery", "a=b", "it's", "1-2", "x\n=y", "ünï"])
def test_harmless_text_stays_as_it_is(text):
    assert exports.defuse(text) == text


def test_nul_is_dropped_before_looking():
    assert exports.defuse("\0=1") == "'=1"


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
    assert exports.written(-5) == -5
    assert exports.written("-5") == "'-5"


def test_a_file_needs_the_right_to_export(viewer):
    viewer.user.groups.clear()
    viewer.user.user_permissions.add(Permission.objects.get(codename="view"))

    assert viewer.get("/instances/").status_code == 200
    assert "Export CSV" not in viewer.get("/instances/").content.decode()
    assert viewer.get("/instances/export.csv").status_code == 403
    assert AuditEntry.objects.filter(event="export.taken").count() == 0


def test_each_file_is_in_the_audit_trail(viewer):
    worlds.instance(status="FAILED")

    viewer.get("/instances/export.csv?status=FAILED")

    entry = AuditEntry.objects.get(event="export.taken")
    assert entry.actor == viewer.user
    assert entry.address == "127.0.0.1"
    assert entry.body["rows"] == 1
    assert entry.body["query"] == "status=FAILED"
    assert entry.body["columns"] == INSTANCE_HEADER.split(",")


@pytest.mark.parametrize("noun", LISTS)
def test_nonsense_gives_words_and_no_file(viewer, noun):
    answer = viewer.get(f"/{noun}/export.csv?sort=password")

    assert answer.status_code == 422
    assert answer["Content-Type"].startswith("text/plain")
    assert b"sort" in answer.content


@pytest.mark.parametrize("noun", LISTS)
def test_a_hundred_rows_take_no_more_queries_than_ten(viewer, noun):
    def fill(number):
        plan = worlds.product()
        for _ in range(number):
            worlds.instance(product=plan)

    def queries():
        body(viewer.get(f"/{noun}/export.csv"))
        with CaptureQueriesContext(connection) as captured:
            body(viewer.get(f"/{noun}/export.csv"))
        return len(captured)

    fill(10)
    few = queries()
    fill(90)

    assert queries() == few


def test_rows_that_vanish_meanwhile_break_the_download(viewer):
    worlds.instance()
    answer = viewer.get("/instances/export.csv")
    ProductInstance.objects.all().delete()

    with pytest.raises(exports.FewerRows):
        body(answer)


def test_a_file_comes_in_chunks(viewer):
    package, plan = worlds.package(), worlds.product()
    for _ in range(450):
        worlds.instance(package, product=plan, floating=True)

    chunks = list(viewer.get("/instances/export.csv").streaming_content)

    assert len(chunks) == 3
    assert b"".join(chunks).count(b"\r\n") == 451
