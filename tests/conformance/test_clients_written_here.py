"""Two clients written here, from Wix's pages alone, work unchanged against the sandbox.

They are in two styles: one in bare urllib with offset paging, one in requests that follows cursors.
Neither shares a line with our own client, nor with this suite's caller.
"""

from __future__ import annotations

import csv
import io
import json
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from resellers.sandbox import Sandbox

pytestmark = pytest.mark.assumed
PACKAGES = "/resellers/v1/packages"


class ShopScript:
    """A web shop's script: urllib, one function for each of its errands, bodies on every call."""

    def __init__(self, base: str, api_key: str) -> None:
        self.base, self.api_key = base, api_key

    def call(self, method: str, path: str, account_id: str, payload: Any = None) -> dict:
        # As in Wix's samples, Content-Type goes with GET and DELETE too.
        request = urllib.request.Request(
            self.base + path,
            method=method,
            data=None if payload is None else json.dumps(payload).encode(),
            headers={
                "Authorization": self.api_key,
                "wix-account-id": account_id,
                "Content-Type": "application/json",
            },
        )
        with urllib.request.urlopen(request, timeout=10) as response:
            return json.load(response)

    def sell(self, account_id: str, order: str, products: list[dict]) -> dict:
        payload = {"idempotencyKey": f"{order}-create", "externalId": order, "products": products}
        return self.call("POST", "/resellers/v2/packages", account_id, payload)["package"]

    def wait(self, package: dict, status: str) -> dict:
        path, give_up_at = f"{PACKAGES}/{package['id']}", time.monotonic() + 10
        while any(one["status"] != status for one in package["productInstances"]):
            assert time.monotonic() < give_up_at, package
            time.sleep(0.1)
            package = self.call("GET", path, package["accountId"])["package"]
        return package

    def change(self, package: dict, instance: dict, path: str = "", payload: Any = None) -> dict:
        url = f"{PACKAGES}/product-instances/{instance['instanceId']}{path}"
        return self.call("PATCH", url, package["accountId"], payload)["package"]

    def end(self, package: dict) -> dict:
        return self.call("DELETE", f"{PACKAGES}/{package['id']}", package["accountId"])["package"]

    def everything(self, account_id: str, size: int) -> Iterator[dict]:
        offset = 0
        while True:
            query = {"paging": {"limit": size, "offset": offset}}
            answer = self.call("POST", f"{PACKAGES}/query", account_id, {"query": query})
            yield from answer["packages"]
            offset += size
            if offset >= answer["metadata"]["total"]:
                return


class Books(requests.Session):
    """A bookkeeper's nightly job: a session with fixed headers that follows cursors to the end."""

    def __init__(self, base: str, api_key: str, account_id: str) -> None:
        super().__init__()
        self.base = base
        self.headers.update({"Authorization": api_key, "wix-account-id": account_id})

    def fetch(self, method: str, path: str, account_id: str = "", **json_body: Any) -> dict:
        other = {"wix-account-id": account_id} if account_id else {}
        reply = self.request(
            method, self.base + path, json=json_body or None, headers=other, timeout=10
        )
        reply.raise_for_status()
        return reply.json()

    def pages(self, path: str, name: str, query: dict) -> Iterator[list[dict]]:
        while True:
            answer = self.fetch("POST", path, query=query)
            yield answer[name]
            cursor = answer["metadata"]["cursors"].get("next")
            if not cursor:
                return
            query = {"cursorPaging": {"limit": query["cursorPaging"]["limit"], "cursor": cursor}}

    def find(self, **filters: Any) -> list[dict]:
        query = {"filter": filters, "cursorPaging": {"limit": 100}}
        found = self.pages(f"{PACKAGES}/query", "packages", query)
        return [package for page in found for package in page]


@dataclass(frozen=True)
class Customer:
    """Somebody the web shop sells to: their account, and two sites of theirs."""

    account: str
    sites: tuple[str, str]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """A world of more than two hundred packages, in which orders are delivered at once."""
    with Sandbox(seed=4, accounts=12, packages=260, calls_per_minute=0) as world:
        still = {"delivery_seconds": 0, "unlisted_package": False}
        requests.post(f"{world.url}/_sandbox/switches", json=still, timeout=10).raise_for_status()
        yield world


@pytest.fixture(scope="module")
def shop(sandbox: Sandbox) -> ShopScript:
    return ShopScript(sandbox.url, sandbox.api_key)


@pytest.fixture
def books(sandbox: Sandbox) -> Iterator[Books]:
    with Books(sandbox.url, sandbox.api_key, sandbox.account_id) as session:
        yield session


@pytest.fixture(scope="module")
def product(sandbox: Sandbox) -> str:
    """A product without prerequisites, off the list that Wix's sales department hands over."""
    table = requests.get(f"{sandbox.url}/_sandbox/catalog.csv", timeout=10).text
    rows = {row["name"]: row for row in csv.DictReader(io.StringIO(table))}
    return rows["Newsletter Basic"]["product_id"]


@pytest.fixture
def customer(shop: ShopScript, sandbox: Sandbox) -> Customer:
    """Make a sub-account and two sites in it, as the sample flows do."""
    user = {"user": {"email": {"emailAddress": "inhaber@bakery.example"}}}
    made = shop.call("POST", "/accounts/v1/accounts/create", sandbox.account_id, user)
    account_id = made["account"]["accountId"]
    path = "/funnel/projects/v1/create"
    first, second = (
        shop.call("POST", path, account_id, {"type": "WIX", "name": name})["project"]["metaSiteId"]
        for name in ("Bakery", "Bakery Shop")
    )
    return Customer(account_id, (first, second))


@pytest.fixture
def sold(shop: ShopScript, customer: Customer, product: str) -> Iterator[dict]:
    """A package the web shop sold to its customer, usable; the shop ends it after the test."""
    line = {
        "catalogProductId": product,
        "siteId": customer.sites[0],
        "billingInfo": {"type": "RECURRING", "cycleDuration": {"unit": "YEAR", "count": 1}},
        "countryCode": "DE",
    }
    package = shop.sell(customer.account, f"shop-{uuid.uuid4()}", [line])
    yield shop.wait(package, "ENABLED")
    shop.wait(shop.end(package), "CANCELED")


def test_the_web_shop_sells_and_waits_until_it_can_be_used(sold: dict, customer: Customer):
    (instance,) = sold["productInstances"]

    assert sold["accountId"] == customer.account
    assert sold["externalId"].startswith("shop-")
    assert (instance["status"], instance["siteId"]) == ("ENABLED", customer.sites[0])


def test_the_web_shop_moves_a_service_by_taking_it_off_and_putting_it_on(
    shop: ShopScript, sold: dict, customer: Customer
):
    (instance,) = sold["productInstances"]

    floating = shop.change(sold, instance, "/unassign")["productInstances"][0]
    moved = shop.change(sold, instance, f"/{customer.sites[1]}")["productInstances"][0]

    assert "siteId" not in floating
    assert (moved["instanceId"], moved["siteId"]) == (instance["instanceId"], customer.sites[1])


def test_the_web_shop_moves_a_service_in_one_step(shop: ShopScript, sold: dict, customer: Customer):
    (instance,) = sold["productInstances"]

    shop.change(sold, instance, f"/{customer.sites[1]}", {"idempotencyKey": str(uuid.uuid4())})

    path = f"{PACKAGES}/{sold['id']}"
    (now,) = shop.call("GET", path, customer.account)["package"]["productInstances"]
    assert now["siteId"] == customer.sites[1]


def test_the_web_shop_changes_the_billing_cycle(shop: ShopScript, sold: dict, customer: Customer):
    (instance,) = sold["productInstances"]
    monthly = {"type": "RECURRING", "cycleDuration": {"unit": "MONTH", "count": 1}}

    payload = {"idempotencyKey": str(uuid.uuid4()), "billingInfo": monthly}
    (adjusted,) = shop.change(sold, instance, "", payload)["productInstances"]

    assert adjusted["instanceId"] == instance["instanceId"]
    assert adjusted["billingInfo"] == monthly


def test_the_web_shop_is_told_by_status_and_code_what_was_wrong(
    shop: ShopScript, customer: Customer
):
    with pytest.raises(urllib.error.HTTPError) as refused:
        shop.sell(
            customer.account,
            f"shop-{uuid.uuid4()}",
            [{"catalogProductId": str(uuid.uuid4()), "countryCode": "DE"}],
        )

    with refused.value as answer:
        error = json.load(answer)["details"]["applicationError"]
    assert (answer.code, error["code"]) == (404, "PRODUCT_NOT_FOUND")


def test_the_web_shop_counts_offsets_and_the_bookkeeper_cursors_to_the_same_end(
    shop: ShopScript, books: Books, sandbox: Sandbox
):
    by_offset = [one["id"] for one in shop.everything(sandbox.account_id, 60)]
    by_cursor = [one["id"] for one in books.find()]

    assert len(by_cursor) > 200
    assert len(set(by_cursor)) == len(by_cursor)
    assert by_offset == by_cursor


def test_the_bookkeeper_finds_the_order_from_its_reference(books: Books, sold: dict):
    (found,) = books.find(externalId={"$eq": sold["externalId"]})

    assert found == sold


def test_the_bookkeeper_finds_the_order_from_its_instance_and_from_its_site(
    books: Books, sold: dict, customer: Customer
):
    (instance,) = sold["productInstances"]

    by_instance = books.find(
        **{"productInstances.instanceId": {"$hasSome": [instance["instanceId"]]}}
    )
    on_site = books.find(**{"productInstances.siteId": {"$hasSome": [customer.sites[0]]}})

    assert [one["id"] for one in by_instance] == [sold["id"]]
    assert sold["id"] in [one["id"] for one in on_site]


def test_the_bookkeeper_lists_what_is_in_trouble(books: Books):
    trouble = {"FAILED", "AWAITING_ACTION"}

    found = books.find(**{"productInstances.status": {"$hasSome": sorted(trouble)}})

    assert found
    for package in found:
        assert trouble & {one["status"] for one in package["productInstances"]}


def test_the_bookkeeper_writes_an_invoice_number_on_an_order(
    books: Books, sold: dict, customer: Customer
):
    path = f"{PACKAGES}/update/{sold['id']}/invoice-2026-0417-{sold['id'][:8]}"

    renamed = books.fetch("PATCH", path, customer.account)["updatedPackage"]

    assert renamed["externalId"] == path.rpartition("/")[2]
    assert [one["id"] for one in books.find(externalId=renamed["externalId"])] == [sold["id"]]


def test_the_bookkeeper_ends_one_service_and_the_others_stay(
    shop: ShopScript, books: Books, customer: Customer, product: str
):
    line = {
        "catalogProductId": product,
        "billingInfo": {"type": "RECURRING", "cycleDuration": {"unit": "YEAR", "count": 1}},
        "countryCode": "DE",
    }
    package = shop.wait(
        shop.sell(customer.account, f"shop-{uuid.uuid4()}", [line, line]), "ENABLED"
    )
    first, second = (one["instanceId"] for one in package["productInstances"])

    books.fetch("DELETE", f"{PACKAGES}/product-instances/{first}", customer.account)

    ended, remaining = _once_ended(books, package, first)
    assert (ended["instanceId"], remaining["instanceId"]) == (first, second)
    assert (ended["status"], remaining["status"]) == ("CANCELED", "ENABLED")


def _once_ended(books: Books, package: dict, instance_id: str) -> list[dict]:
    """The package's instances once that one of them is over."""
    give_up_at = time.monotonic() + 10
    while True:
        path = f"{PACKAGES}/{package['id']}"
        instances = books.fetch("GET", path, package["accountId"])["package"]["productInstances"]
        if any(
            one["instanceId"] == instance_id and one["status"] == "CANCELED" for one in instances
        ):
            return instances
        assert time.monotonic() < give_up_at, instances
        time.sleep(0.1)


def test_the_bookkeeper_walks_a_customers_sites_by_cursor(books: Books, customer: Customer):
    books.headers["wix-account-id"] = customer.account

    query = {"sort": [{"fieldName": "createdDate", "order": "ASC"}], "cursorPaging": {"limit": 1}}
    pages = list(books.pages("/site-list/v2/sites/query", "sites", query))

    walked = [site["id"] for page in pages for site in page]
    assert walked[:2] == list(customer.sites)
    assert len(set(walked)) == len(walked)
