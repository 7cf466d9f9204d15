"""Wix's JSON made into domains."""

from __future__ import annotations

from collections.abc import Iterator

from .domain_types import (
    ConnectedDomain,
    DnsRecord,
    DomainAssignment,
    DomainAvailability,
    DomainSetup,
    DomainSuggestion,
    RegisteredDomain,
)
from .fields import Fields, read_flag, read_text


def read_availability(value: object, place: str) -> DomainAvailability:
    fields = Fields(value, place)
    return DomainAvailability(
        domain=_name(fields),
        available=read_flag(fields.raw.get("available"), fields.at("available")),
        premium=read_flag(fields.raw.get("premium"), fields.at("premium")),
        premium_type=fields.word("premiumType"),
        raw=fields.raw,
    )


def read_suggestion(value: object, place: str) -> DomainSuggestion:
    fields = Fields(value, place)
    return DomainSuggestion(
        domain=_name(fields),
        premium=read_flag(fields.raw.get("premium"), fields.at("premium")),
        raw=fields.raw,
    )


def read_registered_domain(value: object, place: str) -> RegisteredDomain:
    fields = Fields(value, place)
    failure = fields.part("failedRegistrationInfo")
    icann = fields.part("icannConfirmationStatusInfo")
    return RegisteredDomain(
        domain=_name(fields),
        product_instance_id=fields.reference("productInstanceId"),
        revision=fields.number("revision"),
        status=fields.word("status"),
        failure_code=failure.text("code") if failure else None,
        failure_message=failure.text("message") if failure else None,
        icann_status=fields.word("icannConfirmationStatus"),
        not_confirmed_by=icann.texts("notConfirmedBy") if icann else (),
        dns_status=fields.word("dnsPropagationStatus"),
        expires_at=fields.moment("expirationDate"),
        created_at=fields.moment("createdDate"),
        updated_at=fields.moment("updatedDate"),
        raw=fields.raw,
        unparsed=fields.unparsed(),
    )


def read_connected_domain(value: object, place: str) -> ConnectedDomain:
    fields = Fields(value, place)
    site = fields.part("siteInfo")
    return ConnectedDomain(
        domain=_name(fields),
        connection_type=fields.word("connectionType"),
        site_id=site.id_or_none("id") if site else None,
        assignment_type=site.word("assignmentType") if site else "UNKNOWN",
        primary_domain=_primary_domain(site),
        dns_status=fields.word("dnsPropagationStatus"),
        suppress_notifications=fields.flag("suppressNotifications"),
        created_at=fields.moment("createdDate"),
        updated_at=fields.moment("updatedDate"),
        raw=fields.raw,
        unparsed=fields.unparsed(),
    )


def read_domain_assignment(value: object, place: str) -> DomainAssignment:
    fields = Fields(value, place)
    site = fields.inside("siteInfo")
    return DomainAssignment(
        domain=_name(fields),
        site_id=site.id("id"),
        assignment_type=site.word("assignmentType"),
        primary_domain=_primary_domain(site),
        created_at=fields.moment("createdDate"),
        updated_at=fields.moment("updatedDate"),
        raw=fields.raw,
        unparsed=fields.unparsed(),
    )


def read_domain_setup(value: object, place: str) -> DomainSetup:
    fields = Fields(value, place)
    registrar = fields.part("registrar")
    # Older pages name the registrar beside the records.
    name = registrar.text("name") if registrar else fields.text("registrarName")
    return DomainSetup(
        domain=fields.needed(read_text, "connectedDomainId").lower(),
        registrar_name=name,
        registrar_nameservers=registrar.texts("nameServers") if registrar else (),
        records=tuple(_records(fields)),
        raw=fields.raw,
        unparsed=fields.unparsed(),
    )


def _records(fields: Fields) -> Iterator[DnsRecord]:
    """The records of whichever of the three shapes is there."""
    nameserver = fields.part("nameserverRecord")
    pointing = fields.part("pointingRecords")
    subdomain = fields.part("subdomainRecords")
    found = [
        ("NS", nameserver.part("nsRecord") if nameserver else None),
        ("A", pointing.part("aRecord") if pointing else None),
        ("CNAME", pointing.part("cnameRecord") if pointing else None),
        *(("CNAME", one) for one in (subdomain.parts("cnameRecords") if subdomain else ())),
    ]
    for kind, record in found:
        if record is not None:
            value = record.text("value")
            values = record.texts("values") if value is None else (value,)
            yield DnsRecord(kind, record.text("hostName"), record.number("ttl"), values)


def _primary_domain(site: Fields | None) -> str | None:
    redirect = site.part("redirectInfo") if site else None
    return redirect.text("primaryDomain") if redirect else None


def _name(fields: Fields) -> str:
    """The domain's name, which is its id as well."""
    key = "domain" if fields.raw.get("domain") else "id"
    return fields.needed(read_text, key).lower()
