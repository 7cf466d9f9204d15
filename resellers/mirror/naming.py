"""What people write on records themselves: a product's row of the catalogue, a customer's names."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction

from resellers import audit
from resellers.constraints import is_taken
from resellers.models import Account, CatalogProduct

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class AlreadyHeld(Exception):
    """There is a product of this id already."""

    def __init__(self, product: CatalogProduct) -> None:
        super().__init__(f"This product is in the catalogue already: {product}.")
        self.product = product


def change_product(product: CatalogProduct, values: dict[str, Any], *, by: "User") -> list[str]:
    """Write these values on the product, audited with the old ones; the columns that changed."""
    with transaction.atomic():
        changes = _write(product, values)
        if changes:
            body = {"product_id": str(product.pk), "changes": changes}
            audit.record("product.changed", by=by, body=body)
    return list(changes)


def change_customer(account: Account, values: dict[str, Any], *, by: "User") -> list[str]:
    """Write these values on the account, audited with the old ones; the columns that changed."""
    with transaction.atomic():
        changes = _write(account, values)
        if changes:
            audit.record(
                "customer.changed",
                by=by,
                account_id=account.pk,
                body={"changes": changes},
            )
    return list(changes)


def add_product(id_: UUID, values: dict[str, Any], *, by: "User") -> CatalogProduct:
    """Put a product into the catalogue. Raises AlreadyHeld."""
    product = CatalogProduct(id=id_, **values)
    try:
        with transaction.atomic():
            product.save(force_insert=True)
            body = {"product_id": str(id_), "values": values}
            audit.record("product.added", by=by, body=body)
    except IntegrityError as error:
        if not is_taken(error, CatalogProduct, "id"):
            raise
        raise AlreadyHeld(CatalogProduct.objects.get(pk=id_)) from None
    return product


def _write(record: Account | CatalogProduct, values: dict[str, Any]) -> dict[str, list[Any]]:
    """Save what differs from the locked row; old and new by column."""
    locked: Any = type(record)._default_manager.select_for_update(no_key=True).get(pk=record.pk)
    changes = {
        name: [getattr(locked, name), value]
        for name, value in values.items()
        if getattr(locked, name) != value
    }
    for name, (_, value) in changes.items():
        setattr(record, name, value)
        setattr(locked, name, value)
    locked.save(update_fields=list(changes))
    return {name: [_audited(value) for value in pair] for name, pair in changes.items()}


def _audited(value: Any) -> Any:
    """The value as the audit trail keeps it: a person by username."""
    return value.get_username() if isinstance(value, AbstractBaseUser) else value
