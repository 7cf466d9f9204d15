"""A customer to whom Wix is made to refuse something, and the list of what it is made to refuse.

A cause is a function that does the one thing Wix refuses, to a customer made for it. `cause`
registers it under the call that is refused and the code it is refused with.
"""

import csv
import io
from collections.abc import Callable
from typing import Any

import requests

from resellers.sandbox import Sandbox
from resellers.wix import BillingInfo, NewProduct, ProductInstance, WixClient
from tests.wix.domain_examples import PERSON

NOWHERE = "00000000-0000-4000-8000-000000000000"
YEARLY = BillingInfo("RECURRING", "YEAR", 1)


class Customer:
    """A new customer with two free sites, and what our client can do for it."""

    def __init__(self, sandbox: Sandbox, wix: WixClient) -> None:
        self.sandbox = sandbox
        self.wix = wix
        catalogue = requests.get(f"{sandbox.url}/_sandbox/catalog.csv", timeout=10).text
        self._products = {row["name"]: row for row in csv.DictReader(io.StringIO(catalogue))}
        self.account = wix.create_account(email="neu@kunde.example").account.id
        self.site, self.other_site = (
            wix.create_project(account_id=self.account, name=name).site_id
            for name in ("Erste Seite", "Zweite Seite")
        )
        self.foreign_site = wix.query_sites(account_id=sandbox.account_id).items[0].id

    def product(self, name: str) -> str:
        """The id of a product of the sandbox's catalogue."""
        return self._products[name]["product_id"]

    def line(self, product: str, **more: Any) -> NewProduct:
        """A line of an order: yearly where there is a choice, for Germany, on no site."""
        billing = YEARLY if self._products[product]["cycles"] else None
        return NewProduct(self.product(product), "DE", **({"billing": billing} | more))

    def create(self, *lines: NewProduct, account: str = "") -> ProductInstance:
        """Order; the first instance of the new package, still pending."""
        answer = self.wix.create_package(account_id=account or self.account, products=lines)
        return answer.package.instances[0]

    def order(self, product: str, **more: Any) -> str:
        """Order one product and have it delivered; its instance's id."""
        instance = self.create(self.line(product, **more))
        self.control("clock", deliver_now=True)
        return instance.id

    def plan(self, site: str = "", product: str = "Core") -> str:
        """An enabled Premium plan on that site, or on the first."""
        return self.order(product, site_id=site or self.site)

    def adjust(self, instance: str, product: str = "", **more: Any) -> None:
        wanted = {"catalog_product_id": self.product(product)} if product else {}
        self.wix.adjust_product_instance(
            **{"account_id": self.account, "instance_id": instance} | wanted | more
        )

    def unassign(self, instance: str, account: str = "") -> None:
        self.wix.unassign_product_instance(account_id=account or self.account, instance_id=instance)

    def transfer(self, site: str, source: str, target: str) -> None:
        self.wix.transfer_site(site_id=site, source_account_id=source, target_account_id=target)

    def register(self, domain: str, instance: str, **more: Any) -> None:
        self.wix.create_registered_domain(
            account_id=self.account,
            domain=domain,
            product_instance_id=instance,
            registrant=PERSON,
            **more,
        )

    def paid_domain(self, ending: str = "example", **more: Any) -> str:
        """An enabled, floating domain service."""
        return self.order(f"Domain .{ending}", **more)

    def connect(self, domain: str, **more: Any) -> None:
        wanted = {"connection_type": "NAMESERVERS"} | more
        self.wix.create_connected_domain(account_id=self.account, domain=domain, **wanted)

    def control(self, what: str, **body: Any) -> None:
        """Change the world behind our back."""
        answer = requests.post(f"{self.sandbox.url}/_sandbox/{what}", json=body, timeout=10)
        assert answer.ok, answer.text


Cause = Callable[[Customer], None]
CAUSES: dict[tuple[str, str], Cause] = {}


def cause(call: str, code: str) -> Callable[[Cause], Cause]:
    """Registers how this call comes to be refused with this code."""

    def register(brings_about: Cause) -> Cause:
        CAUSES[call, code] = brings_about
        return brings_about

    return register
