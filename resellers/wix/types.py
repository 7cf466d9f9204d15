"""What the client gives and takes. Ids are lower-case GUID strings, dates aware UTC datetimes.

Each object keeps what Wix sent in `raw`. A field that was there but could not be read is None
(or the empty value of its type) and named in `unparsed`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

Raw = dict[str, Any]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Call:
    """One finished call, whatever came of it.

    `sent_at` and `duration_ms` are of the last attempt; `attempts` is 0 where nothing was sent.
    `path` carries the ids that `path_template` names. `wix_date` is Wix's own clock as the answer
    told it, in whole seconds and UTC; None where it did not tell it, or nobody could read it.
    """

    method: str
    path_template: str
    path: str
    status: int | None
    code: str | None
    request_id: str | None
    sent_at: datetime
    duration_ms: int
    attempts: int
    idempotency_key: str | None
    wix_date: datetime | None = None


@dataclass(frozen=True, slots=True)
class BillingInfo:
    """The contract between reseller and Wix: `RECURRING` has a unit and a count, `ONE_TIME` none.

    The same object is sent with orders: `BillingInfo("RECURRING", "YEAR", 1)`.
    """

    type: str
    unit: str | None = None
    count: int | None = None


@dataclass(frozen=True, slots=True)
class ProductInstance:
    """One service of a package. `site_id` is None while it floats.

    `status` is Wix's word in upper case, unknown words included, `UNKNOWN` where there was none.
    Reference: Resellers, Packages object.
    """

    id: str
    catalog_product_id: str
    site_id: str | None
    status: str
    failure_code: str | None
    failure_message: str | None
    billing: BillingInfo | None
    country_code: str | None
    discount_code: str | None
    reference_instance_id: str | None
    created_at: datetime | None
    updated_at: datetime | None
    expires_at: datetime | None
    raw: Raw


@dataclass(frozen=True, slots=True)
class Package:
    """An order with its instances. It has no status of its own: derive it from the instances.

    Reference: Resellers, Packages object.
    """

    id: str
    account_id: str
    external_id: str | None
    instances: tuple[ProductInstance, ...]
    created_at: datetime | None
    updated_at: datetime | None
    parent_account_id: str | None
    raw: Raw
    unparsed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewProduct:
    """A product to order. Without `site_id` the instance floats.

    `reference_instance_id` names the paid instance that makes this one a free add-on; Wix lets
    each be used once.
    """

    catalog_product_id: str
    country_code: str
    billing: BillingInfo | None = None
    site_id: str | None = None
    discount_code: str | None = None
    reference_instance_id: str | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """A site; `id` is the metasite id that all calls want. `url` is empty while unpublished.

    Reference: Sites, Site object.
    """

    id: str
    account_id: str | None
    name: str
    display_name: str
    url: str
    edit_url: str
    premium: bool
    published: bool
    blocked: bool
    namespace: str
    editor_type: str
    domain_connected: bool
    folder_id: str | None
    parent_child_role: str | None
    trashed_at: datetime | None
    created_at: datetime | None
    updated_at: datetime | None
    raw: Raw
    unparsed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Account:
    """What Wix tells of an account: the id for certain, the rest where Wix sends it."""

    id: str
    name: str | None
    slug: str | None
    status: str | None
    parent_account_id: str | None
    raw: Raw
    unparsed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record of a page that could not be used, and why: `packages[3].id is missing`."""

    reason: str
    raw: object


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Part of a list. It is the last part when `next_cursor` is None.

    Lists paged by offset have no cursors: there `total` tells how much there is, where Wix says
    so. `metadata` is Wix's paging object as it came.
    """

    items: tuple[T, ...]
    next_cursor: str | None
    count: int | None
    total: int | None
    rejected: tuple[Rejected, ...]
    metadata: Mapping[str, Any]
    call: Call


@dataclass(frozen=True, slots=True)
class Done:
    """A call that ended well; `raw` is the whole answer."""

    call: Call
    raw: Raw


@dataclass(frozen=True, slots=True)
class PackageAnswer(Done):
    """A call that ended with a package. After a write, trust a later read and not this one."""

    package: Package


@dataclass(frozen=True, slots=True)
class CountAnswer(Done):
    """How many there are."""

    count: int


@dataclass(frozen=True, slots=True)
class AccountAnswer(Done):
    """A call that ended with an account."""

    account: Account


@dataclass(frozen=True, slots=True)
class NewSiteAnswer(Done):
    """A call that made a site; `site_id` is what every other call here takes."""

    site_id: str


@dataclass(frozen=True, slots=True)
class SiteTransferAnswer(Done):
    """Wix took a transfer on. Whether it is through shows when the target's sites are queried."""

    site_id: str
    source_account_id: str | None


@dataclass(frozen=True, slots=True)
class SiteDeletion:
    """What became of one site of a bulk deletion; `code` and `description` where it failed."""

    site_id: str
    success: bool
    code: str | None
    description: str | None


@dataclass(frozen=True, slots=True)
class BulkDeleteAnswer(Done):
    """What became of each site. The call may end well although every site failed."""

    results: tuple[SiteDeletion, ...]
    total_successes: int
    total_failures: int
