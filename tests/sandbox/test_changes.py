"""Packages and accounts change behind everybody's back: hidden, closed, dated ahead, gone."""

from typing import Any

import pytest

from tests.sandbox.conftest import INSTANCES, NOWHERE, PACKAGES, Caller, Customer, code_of

CHILDREN = "/accounts/v1/account/child-accounts"
QUERY = f"{PACKAGES}/query"
AHEAD = "2099-01-01T00:00:00.000Z"


@pytest.fixture
def package(wix: Caller, customer: Customer) -> str:
    return wix.truth(customer.plan())["packageId"]


def listed(wix: Caller, **query: Any) -> list[str]:
    return [one["id"] for one in wix.send("POST", QUERY, {"query": query}).json()["packages"]]


def status_of_get(wix: Caller, package: str, account: str) -> int:
    return wix.send("GET", f"{PACKAGES}/{package}", account=account).status_code


def test_a_package_may_carry_a_date_that_lies_ahead(wix: Caller, customer: Customer, package: str):
    changed = wix.control(f"packages/{package}", {"updatedDate": AHEAD}).json()

    assert changed["updatedDate"] == AHEAD
    newest = {"sort": [{"fieldName": "updatedDate", "order": "DESC"}]}
    assert listed(wix, **newest)[0] == package
    instance = changed["productInstances"][0]["instanceId"]
    wix.unassign(customer.account, instance)
    assert wix.control(f"packages/{package}").json()["updatedDate"] > AHEAD


def test_a_package_is_gone_from_every_list_and_its_get_refused(
    wix: Caller, customer: Customer, package: str
):
    updated = wix.control(f"packages/{package}").json()["updatedDate"]

    for access in (403, 404, 428):
        changed = wix.control(f"packages/{package}", {"hidden": True, "access": access})
        assert status_of_get(wix, package, customer.account) == access
        assert changed.json()["access"] == access
    assert listed(wix, filter={"accountId": customer.account}) == []
    assert listed(wix, filter={"id": package}) == []

    back = wix.control(f"packages/{package}", {"hidden": False, "access": 0}).json()
    assert back["updatedDate"] == updated
    assert status_of_get(wix, package, customer.account) == 200
    assert listed(wix, filter={"id": package}) == [package]


def test_calls_about_the_services_of_a_closed_package_are_refused_too(
    wix: Caller, customer: Customer, package: str
):
    instance = wix.control(f"packages/{package}").json()["productInstances"][0]["instanceId"]
    wix.control(f"packages/{package}", {"access": 404})

    answer = wix.send("PATCH", f"{INSTANCES}/{instance}/unassign", {}, customer.account)

    assert (answer.status_code, code_of(answer)) == (404, "PACKAGE_NOT_FOUND")
    assert wix.truth(instance)["siteId"] == customer.site


def test_a_package_takes_another_reference_with_a_new_date(wix: Caller, package: str):
    before = wix.control(f"packages/{package}").json()

    after = wix.control(f"packages/{package}", {"externalId": "twin"}).json()

    assert after["externalId"] == "twin"
    assert after["updatedDate"] > before["updatedDate"]
    assert after["createdDate"] == before["createdDate"]
    assert wix.control(f"packages/{package}", {"externalId": None}).json().get("externalId") is None


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("packages", {"colour": "blue"}, "colour"),
        ("packages", {"updatedDate": "soon"}, "updatedDate"),
        ("packages", {"updatedDate": None}, "updatedDate"),
        ("packages", {"hidden": "yes"}, "hidden"),
        ("packages", {"access": 500}, "access"),
        ("packages", {"externalId": "x" * 101}, "externalId"),
        ("accounts", {"left": 1}, "left"),
        ("accounts", {"unlisted": 1}, "unlisted"),
        ("accounts", {"name": "x"}, "name"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused_by_field(
    wix: Caller, customer: Customer, package: str, path: str, body: dict[str, Any], field: str
):
    address = f"{path}/{package if path == 'packages' else customer.account}"
    before = wix.control(address).json()

    answer = wix.control(address, body)

    assert (answer.status_code, answer.json()["field"]) == (400, field)
    assert wix.control(address).json() == before


def test_what_is_not_there_cannot_be_changed_and_the_parent_cannot_leave(wix: Caller):
    for path in ("packages", "accounts"):
        assert wix.control(f"{path}/{NOWHERE}").status_code == 404
        assert wix.control(f"{path}/{NOWHERE}", {}).status_code == 404

    answer = wix.control(f"accounts/{wix.sandbox.account_id}", {"left": True})

    assert (answer.status_code, answer.json()["field"]) == (400, "left")


def test_a_customer_who_left_is_known_to_no_call_and_comes_back_as_they_were(
    wix: Caller, customer: Customer, package: str
):
    account = customer.account
    wix.switch(sites_scope="tree")

    def everything() -> tuple:
        children = wix.send("GET", CHILDREN).json()["childAccounts"]
        sites = wix.send("POST", "/site-list/v2/sites/query", {"query": {}}, account)
        return (
            {"accountId": account} in children,
            account in wix.state()["child_account_ids"],
            package in listed(wix),
            customer.site in [one["id"] for one in wix.sites(wix.sandbox.account_id)],
            listed(wix, filter={"accountId": account}) == [package],
            status_of_get(wix, package, account),
            sites.status_code,
            wix.send("GET", f"/accounts/v1/accounts/{account}").status_code,
        )

    there = everything()
    assert wix.control(f"accounts/{account}", {"left": True}).json()["left"]
    gone = everything()
    ordered = wix.create(account, wix.line("Core"))
    wix.control(f"accounts/{account}", {"left": False})

    assert there == (True, True, True, True, True, 200, 200, 200)
    assert gone == (False, False, False, False, False, 403, 403, 404)
    assert (ordered.status_code, code_of(ordered)) == (404, "ACCOUNT_NOT_FOUND")
    assert everything() == there


def test_who_left_changes_nothing_about_which_transfer_is_forbidden(wix: Caller):
    pair = wix.state()["forbidden_transfer"]

    wix.control(f"accounts/{pair['source']}", {"left": True})

    assert wix.state()["forbidden_transfer"] == pair


def test_a_site_that_its_owner_made_premium_takes_what_needs_it_and_keeps_it(
    wix: Caller, customer: Customer
):
    site, other = customer.site, customer.other_site

    assert wix.control(f"sites/{site}", {"premium": True}).json()["premium"]

    assert [one["id"] for one in wix.sites(customer.account, premium=True)] == [site]
    wix.order(customer.account, "Domain .de", site)
    refused = wix.create(customer.account, wix.line("Domain .de", other))
    assert code_of(refused) == "PRODUCT_NOT_SUPPORTED_ON_SITE"
    wix.switch(dependents="float")
    shop, plan = wix.order(customer.account, "Shop Start", site), customer.plan(site)
    wix.cancel(customer.account, plan)
    assert wix.truth(shop)["siteId"] == site


def test_a_plan_that_is_not_delivered_yet_gives_its_site_nothing(wix: Caller, customer: Customer):
    wix.create(customer.account, wix.line("Core", customer.site))

    refused = wix.create(customer.account, wix.line("Domain .de", customer.site))

    assert code_of(refused) == "PRODUCT_NOT_SUPPORTED_ON_SITE"
    wix.deliver()
    assert wix.create(customer.account, wix.line("Domain .de", customer.site)).status_code == 200
