"""Whatever is called in whatever order, the world keeps to its rules."""

from collections import Counter, defaultdict
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.randomness import examples
from tests.sandbox.conftest import WORLD, Caller, Customer

PRODUCTS = (
    "Core", "Business Elite", "Mailbox Starter", "Shop Start", "Shop Unlimited", "Bookings Team",
    "SEO Basic", "Domain .example", "SEO Autopilot",
)  # fmt: skip
KINDS = ("create", "assign", "unassign", "adjust", "cancel", "transfer", "deliver", "fault")

steps = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(0, 10_000), st.integers(0, 10_000)),
    min_size=5,
    max_size=40,
)


class Play:
    """Two accounts with their sites, and what was ordered for them."""

    def __init__(self, wix: Caller) -> None:
        self.wix = wix
        children = wix.state()["child_account_ids"]
        self.accounts = [children[1], children[2]]
        self.sites = [one["id"] for account in self.accounts for one in wix.sites(account)]
        self.instances = [
            one["instanceId"]
            for package in wix.all_packages()
            if package["accountId"] in self.accounts
            for one in package["productInstances"]
        ]

    def step(self, kind: str, first: int, second: int) -> None:
        wix = self.wix
        account = self.accounts[first % 2]
        site = self.sites[second % len(self.sites)]
        product = PRODUCTS[second % len(PRODUCTS)]
        instance = self.instances[first % len(self.instances)]
        owner = wix.truth(instance)["accountId"]
        key = {"idempotencyKey": f"key-{first % 5}"} if first % 3 == 0 else {}
        if kind == "create":
            more = {"referenceProductInstanceId": instance} if first % 4 == 0 else {}
            line = wix.line(product, site if second % 3 else None, **more)
            answer = wix.create(account, line, **key)
            if answer.ok:
                made = answer.json()["package"]["productInstances"]
                self.instances += [one["instanceId"] for one in made]
        elif kind == "assign":
            wix.assign(owner, instance, site, **key)
        elif kind == "unassign":
            wix.unassign(owner, instance, **key)
        elif kind == "adjust":
            wix.adjust(owner, instance, catalogProductId=wix.product(product), **key)
        elif kind == "cancel":
            wix.cancel(owner, instance, **key)
        elif kind == "transfer":
            wish = {"siteId": site, "sourceAccountId": self.accounts[1 - first % 2]}
            path = "/b2b-site-management/v1/transfer-site"
            wix.send("POST", path, {"siteTransfer": wish}, account)
        elif kind == "deliver":
            wix.deliver()
        else:
            effect = ("500_after", "half_move", "ignore_idempotency", "sticky_500")[second % 4]
            wix.faults({"match": "any", "effect": effect, "times": 2})


def broken_rules(wix: Caller) -> list[str]:
    """What contradicts the rules of the world, in words.

    Whether a type's one place on a site is taken by what is being canceled, Wix does not say: the
    switch `pending_cancel_holds_type` does.
    """
    holds = wix.state()["switches"]["pending_cancel_holds_type"]
    products = {one["product_id"]: one for one in wix.products.values()}
    packages = wix.all_packages()
    instances = [(package, one) for package in packages for one in package["productInstances"]]
    owners = {
        one["siteId"]: wix.control(f"sites/{one['siteId']}").json()["ownerAccountId"]
        for _, one in instances
        if "siteId" in one
    }
    seen: Counter[str] = Counter()
    places: dict[tuple[str, str], list[str]] = defaultdict(list)
    sold: Counter[str] = Counter()
    references: Counter[str] = Counter()
    broken = []
    for package, one in instances:
        product = products[one["catalogProductId"]]
        live = one["status"] in ("PENDING", "AWAITING_ACTION", "ENABLED")
        seen[one["instanceId"]] += 1
        sold[one["catalogProductId"]] += live
        references[one.get("referenceProductInstanceId", "")] += 1
        if "siteId" in one:
            if owners[one["siteId"]] != package["accountId"]:
                broken.append(f"{one['instanceId']} stands on a site of another account")
            if live and product["one_per_site"] == "true":
                places[one["siteId"], product["service_type"]].append(one["instanceId"])
        if not one["createdDate"] <= one["updatedDate"] <= package["updatedDate"]:
            broken.append(f"{one['instanceId']} was updated after its package")
    del references[""]
    broken += [f"{one} is there twice" for one, count in seen.items() if count > 1]
    broken += [
        f"{place} is taken twice"
        for place, there in places.items()
        if len(there) > 1 and sum(holds or not wix.truth(one)["ending"] for one in there) > 1
    ]
    broken += [f"{one} was referred to twice" for one, count in references.items() if count > 1]
    broken += [
        f"{products[one]['name']} was sold {count} times"
        for one, count in sold.items()
        if products[one]["limit"] and count > int(products[one]["limit"])
    ]
    return broken


@pytest.mark.parametrize("holds", [False, True])
@examples(6, full=300)
@given(played=steps)
@example(played=[("cancel", 0, 0), ("create", 2, 1)])
def test_no_sequence_of_calls_breaks_the_worlds_rules(
    wix: Caller, holds: bool, played: list[tuple[str, int, int]]
):
    wix.control("reset", WORLD)
    wix.switch(pending_cancel_holds_type=holds)
    play = Play(wix)

    for one in played:
        play.step(*one)

    assert broken_rules(wix) == []
    applied = [one for one in wix.journal() if one["effect"] == "applied"]
    keys = Counter(
        (one["account"], one["method"], one["path"], one["idempotency_key"])
        for one in applied
        if one["idempotency_key"]
    )
    if not any(kind == "fault" for kind, _, _ in played):
        assert all(count == 1 for count in keys.values())


def test_the_check_itself_sees_what_is_wrong(wix: Caller):
    state: Any = wix.state()
    one, other = state["child_account_ids"][1:3]
    site = wix.sites(other)[0]["id"]
    instance = next(
        instance["instanceId"]
        for package in wix.all_packages()
        if package["accountId"] == one
        for instance in package["productInstances"]
    )

    wix.control(f"instances/{instance}", {"siteId": site})

    assert f"{instance} stands on a site of another account" in broken_rules(wix)


@pytest.mark.parametrize(("holds", "status"), [(False, 200), (True, 428)])
def test_while_a_plan_is_being_canceled_its_place_is_free_or_not_as_switched(
    wix: Caller, customer: Customer, holds: bool, status: int
):
    wix.cancel(customer.account, customer.plan())
    wix.switch(pending_cancel_holds_type=holds)

    again = wix.create(customer.account, wix.line("Core", customer.site))

    assert again.status_code == status
    assert broken_rules(wix) == []
    wix.deliver()
    if holds:
        assert wix.create(customer.account, wix.line("Core", customer.site)).status_code == 200


def test_the_check_sees_what_is_being_canceled_only_where_it_counts(
    wix: Caller, customer: Customer
):
    wix.cancel(customer.account, customer.plan())
    assert wix.create(customer.account, wix.line("Core", customer.site)).status_code == 200
    assert broken_rules(wix) == []

    wix.switch(pending_cancel_holds_type=True)

    assert broken_rules(wix) == [f"{(customer.site, 'Premium plan')} is taken twice"]
