"""Every list: its page, its region alone, its columns, what it says when it is empty."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dashboard import middleware
from dashboard.lists import page as list_page
from resellers import formats
from resellers.models import ProductInstance
from tests import worlds
from tests.dashboard.listing import EVERY_LIST, LISTS, PART, RESTORE, crowd, fill, rows
from tests.dashboard.submitting import text

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


@pytest.mark.once
@pytest.mark.parametrize("headers", [{}, PART, RESTORE], ids=["page", "region", "restore"])
@pytest.mark.parametrize("address", LISTS)
def test_forty_rows_take_no_more_queries_than_ten(viewer, monkeypatch, address, headers):
    monkeypatch.setattr(list_page, "PAGE_SIZE", 100)
    fill(10)
    few = queries_of(viewer, address, **headers)
    fill(30)

    many = queries_of(viewer, address, **headers)

    assert many == few
    assert many <= 12
    assert len(rows(viewer.get(address, headers=headers))) == 40


@pytest.mark.once
def test_rows_of_one_record_take_hardly_more_queries(viewer):
    fill(3)
    service = ProductInstance.objects.select_related("site").first()
    asked = {name: getattr(service, f"{name}_id") for name in ("account", "product", "site")}

    for name, id_ in asked.items():
        # Its name is read once, for all who say it; that it is its name alone, once more.
        assert queries_of(viewer, f"/instances/?{name}={id_}") <= 14


@pytest.mark.at_length
@pytest.mark.once
def test_sixty_rows_take_no_more_queries_than_ten_in_any_list(manager, monkeypatch):
    # All on one page: rows on further ones are counted, which is one more.
    monkeypatch.setattr(list_page, "PAGE_SIZE", 1000)
    # However long it takes: once a minute a session is kept anew.
    monkeypatch.setattr(middleware, "SEEN_EVERY", 10**6)
    addresses = [f"{path}{part}" for path in EVERY_LIST for part in ("", "facets/", "export.csv")]

    def queries() -> dict[str, int]:
        return {address: len(read(manager, address)[1]) for address in addresses}

    crowd(10)
    queries()  # what only the first request asks
    few = queries()
    crowd(50)
    many = queries()

    assert many == few
    # A file adds two entries to the audit trail, of seven statements each; the bell is one, and the
    # views that the person sees are one.
    assert max(many.values()) <= 25
    for path in EVERY_LIST:
        assert len(rows(manager.get(path, headers=PART))) >= 60


def read(client, address) -> tuple[bytes, list[dict[str, str]]]:
    """The whole answer, and the queries it took."""
    with CaptureQueriesContext(connection) as captured:
        body = client.get(address).getvalue()
    return body, captured.captured_queries


@pytest.mark.parametrize("address", LISTS)
def test_an_empty_list_says_how_to_begin(operator, address):
    html = operator.get(address).content.decode()

    assert "yet</h2>" in html
    assert "Sync now" in html
    assert "Clear filters" not in html


def test_a_mirrored_list_says_how_old_what_it_shows_is(viewer):
    now = timezone.now()
    for minutes in (2, 50, 3 * 60):
        package = worlds.package(last_confirmed_at=now - timedelta(minutes=minutes))
        worlds.instance(package)

    words = text(viewer.get("/instances/")).replace(" ,", ",")

    assert "Checked between 2 min and 3 h ago, some old: refresh before you rely on them" in words


@pytest.mark.parametrize(
    ("minutes", "words", "tone"),
    [(2, "Checked 2 min ago", "good"), (20, "Checked 20 min ago, ageing", "look")],
)
def test_the_age_is_in_words_and_colour(viewer, minutes, words, tone):
    at = timezone.now() - timedelta(minutes=minutes)
    worlds.package(last_confirmed_at=at)
    worlds.package(last_confirmed_at=at)

    answer = viewer.get("/packages/")

    assert words in text(answer).replace(" ,", ",")
    assert f'<span class="age {tone}"' in answer.content.decode()


def test_rows_that_were_never_checked_are_told(viewer):
    account = worlds.account()
    worlds.site(account, last_confirmed_at=None)
    worlds.site(account)

    assert "ago, some never" in text(viewer.get("/sites/")).replace(" ,", ",")


def test_what_is_no_copy_of_wix_has_no_such_age(manager):
    crowd(2)

    for address in ("/operations/", "/mirror/", "/audit/"):
        assert "Checked " not in text(manager.get(address))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"status": "PENDING"}, "for 3 days"),
        ({"status": "FAILED", "failure_code": "DELIVERY_TIMEOUT"}, "in time\u00a0· for 3 days"),
        ({"status": "BRAND_NEW"}, "for 3 days"),
        ({"status": "ENABLED"}, ""),
    ],
)
def test_a_status_says_since_when(viewer, fields, words):
    since = timezone.now() - timedelta(days=3, hours=2)
    worlds.instance(status_since=since, **fields)

    [row] = rows(viewer.get("/instances/"))

    assert words in re.sub(r"<[^>]+>", "", row)
    assert ("for 3 days" in row) == bool(words)
    if words:
        assert f'title="Since {formats.day(since)}' in row


def test_columns_can_be_chosen(viewer):
    fill(1)

    html = viewer.get("/instances/?columns=service&columns=expires").content.decode()
    heads = re.findall(r'<th scope="col" class="(?!pick|end)[^>]*>(.*?)</th>', html)

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


def test_a_floating_service_is_put_on_a_site_from_its_row_by_who_may(operator, viewer):
    waiting = worlds.instance(floating=True)
    ended = worlds.instance(floating=True, status="FAILED")
    address = f'href="/instances/{waiting.pk}/assign/"'

    page = operator.get("/instances/?floating=1").content.decode()

    assert address in page
    assert f"/instances/{ended.pk}/assign/" not in page
    assert address not in viewer.get("/instances/?floating=1").content.decode()
