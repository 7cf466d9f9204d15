"""Every list: its page, its region alone, its columns, what it says when it is empty."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dashboard import page as list_page
from tests import worlds
from tests.dashboard.listing import LISTS, PART, RESTORE, fill, rows

pytestmark = pytest.mark.django_db


def queries_of(client, address, **headers) -> int:
    client.get(address, headers=headers)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address, headers=headers).status_code == 200
    return len(captured)


@pytest.mark.parametrize("address", LISTS)
def test_a_list_is_a_whole_page(viewer, address):
    fill(3)

    answer = viewer.get(address)

    assert answer.status_code == 200
    assert answer.content.startswith(b"<!doctype html>")
    assert len(rows(answer)) == 3


@pytest.mark.parametrize("address", LISTS)
def test_htmx_gets_the_region_alone_with_its_count_read_out(viewer, address):
    fill(3)

    answer = viewer.get(address, headers=PART)
    html = answer.content.decode()

    assert "<!doctype" not in html
    assert '<section id="list"' in html
    assert 'hx-swap-oob="innerHTML:#announce"' in html
    assert len(rows(answer)) == 3


@pytest.mark.parametrize("address", LISTS)
def test_going_back_gets_the_whole_page(viewer, address):
    fill(1)

    answer = viewer.get(address, headers=RESTORE)

    assert answer.content.startswith(b"<!doctype html>")
    assert "oob" not in answer.content.decode()


@pytest.mark.parametrize("address", LISTS)
def test_a_cache_never_mixes_page_and_region(viewer, address):
    assert "HX-Request" in viewer.get(address)["Vary"]


@pytest.mark.parametrize("headers", [{}, PART, RESTORE], ids=["page", "region", "restore"])
@pytest.mark.parametrize("address", LISTS)
def test_a_hundred_rows_take_no_more_queries_than_ten(viewer, monkeypatch, address, headers):
    monkeypatch.setattr(list_page, "PAGE_SIZE", 200)
    fill(10)
    few = queries_of(viewer, address, **headers)
    fill(90)

    many = queries_of(viewer, address, **headers)

    assert many == few
    assert many <= 15
    assert len(rows(viewer.get(address))) == 100


@pytest.mark.parametrize("address", LISTS)
def test_an_empty_list_says_how_to_begin(operator, address):
    html = operator.get(address).content.decode()

    assert "yet</h2>" in html
    assert "Sync now" in html
    assert "Clear filters" not in html


def test_columns_can_be_chosen(viewer):
    fill(1)

    html = viewer.get("/instances/?columns=service&columns=expires").content.decode()
    heads = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', html)

    assert [re.sub(r"<[^>]+>", "", head).strip() for head in heads] == ["Service", "Expires"]


def test_hostile_names_stand_as_text(viewer):
    hostile = "<script>alert(1)</script>"
    account = worlds.account(hostile)
    package = worlds.package(account, external_id='"><img src=x onerror=alert(1)>')
    site = worlds.site(account, display_name="{{7*7}}{% now %}", url="javascript:alert(1)")
    worlds.instance(
        package,
        on=site,
        product=worlds.product('"hx-get="/logout/'),
        status="<b>NEW</b>",
        cycle_unit="<i>YEAR</i>",
    )
    worlds.account("\u202eevil 🎉 " + "x" * 480)

    tables = {address: "".join(rows(viewer.get(address))) for address in LISTS}
    everything = "".join(tables.values()).lower()

    for wild in ("<script", "<img", "<b>new", "<i>year", ' hx-get="/logout', 'href="javascript'):
        assert wild not in everything
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in tables["/accounts/"]
    assert "{{7*7}}{% now %}" in tables["/sites/"]
    assert "&lt;i&gt;year" in tables["/instances/"]
    assert "\u202eevil 🎉 " in tables["/accounts/"]


def test_a_list_asks_for_log_in(client):
    for address in LISTS:
        answer = client.get(address)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/login/?next=")


def test_lists_are_only_read(operator):
    for address in LISTS:
        assert operator.post(address).status_code == 405
        assert operator.post(address + "export.csv").status_code == 405
