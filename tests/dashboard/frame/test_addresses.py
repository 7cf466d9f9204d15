"""A site's address finds the site, however it was copied."""

import pytest

from tests import worlds
from tests.dashboard.listing import PART, asking
from tests.randomness import FULL

pytestmark = [pytest.mark.django_db, pytest.mark.once]
QUAY = (
    "https://quay.example",
    "https://quay.example/",
    "http://quay.example",
    "HTTP://QUAY.example/",
    "www.quay.example",
    "https://www.quay.example",
    "quay.example",
    "quay.example/about",
    "https://www.quay.example/about?from=mail#top",
    "https://quay.example:443/",
    "quay.example?lang=lt",
)
NORTH = (
    "https://www.north-bakery.example/shop",
    "http://www.north-bakery.example/shop",
    "https://north-bakery.example",
    "https://north-bakery.example/",
    "https://north-bakery.example/shop/",
    "north-bakery.example/blog",
)


@pytest.fixture
def stored(db):
    """A service on each of two sites, failed, by host; and more whose addresses only look alike."""
    account = worlds.account("Two Shops")
    failed = {"status": "FAILED", "product": worlds.product()}
    services = {}
    for name, url in (
        ("quay", "https://quay.example"),
        ("north-bakery", "https://www.north-bakery.example/shop"),
        ("fish", "https://fish.example"),
        ("", ""),
    ):
        site = worlds.site(account, url=url, display_name=name)
        services[name] = worlds.instance(worlds.package(account), site, **failed)
    return services


@pytest.mark.parametrize(("name", "spellings"), [("quay", QUAY), ("north-bakery", NORTH)])
def test_a_pasted_address_finds_its_site_however_it_is_spelled(viewer, stored, name, spellings):
    """The lists are asked in turns, with FULL=1 each of them for every spelling."""
    service = stored[name]
    lists = [
        ("/sites/", service.site),
        ("/instances/", service),
        ("/failures/failed-services/", service),
    ]
    for turn, typed in enumerate(spellings):
        answer = viewer.get("/search/", {"q": typed})
        found = {kind.label: [hit.link for hit in kind.hits] for kind in answer.context["kinds"]}

        assert found["Sites"] == [service.site.get_absolute_url()], typed
        assert found["Services"] == [service.get_absolute_url()], typed
        for path, record in lists if FULL else [lists[turn % len(lists)]]:
            page = viewer.get(asking(path, q=typed), headers=PART).context["page"]
            assert [row.pk for row in page.rows] == [record.pk], (path, typed)


def test_a_page_of_one_of_two_sites_of_a_host_finds_that_one(viewer):
    account = worlds.account()
    shop, blog = (
        worlds.site(account, url=f"https://two.example/{name}") for name in ("shop", "blog")
    )

    def found(typed):
        return {
            row.pk
            for row in viewer.get(asking("/sites/", q=typed), headers=PART).context["page"].rows
        }

    assert found("two.example/shop/") == {shop.pk}
    assert found("two.example") == found("http://two.example/about") == {shop.pk, blog.pk}


def test_a_whole_address_finds_no_other_that_ends_alike(viewer):
    account = worlds.account()
    worlds.site(account, url="https://big-quay.example")
    own = worlds.site(account, url="https://quay.example")

    page = viewer.get(asking("/sites/", q="https://www.quay.example"), headers=PART).context["page"]

    assert [row.pk for row in page.rows] == [own.pk]


@pytest.mark.parametrize(
    "typed", ["https://", "www.", "http://www.", "and/or", "://", "/", ".", "?"]
)
def test_the_beginning_of_an_address_is_no_nonsense(viewer, stored, typed):
    for path in ("/search/", "/sites/", "/instances/", "/failures/failed-services/"):
        assert viewer.get(asking(path, q=typed)).status_code == 200
