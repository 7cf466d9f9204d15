"""What chaos asks of services, and how it looks at them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from resellers.models import CatalogProduct, InstanceStatus, Operation, ProductInstance
from resellers.operations.instance_kind import InstanceSeen

from .ground import Ground

# What of its subject a kind looks at, in terms that can be compared.
Look = tuple[Any, ...]
# A wish as an operation's row stores it.
Stored = dict[str, Any]
Taken = set[UUID]


@dataclass(frozen=True, slots=True)
class Touched:
    """What an operation on a subject needs for itself."""

    package_id: UUID | None
    site_id: UUID | None


# --- a service -----------------------------------------------------------------------------------


def services() -> Iterable[UUID]:
    """Every service that works, whether it stands on a site or floats."""
    working = ProductInstance.objects.filter(status=InstanceStatus.ENABLED, gone_at=None)
    return working.order_by("id").values_list("id", flat=True)


def service(id_: UUID) -> ProductInstance:
    return ProductInstance.objects.select_related("package", "account", "product", "site").get(
        pk=id_
    )


def touched_by_service(instance: ProductInstance) -> Touched:
    return Touched(instance.package_id, instance.site_id)


def service_at_wix(ground: Ground, instance_id: object) -> Look:
    """Site, product and cycle as they really are."""
    world = ground.sandbox.world
    with world.lock:
        instance = world.packages.instance(str(instance_id))
    assert instance is not None
    cycle = instance.billing.cycle
    return instance.site_id, instance.product_id, f"{cycle.count} {cycle.unit}" if cycle else ""


def service_of_operation_at_wix(ground: Ground, operation: Operation) -> Look:
    return service_at_wix(ground, operation.instance_id)


def service_as_read(seen: dict[str, Any]) -> Look:
    """The same of what a reading has shown, or of what was true when it was planned."""
    return seen.get("site_id"), seen.get("product_id", ""), seen.get("cycle", "")


def service_in_mirror(operation: Operation) -> Look:
    instance = ProductInstance.objects.get(pk=operation.instance_id)
    return service_as_read(InstanceSeen.in_mirror(instance).as_json())


def tells_nothing(operation: Operation, now: Look) -> bool:
    return False


# --- wishes, and whether they are true -----------------------------------------------------------


def nothing_more(instance: ProductInstance, taken: Taken) -> Iterator[Stored]:
    yield {}


def other_sites(instance: ProductInstance, taken: Taken) -> Iterator[Stored]:
    """Every site of the account that nobody else is busy with."""
    for site in instance.account.sites.exclude(pk__in=taken).order_by("id"):
        yield {"site_id": str(site.pk)}


def other_terms(instance: ProductInstance, taken: Taken) -> Iterator[Stored]:
    similar = CatalogProduct.objects.filter(
        service_type=instance.product.service_type, adjustable=True
    )
    for product in similar.order_by("id"):
        for cycle in product.cycles:
            yield {"product_id": str(product.pk), "cycle": cycle}


def is_on_its_site(wish: Stored, now: Look) -> bool:
    return bool(now[0] == wish.get("site_id"))


def has_its_terms(wish: Stored, now: Look) -> bool:
    return now[1:] == (wish["product_id"], wish["cycle"])


def is_over(wish: Stored, now: Look) -> bool:
    return now == ("CANCELED",)


def status_at_wix(ground: Ground, operation: Operation) -> Look:
    with ground.sandbox.world.lock:
        instance = ground.sandbox.world.packages.instance(str(operation.instance_id))
    assert instance is not None
    return (instance.status,)


def status_as_read(seen: dict[str, Any]) -> Look:
    return (seen.get("status"),)


def status_in_mirror(operation: Operation) -> Look:
    return (ProductInstance.objects.get(pk=operation.instance_id).status,)
