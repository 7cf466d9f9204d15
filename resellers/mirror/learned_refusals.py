"""What past answers taught about products: refusals that neither mirror nor catalogue can foresee.

They stand on the product, and are told before the next wish, until a person clears them or Wix
takes what it had refused.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from resellers import audit
from resellers.clock import database_now
from resellers.models import CatalogProduct, Operation, ProductRefusal, Site

if TYPE_CHECKING:
    from django.contrib.auth.models import User

OF_A_SITE = "PRODUCT_NOT_SUPPORTED_ON_SITE"
OF_A_LIMIT = "PRODUCT_LIMIT_EXCEEDED"
OF_AN_ADJUSTMENT = "OPERATION_NOT_SUPPORTED_FOR_PRODUCT"
# Others are foreseen from what we hold, or speak of one service and not of its product.
LEARNED = frozenset(
    {
        "PRODUCT_NOT_FOUND",
        OF_A_LIMIT,
        "PRODUCT_SETTINGS_NOT_FOUND",
        "INVALID_PRODUCTS",
        OF_A_SITE,
        OF_AN_ADJUSTMENT,
    }
)


def learn(
    product: CatalogProduct | UUID,
    code: str,
    message: str = "",
    request_id: str = "",
    operation: Operation | None = None,
    site: Site | UUID | None = None,
) -> ProductRefusal | None:
    """Keep what Wix refused about the product, and return it; None for a code of another sort.

    The same refusal again renews the one that stands. A site is kept only where the refusal
    speaks of one, and that the product was only the target only where that makes a difference.
    """
    if code not in LEARNED:
        return None
    about = {
        "product_id": _id(product),
        "code": code,
        "site_id": _id(site) if site and code == OF_A_SITE else None,
        "as_target": code == OF_AN_ADJUSTMENT and _is_target(operation, _id(product)),
    }
    answer = {
        "message": message,
        "wix_request_id": request_id,
        "operation": operation,
        "at": database_now(),
    }
    held = ProductRefusal.objects.standing().filter(**about).first()
    if held is None:
        return ProductRefusal.objects.create(**about, **answer)
    for name, value in answer.items():
        setattr(held, name, value)
    held.save(update_fields=list(answer))
    return held


def standing(products: Iterable[CatalogProduct | UUID]) -> dict[UUID, list[ProductRefusal]]:
    """What stands against each of these products, the newest first; one query for all."""
    ids = [_id(product) for product in products]
    found: dict[UUID, list[ProductRefusal]] = defaultdict(list)
    refusals = ProductRefusal.objects.standing().filter(product__in=ids)
    for refusal in refusals.select_related("site", "product"):
        found[refusal.product_id].append(refusal)
    return {id_: found[id_] for id_ in ids}


def clear(refusal: ProductRefusal, *, by: "User") -> bool:
    """Let the refusal stand no longer, on a person's word; False where it did not stand."""
    with transaction.atomic():
        same = ProductRefusal.objects.standing().filter(
            product=refusal.product_id,
            code=refusal.code,
            site=refusal.site_id,
            as_target=refusal.as_target,
        )
        cleared = same.update(cleared_at=Now(), cleared_by=by)
        if cleared:
            audit.record("product.refusal_cleared", by=by, body=_about(refusal))
    return bool(cleared)


def disprove(taken: Collection[tuple[str, UUID, UUID | None]], operation: Operation) -> None:
    """Let stand no longer what Wix had refused and has taken now, with that operation's success.

    Each is a code, a product and, where the code speaks of one, the site.
    """
    products = {product_id for _, product_id, _ in taken}
    for refusal in ProductRefusal.objects.standing().filter(product__in=products):
        if (refusal.code, refusal.product_id, refusal.site_id) in taken:
            ProductRefusal.objects.standing().filter(pk=refusal.pk).update(cleared_at=Now())
            body = _about(refusal)
            audit.record("product.refusal_disproved", operation=operation, body=body)


def _about(refusal: ProductRefusal) -> dict[str, str]:
    return {
        "product_id": str(refusal.product_id),
        "code": refusal.code,
        "site_id": str(refusal.site_id or ""),
        "refused_at": refusal.at.isoformat(timespec="seconds"),
        "wix_request_id": refusal.wix_request_id,
    }


def _is_target(operation: Operation | None, product_id: UUID) -> bool:
    """Whether the operation's service was of another product and was to become this one."""
    return operation is not None and operation.before.get("product_id") not in (
        None,
        str(product_id),
    )


def _id(thing: CatalogProduct | Site | UUID) -> UUID:
    return thing if isinstance(thing, UUID) else thing.pk
