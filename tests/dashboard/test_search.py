"""Search: one box that finds what staff paste and what they remember."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from resellers.models import CatalogProduct
from tests import worlds

pytestmark = pytest.mark.django_db
AS_TYPED = {"HX-Request": "true", "HX-Target": "found"}


def hits(answer) -> dict[str, list[str]]:
    """The links that were found, by kind."""
    return {kind.label: [hit.link for hit in kind.hits] for kind in answer.context["kinds"]}


@pytest.fixture
def found_things(db):
    account = worlds.account("Harbour Yoga", email="hello@harbour-yoga.example", reference="C-204")
    site = worlds.site(account, "harbour-yoga", display_name="Quay Studio")
    package = worlds.package(account, external_id="INV-2041")
    instance = worlds.instance(package, on=site, product=worlds.product("Business Elite"))
    worlds.instance(worlds.package(worlds.account("Other People"), external_id="X"), floating=True)
    return instance


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("har", "Accounts"),
        ("yoga harb", "Accounts"),
        ("hello@harbour", "Accounts"),
        ("C-204", "Accounts"),
        ("quay", "Sites"),
        ("harbour-yoga.example", "Sites"),
        ("inv-2041", "Packages"),
        ("elite", "Products"),
    ],
)
def test_words_find(viewer, found_things, typed, kind):
    instance = found_things
    links = {
        "Accounts": instance.account.get_absolute_url(),
        "Sites": instance.site.get_absolute_url(),
        "Packages": instance.package.get_absolute_url(),
        "Products": f"/instances/?product={instance.product_id}",
    }

    found = hits(viewer.get("/search/", {"q": typed}))

    assert found[kind] == [links[kind]]


@pytest.mark.parametrize("kind", ["instance", "package", "account", "site", "product"])
@pytest.mark.parametrize("spelling", [str, lambda id_: str(id_).upper(), lambda id_: id_.hex])
def test_a_whole_id_leads_straight_to_its_record(viewer, found_things, kind, spelling):
    instance = found_things
    record = instance if kind == "instance" else getattr(instance, kind)
    link = (
        f"/instances/?product={record.pk}"
        if isinstance(record, CatalogProduct)
        else record.get_absolute_url()
    )

    answer = viewer.get("/search/", {"q": f" {spelling(record.pk)} "})

    assert answer.status_code == 302
    assert answer["Location"] == link
    assert viewer.get(link).status_code == 200


@pytest.mark.parametrize("length", [4, 8, 11, 20])
def test_the_beginning_of_an_id_finds_it(viewer, found_things, length):
    start = str(found_things.pk)[:length]

    found = hits(viewer.get("/search/", {"q": start}))

    assert found["Instances"] == [found_things.get_absolute_url()]


def test_three_characters_of_an_id_find_nothing_by_id(viewer, found_things):
    assert "Instances" not in hits(viewer.get("/search/", {"q": str(found_things.pk)[:3]}))


def test_an_id_of_nothing_is_said_to_be_nothing(viewer):
    answer = viewer.get("/search/", {"q": "00000000-0000-4000-8000-000000000000"})

    assert answer.status_code == 200
    assert "Nothing found" in answer.content.decode()


def test_results_come_as_one_types_without_being_sent_away(viewer, found_things):
    answer = viewer.get("/search/", {"q": str(found_things.pk)}, headers=AS_TYPED)

    assert answer.status_code == 200
    assert "<!doctype" not in answer.content.decode()
    assert hits(answer)["Instances"] == [found_things.get_absolute_url()]
    assert "HX-Request" in answer["Vary"]


def test_many_hits_are_cut_and_lead_to_the_list(viewer):
    for place in range(12):
        worlds.account(f"Bakery {place}")

    answer = viewer.get("/search/", {"q": "bakery"})

    assert len(hits(answer)["Accounts"]) == 8
    assert 'href="/accounts/?q=bakery"' in answer.content.decode()


@pytest.mark.parametrize(
    "typed", ["", " ", "x", "%", "_", "''", "\\", "🎉", "<script>alert(1)</script>"]
)
def test_whatever_is_typed_gets_a_page(viewer, found_things, typed):
    answer = viewer.get("/search/", {"q": typed})

    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()


@pytest.mark.parametrize("typed", ["a\0b", "x" * 201])
def test_nonsense_is_said_to_be_nonsense(viewer, typed):
    answer = viewer.get("/search/", {"q": typed})

    assert answer.status_code == 422
    assert 'class="error"' in answer.content.decode()


def test_a_percent_sign_is_no_wildcard(viewer, found_things):
    assert hits(viewer.get("/search/", {"q": "h%r"})) == {}


def test_searching_takes_the_same_queries_however_much_there_is(viewer, found_things):
    def queries():
        viewer.get("/search/", {"q": "harbour"})
        with CaptureQueriesContext(connection) as captured:
            viewer.get("/search/", {"q": "harbour"})
        return len(captured)

    few = queries()
    for place in range(30):
        account = worlds.account(f"Harbour {place}")
        worlds.package(account, external_id=f"harbour-{place}")
        worlds.site(account, f"harbour-{place}")

    assert queries() == few <= 15


def test_the_box_is_on_every_page_and_keeps_what_was_typed(viewer, found_things):
    html = viewer.get("/search/", {"q": 'say "hi"'}).content.decode()

    assert re.search(r'role="search"', html)
    assert re.search(r'<label[^>]*for="search">Search</label>', html)
    assert 'value="say &quot;hi&quot;"' in html
