"""Words, ages and shapes that templates show."""

from collections.abc import Iterable
from json import dumps
from typing import Any

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.template import Context
from django.utils.safestring import SafeString

from resellers import formats
from resellers.countries import country_words
from resellers.domain_names import readable
from resellers.durations import span
from resellers.flows.flow_kind import FlowKind
from resellers.flows.kinds import FLOW_KINDS
from resellers.mirror.sync.progress import progress
from resellers.operations.reorders import how_it_went
from resellers.operations.titles import operation_name

from . import (
    ages,
    browsers,
    controls,
    expiry,
    help_marks,
    icons,
    ids,
    links,
    marking,
    monograms,
    named_ids,
    people,
    problems,
    products,
    reorders,
    row_words,
    statuses,
    values,
    wix_b2b,
)

register = template.Library()

for filter_ in (
    ages.age,
    ages.checked,
    ages.checked_line,
    ages.clock,
    ages.day,
    ages.elapsed,
    ages.moment,
    browsers.browser,
    how_it_went,
    ids.full_id,
    ids.short_id,
    links.gone_mark,
    monograms.monogram,
    named_ids.named,
    links.naming_link,
    links.place_link,
    links.site_link,
    links.web_address,
    marking.marked,
    operation_name,
    ages.second,
    country_words,
    people.initials,
    people.person_name,
    problems.problems,
    products.about_product,
    expiry.expiry,
    expiry.ends_in,
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
    statuses.status_in_row,
    statuses.status_pill,
    statuses.status_word,
    values.type_words,
):
    register.filter(filter_.__name__, filter_)

register.filter("brief", controls.brief)
register.filter("plain_day", formats.day)
register.simple_tag(wix_b2b.asking_b2b)
register.simple_tag(help_marks.help_mark)
register.simple_tag(icons.icon)
register.simple_tag(icons.service_icon)
register.simple_tag(row_words.row_words)


@register.simple_tag
def flow_kinds() -> list[FlowKind]:
    """Every sort of flow that can be begun."""
    return list(FLOW_KINDS.values())


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
def json(value: Any) -> str:
    """The value as JSON, for an attribute that a script reads."""
    return dumps(value, cls=DjangoJSONEncoder)


@register.filter
def number(value: Any) -> SafeString | str:
    """A whole number with its thousands apart; a dash for none."""
    return values.number(None if value in (None, "") else int(value))


@register.filter
def counted(value: int, nouns: str) -> str:
    """`3 services` for 3 and `service,services`."""
    one, _, many = nouns.partition(",")
    return values.counted(value, one, many)
