"""Wix's objects as rows of the mirror, and rows for ids that are met before they are known."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import models

from resellers import wix
from resellers.models import Account, CatalogProduct, Package, ProductInstance, Site
from resellers.storable import storable

LARGEST = 2**31  # what an integer column holds

PACKAGE_FIELDS = ("account_id", "external_id", "created_at", "updated_at", "gone_at")
INSTANCE_FIELDS = (
    "package_id",
    "account_id",
    "product_id",
    "site_id",
    "status",
    "failure_code",
    "failure_message",
    "billing_type",
    "cycle_unit",
    "cycle_count",
    "country_code",
    "discount_code",
    "reference_instance_id",
    "expires_at",
    "created_at",
    "updated_at",
    "gone_at",
)
SITE_FIELDS = (
    "account_id",
    "name",
    "display_name",
    "url",
    "premium",
    "published",
    "blocked",
    "domain_connected",
    "namespace",
    "editor_type",
    "trashed_at",
    "created_at",
    "updated_at",
    "gone_at",
)


def package_row(package: wix.Package) -> Package:
    return Package(
        id=UUID(package.id),
        account_id=UUID(package.account_id),
        external_id=_fit(Package, "external_id", package.external_id),
        created_at=package.created_at,
        updated_at=package.updated_at,
        raw=storable({k: v for k, v in package.raw.items() if k != "productInstances"}),
    )


def instance_row(instance: wix.ProductInstance, package: Package) -> ProductInstance:
    billing = instance.billing
    reference = instance.reference_instance_id
    return ProductInstance(
        id=UUID(instance.id),
        package_id=package.id,
        account_id=package.account_id,
        product_id=UUID(instance.catalog_product_id),
        site_id=UUID(instance.site_id) if instance.site_id else None,
        status=_fit(ProductInstance, "status", instance.status),
        failure_code=_fit(ProductInstance, "failure_code", instance.failure_code),
        failure_message=storable(instance.failure_message or ""),
        billing_type=_fit(ProductInstance, "billing_type", billing and billing.type),
        cycle_unit=_fit(ProductInstance, "cycle_unit", billing and billing.unit),
        cycle_count=billing.count if billing and 0 <= (billing.count or 0) < LARGEST else None,
        country_code=_fit(ProductInstance, "country_code", instance.country_code),
        discount_code=_fit(ProductInstance, "discount_code", instance.discount_code),
        reference_instance_id=UUID(reference) if reference else None,
        expires_at=instance.expires_at,
        created_at=instance.created_at,
        updated_at=instance.updated_at,
        raw=storable(instance.raw),
    )


def site_row(site: wix.Site, account: Account | None) -> Site:
    """A site that names no account of its own is the given account's."""
    owner = UUID(site.account_id) if site.account_id else account and account.id
    assert owner, "a site that belongs to nobody"
    return Site(
        id=UUID(site.id),
        account_id=owner,
        name=_fit(Site, "name", site.name),
        display_name=_fit(Site, "display_name", site.display_name),
        url=_fit(Site, "url", site.url),
        premium=site.premium,
        published=site.published,
        blocked=site.blocked,
        domain_connected=site.domain_connected,
        namespace=_fit(Site, "namespace", site.namespace),
        editor_type=_fit(Site, "editor_type", site.editor_type),
        trashed_at=site.trashed_at,
        created_at=site.created_at,
        updated_at=site.updated_at,
        raw=storable(site.raw),
    )


def meet_unknown(packages: Iterable[wix.Package]) -> None:
    """Give each account, product and site that these packages name a row, if it has none yet."""
    owners: dict[UUID, UUID] = {}
    accounts, products = set(), set()
    for package in packages:
        account_id = UUID(package.account_id)
        accounts.add(account_id)
        for instance in package.instances:
            products.add(UUID(instance.catalog_product_id))
            if instance.site_id:
                owners[UUID(instance.site_id)] = account_id
    make_missing(Account, accounts)
    make_missing(CatalogProduct, products)
    known = set(Site.objects.filter(id__in=owners).values_list("id", flat=True))
    Site.objects.bulk_create(
        [Site(id=site, account_id=owner) for site, owner in owners.items() if site not in known],
        ignore_conflicts=True,
    )


def make_missing(model: type[Account] | type[CatalogProduct], ids: set[UUID]) -> None:
    """Give each of these ids a bare row, if it has none yet."""
    manager: Any = model._default_manager
    known = set(manager.filter(id__in=ids).values_list("id", flat=True))
    manager.bulk_create(
        [model(id=id_) for id_ in sorted(ids - known)],
        ignore_conflicts=True,
    )


def _fit(model: type[models.Model], name: str, text: Any) -> str:
    """The text within the column's length; `raw` keeps what did not fit."""
    return storable(str(text or ""))[: getattr(model._meta.get_field(name), "max_length", None)]
