"""A partner who calls Wix by its documents alone: plain requests, and nothing of our client."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import requests

from tests.conformance.target import Target

PACKAGES = "/resellers/v1/packages"
ORDERS = "/resellers/v2/packages"
INSTANCES = f"{PACKAGES}/product-instances"
SITES = "/site-list/v2/sites"
CHILDREN = "/accounts/v1/account/child-accounts"
NOWHERE = "00000000-0000-4000-8000-000000000000"
# Wix takes 200 calls a minute; a sandbox of our own takes as many as come.
SECONDS_BETWEEN_CALLS = 0.4
SECONDS = (5, 60)
DELIVERY_SECONDS = 300


class Partner:
    """Calls one server with one key."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.session = requests.Session()
        self._last_call = 0.0

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        account: str | None = "",
        key: str | None = "",
        **more: Any,
    ) -> requests.Response:
        """One call. Key and account are ours unless others are given; None leaves them out."""
        headers = {
            "Authorization": self.target.api_key if key == "" else key,
            "wix-account-id": self.target.account_id if account == "" else account,
            **more.pop("headers", {}),
        }
        if not self.target.is_sandbox:
            time.sleep(max(0.0, self._last_call + SECONDS_BETWEEN_CALLS - time.monotonic()))
            self._last_call = time.monotonic()
        return self.session.request(
            method,
            self.target.base_url + path,
            json=body,
            headers={name: value for name, value in headers.items() if value is not None},
            timeout=SECONDS,
            **more,
        )

    def query(self, account: str = "", **query: Any) -> requests.Response:
        """Query Packages."""
        return self.send("POST", f"{PACKAGES}/query", {"query": query}, account=account)

    def packages(self, **query: Any) -> list[dict]:
        """All packages that a query finds, page by page."""
        return self._all(self.query, "packages", query)

    def query_sites(self, account: str = "", **query: Any) -> requests.Response:
        """Query Sites."""
        return self.send("POST", f"{SITES}/query", {"query": query}, account=account)

    def sites(self, account: str = "", **query: Any) -> list[dict]:
        """All sites that a query finds, page by page."""
        return self._all(lambda **asked: self.query_sites(account, **asked), "sites", query)

    def _all(self, ask: Callable[..., requests.Response], name: str, query: dict) -> list[dict]:
        answer = good(ask(**query))
        found = list(answer.get(name) or [])
        limit = {k: v for k, v in (query.get("cursorPaging") or {}).items() if k == "limit"}
        while cursor := next_cursor(answer):
            answer = good(ask(cursorPaging={"cursor": cursor, **limit}))
            found += answer.get(name) or []
        return found

    def get(self, package: dict) -> dict:
        """Get Package, with the package's own account in the header."""
        answer = self.send("GET", f"{PACKAGES}/{package['id']}", account=package["accountId"])
        return good(answer)["package"]

    def until(self, package: dict, holds: Callable[[dict], bool]) -> dict:
        """The package once that holds of it; fails after five minutes."""
        give_up_at = time.monotonic() + DELIVERY_SECONDS
        while not holds(package := self.get(package)):
            assert time.monotonic() < give_up_at, f"still not so: {package}"
            time.sleep(0.05 if self.target.is_sandbox else 10)
        return package


def good(answer: requests.Response) -> dict:
    """The body of an answer that is 200."""
    assert answer.status_code == 200, f"{answer.status_code} {answer.text[:500]}"
    return dict(answer.json())


def next_cursor(body: dict) -> str | None:
    """The cursor of the next page; None at the end, however it is told."""
    paging = body.get("metadata") or body.get("pagingMetadata") or {}
    return (paging.get("cursors") or {}).get("next") or None


def code_of(answer: requests.Response) -> str | None:
    """The code of a business refusal."""
    return (details_of(answer).get("applicationError") or {}).get("code")


def violations_of(answer: requests.Response) -> list[dict]:
    """The fields that a validation error names."""
    return list((details_of(answer).get("validationError") or {}).get("fieldViolations") or [])


def details_of(answer: requests.Response) -> dict:
    return dict(answer.json().get("details") or {})


def instances_of(packages: list[dict]) -> list[dict]:
    """The product instances of all these packages."""
    return [one for package in packages for one in package.get("productInstances") or []]


def statuses_of(package: dict) -> set[str]:
    return {one["status"] for one in instances_of([package])}


def read(record: dict, path: str) -> Any:
    """What stands at a dotted path; None where nothing does."""
    value: Any = record
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value
