"""Every list: its page, its region alone, its filters, its pages, what it says when it is empty."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dashboard import page as list_page
from resellers.models import Account, ProductInstance, Site
from tests import worlds

pytestmark = pytest.mark.django_db

LISTS = ("/accounts/", "/packages/", "/instances/", "/sites/")
PART = {"HX-Request": "true", "HX-Target": "list"}
RESTORE = {"HX-Request": "true", "HX-History-Restore-Request": "true"}


def rows(answer) -> list[str]:
    """The table's rows, as text."""
    body = re.search(r"<tbody>(.*?)</tbody>", answer.content.decode(), re.DOTALL)
    return re.findall(r"<tr>(.*?)</tr>", body[1], re.DOTALL) if body else []


def fill(number: int) -> None:
    """So many accounts, each with one package, one site and one service."""
    plan = worlds.product()
    for place in range(number):
        package = worlds.package(worlds.account(f"Customer {place:03}"))
        worlds.instance(package, product=plan, created_at=timezone.now() - timedelta(days=place))


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


@pytest.mark.parametrize("address", LISTS)
def test_a_list_filtered_empty_says_so(operator, address):
    fill(2)

    html = operator.get(address + "?q=nobody-has-this-name").content.decode()

    assert "Nothing matches these filters" in html
    assert "Clear filters" in html
    assert "Sync now" not in html


@pytest.mark.parametrize(
    "query",
    [
        "page=-1",
        "page=0",
        "page=x",
        "page=100000000000000000000",
        "after=nonsense",
        "after=WzFd",
        "after=%00",
        "sort=__class__",
        "sort=password",
        "columns=secret",
        "q=" + "x" * 201,
        "q=a%00b",
        "profile=excell",
        "page=1&page=2",
    ],
)
@pytest.mark.parametrize("address", LISTS)
def test_nonsense_is_answered_in_words_and_shows_no_rows(viewer, address, query):
    fill(2)

    answer = viewer.get(f"{address}?{query}")

    assert answer.status_code == 422
    assert rows(answer) == []
    assert "Clear filters" in answer.content.decode()
    assert 'class="error"' in answer.content.decode()


@pytest.mark.parametrize(
    ("address", "query"),
    [
        ("/instances/", "account=not-an-id"),
        ("/instances/", "account=../../etc"),
        ("/instances/", "floating=yes"),
        ("/instances/", "expiring=31"),
        ("/instances/", "age=eternal"),
        ("/packages/", "account=123"),
        ("/sites/", "state=unheard-of"),
        ("/accounts/", "floating=1"),
    ],
)
def test_nonsense_in_a_filter_is_named_beside_it_and_kept(viewer, address, query):
    name, _, text = query.partition("=")

    answer = viewer.get(f"{address}?{query}&q=bakery")
    html = answer.content.decode()

    assert answer.status_code == 422
    assert name in answer.context["page"].asked.errors
    assert 'value="bakery"' in html
    if name != "floating":
        assert text in html


def test_a_status_wix_may_invent_is_no_nonsense(viewer):
    fill(2)

    answer = viewer.get("/instances/?status=BRAND_NEW")

    assert answer.status_code == 200
    assert rows(answer) == []


def test_a_status_wix_has_invented_is_listed_as_it_is(viewer):
    worlds.instance(status="ON_HOLD")

    [row] = rows(viewer.get("/instances/?status=ON_HOLD"))

    assert "On hold" in row


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("status=FAILED", {"broken"}),
        ("failure_code=DELIVERY_TIMEOUT", {"broken"}),
        ("floating=1", {"floating"}),
        ("expiring=30", {"ending"}),
        ("q=north+mailbox", {"floating"}),
        ("q=harbour", {"broken", "ending"}),
        ("q=inv-77", {"floating"}),
        ("status=FAILED&floating=1", set()),
        ("gone=1", {"gone"}),
        ("", {"broken", "floating", "ending"}),
    ],
)
def test_instances_are_filtered(viewer, query, shown):
    harbour, north = worlds.account("Harbour Yoga"), worlds.account("North Bakery")
    on_harbour = worlds.package(harbour)
    ids = {
        "broken": worlds.instance(on_harbour, status="FAILED", failure_code="DELIVERY_TIMEOUT").pk,
        "floating": worlds.instance(
            worlds.package(north, external_id="INV-77"),
            floating=True,
            product=worlds.product("Mailbox"),
        ).pk,
        "ending": worlds.instance(on_harbour, expires_at=timezone.now() + timedelta(days=20)).pk,
        "gone": worlds.instance(on_harbour, gone_at=timezone.now()).pk,
    }

    found = " ".join(rows(viewer.get(f"/instances/?{query}")))

    assert {name for name, pk in ids.items() if f"/instances/{pk}/" in found} == shown


def test_two_customers_never_mix(viewer):
    ours = worlds.account("Twin", id="aaaaaaaa-0000-4000-8000-000000000001")
    theirs = worlds.account("Twin", id="aaaaaaaa-0000-4000-8000-000000000002")
    mine = worlds.instance(worlds.package(ours))
    other = worlds.instance(worlds.package(theirs))

    for address in ("/instances/", "/packages/", "/sites/"):
        html = " ".join(rows(viewer.get(f"{address}?account={ours.pk}")))
        assert str(ours.pk) in html
        assert str(theirs.pk) not in html
    shown = viewer.get(f"/instances/?account={ours.pk}").content.decode()
    assert str(mine.pk) in shown
    assert str(other.pk) not in shown


def walk(client, address, link="next_link") -> list[str]:
    """The rows of all pages, following that link from this one on."""
    found = []
    while address:
        page = client.get(address).context["page"]
        found.append([str(row.pk) for row in page.rows])
        address = getattr(page, link)
    return found


@pytest.mark.parametrize("sort", ["created", "-created", "expires", "-expires"])
def test_pages_by_key_show_each_row_once_forwards_and_backwards(viewer, monkeypatch, sort):
    monkeypatch.setattr(list_page, "PAGE_SIZE", 4)
    now = timezone.now()
    package, plan = worlds.package(), worlds.product()
    times = [now, now, None, now - timedelta(days=1), now + timedelta(days=2)]
    for place in range(23):
        worlds.instance(
            package,
            product=plan,
            floating=True,
            created_at=times[place % 5],
            expires_at=times[place % 4],
        )

    pages = walk(viewer, f"/instances/?sort={sort}")
    flat = [pk for page in pages for pk in page]

    assert sorted(flat) == sorted(
        str(pk) for pk in ProductInstance.objects.values_list("pk", flat=True)
    )
    assert [len(page) for page in pages] == [4, 4, 4, 4, 4, 3]
    last = f"/instances/?sort={sort}"
    while following := viewer.get(last).context["page"].next_link:
        last = following
    assert walk(viewer, last, "previous_link") == pages[::-1]


def test_rows_without_a_date_come_last_when_sorted_by_expiry(viewer):
    package = worlds.package()
    never = worlds.instance(package)
    soon = worlds.instance(package, expires_at=timezone.now() + timedelta(days=1))
    later = worlds.instance(package, expires_at=timezone.now() + timedelta(days=9))

    def order(sort):
        return [row.pk for row in viewer.get(f"/instances/?sort={sort}").context["page"].rows]

    assert order("expires") == [soon.pk, later.pk, never.pk]
    assert order("-expires") == [later.pk, soon.pk, never.pk]


def test_names_sort_and_page_by_key_too(viewer, monkeypatch):
    monkeypatch.setattr(list_page, "PAGE_SIZE", 3)
    for name in ("Fjord", "Amber", "", "Birch", "Amber", "Delta", "Copper"):
        worlds.account(name)

    pages = walk(viewer, "/accounts/?sort=name")

    names = [Account.objects.get(pk=pk).name for page in pages for pk in page]
    assert names == ["", "Amber", "Amber", "Birch", "Copper", "Delta", "Fjord"]


def test_a_page_by_number_works_as_well_and_says_where_it_is(viewer):
    fill(55)

    page = viewer.get("/instances/?page=2").context["page"]

    assert (page.first, page.last, len(page.rows)) == (51, 55, 5)
    assert page.previous_link
    assert not page.next_link


def test_a_page_beyond_the_end_says_so(viewer):
    fill(2)

    answer = viewer.get("/instances/?page=9")

    assert answer.status_code == 200
    assert "does not go this far" in answer.content.decode()


def test_the_address_is_the_whole_state(viewer):
    fill(60)
    address = "/instances/?status=ENABLED&sort=created&columns=service,account"

    page = viewer.get(address).context["page"]

    for link in (page.next_link, page.export_link, page.asked.link(q="x")):
        assert "status=ENABLED" in link
        assert "sort=created" in link
        assert "columns=service%2Caccount" in link


def test_what_says_nothing_does_not_stay_in_the_address(viewer):
    fill(1)

    answer = viewer.get("/instances/?status=ENABLED&age=&failure_code=&sort=-created", headers=PART)

    assert answer["HX-Push-Url"] == "/instances/?status=ENABLED"


def test_columns_can_be_chosen(viewer):
    fill(1)

    html = viewer.get("/instances/?columns=service&columns=expires").content.decode()
    heads = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', html)

    assert [re.sub(r"<[^>]+>", "", head).strip() for head in heads] == ["Service", "Expires"]


def test_a_huge_list_is_counted_no_further_than_it_must(viewer, monkeypatch):
    monkeypatch.setattr(list_page, "COUNTED", 5)
    fill(8)

    page = viewer.get("/instances/").context["page"]

    assert page.count == 6
    assert page.count_words == "5+"


def test_chips_show_the_figures_and_which_one_is_in_force(viewer):
    from resellers.mirror import figures

    fill(2)
    worlds.instance(status="FAILED")
    figures.recount()

    chips = {
        chip["label"]: chip
        for chip in viewer.get("/instances/?status=FAILED").context["page"].chips
    }

    assert chips["All"]["count"] == 3
    assert chips["Enabled"]["count"] == 2
    assert [label for label, chip in chips.items() if chip["current"]] == ["Failed"]


def test_a_filter_by_record_is_shown_by_its_name_and_can_be_dropped(viewer):
    account = worlds.account("Harbour Yoga")
    worlds.instance(worlds.package(account))

    [applied] = viewer.get(f"/instances/?account={account.pk}").context["page"].applied

    assert applied["words"] == "Harbour Yoga"
    assert applied["link"] == "/instances/"


def test_ids_are_found_in_any_letter_case(viewer):
    instance = worlds.instance(
        worlds.package(worlds.account(id="abcdefab-cdef-4abc-8def-abcdefabcdef"))
    )

    answer = viewer.get("/instances/?account=ABCDEFAB-CDEF-4ABC-8DEF-ABCDEFABCDEF")

    assert str(instance.pk) in answer.content.decode()


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


def test_sites_are_told_apart_by_their_state(viewer):
    account = worlds.account()
    now = timezone.now()
    worlds.site(account, "open")
    worlds.site(account, "closed", published=False)
    worlds.site(account, "stopped", blocked=True)
    worlds.site(account, "thrown", trashed_at=now)
    Site.objects.create(id=worlds.new_id(), account=account)

    found = {
        state: {
            row.display_name for row in viewer.get(f"/sites/?state={state}").context["page"].rows
        }
        for state in ("published", "unpublished", "blocked", "trashed")
    }

    assert found == {
        "published": {"Open"},
        "unpublished": {"Closed", ""},
        "blocked": {"Stopped"},
        "trashed": {"Thrown"},
    }
    assert "Not read yet" in viewer.get("/sites/").content.decode()
