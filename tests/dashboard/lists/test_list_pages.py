"""A list's pages: by key and by number, in every order, each row once."""

from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.utils import timezone

from dashboard.lists import facets
from dashboard.lists import page as list_page
from resellers.models import Account, ProductInstance
from tests import worlds
from tests.dashboard.listing import PART, fill

pytestmark = pytest.mark.django_db


def walk(client, address, link="next_link") -> list[str]:
    """The rows of all pages, following that link from this one on."""
    found = []
    while address:
        page = client.get(address, headers=PART).context["page"]
        found.append([str(row.pk) for row in page.rows])
        address = getattr(page, link)
    return found


@pytest.mark.at_length
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
    while following := viewer.get(last, headers=PART).context["page"].next_link:
        last = following
    assert walk(viewer, last, "previous_link") == pages[::-1]


def test_rows_without_a_date_come_last_when_sorted_by_expiry(viewer):
    package = worlds.package()
    never = worlds.instance(package)
    soon = worlds.instance(package, expires_at=timezone.now() + timedelta(days=1))
    later = worlds.instance(package, expires_at=timezone.now() + timedelta(days=9))

    def order(sort):
        return [
            row.pk
            for row in viewer.get(f"/instances/?sort={sort}", headers=PART).context["page"].rows
        ]

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

    page = viewer.get("/instances/?page=2", headers=PART).context["page"]

    assert (page.first, page.last, len(page.rows)) == (51, 55, 5)
    assert page.previous_link
    assert not page.next_link


def test_a_page_beyond_the_end_says_so(viewer):
    fill(2)

    answer = viewer.get("/instances/?page=9")

    assert answer.status_code == 200
    assert "does not go this far" in answer.content.decode()


def test_a_huge_list_is_counted_no_further_than_it_must(viewer, monkeypatch):
    monkeypatch.setattr(facets, "COUNT_LIMIT", 5)
    fill(8)

    page = viewer.get("/instances/", headers=PART).context["page"]

    assert page.count == 6
    assert page.count_words == "5+"


# --- links of other pages ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address", ["/instances/?sort=expires", "/instances/?sort=created", "/packages/", "/accounts/"]
)
def test_a_page_link_of_another_list_or_order_is_refused_in_words(viewer, address):
    fill(55)
    after = parse_qs(
        urlsplit(viewer.get("/instances/", headers=PART).context["page"].next_link).query
    )["after"]
    mixed = f"{address}{'&' if '?' in address else '?'}{urlencode({'after': after[0]})}"

    answer, file = viewer.get(mixed), viewer.get(mixed.replace("/?", "/facets/?"))

    assert answer.status_code == file.status_code == 422
    assert "of another list, or of another order of it" in answer.content.decode()
    assert answer.context["page"].rows == []


def test_a_page_link_keeps_its_place_under_other_filters_and_columns(viewer):
    fill(55)
    link = viewer.get("/instances/", headers=PART).context["page"].next_link

    assert len(viewer.get(link, headers=PART).context["page"].rows) == 5
    assert viewer.get(f"{link}&status=FAILED&columns=service").status_code == 200
