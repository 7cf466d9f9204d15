"""Asking for a file in the background, watching it, taking it: by its owner alone, while kept."""

import hashlib
import json
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from dashboard.lists import background, facets
from resellers import audit, retention, scopes
from resellers.models import AuditEntry, ExportFile, Notice
from tests import worlds
from tests.dashboard.listing import fill
from tests.exporting import ask, body, direct, made, on_disk

pytestmark = pytest.mark.django_db

EXPORT_NOW = re.compile(r'href="/instances/export.csv[^"]*"[^>]*>(<svg.*?</svg>)? ?Export CSV</a>')
EXPORT_LATER = re.compile(r'value="excel"[^>]*>(<svg.*?</svg>)? ?Export CSV</button>')


def page(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_a_list_offers_its_file_at_once_and_beyond_so_many_rows_in_the_background(
    viewer, monkeypatch
):
    fill(3)

    few = page(viewer, "/instances/")
    monkeypatch.setattr(facets, "COUNT_LIMIT", 2)
    many = page(viewer, "/instances/")

    assert EXPORT_NOW.search(few)
    assert not EXPORT_LATER.search(few)
    assert "In the background:" in few
    assert EXPORT_LATER.search(many)
    assert "Export at once" in many


def test_from_the_press_to_the_file_it_says_how_far_it_is_what_it_is_and_that_it_is_whole(viewer):
    fill(5)
    worlds.instance(status="FAILED")

    export = ask(viewer, query="status=ENABLED&sort=created", profile="excel")
    waiting = page(viewer, f"/exports/{export.pk}/")
    assert "Waiting for its turn" in waiting
    assert f'hx-get="/exports/{export.pk}/"' in waiting
    made(export)
    bell = page(viewer, "/me/")
    ready = page(viewer, f"/exports/{export.pk}/")
    taken = viewer.get(f"/exports/{export.pk}/file.csv")
    written = body(taken)

    assert "Services as CSV" in bell
    assert "5 rows" in ready
    assert "Status: Enabled" in ready
    assert export.sha256 in ready
    assert "hx-get" not in re.search(r'<section id="export-.*?>', ready)[0]
    assert written == direct(viewer, query="status=ENABLED&sort=created")
    assert hashlib.sha256(written).hexdigest() == export.sha256
    assert export.name in taken["Content-Disposition"]
    assert export.name.endswith("_5rows.csv")
    assert taken["X-Row-Count"] == "5"
    assert not Notice.objects.filter(export=export, read_at=None).exists()
    events = AuditEntry.objects.filter(body__export=export.pk).order_by("seq")
    assert list(events.values_list("event", flat=True)) == [
        *("export.asked", "export.written", "export.taken")
    ]
    assert events.get(event="export.written").body["sha256"] == export.sha256
    assert list(audit.verify()) == []


def test_the_menu_leads_to_ones_files_and_counts_those_that_wait_to_be_looked_at(viewer):
    fill(1)
    entry = re.compile(r'<a href="/exports/"[^>]*id="menu-files".*?</a>', re.DOTALL)
    before = entry.search(page(viewer, "/reports/"))[0]
    export = made(ask(viewer))
    ready = entry.search(page(viewer, "/reports/"))[0]
    page(viewer, f"/exports/{export.pk}/")
    seen = entry.search(page(viewer, "/reports/"))[0]

    assert '<span class="count good">1</span>' in ready
    assert "count" not in before + seen
    viewer.user.withheld_rights.create(right="export")
    assert not entry.search(page(viewer, "/reports/"))


def test_the_manifest_says_for_machines_what_the_file_holds(viewer):
    fill(2)
    export = made(ask(viewer, query="status=ENABLED"))

    manifest = json.loads(viewer.get(f"/exports/{export.pk}/manifest.json").content)

    assert manifest["rows"] == 2
    assert manifest["sha256"] == export.sha256
    assert manifest["filters"] == {"Status": "Enabled"}
    assert manifest["columns"] == export.columns
    assert manifest["dialect"] == {"profile": "machine", "delimiter": "comma", "breaks": "kept"}
    assert manifest["made_at"].startswith(str(timezone.now().year))
    assert all(manifest["mirror_read_between"])


def test_a_file_is_its_owners_alone_and_only_with_the_right(viewer, manager, client):
    fill(1)
    export = made(ask(viewer))
    addresses = [f"/exports/{export.pk}/{part}" for part in ("", "file.csv", "manifest.json")]

    for address in addresses:
        assert manager.get(address).status_code == 404, address
        assert client.get(address).status_code == 302, address
    assert manager.post(f"/exports/{export.pk}/remove/").status_code == 404
    assert f"/exports/{export.pk}/" not in page(manager, "/exports/")
    viewer.user.withheld_rights.create(right="export")
    for address in (*addresses, "/exports/"):
        assert viewer.get(address).status_code == 403, address
    assert viewer.post("/instances/export/", {"query": ""}).status_code == 403


def test_who_sees_fewer_customers_by_now_may_take_it_no_more(viewer, admin):
    fill(1)
    export = made(ask(viewer))
    scopes.limit(viewer.user, ["Food"], by=admin.user)
    later = Client()
    later.force_login(viewer.user)

    answer = later.get(f"/exports/{export.pk}/file.csv")

    assert answer.status_code == 403
    assert "you may see fewer customers" in answer.content.decode()
    assert "Download" not in page(later, f"/exports/{export.pk}/")
    scopes.lift(viewer.user, by=admin.user)
    assert body(viewer.get(f"/exports/{export.pk}/file.csv"))


def test_after_a_day_it_is_offered_no_more_and_then_removed(viewer):
    fill(1)
    export, young = made(ask(viewer)), made(ask(viewer))
    day = timedelta(days=1, seconds=1)
    ExportFile.objects.filter(pk=export.pk).update(finished_at=timezone.now() - day)

    assert viewer.get(f"/exports/{export.pk}/file.csv").status_code == 410
    assert viewer.get(f"/exports/{export.pk}/manifest.json").status_code == 404
    assert "kept no longer" in page(viewer, f"/exports/{export.pk}/")
    assert "Kept no longer" in page(viewer, "/exports/")
    retention.remove_old("EXPORTS")

    assert [path.name for path in on_disk()] == [young.stored_as]
    assert list(ExportFile.objects.all()) == [young]


def test_two_presses_of_one_form_are_one_file_and_a_fourth_file_has_to_wait(viewer):
    fill(1)
    first = ask(viewer)
    sent = {"query": "", "request_id": str(first.request_id), "profile": "machine"}
    assert viewer.post("/instances/export/", sent)["Location"] == first.get_absolute_url()
    ask(viewer)
    last = ask(viewer)

    answer = viewer.post("/instances/export/", sent | {"request_id": str(worlds.new_id())})

    assert answer.status_code == 422
    assert "3 files of yours are being made already" in answer.content.decode()
    assert ExportFile.objects.count() == 3
    viewer.post(f"/exports/{last.pk}/remove/")
    made(first)
    assert page(viewer, "/exports/").count('<td class="main">') == 2
    ask(viewer)


def test_more_rows_than_a_spreadsheet_shows_are_warned_of_before(viewer, monkeypatch):
    fill(4)
    monkeypatch.setattr(background, "SPREADSHEET_ROWS", 3)
    sent = {"query": "", "request_id": str(worlds.new_id()), "profile": "excel"}

    warned = viewer.post("/instances/export/", sent)

    assert warned.status_code == 200
    assert "The file would have 4 rows" in warned.content.decode()
    assert not ExportFile.objects.exists()
    assert ask(viewer, profile="machine")
    assert ask(viewer, profile="excel", long="1")


@pytest.mark.parametrize(
    "wrong",
    [{"query": "sort=nothing"}, {"request_id": "x"}, {"profile": "pdf"}, {"query": "q=%00"}],
)
def test_what_makes_no_sense_is_said_on_the_list(viewer, wrong):
    fill(1)
    sent = {"query": "", "request_id": str(worlds.new_id()), "profile": "machine"} | wrong

    assert viewer.post("/instances/export/", sent).status_code == 422
    assert not ExportFile.objects.exists()
