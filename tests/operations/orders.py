"""One order as the tests place it, and what came of it at Wix."""

from typing import TYPE_CHECKING, Any

from resellers.connection import wix_client
from resellers.models import Account, CatalogProduct
from resellers.wix import BillingInfo, NewProduct

if TYPE_CHECKING:
    from tests.mirrors import Mirror

NAME = "order-2026-1"
MAIL = "Mailbox Starter"


def a_customer() -> Account:
    found = Account.objects.filter(is_main=False).exclude(name="").order_by("id").first()
    assert found is not None
    return found


def line(product: str = MAIL, **more: Any) -> dict[str, str]:
    """A floating yearly product of the sandbox's catalogue."""
    found = CatalogProduct.objects.get(name=product)
    values = {"product_id": str(found.pk), "site_id": "", "cycle": "1 YEAR", "country": "DE"}
    return values | {"discount_code": "", "reference_id": ""} | more


def wish(*lines: dict[str, str], **more: Any) -> dict[str, Any]:
    return {"external_id": NAME, "lines": list(lines) or [line()], "again_of": ""} | more


def packages(mirror: "Mirror") -> list[Any]:
    """The packages of that external id as they really are."""
    return [p for p in mirror.sandbox.world.packages.rows.values() if p.external_id == NAME]


def order_behind_our_back(mirror: "Mirror", customer: Account) -> None:
    """The same order, under the same external id, that no operation of ours has sent."""
    product = CatalogProduct.objects.get(name=MAIL)
    yearly = BillingInfo("RECURRING", "YEAR", 1)
    with wix_client("people") as wix:
        wix.create_package(
            account_id=str(customer.pk),
            products=[NewProduct(str(product.pk), "DE", billing=yearly)],
            external_id=NAME,
        )
