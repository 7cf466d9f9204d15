"""The mail to Wix's B2B team that every sentence offers which sends people there.

It tells ids, codes, times and request ids, by which Wix finds what is asked about, and no names: no
customer's, and none of staff.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db.models import Q
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from resellers.models import (
    Account,
    CatalogProduct,
    Operation,
    OperationAttempt,
    Package,
    ProductInstance,
    ProductRefusal,
    Site,
)
from resellers.texts import Text

from .wix_answers import redacted_text

TEAM = "Wix B2B"
# Some mail programs take no longer addresses than 2,000 characters.
CALLS_LIMIT = 4
PRODUCTS_LIMIT = 5
Facts = Iterator[tuple[str, object]]
# The calls of an operation that Wix refused, or of which nobody knows how they ended.
IN_TROUBLE = Q(state=OperationAttempt.State.REFUSED) | Q(
    state__in=OperationAttempt.IN_DOUBT, writes=True
)


def asking_b2b(words: Text, about: Any = None, code: str = "") -> str:
    """The words, in which each mention of Wix's B2B team opens a mail to it.

    `about` is the record or operation that is asked about, where there is one, and `code` what is
    asked about it. Words that do not mention the team come back as they are.
    """
    words = str(words)
    if TEAM not in words:
        return words
    link = format_html('<a href="{}">{}</a>', mail_address(about, code), TEAM)
    parts = [(part,) for part in words.split(TEAM)]
    return format_html_join(link, "{}", parts)


def mail_address(about: Any = None, code: str = "") -> str:
    """The `mailto:` address of a mail to Wix's B2B team that names this."""
    facts = facts_of(about)
    if code and ("Code", code) not in facts:
        facts.insert(0, ("Code", redacted_text(code)))
    subject = "Reseller account" + "".join(
        f", {label.lower()} {text}" for label, text in facts[:2] if label != "Call"
    )
    lines = ["Hello,", "", *(f"{label}: {text}" for label, text in facts), "", ""]
    query = urlencode({"subject": subject, "body": "\r\n".join(lines)}, quote_via=quote)
    return f"mailto:{quote(settings.WIX_B2B_EMAIL, safe='@')}?{query}"


def facts_of(about: Any) -> list[tuple[str, str]]:
    """What Wix finds the record or operation by, in words and redacted: ids, codes, times."""
    return [(label, redacted_text(_text(value))) for label, value in _facts(about) if value]


def _facts(about: Any) -> Facts:
    match about:
        case Operation():
            yield from _of_operation(about)
        case ProductRefusal():
            yield "Code", about.code
            yield "Product", about.product_id
            yield "Site", about.site_id
            yield "Refused", about.at
            yield "Request", about.wix_request_id
        case ProductInstance():
            yield "Code", about.failure_code
            yield from _of_service(about)
            yield "Status", about.status
            yield "Since", about.status_since
            yield from _of_reading(about.package)
        case Package():
            yield "Package", about.pk
            yield "Account", about.account_id
            yield from _of_reading(about)
        case Site():
            yield "Site", about.pk
            yield "Account", about.account_id
            yield "Read", about.last_confirmed_at
        case Account():
            yield "Account", about.pk
        case CatalogProduct():
            yield "Product", about.pk


def _of_service(instance: ProductInstance) -> Facts:
    yield "Service", instance.pk
    yield "Package", instance.package_id
    yield "Account", instance.account_id
    yield "Product", instance.product_id
    yield "Site", instance.site_id


def _of_reading(package: Package) -> Facts:
    yield "Read", package.last_confirmed_at
    yield "Request", package.confirmation.wix_request_id


def _of_operation(operation: Operation) -> Facts:
    code = operation.outcome_code
    yield "Code", "" if code.islower() else code
    yield "Service", operation.instance_id
    yield "Package", operation.package_id
    yield "Account", operation.account_id
    wish = operation.wish
    lines = wish.get("lines") or [wish]
    for line in lines[:PRODUCTS_LIMIT]:
        yield "Product", line.get("product_id")
    yield "Site", operation.site_id
    known = getattr(operation, "calls_in_trouble", None)
    if known is None:
        known = operation.attempts.filter(IN_TROUBLE).order_by("-id")[:CALLS_LIMIT]
    for attempt in reversed(list(known[:CALLS_LIMIT])):
        yield "Call", _call(attempt)


def _call(attempt: OperationAttempt) -> str:
    parts = [
        f"{_text(attempt.sent_at)} {attempt.method} {attempt.path}".strip(),
        f"status {attempt.status}" if attempt.status else "no answer",
        attempt.code,
        f"request id {attempt.wix_request_id}" if attempt.wix_request_id else "",
    ]
    return ", ".join(filter(None, parts))


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    return str(value)


def without_link(words: SafeString) -> SafeString:
    """The same words with no link, for where they are a link already."""
    head, *rest = words.split('<a href="mailto:')
    return SafeString(head + "".join(TEAM + part.partition("</a>")[2] for part in rest))
