"""The believable world: the same for the same seed, obeying its own rules, with every oddity."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from resellers.sandbox import Sandbox
from tests.sandbox.conftest import Caller


@dataclass
class Whole:
    """The world as it comes by default, read once for all these tests."""

    wix: Caller
    state: dict[str, Any]
    packages: list[dict[str, Any]]
    sites: dict[str, dict[str, Any]]
    customers: list[dict[str, str]]

    @property
    def instances(self) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        return ((package, one) for package in self.packages for one in package["productInstances"])

    def product(self, instance: dict[str, Any]) -> dict[str, str]:
        products = self.wix.products.values()
        wanted = instance["catalogProductId"]
        return next(one for one in products if one["product_id"] == wanted)


@pytest.fixture(scope="module")
def world() -> Iterator[Whole]:
    sandbox = Sandbox(calls_per_minute=0)
    sandbox.start()
    wix = Caller(sandbox)
    wix.switch(sites_scope="tree")
    sites = {}
    cursor: dict[str, Any] = {"filter": {"namespace": {"$exists": True}}}
    while cursor:
        answer = wix.send("POST", "/site-list/v2/sites/query", {"query": cursor}).json()
        sites |= {one["id"]: one for one in answer["sites"]}
        following = answer["metadata"]["cursors"].get("next")
        cursor = {"cursorPaging": {"cursor": following}} if following else {}
    yield Whole(wix, wix.state(), wix.all_packages(), sites, wix.csv("customers.csv"))
    wix.session.close()
    sandbox.stop()


def live(instance: dict[str, Any]) -> bool:
    return instance["status"] in ("PENDING", "AWAITING_ACTION", "ENABLED")


def date(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_the_same_seed_gives_the_same_world_and_another_another(wix: Caller):
    def everything(seed: int) -> tuple[Any, ...]:
        state = wix.control("reset", {"seed": seed}).json()
        keys = ("counts", "api_key", "account_id", "child_account_ids")
        parts = [state[key] for key in keys]
        return (*parts, wix.all_packages(), wix.csv("catalog.csv"), wix.csv("customers.csv"))

    first, again, other = everything(3), everything(3), everything(4)

    assert first == again
    assert all(one != two for one, two in zip(first[1:], other[1:], strict=True))


def test_it_has_the_size_of_a_busy_agency(world: Whole):
    counts = world.state["counts"]
    statuses = counts["instances_by_status"]

    assert counts["accounts"] == 120
    assert counts["packages"] == 400
    assert 900 <= counts["instances"] <= 1100
    assert 200 <= counts["sites"] <= 260
    assert counts["products"] == 26
    assert 0.90 <= statuses["ENABLED"] / counts["instances"] <= 0.96
    assert 9 <= statuses["FAILED"] <= 16
    assert min(statuses["PENDING"], statuses["AWAITING_ACTION"], statuses["CANCELED"]) >= 8
    assert 28 <= counts["floating"] <= 68


def test_failed_instances_say_why_and_stand_nowhere(world: Whole):
    failed = [one for _, one in world.instances if one["status"] == "FAILED"]

    codes = Counter(one["failure"]["code"] for one in failed)
    assert codes["DELIVERY_TIMEOUT"] >= 3
    assert codes["EXTERNAL_FAILURE"] >= 2
    assert all(one["failure"]["message"] for one in failed)
    assert not any("siteId" in one for one in failed)
    others = [one for _, one in world.instances if one["status"] != "FAILED"]
    assert not any("failure" in one for one in others)


def test_every_site_of_an_instance_is_of_its_account(world: Whole):
    for package, instance in world.instances:
        if "siteId" in instance:
            assert world.sites[instance["siteId"]]["ownerAccountId"] == package["accountId"]


def test_what_stands_alone_stands_alone(world: Whole):
    places = Counter(
        (one["siteId"], world.product(one)["service_type"])
        for _, one in world.instances
        if live(one) and "siteId" in one and world.product(one)["one_per_site"] == "true"
    )

    assert set(places.values()) == {1}


def test_every_package_could_have_been_ordered_in_one_request(world: Whole):
    for package in world.packages:
        places = Counter()
        for one in package["productInstances"]:
            product = world.product(one)
            alone = product["one_per_site"] == "true"
            what = product["service_type" if alone else "product_id"]
            places[one.get("siteId"), what] += "siteId" in one
        assert max(places.values(), default=0) <= 1, package["id"]


def test_what_needs_a_plan_has_one(world: Whole):
    for _, instance in world.instances:
        needs = world.product(instance)["needs_premium"] == "true"
        if needs and live(instance) and "siteId" in instance:
            assert world.sites[instance["siteId"]]["premium"]


def test_limits_are_held_with_room_to_reach_them(world: Whole):
    sold = Counter(one["catalogProductId"] for _, one in world.instances if live(one))
    limited = [one for one in world.wix.products.values() if one["limit"]]

    assert len(limited) == 2
    for product in limited:
        assert sold[product["product_id"]] < int(product["limit"]) <= 10


def test_cycles_are_those_of_the_product(world: Whole):
    for _, instance in world.instances:
        billing = instance["billingInfo"]
        cycles = world.product(instance)["cycles"]
        if billing["type"] == "ONE_TIME":
            assert cycles == ""
        else:
            duration = billing["cycleDuration"]
            assert f"{duration['count']} {duration['unit']}" in cycles.split("|")


def test_references_are_used_once_and_within_the_account(world: Whole):
    owners = {one["instanceId"]: package["accountId"] for package, one in world.instances}
    references = [
        (package["accountId"], one["referenceProductInstanceId"])
        for package, one in world.instances
        if "referenceProductInstanceId" in one
    ]

    assert len(references) >= 3
    assert len({reference for _, reference in references}) == len(references)
    assert all(owners[reference] == account for account, reference in references)


def test_ids_are_guids_and_name_one_thing_only(world: Whole):
    ids = [one["instanceId"] for _, one in world.instances]
    ids += [one["id"] for one in world.packages] + list(world.sites)
    ids += [one["account_id"] for one in world.customers]

    assert len(set(ids)) == len(ids)
    assert all(len(one) == 36 and one == one.lower() for one in ids)


def test_dates_lie_in_the_last_three_years_and_in_order(world: Whole):
    now = date(world.state["clock"]["now"])

    for package in world.packages:
        assert now - timedelta(days=3 * 366) < date(package["createdDate"]) < now
        assert package["createdDate"] <= package["updatedDate"]
        for instance in package["productInstances"]:
            assert instance["createdDate"] <= instance["updatedDate"] <= package["updatedDate"]
            assert date(instance["updatedDate"]) < now
    years = {date(one["createdDate"]).year for one in world.packages}
    assert len(years) >= 3


def test_some_instances_end_within_ten_to_ninety_days_and_every_domain_some_day(world: Whole):
    now = date(world.state["clock"]["now"])
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    ends = {
        one["instanceId"]: date(one["expirationDate"]) - today
        for _, one in world.instances
        if "expirationDate" in one
    }
    domains = [
        one["instanceId"]
        for _, one in world.instances
        if world.product(one)["service_type"] == "Domain" and one["status"] == "ENABLED"
    ]

    soon = [end for end in ends.values() if timedelta(days=10) <= end <= timedelta(days=91)]
    assert len(soon) >= 10
    assert all(timedelta(0) < end <= timedelta(days=730) for end in ends.values())
    assert len(domains) >= 20
    assert set(domains) <= set(ends)


def test_at_least_forty_customers_can_move_a_plan(world: Whole):
    plans = {
        one["product_id"]
        for one in world.wix.products.values()
        if one["service_type"] == "Premium plan" and one["adjustable"] == "true"
    }
    with_plan = {
        one["siteId"]: package["accountId"]
        for package, one in world.instances
        if one["status"] == "ENABLED" and "siteId" in one and one["catalogProductId"] in plans
    }
    free = {
        site["ownerAccountId"]
        for site in world.sites.values()
        if site["namespace"] == "WIX"
        and not site["blocked"]
        and "trashedDate" not in site
        and not site["premium"]
    }

    assert len(free & set(with_plan.values())) >= 40


def test_sites_come_in_every_kind(world: Whole):
    sites = list(world.sites.values())

    assert {one["namespace"] for one in sites} == {"WIX", "HEADLESS"}
    assert len({one["editorType"] for one in sites}) >= 4
    for kind in ("premium", "published", "domainConnected"):
        assert {one[kind] for one in sites} == {True, False}
    assert any(one["blocked"] for one in sites)
    assert any("trashedDate" in one for one in sites)
    assert all(one["viewUrl"] == "" for one in sites if not one["published"])
    assert all(one["viewUrl"].endswith(".example") for one in sites if one["viewUrl"])
    assert len({one["name"] for one in sites}) == len(sites)


def test_customers_have_names_of_every_kind(world: Whole):
    names = [one["name"] for one in world.customers]
    ids = [one["account_id"] for one in world.customers]

    assert ids == [world.state["account_id"], *world.state["child_account_ids"]]
    assert names.count("") == 1
    (longest,) = (name for name in names if len(name) > 200)
    assert set("äöüß") <= set(longest.lower())
    assert any("\u0600" <= one <= "\u06ff" for name in names for one in name)
    assert any("\u0590" <= one <= "\u05ff" for name in names for one in name)
    assert any(ord(one) > 0x1F000 for name in names for one in name)
    assert len(set(names)) == len(names)
    assert len({one["group"] for one in world.customers}) >= 6
    assert all(one["email"].endswith(".example") for one in world.customers)


def test_external_ids_may_be_missing_double_or_odd(world: Whole):
    external_ids = [one.get("externalId") for one in world.packages]

    assert None in external_ids
    assert any(count > 1 for one, count in Counter(external_ids).items() if one)
    assert any(one and "/" in one and " " in one for one in external_ids)


def test_packages_are_mixed_and_one_is_large(world: Whole):
    sizes = [len(one["productInstances"]) for one in world.packages]

    assert min(sizes) == 1
    assert max(sizes) >= 20
    assert any(
        len({one["status"] for one in package["productInstances"]}) >= 2
        for package in world.packages
    )


def test_what_is_pending_stays_so_for_days(wix: Caller):
    wix.control("reset", {"packages": 400, "accounts": 120})
    before = wix.state()["counts"]["instances_by_status"]["PENDING"]

    wix.advance(5 * 86_400)

    assert wix.state()["counts"]["instances_by_status"]["PENDING"] == before


@pytest.mark.parametrize(("accounts", "packages"), [(0, 0), (0, 5), (1, 1), (3, 0), (2, 30)])
def test_a_small_world_is_a_world(wix: Caller, accounts: int, packages: int):
    state = wix.control("reset", {"accounts": accounts, "packages": packages}).json()

    assert state["counts"]["accounts"] == accounts
    assert state["counts"]["packages"] == packages
    assert len(wix.csv("customers.csv")) == accounts + 1
