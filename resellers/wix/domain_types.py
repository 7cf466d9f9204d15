"""What the client gives and takes of domains, as `types` has it for everything else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .types import Done, Raw


@dataclass(frozen=True, slots=True)
class DomainAvailability:
    """Whether a domain can be bought. `premium` means a dear name, not a site's plan."""

    domain: str
    available: bool
    premium: bool
    premium_type: str
    raw: Raw


@dataclass(frozen=True, slots=True)
class AvailabilityAnswer(Done):
    """A call that ended with a domain's availability."""

    availability: DomainAvailability


@dataclass(frozen=True, slots=True)
class DomainSuggestion:
    """A domain that could be bought."""

    domain: str
    premium: bool
    raw: Raw


@dataclass(frozen=True, slots=True)
class Contact:
    """A person behind a registered domain. Wix checks only the form, the registry later the truth.

    About 40 countries want a `subdivision_code` of two letters.
    """

    first_name: str
    last_name: str
    email: str
    phone: str
    address: str
    city: str
    postal_code: str
    country_code: str
    subdivision_code: str | None = None


@dataclass(frozen=True, slots=True)
class RegisteredDomain:
    """A domain bought through Wix; registration takes up to 48 hours.

    `not_confirmed_by` holds the mail addresses whose owners ICANN still waits for.
    Reference: Registered Domains (withdrawn from the current tree).
    """

    domain: str
    product_instance_id: str | None
    revision: int | None
    status: str
    failure_code: str | None
    failure_message: str | None
    icann_status: str
    not_confirmed_by: tuple[str, ...]
    dns_status: str
    expires_at: datetime | None
    created_at: datetime | None
    updated_at: datetime | None
    raw: Raw
    unparsed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RegisteredDomainAnswer(Done):
    """A call that ended with a registered domain."""

    registered_domain: RegisteredDomain


@dataclass(frozen=True, slots=True)
class ConnectedDomain:
    """A domain registered elsewhere and connected to a site; its DNS takes up to 48 hours.

    `primary_domain` is the one a `REDIRECT` leads to. Reference: Connected Domains.
    """

    domain: str
    connection_type: str
    site_id: str | None
    assignment_type: str
    primary_domain: str | None
    dns_status: str
    suppress_notifications: bool
    created_at: datetime | None
    updated_at: datetime | None
    raw: Raw
    unparsed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ConnectedDomainAnswer(Done):
    """A call that ended with a connected domain."""

    connected_domain: ConnectedDomain


@dataclass(frozen=True, slots=True)
class DnsRecord:
    """A DNS record as it is to be: `NS`, `A` or `CNAME`; `ttl` in seconds."""

    type: str
    host_name: str | None
    ttl: int | None
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DomainSetup:
    """What the owner of a connected domain must enter at the registrar.

    By nameservers it is one `NS` record, by pointing an `A` and a `CNAME` record, for a subdomain
    `CNAME` records. `registrar_nameservers` are those in force now.
    """

    domain: str
    registrar_name: str | None
    registrar_nameservers: tuple[str, ...]
    records: tuple[DnsRecord, ...]
    raw: Raw
    unparsed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DomainSetupAnswer(Done):
    """A call that ended with a domain's setup."""

    setup: DomainSetup


@dataclass(frozen=True, slots=True)
class DomainAssignment:
    """A domain on a site, as its `PRIMARY` one or as a `REDIRECT` to `primary_domain`.

    Reference: Domain Assignments (Developer Preview).
    """

    domain: str
    site_id: str
    assignment_type: str
    primary_domain: str | None
    created_at: datetime | None
    updated_at: datetime | None
    raw: Raw
    unparsed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DomainAssignmentAnswer(Done):
    """A call that ended with a domain assignment."""

    domain_assignment: DomainAssignment
