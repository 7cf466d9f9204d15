"""Words, ages and shapes that templates show."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from dashboard import badges, cells
from resellers.mirror.progress import progress

register = template.Library()

for name in (
    "age",
    "checked",
    "checked_line",
    "cycle",
    "day",
    "failure_badge",
    "full_id",
    "gone_mark",
    "moment",
    "name_it",
    "operation_state",
    "short_id",
    "site_link",
    "span",
    "state_badge",
    "status_badge",
    "told_status",
    "type_words",
):
    register.filter(name, getattr(cells, name))

register.filter("progress", progress)
register.filter("service_status", cells.status)
register.filter("outcome_code", badges.outcome_code)
register.filter("site_state", badges.site_state)
register.simple_tag(badges.meanings, name="meanings")


@register.filter
def number(value: Any) -> SafeString | str:
    """A whole number with its thousands apart; a dash for none."""
    return cells.number(None if value in (None, "") else int(value))


@register.filter
def counted(value: int, nouns: str) -> str:
    """`3 services` for 3 and `service,services`."""
    one, _, many = nouns.partition(",")
    return f"{value:,} {one if value == 1 else many}"
