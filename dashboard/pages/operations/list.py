"""What was asked for and what became of it, as a list."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from dashboard import lists
from dashboard.components import addresses, ages, links, statuses
from dashboard.components.explanations import plain_code
from dashboard.components.statuses import outcome_code
from dashboard.frame.staff import StaffRequest
from dashboard.lists import matching
from dashboard.lists.csv_file import Field
from dashboard.lists.declaration import Column, List, SortOption
from dashboard.lists.filters import (
    AGES,
    ChoiceFilter,
    DayFilter,
    IdFilter,
    TypedFilter,
    WordsFilter,
    aged,
)
from dashboard.lists.matching import Matcher
from resellers.domain_names import in_ascii
from resellers.models import Account, Operation, OperationState
from resellers.models.operation_querysets import OPEN, UNDER_WAY, drifted_lately
from resellers.operations.titles import KIND_LABELS, operation_title

ATTENTION_LIMIT = 20
# Words for several states, and for what no state says.
PICKED: dict[str, Callable[[], Q]] = {
    "open": lambda: OPEN,
    "under_way": lambda: UNDER_WAY,
    "needs_person": lambda: _among(Operation.objects.needing_a_person()),
    "amiss": lambda: _among(Operation.objects.ended_badly_lately()),
    "drifted": drifted_lately,
}


def _among(operations: QuerySet[Operation]) -> Q:
    return Q(pk__in=operations.values("pk"))


def _matching(word: str) -> Q:
    found = (
        matching.operation(word)
        | Q(reason__icontains=word)
        | Q(subject__icontains=in_ascii(word))  # an order's or a domain's name
        | Q(outcome_code__icontains=word)
        | Q(wix_request_id__istartswith=word)
        | Q(requested_by__username__iexact=word)
    )
    number = word.removeprefix("#")
    return found | Q(pk=int(number)) if number.isascii() and number.isdecimal() else found


def _wish(operation: Operation) -> SafeString:
    """What was asked for, leading to its page, over what changes."""
    rows = operation.plan.get("rows", [])
    changes = "; ".join(f"{old} → {new}" if old else new for _, _, old, new in rows)
    return format_html(
        '<a href="{}">{}</a><small>{}</small>',
        addresses.OPERATION(operation.pk),
        operation_title(operation),
        changes,
    )


def _state(operation: Operation) -> SafeString:
    """The state, and under it why, in one sentence."""
    html = format_html("{} {}", statuses.operation_state(operation), outcome_code(operation))
    is_plain = operation.state == OperationState.SUCCEEDED and not operation.ending
    words = "" if is_plain else (operation.waiting_for or operation.outcome_now).split(". ")[0]
    return format_html("{}<small>{}</small>", html, words) if words else html


def _side(place: int) -> Callable[[dict[str, Any]], str]:
    """A plan's values before (2) or after (3) as one cell of the file."""
    return lambda plan: "; ".join(row[place] for row in plan.get("rows", []))


OPERATIONS = List(
    noun="operations",
    url_name="operation_list",
    title="Operations",
    one="operation",
    many="operations",
    rows=Operation.objects.all,
    for_list=lambda rows: rows.select_related(
        "account", "instance__product", "package", "site", "requested_by"
    ),
    columns=(
        Column("wish", "What", _wish, ("kind", "before", "after"), kind="main"),
        Column(
            "account",
            "Account",
            lambda row: links.account_link(row.account),
            ("account_id", "account_name"),
        ),
        Column(
            "state",
            "State",
            _state,
            ("state", "outcome_code", "outcome", "wix_request_id"),
            kind="status",
        ),
        Column(
            "by",
            "Asked by",
            lambda row: row.requested_by.get_username(),
            ("requested_by", "reason"),
        ),
        Column(
            "asked",
            "Asked",
            lambda row: ages.age(row.requested_at),
            ("requested_at_utc",),
            kind="time",
            sort="asked",
        ),
        Column(
            "ended",
            "Ended",
            lambda row: ages.age(row.finished_at) if row.finished_at else "not yet",
            ("finished_at_utc",),
            kind="time",
            sort="ended",
        ),
    ),
    fields=(
        Field("operation_id", "pk"),
        Field("kind", "kind"),
        Field("state", "state"),
        Field("account_id", "account_id"),
        Field("account_name", "account__name"),
        Field("package_id", "package_id"),
        Field("instance_id", "instance_id"),
        Field("product_name", "instance__product__name"),
        Field("before", "plan", _side(2)),
        Field("after", "plan", _side(3)),
        Field("requested_by", "requested_by__username"),
        Field("reason", "reason"),
        Field("requested_at_utc", "requested_at"),
        Field("finished_at_utc", "finished_at"),
        Field("outcome_code", "outcome_code", plain_code),
        Field("outcome", "outcome"),
        Field("wix_request_id", "wix_request_id"),
        Field("settled_by", "settled_by__username"),
        Field("settled_note", "settled_note"),
        Field("retry_of_id", "retry_of_id"),
        Field("drifted_at_utc", "drifted_at"),
    ),
    filters=(
        WordsFilter(
            "q",
            "Words, or an id",
            Matcher(
                _matching, ("instance_id", "package_id", "account_id", "site_id", "request_id")
            ),
        ),
        ChoiceFilter(
            "state",
            "State",
            {"open": "Open", "under_way": "Under way", "needs_person": "Needs a person"}
            | dict(OperationState.choices)
            | {
                "amiss": "Did not end as asked, within a week",
                "drifted": "True no more, found within a week",
            },
            pick=lambda state: PICKED[state]() if state in PICKED else Q(state=state),
        ),
        ChoiceFilter("kind", "Kind", KIND_LABELS, pick=lambda kind: Q(kind=kind)),
        TypedFilter("by", "Asked by", "requested_by__username", {}),
        ChoiceFilter("age", "Asked", AGES, aged("requested_at")),
        DayFilter("from", "Asked from", "requested_at"),
        DayFilter("to", "Asked to, this day included", "requested_at", is_last=True),
        IdFilter("account", "Account", "account", Account),
    ),
    sorts={
        "asked": SortOption("Asked", "requested_at"),
        "ended": SortOption("Ended", "finished_at", True),
    },
    default_sort="-asked",
    chips=(
        lists.Chip("Open", {"state": "open"}, lambda counts: counts.get("operations_open")),
        lists.Chip(
            "Needs attention",
            {"state": "needs_attention"},
            lambda counts: counts.get("operations_attention"),
        ),
        lists.Chip("Failed", {"state": "failed"}),
        lists.Chip("Rolled back", {"state": "rolled_back"}),
        lists.Chip("Succeeded", {"state": "succeeded"}),
        lists.Chip(
            "True no more",
            {"state": "drifted"},
            lambda counts: counts.get("operations_drifted"),
        ),
    ),
    above="pages/operations/_attention.html",
    empty_title="Nothing was asked for yet",
    empty_template="pages/operations/_nothing.html",
)


@require_safe
def operation_list(request: StaffRequest) -> HttpResponse:
    """Every operation; those that need a person head the page whatever it is filtered by."""
    waiting = Operation.objects.needing_a_person()
    related = ("account", "instance__product", "package", "site", "requested_by")
    listed = waiting.select_related(*related).most_pressing_first()[:ATTENTION_LIMIT]
    attention = [{"operation": one, "title": operation_title(one)} for one in listed]
    return lists.show(request, OPERATIONS, attention=attention, attention_count=waiting.count())
