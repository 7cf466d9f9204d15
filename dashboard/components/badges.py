"""Badges of what is no service, and what every badge says when it is pressed."""

from dataclasses import replace
from functools import cache

from django.utils.html import format_html
from django.utils.safestring import SafeString

from resellers.models import Operation, Site, SyncRun
from resellers.refusals import (
    BY_HAND,
    FAILURES,
    READING_STATES,
    SITE_STATES,
    STATES,
    STATUSES,
    StatusWords,
    explain,
    explain_state,
    explain_status,
)

from .ages import day
from .cells import badge, failure_words

WHO = {"we": "We", "customer": "Customer", "wix": "Wix"}


def site_state(site: Site) -> SafeString:
    """Whether the site can be seen and used, and since when it is gone or in the trash."""
    state, since = _state_of(site), site.gone_at or site.trashed_at
    shown = badge(SITE_STATES[state], f"site-{state}", since)
    return format_html("{}<small>{}</small>", shown, day(since)) if since else shown


def _state_of(site: Site) -> str:
    if site.gone_at:
        return "gone"
    if site.trashed_at:
        return "trashed"
    if site.blocked:
        return "blocked"
    if site.last_confirmed_at is None:
        return "unread"
    return "published" if site.published else "unpublished"


def reading_state(run: SyncRun) -> SafeString:
    """The state of a reading of Wix, and since when."""
    since = run.finished_at or run.started_at or run.requested_at
    return badge(READING_STATES[run.state], f"reading-{run.state}", since)


def outcome_code(operation: Operation) -> SafeString:
    """The code an operation ended with; pressing it explains it, as of this operation.

    The explanation stands beside it: there are too many codes to explain them all on every page.
    """
    code = operation.outcome_code
    if not code:
        return SafeString("")
    key = f"outcome-{operation.pk}"
    # Codes of our own are in small letters: what they mean the operation's state says.
    state = explain_state(operation.state)
    who, next_step = state.who, state.next_step
    if not code.islower():
        told = explain("", int(code)) if code.isdecimal() else explain(code)
        who, next_step = WHO[told.who], told.next_step
    words = StatusWords(code, operation.outcome, who, next_step, state.tone)
    shown = badge(words, key, operation.finished_at)
    return format_html('<span class="cause">{}</span>{}', shown, _meaning(key, words))


@cache
def meanings() -> SafeString:
    """What each badge says when it is pressed; once on every page, so that rows stay small."""
    told = {f"status-{status}": words for status, words in STATUSES.items()}
    unknown = explain_status("UNDOCUMENTED")
    told["status-unknown"] = replace(unknown, word="A status we do not know")
    told |= {f"state-{state}": words for state, words in STATES.items()}
    told |= {f"state-{state}-by-hand": words for state, words in BY_HAND.items()}
    told |= {f"site-{state}": words for state, words in SITE_STATES.items()}
    told |= {f"reading-{state}": words for state, words in READING_STATES.items()}
    told |= {f"failure-{code}": failure_words(code) for code in FAILURES}
    told["failure-none"] = failure_words("")
    told["failure-unknown"] = replace(failure_words("NEW"), word="A code we do not know")
    return SafeString("\n".join(_meaning(key, words) for key, words in told.items()))


def _meaning(key: str, words: StatusWords) -> SafeString:
    return format_html(
        '<div popover class="meaning" id="means-{0}" role="dialog"'
        ' aria-labelledby="word-{0}"><h2 id="word-{0}">{1}</h2><p>{2}</p>'
        '<dl><dt class="since" hidden>Since</dt><dd class="since" hidden></dd>'
        "<dt>Who acts</dt><dd>{3}</dd><dt>What next</dt><dd>{4}</dd></dl></div>",
        key,
        words.word,
        words.meaning,
        words.who,
        words.next_step,
    )
