"""Words, ages and shapes that templates show."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from dashboard import cells

register = template.Library()

for name in (
    "age",
    "checked",
    "checked_line",
    "cycle",
    "day",
    "full_id",
    "gone_mark",
    "moment",
    "short_id",
    "site_link",
    "span",
    "state_badge",
    "status_badge",
    "type_words",
):
    register.filter(name, getattr(cells, name))

register.filter("service_status", cells.status)
register.simple_tag(cells.meanings, name="meanings")


@register.filter
def number(value: Any) -> SafeString | str:
    """A whole number with its thousands apart; a dash for none."""
    return cells.number(None if value in (None, "") else int(value))


@register.filter
def counted(value: int, nouns: str) -> str:
    """`3 services` for 3 and `service,services`."""
    one, _, many = nouns.partition(",")
    return f"{value:,} {one if value == 1 else many}"
