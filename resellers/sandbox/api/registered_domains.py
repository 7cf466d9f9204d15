"""The calls about domains registered through Wix: create, get, list, redeem.

Reference: Domains, Registered Domains, which Wix has withdrawn from its public pages; a switch
opens them. A registrant's postal code of 00000 stands for an address the registry refuses, a mail
address that begins with `unanswered` for somebody who never answers ICANN, and a name that begins
with `no-dns` for one that is not found in the net for a week.
"""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

from ..wire.errors import DOMAINS, refuse
from ..wire.validation import Fields
from ..world.clock import DAY
from ..world.entities import (
    AWAITING_ACTION,
    DOMAIN,
    PENDING,
    Instance,
    Product,
    RegisteredDomain,
)
from ..world.world import World
from . import serializers
from .call import Call
from .domain_lists import domain_page, newest_first
from .domain_names import SOLD_TLDS, is_taken, labels

REFUSED_POSTAL_CODE = "00000"
ICANN_WAITS = 15 * DAY
LOST_FOR = 7 * DAY
SUBDIVIDED = frozenset({"AU", "BR", "CA", "CN", "DE", "ES", "IN", "IT", "JP", "MX", "US"})


def create(call: Call) -> dict[str, Any]:
    """Create Registered Domain: pending until the registry has answered."""
    world, body = call.world, call.body
    wanted = body.object("registeredDomain", required=True)
    domain = (wanted.text("domain", required=True) if wanted else None) or ""
    instance_id = (wanted.text("productInstanceId", required=True) if wanted else None) or ""
    contacts = wanted.object("contacts", required=True) if wanted else None
    if contacts:
        for role in ("registrant", "admin", "tech"):
            contact = contacts.object(role, required=role == "registrant")
            if contact:
                _check_contact(contact)
    body.check()
    domain = domain.lower()
    parts = _check_name(domain)
    _check_site(call)
    instance, product = _domain_instance(call, instance_id, parts[-1])
    _check_registration(world, domain, parts, instance, product)
    now = world.clock.now()
    assert wanted is not None
    registered = world.put_registered_domain(
        RegisteredDomain(
            domain=domain,
            account_id=call.account_id,
            instance_id=instance.id,
            site_id=call.site_header,
            status="PENDING_REGISTRATION",
            contacts=copy.deepcopy(wanted.values["contacts"]),
            term_years=instance.billing.cycle.count if instance.billing.cycle else 1,
            created=now,
            updated=now,
        ),
        now,
    )
    postal_code = registered.contacts["registrant"].get("postalCode")
    refused = "the registry refused the address" if postal_code == REFUSED_POSTAL_CODE else ""
    world.schedule(world.switches.registration_seconds, "register", domain, refused)
    return {"registeredDomain": _shape(world, registered)}


def get(call: Call) -> dict[str, Any]:
    """Get Registered Domain."""
    return {"registeredDomain": _shape(call.world, _registered(call))}


def list_all(call: Call) -> dict[str, Any]:
    """List Registered Domains of the header's account, newest first."""
    rows = [one for one in call.world.registered_domains if one.account_id == call.account.id]
    page, metadata = domain_page(call, rows, "registered domains", newest_first)
    shapes_ = [_shape(call.world, one) for one in page]
    return {"registeredDomains": shapes_, "pagingMetadata": metadata}


def redeem(call: Call) -> dict[str, Any]:
    """Redeem Registered Domain, which only a canceled one in its redemption period can be."""
    world = call.world
    call.body.check()
    domain = _registered(call)
    now = world.clock.now()
    if domain.status != "CANCELED" or not domain.redeemable or domain.expires is None:
        raise refuse("DOMAIN_NOT_REDEEMABLE", DOMAINS, domain=domain.domain)
    if now > domain.expires + 30 * DAY:
        raise refuse("DOMAIN_NOT_REDEEMABLE", DOMAINS, domain=domain.domain)
    expires = domain.expires + 365 * DAY
    domain = world.put_registered_domain(
        replace(domain, status="ACTIVE", redeemable=False, expires=expires), now
    )
    world.schedule_at(expires, "domain_expires", domain.domain)
    return {"registeredDomain": _shape(world, domain)}


def _check_name(domain: str) -> list[str]:
    """The name's parts. Refuses what is no name or has a TLD that Wix does not sell."""
    if len(domain) > 63:
        raise refuse("DOMAIN_TOO_LONG", DOMAINS, domain=domain)
    if len(domain) < 3:
        raise refuse("DOMAIN_TOO_SHORT", DOMAINS, domain=domain)
    parts = labels(domain)
    if parts[-1] not in SOLD_TLDS:
        raise refuse("TLD_NOT_SUPPORTED", DOMAINS, tld=parts[-1])
    return parts


def _check_site(call: Call) -> None:
    site_id = call.site_header
    if site_id is None:
        return
    site = call.world.sites.get(site_id)
    if site is None or site.account_id != call.account_id:
        raise refuse("PERMISSION_DENIED", DOMAINS)
    if not call.world.has_premium(site.id):
        raise refuse("CANNOT_ASSIGN_DOMAIN_TO_FREE_SITE", DOMAINS, siteId=site_id)


def _domain_instance(call: Call, instance_id: str, tld: str) -> tuple[Instance, Product]:
    """The product instance that is to pay for the domain, and its product."""
    world = call.world
    instance = world.packages.instance(instance_id)
    if instance is None:
        raise refuse("PRODUCT_INSTANCE_NOT_FOUND", DOMAINS, instanceId=instance_id)
    if world.packages.rows[instance.package_id].account_id != call.account_id:
        raise refuse("PERMISSION_DENIED", DOMAINS)
    product = world.products.get(instance.product_id)
    if product is None or product.service_type != DOMAIN:
        raise refuse("INVALID_PRODUCT_INSTANCE", DOMAINS, instanceId=instance.id)
    if product.tld != tld:
        raise refuse("INVALID_TLD", DOMAINS, instanceId=instance.id, tld=tld)
    if not instance.live or instance.ending:
        raise refuse("PRODUCT_INSTANCE_NOT_ACTIVE", DOMAINS, instanceId=instance.id)
    if instance.status in (PENDING, AWAITING_ACTION):
        raise refuse("AWAITING_PRODUCT_ACTIVATION", DOMAINS, instanceId=instance.id)
    return instance, product


def _check_registration(
    world: World, domain: str, parts: list[str], instance: Instance, product: Product
) -> None:
    """Refuse a name that is gone, or an instance that cannot carry it."""
    if domain in world.registered_domains:
        raise refuse("REGISTERED_DOMAIN_ALREADY_EXISTS", DOMAINS, domain=domain)
    if is_taken(domain):
        raise refuse("DOMAIN_ALREADY_TAKEN", DOMAINS, domain=domain)
    if any(one.instance_id == instance.id for one in world.registered_domains):
        raise refuse("INVALID_PRODUCT_INSTANCE", DOMAINS, instanceId=instance.id)
    cycle = instance.billing.cycle
    if cycle is None or cycle.unit != "YEAR" or not 1 <= cycle.count <= 3:
        raise refuse("INVALID_BILLING_CYCLE", DOMAINS, cycle=cycle or instance.billing.type)
    if len(parts) > 2:
        raise refuse("SUBDOMAIN_NOT_SUPPORTED", DOMAINS, domain=domain)
    if not product.has_sku:
        raise refuse("SKU_NOT_FOUND", DOMAINS, productId=product.id)


def _check_contact(contact: Fields) -> None:
    for name in ("firstName", "lastName", "city", "address"):
        contact.text(name, required=True, longest=64, shortest=2)
    contact.text("phone", required=True, longest=20, shortest=2)
    contact.text("postalCode", required=True, longest=16, shortest=2)
    email = contact.text("email", required=True)
    if email is not None:
        name, _, host = email.partition("@")
        if email.count("@") != 1 or not 1 <= len(name) <= 64 or not 1 <= len(host) <= 63:
            contact.add_violation("email", "must be an e-mail address")
    country = contact.text("countryCode", required=True, longest=2, shortest=2)
    needed = (country or "").upper() in SUBDIVIDED
    contact.text("subdivisionCode", required=needed, longest=2, shortest=2)


def _registered(call: Call) -> RegisteredDomain:
    domain = call.world.registered_domains.get(call.params["domain"].lower())
    if domain is None or domain.account_id != call.account_id:
        raise refuse("REGISTERED_DOMAIN_NOT_FOUND", DOMAINS, domain=call.params["domain"])
    return domain


def _shape(world: World, row: RegisteredDomain) -> dict[str, Any]:
    switches = world.switches
    shape: dict[str, Any] = {
        "id": row.domain,
        "domain": row.domain,
        "productInstanceId": row.instance_id,
        "revision": str(row.revision),
        "status": row.status,
        "contacts": row.contacts,
        "icannConfirmationStatus": _icann_status(world, row),
        "dnsPropagationStatus": _dns_status(world, row),
        "expirationDate": serializers.moment(row.expires, switches) if row.expires else None,
        "createdDate": serializers.moment(row.created, switches),
        "updatedDate": serializers.moment(row.updated, switches),
    }
    if row.status == "PENDING_REGISTRATION":
        attempt = {"number": row.attempt, "timestamp": serializers.moment(row.created, switches)}
        shape["pendingRegistrationInfo"] = {"latestAttempt": attempt}
    if shape["icannConfirmationStatus"] != "CONFIRMED_BY_ALL":
        shape["icannConfirmationStatusInfo"] = {"notConfirmedBy": [_mail_address(row)]}
    if row.failure:
        shape["failedRegistrationInfo"] = {"code": "OTHER", "message": row.failure}
    return shape


def _icann_status(world: World, row: RegisteredDomain) -> str:
    if not _mail_address(row).startswith("unanswered"):
        return "CONFIRMED_BY_ALL" if row.status == "ACTIVE" else "PENDING"
    return "EXPIRED" if world.clock.now() >= row.created + ICANN_WAITS else "PENDING"


def _dns_status(world: World, row: RegisteredDomain) -> str:
    if row.failure:
        return "FAILED"
    if row.status != "ACTIVE":
        return "IN_PROGRESS"
    is_lost = row.domain.startswith("no-dns") and world.clock.now() < row.created + LOST_FOR
    return "FAILED" if is_lost else "COMPLETED"


def _mail_address(row: RegisteredDomain) -> str:
    return str(row.contacts["registrant"].get("email", ""))
