"""The yardstick of reading in: each customer, site, product, package and service by itself, all the
fields that the mirror has of them, a page in one transaction. Nothing is compared, and no change
told."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models, transaction

from resellers.mirror.ingest import rows
from resellers.models import Account, CatalogProduct, Package, ProductInstance, Site
from resellers.wix import Package as WixPackage

OF_PACKAGE = (*rows.PACKAGE_FIELDS, "raw")
OF_SERVICE = (*rows.INSTANCE_FIELDS, "raw")


@transaction.atomic
def read_in(packages: Iterable[WixPackage], at: datetime) -> None:
    """Bring the packages of a page into the tables."""
    for package in packages:
        row = rows.package_row(package)
        _known(Account, row.account_id)
        values = {name: getattr(row, name) for name in OF_PACKAGE}
        Package.objects.update_or_create(id=row.id, defaults=values | {"last_confirmed_at": at})
        for instance in package.instances:
            service = rows.instance_row(instance, row)
            _known(CatalogProduct, service.product_id)
            if service.site_id:
                _known(Site, service.site_id, account_id=row.account_id)
            values = {name: getattr(service, name) for name in OF_SERVICE}
            ProductInstance.objects.update_or_create(id=service.id, defaults=values)


def _known(model: type[models.Model], id_: Any, **defaults: Any) -> None:
    model._default_manager.get_or_create(id=id_, defaults=defaults)
