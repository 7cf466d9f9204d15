"""What each status and code means: what a badge says when it is pressed."""

from dataclasses import replace
from functools import cache

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellers.models import Operation
from resellers.refusals import (
    ENDINGS,
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

WHO = {
    "we": gettext_lazy("We"),
    "customer": gettext_lazy("Customer"),
    "wix": gettext_lazy("Wix"),
    "dashboard": gettext_lazy("The dashboard"),
    "nobody": gettext_lazy("Nobody"),
}
# A badge explains what a code means of any service: of this one its row and page know more.
IF_REORDERED = gettext_lazy("If it was ordered again already, its row and its page say so.")


# Words that pages use and no badge explains: Wix's own, and those of this dashboard.
TERMS = {
    "Service type": gettext_lazy(
        "Related services are of one type, as all Premium plans are. A service can be"
        " adjusted to another product of its type only, and of some types a site takes one."
    ),
    "Feature": gettext_lazy("The smallest thing that a service brings, such as online payments."),
    "Voucher": gettext_lazy(
        "A benefit for a time that comes with some services, such as a domain for 1 year."
    ),
    "Reference service": gettext_lazy(
        "A service with which another one can be had: for a limited time, and not"
        " charged. Each can be used so once, and not every product can."
    ),
    "Floating": gettext_lazy(
        "Of a service: on no site. It is paid for, and the customer cannot use it."
    ),
    "Checked": gettext_lazy(
        "How long ago a record was last compared with Wix. Before a change is planned, one"
        " that was checked longer than five minutes ago is read again."
    ),
    "Plan": gettext_lazy(
        "What a change will do, what it takes along and what Wix would refuse, shown before it"
        " is confirmed. Nothing is sent before that."
    ),
    "Operation": gettext_lazy(
        "One change that one person asked for. It is carried out once, or its page says"
        " what happened instead and what next."
    ),
}


@cache
def explanations() -> dict[str, dict[str, StatusWords]]:
    """Every explanation by its key, under what it is of."""
    unknown = replace(explain_status("UNDOCUMENTED"), word=_("A status we do not know"))
    services = {f"status-{status}": words for status, words in STATUSES.items()}
    operations = {f"state-{state}": words for state, words in STATES.items()}
    for ending, states in ENDINGS.items():
        operations |= {f"state-{state}-{ending}": words for state, words in states.items()}
    failures = {f"failure-{code}": failure_words(code) for code in FAILURES}
    failures["failure-none"] = failure_words("")
    failures["failure-unknown"] = replace(failure_words("NEW"), word=_("A code we do not know"))
    return {
        "Services": services | {"status-unknown": unknown},
        "Why a service failed": failures,
        "Operations": operations,
        "Sites": {f"site-{state}": words for state, words in SITE_STATES.items()},
        "Readings of Wix": {f"reading-{state}": words for state, words in READING_STATES.items()},
    }


def explanation_of(key: str) -> StatusWords | None:
    """What this key explains; None for a key that nothing has."""
    return next((words[key] for words in explanations().values() if key in words), None)


def failure_words(code: str) -> StatusWords:
    """What a failure's code means, as a badge explains it."""
    explanation = explain_failure(code)
    meaning = explanation.words if code else _("Wix gave no cause. The service was never usable.")
    next_step = f"{explanation.next_step} {IF_REORDERED}"
    return StatusWords(code or _("No code"), meaning, WHO[explanation.who], next_step, "bad")


def has_no_code(operation: Operation) -> bool:
    """Whether what is kept as its code is an HTTP status: Wix refused and gave no code."""
    return operation.outcome_code.isdecimal()


def plain_code(code: str) -> str:
    """What is kept as a code, as it is written alone: an HTTP status is called one."""
    return f"HTTP {code}" if code.isdecimal() else code


def outcome_words(operation: Operation, message: str = "") -> StatusWords:
    """What the code that an operation ended with means, as of this operation.

    `message` are Wix's words, which tell apart what it refuses with one code.
    """
    code, state = operation.outcome_code, explain_state(operation.state)
    # Codes of our own are in small letters: what they mean the operation's state says.
    who, next_step = state.who, state.next_step
    if not code.islower():
        known = explain("", int(code)) if has_no_code(operation) else explain(code, None, message)
        who, next_step = WHO[known.who], known.next_step
    word = (
        _("%(status)s, no code") % {"status": plain_code(code)} if has_no_code(operation) else code
    )
    return StatusWords(word, operation.outcome, who, next_step, state.tone)
