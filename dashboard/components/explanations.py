"""What each status and code means: what a badge says when it is pressed."""

from dataclasses import replace
from functools import cache

from django.utils.html import format_html
from django.utils.safestring import SafeString

from resellers.models import Operation
from resellers.refusals import (
    BY_HAND,
    FAILURES,
    READING_STATES,
    SITE_STATES,
    STATES,
    STATUSES,
    StatusWords,
    explain,
    explain_failure,
    explain_state,
    explain_status,
)

WHO = {"we": "We", "customer": "Customer", "wix": "Wix"}


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
    return SafeString("\n".join(explanation(key, words) for key, words in told.items()))


def failure_words(code: str) -> StatusWords:
    """What a failure's code means, as a badge explains it."""
    told = explain_failure(code)
    meaning = told.words if code else "Wix gave no cause. The service was never usable."
    return StatusWords(code or "No code", meaning, WHO[told.who], told.next_step, "bad")


def explanation(key: str, words: StatusWords) -> SafeString:
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


def outcome_words(operation: Operation) -> StatusWords:
    """What the code that an operation ended with means, as of this operation."""
    code, state = operation.outcome_code, explain_state(operation.state)
    # Codes of our own are in small letters: what they mean the operation's state says.
    who, next_step = state.who, state.next_step
    if not code.islower():
        known = explain("", int(code)) if code.isdecimal() else explain(code)
        who, next_step = WHO[known.who], known.next_step
    return StatusWords(code, operation.outcome, who, next_step, state.tone)
