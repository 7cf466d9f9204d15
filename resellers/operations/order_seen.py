"""What a reading shows of an order: the packages under its external id."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from resellers import wix
from resellers.models import InstanceStatus

from .wish import JsonObject


@dataclass(frozen=True, slots=True)
class OrderSeen:
    """The packages under the order's external id, and the products of the only one, sorted.

    One that was canceled beside another that was not is left out: it was the one too many.
    `named` is the package that Wix's own answer to the order named, whether or not it shows yet.
    """

    packages: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    named: str | None = None

    @property
    def found(self) -> bool:
        return bool(self.packages)

    @classmethod
    def of(cls, packages: Sequence[wix.Package], named: str | None = None) -> "OrderSeen":
        # A list that moves while it is read may show one package twice.
        each = list({package.id: package for package in packages}.values())
        packages = [p for p in each if not _is_canceled(p)] or each
        only = packages[0] if len(packages) == 1 else None
        products = sorted(i.catalog_product_id for i in only.instances) if only else ()
        return cls(tuple(sorted(p.id for p in packages)), tuple(products), named)

    def as_json(self) -> JsonObject:
        return asdict(self) | {"found": self.found}


def _is_canceled(package: wix.Package) -> bool:
    statuses = {instance.status for instance in package.instances}
    return statuses == {InstanceStatus.CANCELED}
