"""Files: exactly the rows and columns of the page, safe in a spreadsheet, audited, never short."""

import hashlib
import re
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dashboard.lists import csv_file
from dashboard.lists import page as list_page
from resellers import audit, cases, notes
from resellers.models import AuditEntry, ProductInstance
from tests import worlds
from tests.dashboard.listing import PART, table

pytestmark = [pytest.mark.django_db, pytest.mark.every_value]

LISTS = ("accounts", "packages", "instances", "sites")
FAILED_SERVICES = "failures/failed-services"
EVERY_LIST = (*LISTS, "failures", FAILED_SERVICES, "operations", "mirror", "audit")
INSTANCE_HEADER = (
    "package_id,account_id,account_name,external_id,instance_id,catalog_product_id,product_name,"
    "service_type,site_id,site_name,site_url,status,failure_code,failure_message,country_code,"
    "discount_code,reference_instance_id,expires_at_utc,created_at_utc,updated_at_utc,"
    "checked_at_utc,billing_type,cycle_unit,cycle_count,gone_at_utc"
)
HEADERS = {
    "accounts": "account_id,account_name,email,group,reference,is_main,packages,services,sites,"
    "checked_at_utc,gone_at_utc,looked_after_by",
    "packages": "package_id,account_id,account_name,external_id,services,created_at_utc,"
    "updated_at_utc,checked_at_utc,gone_at_utc",
    "instances": f"{INSTANCE_HEADER},floating_since_utc,note,review_state,assignee",
    # As it was while it had failed services; how their cases stand comes behind.
    "failures": f"{INSTANCE_HEADER},failed_since_utc,note,ordered_again_as,review_state,assignee,"
    "case_id,cause,code,operation_id,opened_at_utc,regressed_at_utc,snoozed_until_utc,closed_at_utc,"
    "closed_because,last_note,flow_id",
    FAILED_SERVICES: f"{INSTANCE_HEADER},failed_since_utc,note,ordered_again_as,review_state,"
    "assignee",
    "operations": "operation_id,kind,state,account_id,account_name,package_id,instance_id,"
    "product_name,before,after,requested_by,reason,requested_at_utc,finished_at_utc,outcome_code,"
    "outcome,wix_request_id,settled_by,settled_note,retry_of_id,drifted_at_utc",
    "mirror": "run_id,kind,state,account_id,package_id,requested_by,requested_at_utc,"
    "started_at_utc,finished_at_utc,packages_seen,packages_expected,sites_seen,rows_changed,"
    "rejected,pages,calls,error_code,error,wix_request_id",
    "audit": "seq,at_utc,event,actor,address,session,operation_id,account_id,account_name,"
    "instance_id,product_name,details,hash,previous_hash",
    "sites": "site_id,account_id,account_name,site_name,site_url,services,published,premium,"
    "blocked,domain_connected,created_at_utc,updated_at_utc,checked_at_utc,trashed_at_utc,"
    "gone_at_utc",
}


def body(answer) -> bytes:
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


@pytest.mark.parametrize("noun", EVERY_LIST)
def test_the_header_is_pinned_and_stands_even_over_nothing(manager, noun):
    text = body(manager.get(f"/{noun}/export.csv?profile=machine"))

    assert text == HEADERS[noun].encode() + b"\r\n"


@pytest.mark.parametrize("noun", EVERY_LIST)
def test_for_spreadsheets_local_times_stand_at_the_end_behind_a_byte_order_mark(manager, noun):
    pinned = HEADERS[noun].split(",")
    local = [name.replace("_utc", "_local") for name in pinned if name.endswith("_utc")]

    text = body(manager.get(f"/{noun}/export.csv"))

    assert local
    assert text == b"\xef\xbb\xbf" + ",".join(pinned + local).encode() + b"\r\n"


def test_local_times_are_those_of_the_sites_clocks(viewer, settings):
    settings.TIME_ZONE = "Europe/Vilnius"
    worlds.instance(created_at=datetime(2026, 11, 20, 12, 10, tzinfo=UTC))

    [row] = table(viewer.get("/instances/export.csv"))

    assert row["created_at_utc"] == "2026-11-20T12:10:00Z"
    assert row["created_at_local"] == "2026-11-20 14:10:00"
    assert row["expires_at_utc"] == row["expires_at_local"] == ""


def test_chosen_columns_bring_their_local_times_along(viewer):
    worlds.instance()

    [row] = table(viewer.get("/instances/export.csv?columns=created"))

    assert list(row)[-2:] == ["created_at_local", "updated_at_local"]
    assert "checked_at_local" not in row


def test_both_profiles_are_offered_with_the_lists_own_question(viewer):
    worlds.instance(status="FAILED")

    html = viewer.get("/instances/?status=FAILED").content.decode()

    file = r'href="/instances/export.csv\?status=FAILED'
    assert re.search(f'{file}"[^>]*>(<svg.*?</svg>)? ?Export CSV</a>', html)
    assert re.search(f'{file}&amp;profile=machine"[^>]*>Export for machines</a>', html)


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

    listed, address = [], f"/instances/?{query}"
    while address:
        page = viewer.get(address, headers=PART).context["page"]
        listed += [str(row.pk) for row in page.rows]
        address = page.next_link
    exported = [row["instance_id"] for row in table(viewer.get(f"/instances/export.csv?{query}"))]

    assert exported == listed
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


def test_every_choice_of_columns_keeps_each_entrys_number_and_hash(manager):
    entry = audit.record("policy.set", by=manager.user, body={})

    [row, *_] = table(manager.get("/audit/export.csv?columns=when&sort=seq"))

    assert (row["seq"], row["hash"]) == (str(entry.seq), entry.hash)


@pytest.mark.parametrize("noun", ["instances", "failures", FAILED_SERVICES])
def test_the_note_that_heads_a_services_page_is_in_its_row(operator, noun):
    service = worlds.instance(status="FAILED")
    cases.keep()
    for text in ("Asked the customer", "Wix looks into it, ticket 12"):
        note = notes.add_note(service, text, by=operator.user)
    notes.pin(note, by=operator.user)
    notes.pin(notes.add_note(service.package, "Of the order", by=operator.user), by=operator.user)

    [row] = table(operator.get(f"/{noun}/export.csv?profile=machine"))

    assert row["note"] == "Wix looks into it, ticket 12"


def test_a_file_needs_the_right_to_export(viewer):
    viewer.user.withheld_rights.create(right="export")

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
    assert entry.body["columns"][:25] == INSTANCE_HEADER.split(",")


def test_what_was_written_is_in_the_audit_trail_with_its_hash(viewer):
    worlds.instance(status="FAILED")

    file = body(viewer.get("/instances/export.csv"))

    taken, written = AuditEntry.objects.filter(event__startswith="export.").order_by("seq")
    assert written.actor == viewer.user
    assert written.body["file"] == taken.body["file"]
    assert written.body["rows"] == 1
    assert written.body["sha256"] == hashlib.sha256(file).hexdigest()


def test_a_file_that_broke_is_not_said_to_be_written(viewer):
    worlds.instance()
    answer = viewer.get("/instances/export.csv")
    ProductInstance.objects.all().delete()

    with pytest.raises(csv_file.RowCountChanged):
        body(answer)

    assert AuditEntry.objects.get().event == "export.taken"


def test_who_only_asks_about_a_file_has_not_taken_it(viewer):
    worlds.instance()

    answer = viewer.head("/instances/export.csv")

    assert answer["X-Row-Count"] == "1"
    assert AuditEntry.objects.filter(event="export.taken").count() == 0


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

    with pytest.raises(csv_file.RowCountChanged):
        body(answer)


def test_rows_that_appear_meanwhile_break_the_download_too(viewer):
    worlds.instance()
    answer = viewer.get("/instances/export.csv")
    worlds.instance()

    with pytest.raises(csv_file.RowCountChanged):
        body(answer)


def test_a_file_comes_in_chunks(viewer):
    package, plan = worlds.package(), worlds.product()
    for _ in range(450):
        worlds.instance(package, product=plan, floating=True)

    chunks = list(viewer.get("/instances/export.csv").streaming_content)

    assert chunks[0].count(b"\r\n") == 1  # the header, before any row was asked for
    assert 2 <= len(chunks) <= 4
    assert b"".join(chunks).count(b"\r\n") == 451
