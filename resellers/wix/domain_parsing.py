"""Wix's JSON made into domains."""

from __future__ import annotations

from .domain_types import (
    ConnectedDomain,
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
        unread=fields.unread(),
    )


def read_connected_domain(value: object, place: str) -> ConnectedDomain:
    fields = Fields(value, place)
    site = fields.part("siteInfo")
    return ConnectedDomain(
        domain=_name(fields),
        connection_type=fields.word("connectionType"),
        site_id=site.id_or_none("id") if site else None,
        assignment_type=site.word("assignmentType") if site else "UNKNOWN",
        dns_status=fields.word("dnsPropagationStatus"),
        suppress_notifications=fields.flag("suppressNotifications"),
        raw=fields.raw,
        unread=fields.unread(),
    )


def read_domain_setup(value: object, place: str) -> DomainSetup:
    fields = Fields(value, place)
    record = fields.part("nameserverRecord")
    nameserver = record.part("nsRecord") if record else None
    return DomainSetup(
        domain=fields.needed(read_text, "connectedDomainId").lower(),
        registrar_name=fields.text("registrarName"),
        host_name=nameserver.text("hostName") if nameserver else None,
        ttl=nameserver.number("ttl") if nameserver else None,
        nameservers=nameserver.texts("values") if nameserver else (),
        raw=fields.raw,
        unread=fields.unread(),
    )


def _name(fields: Fields) -> str:
    """The domain's name, which is its id as well."""
    key = "domain" if fields.raw.get("domain") else "id"
    return fields.needed(read_text, key).lower()
