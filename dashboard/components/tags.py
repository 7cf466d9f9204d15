"""Words, ages and shapes that templates show."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from resellers.countries import country_words
from resellers.domain_names import readable
from resellers.durations import span
from resellers.mirror.sync.progress import progress
from resellers.operations.reorders import how_it_went
from resellers.operations.titles import operation_name

from . import (
    ages,
    controls,
    expiry,
    ids,
    links,
    named_ids,
    problems,
    products,
    reorders,
    statuses,
    values,
    wix_b2b,
)

register = template.Library()

for filter_ in (
    ages.age,
    ages.checked,
    ages.checked_line,
    ages.day,
    ages.elapsed,
    ages.moment,
    how_it_went,
    ids.full_id,
    ids.short_id,
    links.gone_mark,
    named_ids.named,
    links.naming_link,
    links.place_link,
    links.site_link,
    operation_name,
    ages.second,
    country_words,
    problems.problems,
    products.about_product,
    expiry.expiry,
    products.discount_means,
    products.free_mark,
    products.free_until,
    products.free_with,
    products.used_for,
    progress,
    readable,
    reorders.next_step,
    reorders.reordered,
    span,
    statuses.failure_badge,
    statuses.operation_state,
    statuses.outcome_code,
    statuses.site_state,
    statuses.state_badge,
    statuses.status_badge,
    statuses.status_with_cause,
    values.type_words,
):
    register.filter(filter_.__name__, filter_)

register.filter("brief", controls.brief)
register.simple_tag(wix_b2b.asking_b2b)


@register.simple_tag
def names_in(records: Iterable[Any], field: str) -> named_ids.Names:
    """The names of the ids in that field of each of these, by id: see `named`."""
    return named_ids.known_names(str(getattr(one, field)) for one in records)


@register.simple_tag(takes_context=True)
def landing(context: Context) -> SafeString:
    """Attributes of where a person goes on reading: a plan's head, or what is wrong.

    A whole page opens with the focus there. A part goes onto a page on which somebody may be
    elsewhere: the script moves the focus there only where it would be lost.
    """
    request = context["request"]
    return SafeString(f' tabindex="-1" {"data-lands" if request.htmx else "autofocus"}')


@register.filter
def number(value: Any) -> SafeString | str:
    """A whole number with its thousands apart; a dash for none."""
    return values.number(None if value in (None, "") else int(value))


@register.filter
def counted(value: int, nouns: str) -> str:
    """`3 services` for 3 and `service,services`."""
    one, _, many = nouns.partition(",")
    return values.counted(value, one, many)
