"""Query words: what one types into a list's box asks for the same as its filters do."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.http import QueryDict
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from dashboard.lists.query import ListQuery
from dashboard.lists.query_words import QueryWords, literal, plain_parameters
from dashboard.pages.accounts.list import ACCOUNTS
from dashboard.pages.audit.list import AUDIT
from dashboard.pages.failures.services_list import FAILED_SERVICES
from dashboard.pages.instances.list import INSTANCES
from dashboard.pages.operations.list import OPERATIONS
from tests import worlds
from tests.dashboard.listing import PART, answers_of, asking, rows, table
from tests.dashboard.submitting import text
from tests.randomness import examples

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def box(answer) -> str:
    """What stands in the box."""
    return answer.context["page"].words_box.text


def asked(words: str, list_=INSTANCES) -> list[tuple[str, str]]:
    """The parameters that the words ask for."""
    typed = QueryWords(list_).read(words)
    assert not typed.errors
    return typed.parameters


@pytest.fixture
def world(db):
    """Services of two customers: an old failed one, a floating one, one that ends soon."""
    now = timezone.now()
    harbour = worlds.account("Harbour Yoga", group="Food")
    north = worlds.account("North Bakery", group="Crafts and more")
    site = worlds.site(harbour, "two words", display_name="Two Words")
    of_harbour, of_north = worlds.package(harbour), worlds.package(north)
    return {
        "failed": worlds.instance(
            of_harbour,
            site,
            status="FAILED",
            failure_code="PRODUCT_LIMIT_EXCEEDED",
            created_at=now - timedelta(days=5),
        ),
        "floating": worlds.instance(of_north, floating=True, created_at=now - timedelta(hours=2)),
        "ending": worlds.instance(
            of_north, expires_at=now + timedelta(days=20), created_at=now - timedelta(days=1)
        ),
    }


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("status:failed", {"failed"}),
        ("STATUS:Failed code:product_limit_exceeded age:>3d", {"failed"}),
        ("failure_code:PRODUCT_LIMIT_EXCEEDED", {"failed"}),
        ("age:<3d", {"floating", "ending"}),
        ("created:<12h", {"floating"}),
        ("group:food", {"failed"}),
        ('group:"crafts and more"', {"floating", "ending"}),
        ('site:"two words"', {"failed"}),
        ("floating:yes", {"floating"}),
        ("expires:<30d", {"ending"}),
        ("expires:<3w", {"ending"}),
        ("expires:>19d", {"ending"}),
        ("expires:<19d", set()),
        ("customer:north", {"floating", "ending"}),
        ('account:"NORTH bakery" status:enabled,failed', {"floating", "ending"}),
        ("status:failed status:enabled yoga", {"failed"}),
        ("status:awaiting_action", set()),
        ('status:"Awaiting action",failed', {"failed"}),
        ('"Harbour Yoga"', {"failed"}),
        ('"Yoga Harbour"', set()),
        ("Yoga Harbour", {"failed"}),
    ],
)
def test_words_typed_in_the_box_find_what_they_say(viewer, world, words, found):
    answer = viewer.get(asking("/instances/", q=words), follow=True)

    assert answer.status_code == 200
    listed = " ".join(rows(answer))
    assert {name for name, row in world.items() if f"/instances/{row.pk}/" in listed} == found


def test_the_address_then_has_plain_parameters_and_the_chips_show_them(viewer, world):
    typed = asking("/instances/", q='yoga status:failed group:"food"', sort="created")
    plain = "/instances/?q=yoga&status=FAILED&group=Food&sort=created"

    answer = viewer.get(typed)
    part = viewer.get(typed, headers=PART)

    assert answer.status_code == 302
    assert dict(QueryDict(answer["Location"].partition("?")[2])) == dict(
        QueryDict(plain.partition("?")[2])
    )
    assert part.status_code == 200
    assert part["HX-Push-Url"] == answer["Location"]
    shown = {one.filter.label: one.said for one in part.context["page"].active_filters}
    assert shown["Group"] == "Food"
    assert box(part) == "status:failed group:Food yoga"
    [row] = table(viewer.get(typed.replace("/?", "/export.csv?profile=machine&")))
    assert row["status"] == "FAILED"


def test_the_box_shows_what_the_facets_ask_for(viewer, world):
    account = world["failed"].account
    address = asking(
        "/instances/",
        status=["FAILED", "AWAITING_ACTION"],
        account=account.pk,
        expiring="30",
        floating="1",
        age="week",
        q="a b",
    )

    answer = viewer.get(address)

    assert box(answer) == (
        'status:failed,awaiting_action customer:"Harbour Yoga" expires:<30d floating:yes '
        "changed:week a b"
    )
    again = viewer.get(asking("/instances/", q=box(answer)))
    query = ListQuery(INSTANCES, QueryDict(again["Location"].partition("?")[2]))
    assert query.texts == answer.context["page"].query.texts


def test_the_box_stands_for_every_filter_and_keeps_sort_and_columns(viewer):
    answer = viewer.get("/instances/?status=FAILED&sort=created&columns=service,site")

    form = re.search(r'<form class="quick".*?</form>', answer.content.decode(), re.DOTALL)[0]
    assert re.findall(r'type="hidden" name="(\w+)"', form) == ["sort", "columns"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("staus:failed", ("no “staus”; did you mean status?", "code", "customer")),
        ("colour:red", ("no “colour”.", "In quotation marks it is looked for as it stands.")),
        ("status:broken", ("status:broken: write pending, awaiting_action, enabled",)),
        ("floating:no", ("floating:no: write yes, or leave it out.",)),
        ("age:3d", ("age:3d: write day", ">3d")),
        ("age:>3y", ("such as >3d",)),
        ("customer:nobody", ("customer:nobody: there is no such customer.",)),
        ("-status:canceled", ("a minus leaves nothing out",)),
        ("group:nothing", ("group:nothing: write", "Food")),
    ],
)
def test_what_makes_no_sense_is_said_beside_the_box_and_nothing_typed_is_lost(
    viewer, world, words, said
):
    typed = f'{words} yoga "as it is" sort:of'

    answer = viewer.get(asking("/instances/", q=typed, sort="created"))

    html = answer.content.decode()
    error = re.search(r'<p class="error" id="quick-error">(.*?)</p>', html, re.DOTALL)[1]
    assert answer.status_code == 422
    assert rows(answer) == []
    assert box(answer) == typed
    assert 'aria-describedby="quick-error" aria-invalid="true"' in html
    for part in said:
        assert part in unescape(error)


def test_of_several_records_called_so_each_is_named_and_its_id_is_enough(viewer):
    one, other = worlds.account("Kite Repairs"), worlds.account("Kite Repairs")
    service = worlds.instance(worlds.package(one))
    worlds.instance(worlds.package(other))

    answer = viewer.get(asking("/instances/", q='customer:"kite repairs"'))

    assert answer.status_code == 422
    assert "2 customers are called so: " in text(answer)
    assert f"Kite Repairs ({str(other.pk)[:8]})" in text(answer)
    assert list(answers_of(INSTANCES, f"/instances/?account={one.pk}")) == [service]
    assert asked(f"customer:{str(one.pk)[:13]}") == [("account", str(one.pk))]
    page = viewer.get(f"/instances/?account={one.pk}")
    assert box(page) == f"customer:{one.pk}"


@pytest.mark.parametrize(
    "words",
    [
        "https://harbour.example/shop",
        "12:30",
        "Müller:",
        "C:\\shop",
        '"ORDER:77"',
        'unclosed "quote',
        "a:",
        ":",
    ],
)
def test_what_is_no_key_with_a_value_is_looked_for_as_it_stands(viewer, words):
    answer = viewer.get(asking("/packages/", q=words))

    assert answer.status_code == 200
    assert box(answer) == words


def test_what_looks_like_a_key_is_found_in_quotation_marks_and_from_the_search_box(viewer):
    package = worlds.package(external_id="ORDER:77")
    worlds.package(external_id="ORDER:78")

    assert viewer.get("/packages/?q=ORDER:77").status_code == 422
    answer = viewer.get(asking("/packages/", q='"ORDER:77"'))
    assert list(answer.context["page"].rows) == [package]
    assert str(package.pk) in viewer.get("/search/?q=ORDER:77", follow=True).content.decode()


def test_each_list_understands_what_it_is_asked_by_its_own_names(db):
    person = worlds.user("operator")
    assert asked("state:needs_attention kind:reassign by:operator age:>3d", OPERATIONS) == [
        ("state", "needs_attention"),
        ("kind", "reassign"),
        ("by", person.username),
        ("age", ">3d"),
    ]
    assert asked('from:2026-11-01 what:"operation asked for"', AUDIT) == [
        ("from", "2026-11-01"),
        ("kind", "operation.requested"),
    ]
    assert asked("failed:<2w code:unknown", FAILED_SERVICES) == [
        ("age", "<2w"),
        ("failure_code", "UNKNOWN"),
    ]
    worlds.account(group="~none")
    assert asked('group:"no group" group:~none', ACCOUNTS) == [
        ("group", "~none"),
        ("group", "~~none"),
    ]


def test_an_operation_is_as_old_as_it_was_asked_for(db):
    old = worlds.operation(requested_at=timezone.now() - timedelta(days=4))
    worlds.operation()

    assert list(answers_of(OPERATIONS, "/operations/?age=%3E3d")) == [old]


def test_whatever_is_asked_for_is_typed_and_read_back_the_same(db):
    customers = [worlds.account(name) for name in ("Harbour Yoga", 'The "Inn", Ltd', "Ωmega 2")]
    sites = [worlds.site(one, f"shop-{place}") for place, one in enumerate(customers)]
    groups = ["Food", "food", "Two words", 'a"b', "comma, here", "none", "~none", "~~x", "key:x"]
    for group in groups:
        worlds.account(group=group)
    by_name = {item.name: item for item in INSTANCES.filters}
    choices = {
        name: [value for value, _ in by_name[name].options]
        for name in ("status", "failure_code", "expiring", "age", "created", "reference", "group")
    }
    choices["age"] += [">3d", "<12h", ">2w", "<30min"]
    choices["expiring"] += ["<45d", ">90d"]
    choices["status"] += ["ON_HOLD", "on hold: so", '"', "a,b"]
    choices |= {
        "account": [str(one.pk) for one in [*customers, worlds.account("Harbour Yoga")]],
        "site": [str(one.pk) for one in sites],
        "product": [str(worlds.new_id())],
        "discount_code": ["Summer 26", "x:y", '"', "~none"],
    }
    several = {
        name: st.lists(st.sampled_from(values), min_size=1, max_size=2, unique=True)
        if by_name[name].takes_several
        else st.sampled_from(values).map(lambda value: [value])
        for name, values in choices.items()
    }
    flags = {name: st.just(["1"]) for name in ("floating", "no_site", "gone")}
    words = st.lists(
        st.text(st.characters(blacklist_categories=("Z", "C")), min_size=1, max_size=8), max_size=3
    )

    @examples(150, full=3_000)
    @given(
        texts=st.fixed_dictionaries({}, optional=several | flags),
        words=words.map(" ".join).map(literal),
    )
    def holds(texts, words):
        asked_for = texts | ({"q": [words]} if words else {})

        typed = QueryWords(INSTANCES).write(asked_for)
        read = QueryWords(INSTANCES).read(typed)

        assert not read.errors, typed
        found: dict[str, list[str]] = {}
        for name, value in read.parameters:
            found.setdefault(name, []).append(by_name[name].clean(value))
        meant = {name: [by_name[name].clean(one) for one in texts[name]] for name in texts}
        assert found == meant, typed
        assert read.free_words.split() == words.split(), typed

    holds()


def test_nothing_that_is_typed_breaks_the_box(db):
    @examples(150, full=3_000)
    @given(st.text(max_size=60) | st.text('ab:",-<>1dh ', max_size=30))
    def holds(typed):
        parameters = QueryDict(mutable=True)
        parameters["q"] = typed

        plain, trouble = plain_parameters(INSTANCES, parameters)

        query = ListQuery(INSTANCES, plain, trouble={"q": trouble} if trouble else {})
        if trouble:
            assert query.texts["q"] == [typed]
        else:
            assert set(query.errors) <= {"q"}
        assert query.rows().count() == 0

    holds()
