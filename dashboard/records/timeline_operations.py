"""The lines of a timeline that tell what was asked for, and how it ended."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from django.utils.translation import gettext as _

from dashboard.components.explanations import has_no_code
from dashboard.components.people import person_name
from dashboard.components.products import voucher_words
from resellers.durations import span
from resellers.models import (
    CatalogProduct,
    Operation,
    OperationState,
)
from resellers.operations.titles import brief_sentence, operation_name, operation_title
from resellers.refusals import explain_state
from resellers.wix_ids import as_wix_id

from .timeline_entries import TimelineEntry

# An operation that took longer is told where it was asked for, too.
LONG = timedelta(minutes=10)
TONES = {"good": "", "under-way": "now", "ended": "quiet"}


def of_operations(operations: Iterable[Operation], is_single: bool) -> list[TimelineEntry]:
    """What was asked for here, where it was asked for: how an open one stands now."""
    return [_of_operation(operation) for operation in operations]


def of_ends(operations: Iterable[Operation], is_single: bool) -> list[TimelineEntry]:
    """How operations ended, where they did; of an order, with the vouchers that came with it."""
    operations = list(operations)
    vouchers = _vouchers(operations)
    return [
        replace(_of_end(operation), more=vouchers.get(operation.pk, ())) for operation in operations
    ]


def _vouchers(operations: Iterable[Operation]) -> dict[int, tuple[str, ...]]:
    """The vouchers that came with what was ordered, by the operation; one query where any was."""
    lines = {
        operation.pk: operation.wish.get("lines") or []
        for operation in operations
        if operation.kind == "create_package" and operation.state == OperationState.SUCCEEDED
    }
    ids = {line.get("product_id") for ordered in lines.values() for line in ordered}
    with_one = CatalogProduct.objects.exclude(voucher="").filter(pk__in=filter(as_wix_id, ids))
    products = {str(product.pk): product for product in (with_one if ids else ())}
    vouchers: dict[int, dict[str, None]] = defaultdict(dict)
    for pk, ordered in lines.items():
        for line in ordered:
            if product := products.get(line.get("product_id", "")):
                vouchers[pk][voucher_words(product, line.get("country", ""))] = None
    return {pk: tuple(words) for pk, words in vouchers.items()}


def _of_operation(operation: Operation) -> TimelineEntry:
    """What was asked for: how it stands, or that it was asked for where its end is told apart."""
    state, has_ended = explain_state(operation.state), operation.finished_at is not None
    words = _("asked for") if has_ended else state.word.lower()
    asked, code = (
        _("Asked by %(person)s.") % {"person": person_name(operation.requested_by)},
        _code(operation),
    )
    return TimelineEntry(
        operation.requested_at,
        "Operation",
        f"{operation_title(operation)}: {words}",
        asked if has_ended else f"{asked} {code}".strip(),
        "quiet" if has_ended else TONES.get(state.tone, state.tone),
        operation_name(operation),
        operation.get_absolute_url(),
        operation.reason,
        operation_id=None if has_ended else operation.pk,
    )


def _of_end(operation: Operation) -> TimelineEntry:
    state = explain_state(operation.state, operation.ending)
    asked_at = operation.requested_at
    at, code = operation.finished_at or asked_at, _code(operation)
    took_long = at - asked_at > LONG
    words = _("Asked by %(person)s, %(time)s before.") if took_long else _("Asked by %(person)s.")
    asked = words % {
        "person": person_name(operation.requested_by),
        "time": span(at - asked_at),
    }
    went_well = operation.state == OperationState.SUCCEEDED and not operation.ending
    what = f"{operation_title(operation)}: {state.word.lower()}"
    return TimelineEntry(
        at,
        "Operation",
        brief_sentence(operation) if went_well and operation.plan.get("rows") else what,
        f"{asked} {code}".strip(),
        TONES.get(state.tone, state.tone),
        operation_name(operation),
        operation.get_absolute_url(),
        "" if took_long else operation.reason,
        operation_id=operation.pk,
    )


def _code(operation: Operation) -> str:
    """The code it came to, as a sentence; empty where there is none."""
    code = operation.outcome_code
    if has_no_code(operation):
        return _("Wix answered HTTP status %(code)s, without a code.") % {"code": code}
    return _("Code %(code)s.") % {"code": code} if code else ""
