"""Words, ages and shapes that templates show."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from resellers.durations import span
from resellers.mirror.sync.progress import progress

from . import ages, badges, cells

register = template.Library()

for filter_ in (
    ages.age,
    ages.checked,
    ages.checked_line,
    ages.day,
    ages.moment,
    span,
    cells.failure_badge,
    cells.full_id,
    cells.gone_mark,
    cells.name_it,
    cells.operation_state,
    cells.short_id,
    cells.site_link,
    cells.state_badge,
    cells.status_badge,
    cells.told_status,
    cells.type_words,
):
    register.filter(filter_.__name__, filter_)

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
    return cells.counted(value, one, many)
