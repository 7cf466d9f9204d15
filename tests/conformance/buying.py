"""Ordering for a test, and canceling what was ordered when the test has ended."""

from __future__ import annotations

import uuid
from typing import Any

from tests.conformance.partner import INSTANCES, ORDERS, PACKAGES, Partner, good, statuses_of
from tests.conformance.target import Orders

UNSETTLED = {"PENDING", "AWAITING_ACTION"}


class Customer:
    """The account that things are ordered for."""

    def __init__(self, wix: Partner, orders: Orders) -> None:
        self.wix = wix
        self.orders = orders
        self.bought: list[dict] = []

    def reference(self) -> str:
        """An external id nobody has used."""
        return f"conformance-{uuid.uuid4()}"

    def create(self, *lines: dict, **more: Any) -> dict:
        """Create Package V2: the whole answer."""
        body = {"externalId": self.reference(), "products": list(lines or [self.orders.line()])}
        answer = self.send("POST", ORDERS, body | more)
        package = good(answer)["package"]
        self.bought.append(package)
        return good(answer)

    def delivered(self, *lines: dict, **more: Any) -> dict:
        """A new package once it is delivered."""
        package = self.create(*lines, **more)["package"]
        package = self.wix.until(package, lambda one: not UNSETTLED & statuses_of(one))
        assert statuses_of(package) == {"ENABLED"}, package
        return package

    def send(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        """One call about this customer's account."""
        return self.wix.send(method, path, body, account=self.orders.account, **more)

    def assign(self, instance: dict, site: str, body: Any = None) -> dict:
        path = f"{INSTANCES}/{instance['instanceId']}/{site}"
        return dict(good(self.send("PATCH", path, body))["package"])

    def unassign(self, instance: dict, body: Any = None) -> dict:
        path = f"{INSTANCES}/{instance['instanceId']}/unassign"
        return dict(good(self.send("PATCH", path, body))["package"])

    def adjust(self, instance: dict, **body: Any) -> dict:
        path = f"{INSTANCES}/{instance['instanceId']}"
        return dict(good(self.send("PATCH", path, body))["package"])

    def instance(self, package: dict, number: int = 0) -> dict:
        """An instance as a new reading shows it."""
        return dict(self.wix.get(package)["productInstances"][number])

    def give_back(self) -> None:
        """Cancel all that was bought and is not canceled yet."""
        for package in self.bought:
            if statuses_of(self.wix.get(package)) - {"CANCELED", "FAILED"}:
                self.send("DELETE", f"{PACKAGES}/{package['id']}")
