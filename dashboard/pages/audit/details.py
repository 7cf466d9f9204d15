"""What is folded below an entry of the audit trail: before and after, and all that it keeps."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from dashboard.components import ages, values
from resellers import formats
from resellers.operations.titles import kind_label

from .body import body_words
from .events import event_words
from .sentences import who

MOST = 20  # rows of before and after; the file has all
Side = tuple[str, str, str]
# What stands elsewhere in the details, or is before and after.
LEFT_OUT = frozenset(
    {"kind", "reason", "fingerprint", "changes", "rows", "before", "wish", "old", "new"}
    | {"steps", "checked_at", "dependant_ids"}
)


def details(entry: Any) -> SafeString:
    """Before and after as a table, if the entry has them, beside what else it keeps."""
    return format_html(
        '<div class="unfolded">{}<dl class="facts">{}</dl></div>',
        _table(list(_sides(entry))),
        format_html_join("", "<dt>{}</dt><dd>{}</dd>", _facts(entry)),
    )


def _sides(entry: Any) -> Iterator[Side]:
    """Each field, what it was before and what it is after."""
    body, plan = entry.body, entry.operation.plan if entry.operation else {}
    if entry.event.startswith(("operation.", "plan.")):
        for row in plan.get("rows") or body.get("rows") or ():
            yield row[1], row[2], row[3]
        return
    if entry.event == "policy.reasons_wanted":
        old, new = (", ".join(map(kind_label, body.get(side, ()))) for side in ("old", "new"))
        yield _("Wants a reason"), old, new
        return
    rows = body.get("rows")
    changes = {"": body.get("changes") or body} | (rows if isinstance(rows, dict) else {})
    for record, fields in changes.items():
        for name, sides in fields.items() if isinstance(fields, dict) else ():
            if isinstance(sides, list) and len(sides) == 2 and name not in LEFT_OUT:
                label = name.replace("_", " ").capitalize()
                words = f"{label}, {record[:8]}…" if record else label
                yield words, body_words(sides[0]), body_words(sides[1])


def _table(sides: Sequence[Side]) -> SafeString | str:
    if not sides:
        return ""
    rows = format_html_join(
        "",
        '<tr class="side"><th scope="row">{}</th><td>{}</td><td>{}</td></tr>',
        (
            (name, before or values.NOTHING, _after(before, after))
            for name, before, after in sides[:MOST]
        ),
    )
    more = len(sides) - MOST
    return format_html(
        '<div class="was-is"><table><thead><tr class="side"><th scope="col">{}</th>'
        '<th scope="col">{}</th><th scope="col">{}</th></tr></thead>{}</table>{}</div>',
        _("Field"),
        _("Before"),
        _("After"),
        rows,
        format_html("<p>{}</p>", _("and %(number)s more, in the file") % {"number": more})
        if more > 0
        else "",
    )


def _after(before: str, after: str) -> SafeString | str:
    if before == after:
        return format_html('<span class="same">{}</span>', _("stays"))
    return format_html("<b>{}</b>", after or values.NOTHING)


def _facts(entry: Any) -> Iterator[tuple[str, SafeString | str]]:
    body = entry.body
    yield _("What"), event_words(entry.event)
    yield _("Who"), who(entry)
    yield _("When"), ages.second(entry.at)
    if reason := body.get("reason") or (entry.operation and entry.operation.reason):
        yield _("Reason"), reason
    if plan := body.get("fingerprint"):
        yield _("Plan"), format_html("<code>{}</code>", plan[:12])
    if entry.address:
        yield _("From"), format_html("<code>{}</code>", entry.address)
    if entry.session:
        yield _("Session"), format_html("<code>{}</code>", entry.session)
    sides = {name for name, value in body.items() if isinstance(value, list) and len(value) == 2}
    for name, value in body.items():
        if value and name not in LEFT_OUT | sides:
            yield name.replace("_", " ").capitalize(), body_words(value)
    yield (
        _("Entry"),
        format_html(
            _("#{number}, <code>{hash}</code> follows <code>{previous}</code>"),
            number=formats.number(entry.seq),
            hash=f"{entry.hash[:8]}…",
            previous=f"{entry.previous_hash[:8]}…",
        ),
    )
