"""What a list may be asked for, what is nonsense, and how the address carries it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from resellers.models import Site
from tests import worlds
from tests.dashboard.listing import LISTS, PART, asking, fill, listed_ids, rows, table

pytestmark = [pytest.mark.django_db, pytest.mark.every_value]


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
    assert name in answer.context["page"].query.errors
    assert 'value="bakery"' in html
    if name != "floating":
        assert text in html


def test_a_filter_asked_for_twice_is_in_force_with_neither_value(viewer):
    answer = viewer.get("/operations/?from=2026-01-01&from=2026-02-02&state=open")

    page = answer.context["page"]
    assert answer.status_code == 422
    assert "Asked for twice, with different values." in answer.content.decode()
    assert list(page.query.values) == ["state"]


def test_of_a_filter_asked_for_several_values_any_will_do_in_page_file_and_links(viewer):
    mine = worlds.package(worlds.account("Harbour Yoga"))
    failed, pending, enabled = (
        worlds.instance(mine, status=status) for status in ("FAILED", "PENDING", "ENABLED")
    )
    other = worlds.instance(status="FAILED")
    asked = "/instances/?status=FAILED&status=PENDING&status=&account="
    address = f"{asked}{mine.account_id}&account={other.account_id}"

    page = viewer.get(address, headers=PART).context["page"]
    file = table(viewer.get(address.replace("/?", "/export.csv?")))

    found = {str(one.pk) for one in (failed, pending, other)}
    assert {str(row.pk) for row in page.rows} == {row["instance_id"] for row in file} == found
    assert page.count == 3
    [status, accounts] = [one.words for one in page.active_filters]
    assert status == "Failed, Pending"
    assert accounts == f"Harbour Yoga, {other.account}"
    assert listed_ids(viewer, page.query.url(account=[str(other.account_id)])) == [str(other.pk)]
    assert str(enabled.pk) not in viewer.get(address).content.decode()


def test_of_a_hundred_values_and_one_more_none_is_in_force(viewer):
    answer = viewer.get(asking("/instances/", status=[f"S{place}" for place in range(101)]))

    assert answer.status_code == 422
    assert "At most 100 values at once; these are 101." in answer.content.decode()


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
    ("query", "expected"),
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
def test_instances_are_filtered(viewer, query, expected):
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

    assert {name for name, pk in ids.items() if f"/instances/{pk}/" in found} == expected


def test_the_address_is_the_whole_state(viewer):
    fill(60)
    address = "/instances/?status=ENABLED&sort=created&columns=service,account"

    page = viewer.get(address, headers=PART).context["page"]

    for link in (page.next_link, page.export_link, page.query.url(q="x")):
        assert "status=ENABLED" in link
        assert "sort=created" in link
        assert "columns=service%2Caccount" in link


def test_what_says_nothing_does_not_stay_in_the_address(viewer):
    fill(1)

    answer = viewer.get("/instances/?status=ENABLED&age=&failure_code=&sort=-created", headers=PART)

    assert answer["HX-Push-Url"] == "/instances/?status=ENABLED"


def test_tabs_show_the_figures_and_which_view_is_open(viewer):

    fill(2)
    worlds.instance(status="FAILED")

    page = viewer.get("/instances/?status=FAILED", headers=PART).context["page"]
    tabs = {tab.label: tab for tab in page.tabs.every}

    assert tabs["All"].count == 3
    assert tabs["Failed"].count == 1
    assert [label for label, tab in tabs.items() if tab.is_current] == ["Failed"]


def test_a_filter_by_record_is_shown_by_its_name_and_can_be_dropped(viewer):
    account = worlds.account("Harbour Yoga")
    worlds.instance(worlds.package(account))

    [applied] = (
        viewer.get(f"/instances/?account={account.pk}", headers=PART).context["page"].active_filters
    )

    assert applied.words == "Harbour Yoga"
    assert applied.link == "/instances/"


def test_ids_are_found_in_any_letter_case(viewer):
    instance = worlds.instance(
        worlds.package(worlds.account(id="abcdefab-cdef-4abc-8def-abcdefabcdef"))
    )

    answer = viewer.get("/instances/?account=ABCDEFAB-CDEF-4ABC-8DEF-ABCDEFABCDEF")

    assert str(instance.pk) in answer.content.decode()


def test_sites_are_told_apart_by_their_state(viewer):
    account = worlds.account()
    now = timezone.now()
    worlds.site(account, "open")
    worlds.site(account, "closed", published=False)
    worlds.site(account, "stopped", blocked=True)
    worlds.site(account, "thrown", trashed_at=now, blocked=True)
    Site.objects.create(id=worlds.new_id(), account=account)

    found = {
        state: {
            row.display_name
            for row in viewer.get(f"/sites/?state={state}", headers=PART).context["page"].rows
        }
        for state in ("published", "unpublished", "unread", "blocked", "trashed")
    }

    assert found == {
        "published": {"Open"},
        "unpublished": {"Closed"},
        "unread": {""},
        "blocked": {"Stopped"},
        "trashed": {"Thrown"},
    }
    assert "Not read yet" in viewer.get("/sites/").content.decode()
