"""How a case is told in a row and in its head: what it is about, how it stands, whose it is."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from dashboard.components import ages, values
from dashboard.components.icons import icon
from dashboard.components.people import initials, person_name
from resellers import formats
from resellers.flows.titles import flow_title
from resellers.models import Case, CaseState
from resellers.operations.titles import kind_label


def subject_of(case: Case) -> str:
    """What it is about, beside the customer: its product, or what was asked for."""
    if case.product:
        return str(case.product)
    if case.flow:
        return flow_title(case.flow)
    return kind_label(case.operation.kind) if case.operation else case.get_cause_display()


def name_of(case: Case) -> str:
    """Whom it concerns; of what concerns everybody, what it is."""
    return str(case.account) if case.account else case.get_cause_display()


def state(case: Case, css: str = "status") -> SafeString:
    """How it stands, as a word with its shape."""
    tone, word = _state(case)
    return format_html('<span class="{} {}">{}</span>', css, tone, word)


def _state(case: Case) -> tuple[str, str]:
    match case.state:
        case CaseState.SNOOZED:
            return "snoozed", gettext("Snoozed")
        case CaseState.CLOSED:
            return "ended", gettext("Closed")
    return ("look", gettext("Came back")) if case.regressed_at else ("bad", gettext("Open"))


def state_note(case: Case) -> SafeString | str:
    """Until when it is put off, why it is closed, or when it came back."""
    if case.state == CaseState.SNOOZED:
        if case.snoozed_until is None:
            return gettext("until it changes")
        day = formats.day(case.snoozed_until)
        return ages.time_tag(case.snoozed_until, gettext("until %(day)s") % {"day": day})
    if case.state == CaseState.CLOSED:
        return case.get_end_display()
    return ages.age(case.regressed_at) if case.regressed_at else ""


def owner(case: Case) -> SafeString:
    """Whose it is, as an avatar: a dashed ring where it is nobody's."""
    if case.owner is None:
        words = gettext("Nobody's")
        return format_html(
            '<span class="avatar nobody" role="img" aria-label="{0}" title="{0}"></span>', words
        )
    return format_html(
        '<span class="avatar" role="img" aria-label="{0}" title="{0}">{1}</span>',
        person_name(case.owner),
        initials(case.owner),
    )


def last_note(case: Case) -> SafeString | str:
    """What was pinned on it, else what was written last."""
    if case.pinned:
        return format_html("{} {}", icon("pin"), case.pinned.words)
    text: str = case.last_note  # type: ignore[attr-defined]
    return format_html("{} {}", icon("msg"), text) if text else values.NOTHING
