"""Calls that Wix refuses or answers oddly, and what was written and read around them."""

from uuid import UUID

from resellers.models import Account, CatalogProduct, Operation, ProductInstance
from tests import practice

REFUSED = "refuse:PRODUCT_TYPE_ALREADY_ASSIGNED"
STRATEGIES = ("two_step", "direct")
LONG_AGO = "stale:60000"


def writes(operation: Operation) -> list[str]:
    return list(operation.attempts.filter(writes=True).values_list("step", flat=True))


def site_of(mirror, service: ProductInstance) -> UUID | None:
    site_id = practice.truth(mirror.sandbox, service.pk)["siteId"]
    return UUID(site_id) if site_id else None


def was_elsewhere(mirror, service: ProductInstance, site: UUID | None) -> None:
    """Who is shown the past, a minute ago, is shown it there."""
    practice.change(mirror.sandbox, service.pk, siteId=str(site) if site else None)
    practice.clock(mirror.sandbox, advance_seconds=100)
    practice.change(mirror.sandbox, service.pk, siteId=str(service.site_id))


def sites_read(operation: Operation) -> list[str | None]:
    """Where each reading showed it, in order."""
    readings = operation.attempts.filter(seen__isnull=False).order_by("id")
    return [reading.seen["site_id"] for reading in readings]


def order(account: Account, product: CatalogProduct, name: str) -> None:
    """What somebody else orders for that account under that name."""
    from resellers.connection import wix_client
    from resellers.wix import BillingInfo, NewProduct

    yearly = BillingInfo("RECURRING", "YEAR", 1)
    with wix_client("people") as wix:
        wix.create_package(
            account_id=str(account.pk),
            products=[NewProduct(str(product.pk), "DE", billing=yearly)],
            external_id=name,
        )
