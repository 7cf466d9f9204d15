"""Whether a site has Premium, for what may only stand on one that has."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from resellers.models import CatalogProduct, ProductInstance, Site
from resellers.refusals import explain_status


def has_premium(site: Site, carried: Iterable[ProductInstance]) -> bool:
    """Whether the site has Premium: by Wix's own word, or by an enabled plan among those services.

    The same as `Site.objects.premium()`, for a site whose services were read already.
    """
    return site.premium or any(service.gives_premium for service in carried)


def plan_to_come(site: Site, carried: Sequence[ProductInstance]) -> ProductInstance | None:
    """The Premium plan among those living services by which the site will have Premium.

    None where it has it already.
    """
    if has_premium(site, carried):
        return None
    return next((service for service in carried if service.product.is_premium_plan), None)


def lacks_premium(product_id: UUID, site_id: UUID | None) -> bool:
    """Whether the product needs Premium, and is wanted on a site that has none.

    Then it is known why Wix refuses it there, and until when.
    """
    if site_id is None or not CatalogProduct.objects.filter(pk=product_id, needs_premium=True):
        return False
    return not Site.objects.premium().filter(pk=site_id).exists()


def premium_warnings(
    product: CatalogProduct, site: Site, carried: Sequence[ProductInstance]
) -> list[str]:
    """That a product which needs Premium is wanted on a site whose plan is yet to be delivered."""
    plan = plan_to_come(site, carried)
    if plan is None:
        return []
    status = explain_status(plan.status).word.lower()
    return [
        f"{product} needs Premium, and {plan.product} on {site} is {status}: wait until it is"
        f" delivered. Until then Wix refuses {product} there."
    ]
