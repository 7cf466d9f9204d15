"""A domain that a customer has paid for, and that is not registered yet."""

from typing import Any

from resellers.connection import wix_client
from resellers.mirror import sync
from resellers.models import Account, CatalogProduct, ProductInstance, SyncRun
from resellers.wix import BillingInfo, NewProduct
from tests import practice


def buy(mirror: Any, ending: str = "example") -> ProductInstance:
    """A floating domain service of the first customer, bought and delivered just now."""
    account = Account.objects.filter(is_main=False).exclude(name="").order_by("id").first()
    product = CatalogProduct.objects.get(name=f"Domain .{ending}")
    yearly = BillingInfo("RECURRING", "YEAR", 1)
    with wix_client("people") as wix:
        bought = wix.create_package(
            account_id=str(account.pk),
            products=[NewProduct(str(product.pk), "DE", billing=yearly)],
        )
    practice.clock(mirror.sandbox, deliver_now=True)
    sync.run(sync.want(SyncRun.Kind.ACCOUNT, account=account).pk)
    services = ProductInstance.objects.select_related("package", "account", "product")
    return services.get(pk=bought.package.instances[0].id)
