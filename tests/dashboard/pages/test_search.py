"""Search: one box that finds what staff paste and what they remember."""

import html
import re
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from resellers.models import Account, CatalogProduct, Package, ProductInstance, Site
from tests import worlds
from tests.dashboard.listing import asking, listed_ids, rows

pytestmark = [pytest.mark.django_db, pytest.mark.every_value]
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
        ("har", "Customers"),
        ("yoga harb", "Customers"),
        ("hello@harbour", "Customers"),
        ("C-204", "Customers"),
        ("quay", "Sites"),
        ("harbour-yoga.example", "Sites"),
        ("inv-2041", "Packages"),
        ("elite", "Products"),
    ],
)
def test_words_find(viewer, found_things, typed, kind):
    instance = found_things
    links = {
        "Customers": instance.account.get_absolute_url(),
        "Sites": instance.site.get_absolute_url(),
        "Packages": instance.package.get_absolute_url(),
        "Products": f"/instances/?product={instance.product_id}",
    }

    found = hits(viewer.get("/search/", {"q": typed}))

    assert found[kind] == [links[kind]]


SPELLINGS = (
    str,
    lambda id_: str(id_).upper(),
    lambda id_: id_.hex,
    lambda id_: f"{{{id_}}}",
    lambda id_: f"{{{str(id_).upper()}}}",
    lambda id_: f"{{{id_.hex.upper()}}}",
    lambda id_: f"\u200b{id_}\ufeff",
    lambda id_: str(id_).replace("-", "\u200b-\u200b"),
    lambda id_: str(id_).replace("-", " "),
    lambda id_: str(id_).replace("-", "\u2013"),
    lambda id_: f"\u00a0{id_}\u00a0",
    lambda id_: f"({id_})",
)


@pytest.mark.parametrize("kind", ["instance", "package", "account", "site", "product"])
def test_a_whole_id_leads_straight_to_its_record(viewer, found_things, kind):
    instance = found_things
    record = instance if kind == "instance" else getattr(instance, kind)
    link = (
        f"/instances/?product={record.pk}"
        if isinstance(record, CatalogProduct)
        else record.get_absolute_url()
    )
    led = {}

    for spelling in SPELLINGS:
        typed = f" {spelling(record.pk)} "
        answer = viewer.get("/search/", {"q": typed})
        led[typed] = answer.status_code, answer.get("Location")

    assert {typed: end for typed, end in led.items() if end != (302, link)} == {}
    assert viewer.get(link).status_code == 200


def test_the_number_of_an_operation_leads_to_it(viewer, found_things):
    operation = worlds.operation(found_things, state="succeeded")

    straight = viewer.get("/search/", {"q": f" #{operation.pk} "})
    typed = viewer.get("/search/", {"q": f"#{operation.pk}"}, headers=AS_TYPED)
    bare = viewer.get("/search/", {"q": str(operation.pk)})

    assert straight["Location"] == operation.get_absolute_url()
    for answer in (typed, bare):
        assert hits(answer)["Operations"] == [operation.get_absolute_url()]
    assert "Business Elite, Succeeded, asked by operator" in typed.content.decode()


@pytest.mark.parametrize("typed", ["#", "#0", "#x", "#-1", "#²", "#" + "9" * 40, "##1"])
def test_a_number_of_nothing_finds_no_operation(viewer, found_things, typed):
    worlds.operation(found_things)

    answer = viewer.get("/search/", {"q": typed})

    assert answer.status_code == 200
    assert "Operations" not in hits(answer)


@pytest.mark.parametrize("length", [4, 8, 11, 20])
def test_the_beginning_of_an_id_finds_it(viewer, found_things, length):
    start = str(found_things.pk)[:length]

    found = hits(viewer.get("/search/", {"q": start}))

    assert found["Services"] == [found_things.get_absolute_url()]


def test_three_characters_of_an_id_find_nothing_by_id(viewer, found_things):
    assert "Services" not in hits(viewer.get("/search/", {"q": str(found_things.pk)[:3]}))


def test_an_id_of_nothing_is_said_to_be_nothing(viewer):
    answer = viewer.get("/search/", {"q": "00000000-0000-4000-8000-000000000000"})

    assert answer.status_code == 200
    assert "Nothing found" in answer.content.decode()


def test_results_come_as_one_types_without_being_sent_away(viewer, found_things):
    answer = viewer.get("/search/", {"q": str(found_things.pk)}, headers=AS_TYPED)

    assert answer.status_code == 200
    assert "<!doctype" not in answer.content.decode()
    assert hits(answer)["Services"] == [found_things.get_absolute_url()]
    assert "HX-Request" in answer["Vary"]


def rest_of(viewer, kind: str, typed: str) -> tuple[str, int]:
    """What is said of the hits that are not shown, and how many rows their list then has."""
    answer = viewer.get("/search/", {"q": typed})
    [more] = [one.more for one in answer.context["kinds"] if one.label == kind]
    assert len(hits(answer)[kind]) == 8
    assert f'href="{html.escape(more.link)}"' in answer.content.decode()
    return more.words, viewer.get(more.link).context["page"].count


def begun(prefix: str, number: int) -> UUID:
    return UUID(f"{prefix}{number:04}-0000-4000-8000-000000000000")


def test_many_hits_are_cut_and_lead_to_the_list(viewer):
    for place in range(12):
        worlds.account(f"Bakery {place}")

    assert rest_of(viewer, "Customers", "bakery") == ("4 more customers", 12)


@pytest.mark.parametrize("typed", ["abcd", "ABCD", "abcd00…", "{abcd-0"])
def test_accounts_found_by_the_start_of_their_ids_are_in_the_list_it_leads_to(viewer, typed):
    for place in range(12):
        worlds.account(f"Customer {place}", id=begun("abcd", place))
    worlds.account("Other", id=begun("abce", 1))

    assert rest_of(viewer, "Customers", typed) == ("4 more customers", 12)


def test_services_that_are_cut_say_how_many_more_and_lead_there(viewer):
    account = worlds.account("Harbour Yoga")
    for place in range(12):
        worlds.instance(worlds.package(account), id=begun("beef", place))

    assert rest_of(viewer, "Services", "beef") == ("4 more services", 12)
    assert rest_of(viewer, "Services", "yoga") == ("4 more services", 12)


def test_hits_that_are_cut_and_gone_lead_to_those_that_are_gone(viewer):
    for place in range(12):
        worlds.account(f"Bakery {place}", gone_at=timezone.now())

    assert rest_of(viewer, "Customers", "bakery") == ("More customers that are gone", 12)


@pytest.mark.parametrize("path", ["/accounts/", "/packages/", "/instances/", "/sites/"])
def test_the_short_id_that_pages_show_finds_the_record_in_its_list(viewer, found_things, path):
    instance = found_things
    record = {"/accounts/": instance.account, "/packages/": instance.package}.get(path, instance)
    record = instance.site if path == "/sites/" else record

    assert str(record.pk) in listed_ids(viewer, asking(path, q=record.short_id))
    assert listed_ids(viewer, asking("/instances/", q=record.short_id)) == [str(instance.pk)]


# --- what comes first ----------------------------------------------------------------------------


def test_who_is_called_exactly_so_comes_first_then_who_begins_so(viewer):
    for place in range(12):
        worlds.account(f"Aaa Bak {place}")
    worlds.account("Bakery Zorn")
    worlds.account("Bak")

    titles = [hit.title for hit in viewer.get("/search/", {"q": "bak"}).context["kinds"][0].hits]

    assert titles[:3] == ["Bak", "Bakery Zorn", "Aaa Bak 0"]
    assert len(titles) == 8


def test_the_site_of_exactly_this_address_comes_first(viewer):
    account = worlds.account()
    for place in range(12):
        worlds.site(account, f"a-{place}-quay")
    own = worlds.site(account, "quay", display_name="Zed", url="https://www.quay.example")

    for typed in ("quay.example", "https://quay.example/", "quay"):
        assert hits(viewer.get("/search/", {"q": typed}))["Sites"][0] == own.get_absolute_url()


@pytest.mark.parametrize(
    "typed", ["north elite", "elite north", "quay elite", "inv-7 north", "NORTH Quay elite"]
)
def test_services_are_found_by_the_words_of_what_they_belong_to(viewer, typed):
    account = worlds.account("North Bakery")
    package = worlds.package(account, external_id="INV-7")
    site = worlds.site(account, "quay")
    elite = worlds.instance(package, site, product=worlds.product("Business Elite"))
    worlds.instance(worlds.package(account), site, product=worlds.product("Business Basic"))
    worlds.instance(worlds.package(worlds.account("South")), product=elite.product)

    assert hits(viewer.get("/search/", {"q": typed}))["Services"][0] == elite.get_absolute_url()
    if "elite" in typed:
        assert len(hits(viewer.get("/search/", {"q": typed}))["Services"]) == 1


# --- what Wix no longer has ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "path"),
    [("site", "/sites/"), ("instance", "/instances/"), ("package", "/packages/")],
)
def test_the_id_of_what_is_gone_shows_it_in_its_list_and_says_gone(
    viewer, found_things, kind, path
):
    record = found_things if kind == "instance" else getattr(found_things, kind)
    type(record).objects.filter(pk=record.pk).update(gone_at=timezone.now())

    answer = viewer.get(asking(path, q=f" {{{str(record.pk).upper()}}}"))

    assert [row.pk for row in answer.context["page"].rows] == [record.pk]
    [row] = rows(answer)
    assert "gone" in row.lower()
    assert viewer.get(asking(path, q=record.short_id)).context["page"].count == 0


def test_the_links_to_a_gone_site_lead_to_it(viewer, found_things):
    site = found_things.site
    type(site).objects.filter(pk=site.pk).update(gone_at=timezone.now())
    for page in (found_things.get_absolute_url(), found_things.account.get_absolute_url()):
        [link] = set(re.findall(r'href="(/sites/[^"?/]+/)"', viewer.get(page).content.decode()))

        answer = viewer.get(link)
        assert answer.context["site"].pk == site.pk
        assert "Gone from Wix." in answer.content.decode()


def test_the_id_of_an_account_lists_what_it_has_and_not_what_is_gone(viewer, found_things):
    account = found_things.account
    worlds.site(account, gone_at=timezone.now())

    assert listed_ids(viewer, asking("/sites/", q=account.pk)) == [str(found_things.site_id)]


def test_hits_say_what_is_gone(viewer, found_things):
    for model in (Account, Site, Package, ProductInstance):
        model.objects.update(gone_at=timezone.now())

    answer = viewer.get("/search/", {"q": "harbour"})
    orders = viewer.get("/search/", {"q": "inv-2041"})

    for kind in [*answer.context["kinds"], *orders.context["kinds"]]:
        assert all(hit.detail.endswith("gone from Wix") for hit in kind.hits), kind


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


def test_no_kind_reads_more_than_its_share(viewer):
    for place in range(30):
        account = worlds.account(f"Harbour {place}")
        service = worlds.instance(
            worlds.package(account, external_id=f"harbour-{place}"),
            product=worlds.product(f"Harbour plan {place}"),
        )
        worlds.operation(service, site=worlds.site(account, f"harbour-{place}"))

    with CaptureQueriesContext(connection) as captured:
        found = hits(viewer.get("/search/", {"q": "har"}))

    kinds = ("Customers", "Sites", "Packages", "Services", "Products")
    assert {label: len(links) for label, links in found.items()} == dict.fromkeys(kinds, 8)
    asked = [query["sql"] for query in captured if "LIKE" in query["sql"].upper()]
    assert len(asked) <= 3 * 4 + 1 + len(kinds)
    assert all("LIMIT" in sql for sql in asked)


def test_a_percent_sign_is_no_wildcard(viewer, found_things):
    assert hits(viewer.get("/search/", {"q": "h%r"})) == {}


def test_searching_takes_the_same_queries_however_much_there_is(viewer, found_things):
    def queries():
        viewer.get("/search/", {"q": "harbour"})
        with CaptureQueriesContext(connection) as captured:
            viewer.get("/search/", {"q": "harbour"})
        return len(captured)

    def add(number):
        for place in range(number):
            account = worlds.account(f"Harbour {place}")
            package = worlds.package(account, external_id=f"harbour-{place}")
            worlds.instance(package, worlds.site(account, f"harbour-{place}"))

    nearly_nothing = queries()
    add(10)
    few = queries()
    add(30)

    # Beyond eight of a kind the rest is counted as well.
    assert nearly_nothing < few + 5
    assert queries() == few <= 25


def test_the_box_is_on_every_page_and_keeps_what_was_typed(viewer, found_things):
    page = viewer.get("/search/", {"q": 'say "hi"'}).content.decode()

    assert re.search(r'role="search"', page)
    assert re.search(r'<label[^>]*for="search">Search</label>', page)
    assert 'value="say &quot;hi&quot;"' in page


@pytest.mark.parametrize(
    ("found", "index"),
    [
        (Account.objects.filter(search_text__has="bakery"), "account_search_text_words"),
        (Account.objects.filter(search_name__has="bakery"), "account_search_name_words"),
        (Account.objects.filter(search_text__is="bakery"), "account_lines"),
        (Account.objects.filter(search_text__starts="bakery"), "account_starts"),
        (Site.objects.filter(search_text__has="bakery"), "site_search_text_words"),
        (Site.objects.filter(search_text__is="bakery"), "site_lines"),
        (Site.objects.filter(search_text__starts="bakery"), "site_starts"),
        (Package.objects.filter(search_text__has="order"), "package_search_text_words"),
        (Package.objects.filter(search_text__is="order"), "package_lines"),
        (Package.objects.filter(search_text__starts="order"), "package_starts"),
    ],
)
def test_a_word_is_found_without_reading_every_row(found, index):
    """On PostgreSQL. SQLite has no such index, and the small mirrors it is for need none."""
    if connection.vendor != "postgresql":
        assert "SCAN" in found.order_by().explain()
        return
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")

    assert f"resellers_{index}" in found.order_by().explain()
