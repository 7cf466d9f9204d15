"""The suite's ground: the server it judges, and which part of the suite is fit for that server.

What Wix documents is asked of every server. `assumed` is what Wix leaves open, `lasting` what
cannot be taken back: both are asked of our own sandbox alone. `writes` wants to be allowed.
"""

import csv
import io
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from resellers.sandbox import Sandbox
from tests.conformance.buying import Customer
from tests.conformance.partner import CHILDREN, Partner, good
from tests.conformance.progress import Progress
from tests.conformance.target import BadTarget, Orders, Target, named

try:
    TARGET = named()  # now: the rest of the suite soon sets an environment of its own
except BadTarget as bad:
    raise pytest.UsageError(str(bad)) from bad
ONLY_OURS = {"assumed", "lasting"}
WORLD = {"seed": 3, "accounts": 12, "packages": 260, "calls_per_minute": 0}


def pytest_report_header() -> str:
    return f"conformance of: {TARGET.base_url if TARGET else 'a sandbox of its own'}"


def pytest_configure(config: pytest.Config) -> None:
    if TARGET is not None and not hasattr(config, "workerinput"):
        # What tests write is captured, and so would be what is said meanwhile.
        terminal = os.fdopen(os.dup(1), "w")
        config.pluginmanager.register(Progress(terminal, TARGET.base_url))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what does not fit the server."""
    if TARGET is None:
        return
    unfit = ONLY_OURS if TARGET.orders else ONLY_OURS | {"writes"}
    left_out = [item for item in items if unfit & {mark.name for mark in item.iter_markers()}]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="session")
def target() -> Iterator[Target]:
    """The server."""
    if TARGET is not None:
        yield TARGET
        return
    with Sandbox(**WORLD) as sandbox:
        _control(sandbox.url, "switches", {"unlisted_package": False, "delivery_seconds": 0})
        bare = Target(sandbox.url, sandbox.api_key, sandbox.account_id, is_sandbox=True)
        yield Target(
            sandbox.url,
            sandbox.api_key,
            sandbox.account_id,
            is_sandbox=True,
            orders=_customer(Partner(bare)),
            domain="conformance.example",
        )


@pytest.fixture(scope="session")
def wix(target: Target) -> Iterator[Partner]:
    """A partner who calls the server."""
    partner = Partner(target)
    yield partner
    partner.session.close()


@pytest.fixture
def orders(target: Target) -> Orders:
    """What may be bought and moved."""
    assert target.orders
    return target.orders


@pytest.fixture
def customer(wix: Partner, orders: Orders) -> Iterator[Customer]:
    """Somebody to order for. What a test has ordered is canceled after it."""
    buyer = Customer(wix, orders)
    yield buyer
    buyer.give_back()


@pytest.fixture(scope="module")
def newest(wix: Partner) -> list[dict]:
    """The newest packages, at most three hundred, in the order of their making."""
    first = good(wix.query())
    found, answer = list(first["packages"]), first
    for _ in range(2):
        cursor = ((answer.get("metadata") or {}).get("cursors") or {}).get("next")
        if cursor:
            answer = good(wix.query(cursorPaging={"cursor": cursor}))
            found += answer["packages"]
    return found or needed([], "packages")


@pytest.fixture
def children(wix: Partner) -> list[str]:
    """The main account's child accounts, at most fifty of them."""
    answer = good(wix.send("GET", CHILDREN))
    listed = answer.get("childAccounts") or answer.get("accounts") or answer.get("accountIds")
    return [one if isinstance(one, str) else one["accountId"] for one in listed or []]


@pytest.fixture
def switch(target: Target) -> Iterator[Callable[..., None]]:
    """A function that turns switches of our sandbox; they go back after the test."""
    before = requests.get(f"{target.base_url}/_sandbox/state", timeout=10).json()["switches"]
    yield lambda **positions: _control(target.base_url, "switches", positions)
    _control(target.base_url, "switches", before)


@pytest.fixture
def control(target: Target) -> Iterator[Callable[[str, dict], dict]]:
    """A function that changes our sandbox's world; faults end with the test."""
    yield lambda what, body: _control(target.base_url, what, body)
    _control(target.base_url, "faults", {"rules": []})


def needed(value: Any, what: str) -> Any:
    """The value; where a server has none, the running test cannot be held against it."""
    if not value:
        pytest.skip(f"this server has no {what}")
    return value


def _control(base_url: str, what: str, body: dict) -> dict:
    answer = requests.post(f"{base_url}/_sandbox/{what}", json=body, timeout=10)
    assert answer.ok, answer.text
    return dict(answer.json())


def _customer(wix: Partner) -> Orders:
    """A new customer of our sandbox with two sites, and a product sold by the year and month."""
    mail = {"email": {"emailAddress": "conformance@bakery.example"}}
    made = good(wix.send("POST", "/accounts/v1/accounts/create", {"user": mail}))
    account = made["account"]["accountId"]
    sites = tuple(
        good(
            wix.send(
                "POST",
                "/funnel/projects/v1/create",
                {"type": "WIX", "name": name},
                account=account,
            )
        )["project"]["metaSiteId"]
        for name in ("Erste Seite", "Zweite Seite")
    )
    catalogue = wix.session.get(f"{wix.target.base_url}/_sandbox/catalog.csv", timeout=10).text
    ids = {row["name"]: row["product_id"] for row in csv.DictReader(io.StringIO(catalogue))}
    wix.session.close()
    product, reference = ids["Mailbox Starter"], ids["Core"]
    return Orders(account, product, "1 YEAR", "1 MONTH", (sites[0], sites[1]), reference=reference)
