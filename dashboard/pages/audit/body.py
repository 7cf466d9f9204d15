"""What an entry of the audit trail keeps beside its event, as words."""

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from dashboard.components import values
from resellers.models import AuditEntry
from resellers.operations.titles import KIND_LABELS

# Of an entry's body: what people look for first.
FIRST = ("kind", "reason", "outcome", "code", "why", "file", "rows", "subject")
DASH = "\N{EN DASH}"
LONGEST = 80  # letters of one detail in the table; the file has all


def body_words(body: Any) -> str:
    """An entry's body as one line: `reason: a new shop; wish: site_id: …`; empty for nothing."""
    if isinstance(body, dict):
        return "; ".join(f"{key}: {body_words(value)}" for key, value in body.items() if value)
    if isinstance(body, list):
        return ", ".join(body_words(item) or DASH for item in body)
    if isinstance(body, bool):
        return _("yes") if body else _("no")
    return "" if body is None else str(body)


def first_details(entry: AuditEntry) -> SafeString | str:
    """What tells most of the entry."""
    first = [_line(name, entry.body[name]) for name in FIRST if entry.body.get(name)]
    return format_html("{}", "; ".join(first)) if first else values.NOTHING


def further_details(entry: AuditEntry) -> str:
    """Everything else that it keeps."""
    return "; ".join(_line(name, v) for name, v in entry.body.items() if v and name not in FIRST)


def cut(text: str) -> str:
    """The text, ended by dots where it is long."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()}…"


def _line(name: str, value: Any) -> str:
    words = KIND_LABELS.get(value, "") if name == "kind" else ""
    return f"{name}: {cut(words or body_words(value))}"
