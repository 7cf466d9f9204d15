"""Two customers never mix, even where their ids differ in one letter and their names in none."""

from dataclasses import dataclass
from uuid import UUID

import pytest

from resellers import audit
from resellers.models import AuditEntry, Operation, ProductInstance, SyncRun
from tests import worlds
from tests.dashboard.listing import asking, table
from tests.randomness import FULL

pytestmark = pytest.mark.django_db

# What may be asked of each list about one customer, by the name of the id to ask with.
SCOPES = {
    "/accounts/": {"q": "account"},
    "/packages/": {"account": "account", "q": "account package"},
    "/instances/": {
        "account": "account",
        "package": "package",
        "site": "site",
        "q": "account package site instance",
    },
    "/sites/": {"account": "account", "q": "account site"},
    "/failures/failed-services/": {"account": "account", "q": "account package instance"},
    "/operations/": {"account": "account", "q": "account package site instance"},
    "/audit/": {"account": "account", "q": "account instance"},
}


@dataclass(frozen=True)
class Customer:
    """All that is one customer's."""

    instance: ProductInstance
    operation: Operation
    entry: AuditEntry

    def id_of(self, kind: str) -> UUID:
        return self.instance.pk if kind == "instance" else getattr(self.instance, f"{kind}_id")

    @property
    def marks(self) -> set[str]:
        """What on a page speaks of this customer alone."""
        ids = {str(self.id_of(kind)) for kind in ("account", "package", "site", "instance")}
        return ids | {f"/operations/{self.operation.pk}/"}

    def pk_in(self, path: str) -> str:
        """The key of this customer's only row in that list."""
        keys = {
            "/operations/": self.operation.pk,
            "/audit/": self.entry.pk,
            "/instances/": self.instance.pk,
            "/failures/failed-services/": self.instance.pk,
        }
        return str(keys.get(path) or self.id_of(path.strip("/").removesuffix("s")))


def customer(last: str, first: str = "") -> Customer:
    """A customer whose ids end, or begin, with that letter and are like any other's besides."""
    letter = first or "a"

    def id_(kind: str) -> UUID:
        return UUID(f"{letter}{kind}aaaaaa-0000-4000-8000-00000000000{last}")

    account = worlds.account("Twin Bakery", id=id_("a"))
    service = worlds.instance(
        worlds.package(account, id=id_("b"), external_id="ORDER-1"),
        on=worlds.site(account, "twin", id=id_("c")),
        id=id_("d"),
        status="FAILED",
    )
    operation = worlds.operation(service, site=service.site)
    entry = audit.record("plan.shown", account_id=account.pk, instance_id=service.pk)
    return Customer(service, operation, entry)


@pytest.fixture(params=["last", "first"])
def twins(request, db) -> tuple[Customer, Customer]:
    if request.param == "last":
        return customer("1"), customer("2")
    return customer("1"), customer("1", first="b")


@pytest.mark.once
@pytest.mark.parametrize("path", SCOPES)
def test_no_list_no_figure_and_no_file_of_one_shows_the_other(manager, twins, path):
    """Each list is asked about the one and about the other in turns; with FULL=1 about both."""
    ways = [(name, kind) for name, kinds in SCOPES[path].items() for kind in kinds.split()]
    for turn, (name, kind) in enumerate(ways):
        for ours, theirs in (twins, twins[::-1]) if FULL else [twins[:: (-1) ** turn]]:
            query = {name: str(ours.id_of(kind))}

            page = manager.get(path, query)
            figures = manager.get(f"{path}facets/", query)
            file = table(manager.get(asking(f"{path}export.csv", **query)))

            assert [str(row.pk) for row in page.context["page"].rows] == [ours.pk_in(path)], query
            assert page.context["page"].count == 1
            for content in (page.content.decode(), figures.content.decode(), str(file)):
                assert not [mark for mark in theirs.marks if mark in content], query
            assert len(file) == 1
            held = {str(ours.id_of(one)) for one in ("account", "package", "site", "instance")}
            assert {value for head, value in file[0].items() if head.endswith("_id")} & held
            every = figures.context["page"].facets
            assert max([*every.options.values(), 0]) <= 1


@pytest.mark.parametrize("kind", ["account", "package", "instance"])
def test_no_record_page_of_one_shows_the_other(manager, twins, kind):
    for ours, theirs in (twins, twins[::-1]):
        html = manager.get(f"/{kind}s/{ours.id_of(kind)}/").content.decode()

        assert str(ours.id_of("account")) in html
        assert not [mark for mark in theirs.marks if mark in html]


@pytest.mark.parametrize("kind", ["account", "package", "site", "instance"])
def test_a_search_for_an_id_finds_the_one_and_not_the_other(manager, twins, kind):
    for ours, theirs in (twins, twins[::-1]):
        found = manager.get(
            "/search/",
            {"q": str(ours.id_of(kind))},
            headers={"HX-Request": "true", "HX-Target": "found"},
        ).content.decode()
        led = manager.get("/search/", {"q": str(ours.id_of(kind))})

        assert str(ours.id_of(kind)) in found
        assert not [mark for mark in theirs.marks if mark in found]
        assert str(ours.id_of(kind)) in led["Location"]


def test_refreshing_the_one_reads_nothing_of_the_other(manager, twins):
    ours, theirs = twins

    manager.post("/instances/refresh/", {"id": str(ours.instance.pk)})

    assert SyncRun.objects.get().position == {"ids": [str(ours.instance.package_id)]}
    assert str(theirs.instance.package_id) not in str(
        AuditEntry.objects.get(event="sync.wanted").body
    )
