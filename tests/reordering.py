"""Failed services, and orders in their place, as rows have them."""

from typing import Any

from django.utils import timezone

from resellers.models import CatalogProduct, Operation, OperationState, ProductInstance, Reorder
from resellers.operations.order_wish import CreatePackageWish
from tests import worlds


def failed(**fields: Any) -> ProductInstance:
    """A service that Wix could not deliver."""
    values = {
        "status": "FAILED",
        "failure_code": "DELIVERY_TIMEOUT",
        "status_since": timezone.now(),
    }
    return worlds.instance(floating=True, **(values | fields))


def line(of: ProductInstance, **more: str) -> dict[str, str]:
    """The line that orders a failed service anew, as rows store it."""
    values = {"product_id": str(of.product_id), "site_id": "", "cycle": "1 YEAR", "country": "DE"}
    return values | {"discount_code": "", "reference_id": "", "again_of": str(of.pk)} | more


def wish(
    *services: ProductInstance, name: str = "", one_more_than: int | None = None
) -> CreatePackageWish:
    """An order in place of these, under an external id of its own."""
    lines = [line(of) for of in services]
    name = name or f"ord-{str(worlds.new_id())[:8]}"
    stored = worlds.wish(
        "create_package", external_id=name, lines=lines, one_more_than=one_more_than
    )
    assert isinstance(stored, CreatePackageWish)
    return stored


def order(*services: ProductInstance, name: str = "", **fields: Any) -> Operation:
    """That order as confirming it records it, waiting to be carried out."""
    return worlds.planned(services[0].account, wish(*services, name=name), **fields)


def carried_out(order: Operation, status: str = "ENABLED", **fields: Any) -> ProductInstance:
    """What came of the first line of that order, which has succeeded."""
    wished = order.wish
    product = CatalogProduct.objects.get(pk=wished["lines"][0]["product_id"])
    package = worlds.package(order.account, external_id=wished["external_id"])
    values = {"status": status, "status_since": timezone.now(), "product": product}
    service = worlds.instance(package, floating=True, **(values | fields))
    done = {"state": OperationState.SUCCEEDED, "finished_at": timezone.now()}
    Operation.objects.filter(pk=order.pk).update(package=package, **done)
    Reorder.objects.filter(operation=order, line=0).update(service=service)
    return service
