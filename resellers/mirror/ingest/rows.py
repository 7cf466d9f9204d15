"""Wix's objects as rows of the mirror, and rows for ids that are met before they are known."""

from collections.abc import Container, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models

from resellers import wix
from resellers.folding import tidy
from resellers.mirror.writing import insert_missing
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


# Under which names Wix spells what these columns hold, where it may be there and unreadable.
SPELLINGS: dict[type[models.Model], dict[str, tuple[str, ...]]] = {
    Package: {
        "externalId": ("external_id",),
        "createdDate": ("created_at",),
        "updatedDate": ("updated_at",),
    },
    ProductInstance: {
        "status": ("status",),
        "failure": ("failure_code", "failure_message"),
        **dict.fromkeys(
            ("billingInfo", "paymentInfo", "contractDetails"),
            ("billing_type", "cycle_unit", "cycle_count"),
        ),
        "countryCode": ("country_code",),
        "discountCode": ("discount_code",),
        "referenceProductInstanceId": ("reference_instance_id",),
        "expirationDate": ("expires_at",),
        "createdDate": ("created_at",),
        "updatedDate": ("updated_at",),
    },
    Site: {
        "name": ("name",),
        "displayName": ("display_name",),
        "viewUrl": ("url",),
        "premium": ("premium",),
        "published": ("published",),
        "blocked": ("blocked",),
        "domainConnected": ("domain_connected",),
        "namespace": ("namespace",),
        "editorType": ("editor_type",),
        "trashedDate": ("trashed_at",),
        "createdDate": ("created_at",),
        "updatedDate": ("updated_at",),
    },
}


def unparsed_columns(
    model: type[models.Model], unparsed: Iterable[str], within: str = ""
) -> frozenset[str]:
    """The columns of which Wix sent what the client could not read.

    `unparsed` are the client's places; `within` is where the record stands among them, such as
    `productInstances[3].`.
    """
    names = (place.removeprefix(within) for place in unparsed if place.startswith(within))
    spelt = SPELLINGS[model]
    return frozenset(column for name in names for column in spelt.get(name.split(".")[0], ()))


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
        display_name=_fit(Site, "display_name", tidy(site.display_name)),
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


def meet_unknown(
    packages: Iterable[wix.Package],
    known: Container[UUID],
    prints: Mapping[UUID, UUID],
    confirmed_at: datetime,
) -> dict[UUID, Package]:
    """Give each account, product and site that these name a row, if it has none yet, and each
    package that is not `known`: whole, as one that this answer confirms. Returns those packages.

    Always in this order and by id: two who meet the same wait for each other, and never crosswise.
    """
    accounts: set[UUID] = set()
    fresh: list[Package] = []
    sites: dict[UUID, UUID] = {}
    products = set()
    for package in packages:
        account_id = UUID(package.account_id)
        accounts.add(account_id)
        if UUID(package.id) not in known:
            row = package_row(package)
            row.fingerprint, row.last_confirmed_at = prints[row.id], confirmed_at
            fresh.append(row)
        for instance in package.instances:
            products.add(UUID(instance.catalog_product_id))
            if instance.site_id:
                sites[UUID(instance.site_id)] = account_id
    make_missing(Account, accounts)
    make_missing(CatalogProduct, products)
    make_missing(Site, sites, sites)
    fresh.sort(key=lambda row: row.id)
    return {row.id: row for row in insert_missing(Package, fresh)}


def make_missing(
    model: type[models.Model], ids: Iterable[UUID], owners: Mapping[UUID, UUID] | None = None
) -> None:
    """Give each of these ids that has no row a bare one, of the account that `owners` names."""
    manager: Any = model._default_manager
    wanted = set(ids)
    known = set(manager.filter(id__in=wanted).values_list("id", flat=True))
    bare = [
        model(id=id_, **({"account_id": owners[id_]} if owners else {}))
        for id_ in sorted(wanted - known)
    ]
    insert_missing(model, bare)


def _fit(model: type[models.Model], name: str, text: Any) -> str:
    """The text within the column's length; `raw` keeps what did not fit."""
    return storable(str(text or ""))[: getattr(model._meta.get_field(name), "max_length", None)]
