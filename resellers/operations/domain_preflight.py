"""Why a domain cannot be registered as wanted: its name, its contact, its site, its service."""

import re
from uuid import UUID

from django.utils.translation import gettext as _

from resellers import contacts
from resellers.countries import NAMES as COUNTRIES
from resellers.models import InstanceStatus, ProductInstance, RegistrantContact, Site

from .foreseen import Foreseen, country_refusals, foreseen, live_on, own, unusable
from .premium import has_premium, plan_to_come

LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
SHORTEST, LONGEST = 3, 63
CONTACT_GONE = "CONTACT_GONE"


def contact_of(account_id: UUID, contact_id: UUID) -> RegistrantContact | None:
    """The customer's contact of that id, unless it was erased."""
    held = RegistrantContact.objects.filter(pk=contact_id, account=account_id, erased_at=None)
    return held.first()


def no_contact() -> Foreseen:
    words = _("This customer has no such contact, or it was erased.")
    return own("contact", CONTACT_GONE, words, _("Choose one, or write one down."))


def contact_refusals(contact: RegistrantContact) -> list[Foreseen]:
    """Why Wix registers no domain for that contact as it is written down."""
    if contacts.lacks_part(contact):
        words = _("In %(country)s Wix registers nothing without the state, province or region.") % {
            "country": COUNTRIES[contact.country_code]
        }
        step = _("Write it into the contact first, or choose another one.")
        return [own("contact", "CONTACT_INCOMPLETE", words, step)]
    return country_refusals(contact.country_code, field="contact")


def name_refusals(domain: str) -> list[Foreseen]:
    """Why Wix can register no domain that is written so, whatever its ending."""
    labels = domain.split(".")
    if len(domain) > LONGEST:
        return [foreseen("DOMAIN_TOO_LONG")]
    if len(domain) < SHORTEST:
        return [foreseen("DOMAIN_TOO_SHORT")]
    if len(labels) < 2 or not all(LABEL.fullmatch(label) for label in labels):
        return [foreseen("INVALID_DOMAIN")]
    return []


def wanted_name_refusals(domain: str, service: ProductInstance) -> list[Foreseen]:
    if found := name_refusals(domain):
        return found
    labels, tld = domain.split("."), service.product.tld
    if tld and ".".join(labels[1:]) != tld:
        if domain.endswith(f".{tld}"):
            return [foreseen("SUBDOMAIN_NOT_SUPPORTED")]
        return [foreseen("INVALID_TLD", detail=_("The service is for .%(tld)s.") % {"tld": tld})]
    return []


def site_of(site_id: UUID | None) -> Site | None:
    sites = Site.objects.select_related("account")
    return sites.filter(pk=site_id).first() if site_id else None


def site_refusals(account_id: UUID, site_id: UUID | None) -> list[Foreseen]:
    """Why no domain of that account can be put on that site."""
    site = site_of(site_id)
    if site is None:
        return []
    if site.account_id != account_id:
        words = _("The site belongs to %(owner)s.") % {"owner": site.account}
        return [own("site", "SITE_NOT_FOUND", words, _("Choose a site of this customer."))]
    if words := unusable(site):
        return [own("site", "SITE_NOT_USABLE", words, _("Restore it at Wix, or choose another."))]
    carried = live_on([site])[site.pk]
    if has_premium(site, carried) or plan_to_come(site, carried):
        return []
    return [foreseen("CANNOT_ASSIGN_DOMAIN_TO_FREE_SITE")]


def service_refusals(service: ProductInstance) -> list[Foreseen]:
    if not service.product.is_domain:
        detail = f"{service.product} is no domain service."
        return [foreseen("INVALID_PRODUCT_INSTANCE", field="", detail=detail)]
    if service.gone_at or service.is_ended:
        return [
            foreseen(
                "PRODUCT_INSTANCE_NOT_ACTIVE",
                field="",
                detail=_("It is %(status)s.") % {"status": service.status},
            )
        ]
    if service.status != InstanceStatus.ENABLED:
        return [
            foreseen(
                "AWAITING_PRODUCT_ACTIVATION",
                field="",
                detail=_("It is %(status)s.") % {"status": service.status},
            )
        ]
    return []
