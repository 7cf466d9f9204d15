"""A small sandbox on a free port, and somebody who calls it over real HTTP."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from resellers.sandbox import Sandbox

PACKAGES = "/resellers/v1/packages"
INSTANCES = f"{PACKAGES}/product-instances"
ORDERS = "/resellers/v2/packages"
YEARLY = {"type": "RECURRING", "cycleDuration": {"unit": "YEAR", "count": 1}}
WORLD = {"seed": 7, "accounts": 12, "packages": 60, "calls_per_minute": 0}
NOWHERE = "00000000-0000-4000-8000-000000000000"


class Caller:
    """Calls a sandbox, and finds in its world what a test needs."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.session = requests.Session()
        self.products = {row["name"]: row for row in self.csv("catalog.csv")}

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        account: str | None = "parent",
        **headers: str | None,
    ) -> requests.Response:
        """One Wix call with the right key and the parent's account, unless said otherwise."""
        all_headers = {
            "Authorization": self.sandbox.api_key,
            "wix-account-id": self.sandbox.account_id if account == "parent" else account,
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        return self.session.request(
            method,
            self.sandbox.url + path,
            json=body,
            headers={name: value for name, value in all_headers.items() if value is not None},
            timeout=10,
        )

    def control(self, path: str, body: Any = None) -> requests.Response:
        method = "GET" if body is None else "POST"
        url = f"{self.sandbox.url}/_sandbox/{path}"
        return self.session.request(method, url, json=body, timeout=10)

    def faults(self, *rules: dict[str, Any]) -> None:
        assert self.control("faults", {"rules": list(rules)}).status_code == 200

    def switch(self, **positions: Any) -> None:
        assert self.control("switches", positions).status_code == 200

    def deliver(self) -> None:
        assert self.control("clock", {"deliver_now": True}).status_code == 200

    def advance(self, seconds: float) -> None:
        assert self.control("clock", {"advance_seconds": seconds}).status_code == 200

    def csv(self, name: str) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(self.control(name).content.decode())))

    def state(self) -> dict[str, Any]:
        return self.control("state").json()

    def journal(self, after: int = 0) -> list[dict[str, Any]]:
        return self.control(f"journal?after={after}").json()

    def truth(self, instance_id: str) -> dict[str, Any]:
        return self.control(f"instances/{instance_id}").json()

    def all_packages(self) -> list[dict[str, Any]]:
        return self.control("packages").json()["packages"]

    def sites(self, account: str, **filter_: Any) -> list[dict[str, Any]]:
        body = {"query": {"filter": filter_, "sort": [{"fieldName": "createdDate"}]}}
        return self.send("POST", "/site-list/v2/sites/query", body, account).json()["sites"]

    def product(self, name: str) -> str:
        return self.products[name]["product_id"]

    def line(self, product: str, site: str | None = None, **more: Any) -> dict[str, Any]:
        """A line of an order: yearly where there is a choice, for Germany."""
        line = {"catalogProductId": self.product(product), "countryCode": "DE", "siteId": site}
        if self.products[product]["cycles"]:
            line["billingInfo"] = YEARLY
        return {name: value for name, value in {**line, **more}.items() if value is not None}

    def create(self, account: str, *lines: dict[str, Any], **more: Any) -> requests.Response:
        return self.send("POST", ORDERS, {"products": list(lines), **more}, account)

    def order(self, account: str, product: str, site: str | None = None) -> str:
        """Order and deliver one product; the id of its instance."""
        answer = self.create(account, self.line(product, site))
        assert answer.status_code == 200, answer.text
        self.deliver()
        return answer.json()["package"]["productInstances"][0]["instanceId"]

    def assign(self, account: str, instance: str, site: str, **body: Any) -> requests.Response:
        return self.send("PATCH", f"{INSTANCES}/{instance}/{site}", body, account)

    def unassign(self, account: str, instance: str, **body: Any) -> requests.Response:
        return self.send("PATCH", f"{INSTANCES}/{instance}/unassign", body, account)

    def adjust(self, account: str, instance: str, **body: Any) -> requests.Response:
        return self.send("PATCH", f"{INSTANCES}/{instance}", body, account)

    def cancel(self, account: str, instance: str, **body: Any) -> requests.Response:
        return self.send("DELETE", f"{INSTANCES}/{instance}", body or None, account)


class Customer:
    """A customer with two empty sites of its own, made for one test."""

    def __init__(self, wix: Caller, account: str, sites: list[str]) -> None:
        self.wix = wix
        self.account = account
        self.site, self.other_site = sites

    def plan(self, site: str | None = None, product: str = "Core") -> str:
        """An enabled Premium plan, on the first site unless told otherwise."""
        return self.wix.order(self.account, product, site or self.site)


@pytest.fixture(scope="session")
def served() -> Iterator[Sandbox]:
    sandbox = Sandbox(port=0, **WORLD)
    sandbox.start()
    yield sandbox
    sandbox.stop()


@pytest.fixture
def sandbox(served: Sandbox) -> Sandbox:
    """A fresh small world without a limit of calls."""
    answer = requests.post(f"{served.url}/_sandbox/reset", json=WORLD, timeout=10)
    assert answer.status_code == 200
    return served


@pytest.fixture
def wix(sandbox: Sandbox) -> Iterator[Caller]:
    caller = Caller(sandbox)
    yield caller
    caller.session.close()


@pytest.fixture
def customer(wix: Caller) -> Customer:
    """A new account to which two free sites were given behind everybody's back."""
    body = {"user": {"email": {"emailAddress": "neu@kunde.example"}}}
    account = wix.send("POST", "/accounts/v1/accounts/create", body).json()["account"]["accountId"]
    sites = []
    for name in ("Erste Seite", "Zweite Seite"):
        project = wix.send(
            "POST", "/funnel/projects/v1/create", {"type": "WIX", "name": name}, account
        )
        sites.append(project.json()["project"]["metaSiteId"])
    return Customer(wix, account, sites)


def code_of(answer: requests.Response) -> str:
    """The application error's code of a refusal."""
    return answer.json()["details"]["applicationError"]["code"]


def fields_of(answer: requests.Response) -> list[str]:
    """The fields a validation error names."""
    return [one["field"] for one in answer.json()["details"]["validationError"]["fieldViolations"]]
