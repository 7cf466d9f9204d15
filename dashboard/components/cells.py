"""How values look: ids, names, badges. Used by tables and, as tags, by templates.

Everything returned is safe HTML: names that come from Wix or from people are escaped here.
"""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from resellers.durations import span
from resellers.models import (
    Account,
    CatalogProduct,
    InstanceStatus,
    Operation,
    ProductInstance,
    Site,
)
from resellers.refusals import (
    BY_HAND,
    FAILURES,
    STATUSES,
    StatusWords,
    explain_failure,
    explain_state,
    explain_status,
)

from .ages import NOTHING, clock, day


def short_id(value: Any) -> SafeString:
    """The id's first characters in mono, the whole of it on hover and one press away to copy."""
    if not value:
        return NOTHING
    return format_html(
        '<span class="id"><code title="{0}">{1}…</code>'
        '<button type="button" class="copy" data-copy="{0}" aria-label="Copy the id {1}…" hidden>'
        "</button></span>",
        value,
        str(value)[:8],
    )


def full_id(value: Any) -> SafeString:
    """The whole id in mono, with a button that copies it."""
    if not value:
        return NOTHING
    return format_html(
        '<span class="id"><code>{0}</code><button type="button" class="copy" data-copy="{0}"'
        ' aria-label="Copy this id" hidden></button></span>',
        value,
    )


def badge(words: StatusWords, means: str, since: datetime | None = None) -> SafeString:
    """A status as a word with its shape; pressing it explains it, and says since when."""
    return format_html(
        '<button type="button" class="badge {}" popovertarget="means-{}"{}>{}</button>',
        words.tone,
        means,
        format_html(' data-since="{}"', since_words(since)) if since else "",
        words.word,
    )


def since_words(since: datetime) -> str:
    """Since when, and how long that is: `26 Oct 2026, 30 days`."""
    return f"{timezone.localtime(since):%d %b %Y}, {span(timezone.now() - since)}"


def status_badge(status: str, since: datetime | None = None) -> SafeString:
    """An instance's status. One that Wix never documented is shown as it is."""
    means = f"status-{status}" if status in STATUSES else "status-unknown"
    return badge(explain_status(status), means, since)


def state_badge(state: str, since: datetime | None = None) -> SafeString:
    """An operation's state."""
    return badge(explain_state(state), f"state-{state}", since)


def operation_state(operation: Operation) -> SafeString:
    """An operation's state; of one that has ended, with the end's date."""
    if not operation.settled_by_id or operation.state not in BY_HAND:
        return state_badge(operation.state, operation.finished_at)
    words = explain_state(operation.state, by_hand=True)
    return badge(words, f"state-{operation.state}-by-hand", operation.finished_at)


def failure_badge(code: str, since: datetime | None = None) -> SafeString:
    """Wix's code of a failure, as it is; pressing it explains it."""
    means = f"failure-{code}" if code in FAILURES else "failure-unknown" if code else "failure-none"
    return badge(failure_words(code), means, since)


def failure_words(code: str) -> StatusWords:
    """What a failure's code means, as a badge explains it."""
    told = explain_failure(code)
    who = {"we": "We", "customer": "Customer", "wix": "Wix"}[told.who]
    meaning = told.words if code else "Wix gave no cause. The service was never usable."
    return StatusWords(code or "No code", meaning, who, told.next_step, "bad")


def account_link(account: Account) -> SafeString:
    return format_html('<a href="/accounts/{}/">{}</a>', account.pk, account)


def site_link(site: Site | None) -> SafeString:
    """The site by its address or name; `Floating` where there is none."""
    if site is None:
        return mark_safe('<span class="floating">Floating</span>')
    return format_html('<a href="/sites/?q={}">{}</a>', site.pk, site)


def service(instance: ProductInstance, tail: str | SafeString = "") -> SafeString:
    """The product's name, leading to the service, over its type."""
    return format_html(
        '<a href="/instances/{}/">{}</a>{}<small>{}{}</small>',
        instance.pk,
        instance.product,
        gone_mark(instance.gone_at),
        type_words(instance.product.service_type),
        tail,
    )


def service_to_name(instance: ProductInstance) -> SafeString:
    """The same, with the way to the catalogue where the product has no name there yet."""
    return service(instance, format_html(" {}", name_it(instance.product)))


def name_it(product: CatalogProduct) -> SafeString:
    """The way to where an unknown product gets its name; nothing for a known one."""
    if product.is_named:
        return mark_safe("")
    return format_html(
        '<a class="edit" href="/catalog/{}/" aria-label="Add to the catalogue: {}">'
        "Add to the catalogue</a>",
        product.pk,
        product,
    )


def status(instance: ProductInstance) -> SafeString:
    """The status, and under a failed one why, in a few words."""
    shown = status_badge(instance.status, instance.status_since)
    reason = _reason(instance)
    return format_html("{}<small>{}</small>", shown, reason) if reason else shown


def standing(instance: ProductInstance) -> SafeString:
    """The status, and under any but an enabled one since when, and why it failed."""
    if instance.status == "ENABLED" or instance.status_since is None:
        return status(instance)
    past = f"for {span(timezone.now() - instance.status_since)}"
    since = clock(instance.status_since, past, "Since {}")
    reason = _reason(instance)
    return format_html(
        "{}<small>{}{}{}</small>",
        status_badge(instance.status, instance.status_since),
        reason,
        "\u00a0· " if reason else "",
        since,
    )


def _reason(instance: ProductInstance) -> str:
    """Why it failed, in a few words; nothing for any other status."""
    if instance.status != "FAILED":
        return ""
    return explain_failure(instance.failure_code).words.split(". ")[0].rstrip(".")


def told_status(instance: ProductInstance) -> SafeString:
    """The status of a service on a record's page: the cause of a failure, and since when it is."""
    shown = status_badge(instance.status, instance.status_since)
    if instance.status == InstanceStatus.FAILED:
        code = failure_badge(instance.failure_code, instance.status_since)
        shown = format_html('{}<span class="cause">{}</span>', shown, code)
    if instance.status_since is None:
        return shown
    return format_html("{}<small>since {}</small>", shown, day(instance.status_since))


def gone_mark(gone_at: datetime | None) -> SafeString:
    if gone_at is None:
        return mark_safe("")
    return format_html(' <span class="tag">gone since {}</span>', day(gone_at))


def type_words(service_type: str) -> str:
    """A service type as people read it: Wix's capitals and underscores made plain."""
    if service_type.isupper() and len(service_type) > len("SEO"):
        return service_type.replace("_", " ").capitalize()
    return service_type


def number(value: int | None) -> SafeString | str:
    return NOTHING if value is None else f"{value:,}"


def counted(value: int, one: str, many: str) -> str:
    """`1 service`, `1,200 services`."""
    return f"{value:,} {one if value == 1 else many}"
