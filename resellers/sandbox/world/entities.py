"""The things the sandbox's world is made of.

All of them are frozen: a change puts a new object in the place of the old one, so that a page
being written, a stored answer and a look into the past never change under their reader.
Moments are milliseconds since 1970, UTC.
"""

from __future__ import annotations

from dataclasses import dataclass

from .clock import DAY

PENDING = "PENDING"
AWAITING_ACTION = "AWAITING_ACTION"
ENABLED = "ENABLED"
FAILED = "FAILED"
CANCELED = "CANCELED"

LIVE = frozenset({PENDING, AWAITING_ACTION, ENABLED})

PREMIUM_PLAN = "Premium plan"
DOMAIN = "Domain"

PRIMARY = "PRIMARY"
REDIRECT = "REDIRECT"


DAYS = {"DAY": 1, "WEEK": 7, "MONTH": 30, "YEAR": 365}


@dataclass(frozen=True, slots=True)
class Cycle:
    """A billing cycle such as one year."""

    unit: str
    count: int

    def __str__(self) -> str:
        return f"{self.count} {self.unit}"

    @property
    def length(self) -> int:
        """How long it is, in milliseconds; a year is always 365 days."""
        return self.count * DAYS.get(self.unit, 0) * DAY


@dataclass(frozen=True, slots=True)
class Product:
    """A product of the catalogue and the rules it obeys.

    No cycles means that it is bought once. `premium` plans give their site Premium; a `reference`
    may have another product free with it. `has_settings` and `sold` are what only Wix can
    repair, `excludes` names products that cannot stand on the same site. `modifiable_in` are the
    statuses in which it may be adjusted, where it has a rule of its own.
    """

    id: str
    name: str
    service_type: str
    cycles: tuple[Cycle, ...] = ()
    one_per_site: bool = False
    needs_premium: bool = False
    tld: str = ""
    adjustable: bool = True
    limit: int | None = None
    premium: bool = False
    reference: bool = False
    voucher: str = ""
    features: tuple[str, ...] = ()
    has_settings: bool = True
    sold: bool = True
    has_sku: bool = True
    excludes: frozenset[str] = frozenset()
    modifiable_in: frozenset[str] | None = None

    @property
    def expires(self) -> bool:
        """Whether it ends with its billing cycle: a domain does, since Wix extends none by itself.

        Reference: Resellers, Packages and Product Instances, Before you begin.
        """
        return self.service_type == DOMAIN


@dataclass(frozen=True, slots=True)
class Account:
    """The parent account, or a customer's child account with what the agency knows of it.

    An account that has `left` is no child of the parent's any more: no call knows it. One that is
    `unlisted` is among no list of children, though calls about it are answered.
    """

    id: str
    parent_id: str | None
    created: int
    name: str = ""
    email: str = ""
    group: str = ""
    reference: str = ""
    left: bool = False
    unlisted: bool = False


@dataclass(frozen=True, slots=True)
class Site:
    """A site; `domain` is the domain connected as its primary one, if any.

    One that is `premium` by itself has a plan that was bought from Wix, not from the reseller.
    """

    id: str
    html_app_id: str
    account_id: str
    name: str
    display_name: str
    created: int
    updated: int
    trashed: int | None = None
    published: bool = True
    editor: str = "EDITOR"
    namespace: str = "WIX"
    blocked: bool = False
    folder_id: str | None = None
    domain: str | None = None
    app_ids: tuple[str, ...] = ()
    parent_child_role: str | None = None
    premium: bool = False


@dataclass(frozen=True, slots=True)
class Billing:
    """The contract between reseller and Wix: ONE_TIME, or RECURRING with a cycle."""

    type: str
    cycle: Cycle | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an instance never was usable."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Instance:
    """A product instance; `ending` says that its cancellation was accepted and is not done."""

    id: str
    package_id: str
    product_id: str
    site_id: str | None
    status: str
    billing: Billing
    country: str
    created: int
    updated: int
    failure: Failure | None = None
    expires: int | None = None
    discount: str | None = None
    reference_id: str | None = None
    ending: bool = False

    @property
    def live(self) -> bool:
        return self.status in LIVE


@dataclass(frozen=True, slots=True)
class Package:
    """A package; an `unlisted` one is seen in a query only if asked for by its account.

    A `hidden` one is seen in no query. `access` is the status that every other call about it is
    refused with, 0 where they are answered.
    """

    id: str
    account_id: str
    external_id: str | None
    instances: tuple[Instance, ...]
    created: int
    updated: int
    unlisted: bool = False
    hidden: bool = False
    access: int = 0


@dataclass(frozen=True, slots=True)
class ConnectedDomain:
    """A domain bought elsewhere and connected to an account."""

    domain: str
    account_id: str
    connection_type: str
    created: int
    suppress_notifications: bool = False

    @property
    def id(self) -> str:
        return self.domain


@dataclass(frozen=True, slots=True)
class DomainAssignment:
    """A domain of an account on one of its sites: the PRIMARY one, or a REDIRECT to it."""

    domain: str
    account_id: str
    site_id: str
    assignment_type: str
    created: int
    updated: int

    @property
    def id(self) -> str:
        return self.domain

    @property
    def is_primary(self) -> bool:
        return self.assignment_type == PRIMARY


@dataclass(frozen=True, slots=True)
class RegisteredDomain:
    """A domain registered through Wix, paid by a domain product instance.

    `site_id` is the site it is to be assigned to once it is registered, if any.
    """

    domain: str
    account_id: str
    instance_id: str
    site_id: str | None
    status: str
    contacts: dict
    term_years: int
    created: int
    updated: int
    revision: int = 1
    attempt: int = 1
    expires: int | None = None
    failure: str | None = None
    redeemable: bool = False

    @property
    def id(self) -> str:
        return self.domain
