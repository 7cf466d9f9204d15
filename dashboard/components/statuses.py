"""How things stand, as a word with a shape and a colour; pressing it explains it."""

from datetime import datetime

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from resellers import formats
from resellers.durations import span
from resellers.models import Operation, ProductInstance, Site, SyncRun
from resellers.refusals import (
    ENDINGS,
    FAILURES,
    READING_STATES,
    SITE_STATES,
    STATUSES,
    StatusWords,
    explain_failure,
    explain_state,
    explain_status,
)

from . import addresses
from .ages import day, time_tag
from .explanations import failure_words, outcome_words
from .markup import format_html
from .reorders import reordered_briefly


def badge(
    words: StatusWords,
    key: str,
    since: datetime | None = None,
    of: object = "",
    css: str = "badge",
) -> SafeString:
    """A status as a word with its shape; pressing it explains it, and says since when.

    `key` is that of its explanation. Without a script it leads to the page of all of them. `of` is
    the id of what has the status, where the explanation may send people to Wix about it.
    """
    part = addresses.EXPLANATION(key)
    return _badge(words, addresses.HELP_ANCHOR(key), f"{part}?of={of}" if of else part, since, css)


def _badge(
    words: StatusWords, link: str, part: str, since: datetime | None, css: str = "badge"
) -> SafeString:
    return format_html(
        '<a class="{} {}" href="{}" hx-get="{}" hx-target="#meaning" hx-swap="innerHTML"{}>{}</a>',
        css,
        words.tone,
        link,
        part,
        format_html(' data-since="{}" data-at="{}"', since_words(since), since.isoformat())
        if since
        else "",
        words.word,
    )


def since_words(since: datetime) -> str:
    """Since when, and how long that is: `26 Oct 2026, 30 days`."""
    return f"{formats.day(since)}, {span(timezone.now() - since)}"


def status_badge(status: str, since: datetime | None = None, css: str = "badge") -> SafeString:
    """An instance's status. One that Wix never documented is shown as it is."""
    key = f"status-{status}" if status in STATUSES else "status-unknown"
    return badge(explain_status(status), key, since, css=css)


def status_word(instance: ProductInstance) -> SafeString:
    """The service's status within a row: its shape and word, without a ground of its own."""
    return status_badge(instance.status, instance.status_since, "status")


def status_pill(instance: ProductInstance) -> SafeString:
    """The service's status in its page's head."""
    return status_badge(instance.status, instance.status_since, "status pill")


def state_badge(state: str, since: datetime | None = None) -> SafeString:
    """An operation's state."""
    return badge(explain_state(state), f"state-{state}", since)


def operation_state(operation: Operation) -> SafeString:
    """An operation's state; of one that has ended, with the end's date."""
    state, ending = operation.state, operation.ending
    if state not in ENDINGS.get(ending, {}):
        return state_badge(state, operation.finished_at)
    return badge(explain_state(state, ending), f"state-{state}-{ending}", operation.finished_at)


def failure_badge(instance: ProductInstance) -> SafeString:
    """Wix's code of a service's failure, as it is; pressing it explains it."""
    code = instance.failure_code
    key = f"failure-{code}" if code in FAILURES else "failure-unknown" if code else "failure-none"
    return badge(failure_words(code), key, instance.status_since, instance.pk)


def outcome_code(operation: Operation) -> SafeString:
    """The code an operation ended with; pressing it explains it, as of this operation."""
    if not operation.outcome_code:
        return SafeString("")
    page, part = addresses.OPERATION(operation.pk), addresses.OUTCOME_EXPLANATION(operation.pk)
    html = _badge(outcome_words(operation), page, part, operation.finished_at)
    return format_html('<span class="cause">{}</span>', html)


def site_badge(site: Site) -> SafeString:
    """Whether the site can be seen and used."""
    since = site.gone_at or site.trashed_at
    return badge(SITE_STATES[site.state], f"site-{site.state}", since, site.pk)


def site_note(site: Site) -> SafeString | str:
    """Since when the site is gone or in the trash."""
    since = site.gone_at or site.trashed_at
    return day(since) if since else ""


def site_state(site: Site) -> SafeString:
    """Both, one below the other."""
    note = site_note(site)
    return format_html("{}<small>{}</small>", site_badge(site), note) if note else site_badge(site)


def reading_state(run: SyncRun) -> SafeString:
    """The state of a reading of Wix, and since when."""
    since = run.finished_at or run.started_at or run.requested_at
    return badge(READING_STATES[run.state], f"reading-{run.state}", since)


def status_note(instance: ProductInstance) -> SafeString:
    """Of a status that is not as it should be why, and since when: `delivery timed out, 2 days`."""
    reason = _reason(instance)
    if instance.status == "ENABLED" or instance.status_since is None:
        return format_html("{}", reason)
    past = _("for %(span)s") % {"span": span(timezone.now() - instance.status_since)}
    since = time_tag(instance.status_since, past, _("Since {}"), ticks="for")
    return format_html("{}{}{}", reason, "\u00a0· " if reason else "", since)


def _reason(instance: ProductInstance) -> str:
    """Why it failed, or that it has expired, in a few words; else nothing."""
    if instance.has_expired and instance.expires_at:
        return _("Expired on %(day)s") % {"day": formats.day(instance.expires_at)}
    if instance.status != "FAILED":
        return ""
    return explain_failure(instance.failure_code).words.split(". ")[0].rstrip(".")


def status_in_row(instance: ProductInstance) -> SafeString:
    """A row's two lines: the status, and what was ordered in its place, else why it is so and since
    when."""
    order = instance.ordered.relevant  # type: ignore[attr-defined]
    below = reordered_briefly(order) if order else status_note(instance)
    title = "" if order else _reason(instance)
    return format_html(
        '{}<small class="line" title="{}">{}</small>', status_word(instance), title, below
    )
