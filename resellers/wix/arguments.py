"""What may go into a request: each check returns the value as it is sent, or raises ValueError
naming the argument. Ids end up in paths, so nothing but a GUID passes for one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .domain_types import Contact
from .fields import GUID
from .types import BillingInfo, NewProduct, Raw

LARGEST_PAGE = 100
LONGEST_KEY = 100
LONGEST_DISCOUNT_CODE = 25
LONGEST_EXTERNAL_ID = 100


def guid(name: str, value: object) -> str:
    if not isinstance(value, str) or not GUID.fullmatch(value):
        raise ValueError(f"{name} must be a GUID")
    return value.lower()


def text(name: str, value: object, *, longest: int, shortest: int = 1) -> str:
    if not isinstance(value, str) or not shortest <= len(value) <= longest:
        raise ValueError(f"{name} must be text of {shortest} to {longest} characters")
    return value


def url_text(name: str, value: object) -> str:
    """Text that survives in a path as it is: letters, digits and `._~-`, and no dots alone."""
    if (
        not isinstance(value, str)
        or not re.fullmatch(r"[A-Za-z0-9._~-]{1,100}", value)
        or value in (".", "..")
    ):
        raise ValueError(f"{name} must be 1 to 100 letters, digits or ._~-")
    return value


def segment(name: str, value: object, *, longest: int) -> str:
    """Text that is a segment of a path: percent-encoded there, and no dots alone, which would
    lead to another path."""
    if value in (".", ".."):
        raise ValueError(f"{name} must not be . or ..")
    return text(name, value, longest=longest)


def site_name(name: str, value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[a-z0-9_-]{4,20}", value):
        raise ValueError(f"{name} must be 4 to 20 of a-z, 0-9, _ and -")
    return value


def domain(name: str, value: object) -> str:
    """A domain name with its ending, in ASCII (`xn--` for others), in lower case."""
    label = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
    if (
        not isinstance(value, str)
        or not 3 <= len(value) <= 63
        or not re.fullmatch(rf"{label}(?:\.{label})+", value)
    ):
        raise ValueError(f"{name} must be a domain name of 3 to 63 ASCII characters")
    return value.lower()


def limit(value: object, *, largest: int = LARGEST_PAGE, smallest: int = 1) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not smallest <= value <= largest:
        raise ValueError(f"limit must be {smallest} to {largest}")
    return value


def two_letters(name: str, value: object) -> str:
    """A code for a country or a part of one."""
    if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z]{2}", value):
        raise ValueError(f"{name} must be a code of two letters")
    return value.upper()


def subdivision(name: str, value: object) -> str:
    """A code for a part of a country, of which some have digits."""
    if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z0-9]{2}", value):
        raise ValueError(f"{name} must be a code of two letters or digits")
    return value.upper()


def with_key(body: Raw, idempotency_key: str | None) -> Raw:
    if idempotency_key is None:
        return body
    return body | {"idempotencyKey": text("idempotency_key", idempotency_key, longest=LONGEST_KEY)}


def query(filter: Mapping[str, Any] | None, sort: Any, limit_: int, cursor: str | None) -> Raw:
    """The body of a query. A cursor holds filter and sort; beside it Wix refuses both."""
    paging: Raw = {"limit": limit(limit_)}
    if cursor is not None:
        if filter or sort:
            raise ValueError("filter and sort are part of the cursor and cannot stand beside it")
        return {"query": {"cursorPaging": paging | {"cursor": cursor}}}
    asked: Raw = {}
    if filter:
        asked["filter"] = dict(filter)
    if sort:
        asked["sort"] = [dict(entry) for entry in sort]
    return {"query": asked | {"cursorPaging": paging}}


def billing(info: BillingInfo) -> Raw:
    if info.unit is None:
        return {"type": info.type}
    return {"type": info.type, "cycleDuration": {"unit": info.unit, "count": info.count}}


def product(new: NewProduct) -> Raw:
    body: Raw = {
        "catalogProductId": guid("catalog_product_id", new.catalog_product_id),
        "countryCode": two_letters("country_code", new.country_code),
    }
    if new.billing is not None:
        body["billingInfo"] = billing(new.billing)
    if new.site_id is not None:
        body["siteId"] = guid("site_id", new.site_id)
    if new.discount_code is not None:
        body["discountCode"] = discount_code(new.discount_code)
    if new.reference_instance_id is not None:
        body["referenceProductInstanceId"] = guid(
            "reference_instance_id", new.reference_instance_id
        )
    return body


def discount_code(value: object) -> str:
    return text("discount_code", value, longest=LONGEST_DISCOUNT_CODE)


def contact(role: str, person: Contact) -> Raw:
    """A contact as Wix wants it, with the lengths it documents; email at most 64 + @ + 63."""
    limits = {
        "firstName": (person.first_name, 2, 64),
        "lastName": (person.last_name, 2, 64),
        "email": (person.email, 3, 128),
        "phone": (person.phone, 2, 20),
        "address": (person.address, 2, 64),
        "city": (person.city, 2, 64),
        "postalCode": (person.postal_code, 2, 16),
    }
    body: Raw = {}
    for name, (value, shortest, longest) in limits.items():
        body[name] = text(f"{role} {name}", value, shortest=shortest, longest=longest)
    if body["email"].count("@") != 1:
        raise ValueError(f"{role} email must be an e-mail address")
    body["countryCode"] = two_letters(f"{role} countryCode", person.country_code)
    if person.subdivision_code is not None:
        body["subdivisionCode"] = subdivision(f"{role} subdivisionCode", person.subdivision_code)
    return body
