"""What was asked for and what became of it, as a list."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from dashboard import lists
from dashboard.components import addresses, ages, links, statuses
from dashboard.components.explanations import plain_code
from dashboard.components.people import person_name
from dashboard.components.statuses import outcome_code
from dashboard.frame.staff import StaffRequest
from dashboard.lists import matching
from dashboard.lists.csv_file import Field
from dashboard.lists.declaration import Column, List, SortOption
from dashboard.lists.filters import ChoiceFilter, DayFilter, TypedFilter, WordsFilter
from dashboard.lists.found_filters import IdFilter
from dashboard.lists.matching import Matcher
from dashboard.lists.row_actions import RowAction
from dashboard.lists.spans import age_filter
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
    """What was asked for, leading to its page."""
    address, title = addresses.OPERATION(operation.pk), operation_title(operation)
    return format_html('<a class="name" href="{}">{}</a>', address, title)


def _changes(operation: Operation) -> str:
    rows = operation.plan.get("rows", [])
    return "; ".join(f"{old} → {new}" if old else new for _, _, old, new in rows)


def _why(operation: Operation) -> SafeString | str:
    """Why it stands so, in one sentence, before Wix's code."""
    is_plain = operation.state == OperationState.SUCCEEDED and not operation.ending
    words = "" if is_plain else (operation.waiting_for or operation.outcome_now).split(". ")[0]
    code = outcome_code(operation)
    return format_html("{}{}{}", words, " " if words and code else "", code)


def _ways(operation: Operation) -> list[RowAction]:
    """Where one goes from an operation: to what it is about, and to whose that is."""
    found = []
    if operation.instance_id:
        address = addresses.INSTANCE(operation.instance_id)
        found.append(RowAction(_("Service"), "layers", address))
    if operation.package_id:
        found.append(RowAction(_("Package"), "box", addresses.PACKAGE(operation.package_id)))
    customer = addresses.ACCOUNT(operation.account_id)
    return [*found, RowAction(_("Customer"), "people", customer)]


def _side(place: int) -> Callable[[dict[str, Any]], str]:
    """A plan's values before (2) or after (3) as one cell of the file."""
    return lambda plan: "; ".join(row[place] for row in plan.get("rows", []))


OPERATIONS = List(
    noun="operations",
    url_name="operation_list",
    title=gettext_lazy("Operations"),
    one="operation",
    many="operations",
    rows=Operation.objects.all,
    for_list=lambda rows: rows.select_related(
        "account", "instance__product", "package", "site", "requested_by"
    ),
    columns=(
        Column(
            "wish",
            gettext_lazy("What"),
            _wish,
            ("kind", "before", "after"),
            "main",
            second=_changes,
        ),
        Column(
            "account",
            gettext_lazy("Customer"),
            lambda row: links.account_link(row.account),
            ("account_id", "account_name"),
        ),
        Column(
            "state",
            gettext_lazy("State"),
            statuses.operation_state,
            ("state", "outcome_code", "outcome", "wix_request_id"),
            kind="status",
            second=_why,
        ),
        Column(
            "by",
            gettext_lazy("Asked by"),
            lambda row: person_name(row.requested_by),
            ("requested_by", "reason"),
            second=lambda row: row.reason,
        ),
        Column(
            "asked",
            gettext_lazy("Asked"),
            lambda row: ages.elapsed(row.requested_at),
            ("requested_at_utc",),
            kind="age",
            sort="asked",
        ),
        Column(
            "ended",
            gettext_lazy("Ended"),
            lambda row: ages.age(row.finished_at) if row.finished_at else _("not yet"),
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
            gettext_lazy("Words, or an id"),
            Matcher(
                _matching, ("instance_id", "package_id", "account_id", "site_id", "request_id")
            ),
        ),
        ChoiceFilter(
            "state",
            gettext_lazy("State"),
            {
                "open": gettext_lazy("Open"),
                "under_way": gettext_lazy("Under way"),
                "needs_person": gettext_lazy("Needs a person"),
            }
            | dict(OperationState.choices)
            | {
                "amiss": gettext_lazy("Did not end as asked, within a week"),
                "drifted": gettext_lazy("True no more, found within a week"),
            },
            pick=lambda state: PICKED[state]() if state in PICKED else Q(state=state),
        ),
        ChoiceFilter("kind", gettext_lazy("Kind"), KIND_LABELS, pick=lambda kind: Q(kind=kind)),
        TypedFilter("by", gettext_lazy("Asked by"), "requested_by__username", {}),
        age_filter("age", gettext_lazy("Asked"), "requested_at"),
        DayFilter("from", gettext_lazy("Asked from"), "requested_at"),
        DayFilter("to", gettext_lazy("Asked to, this day included"), "requested_at", is_last=True),
        IdFilter("account", gettext_lazy("Customer"), "account", Account),
    ),
    sorts={
        "asked": SortOption(gettext_lazy("Asked"), "requested_at"),
        "ended": SortOption(gettext_lazy("Ended"), "finished_at", True),
    },
    default_sort="-asked",
    chips=(
        lists.Chip(
            gettext_lazy("Open"), {"state": "open"}, lambda counts: counts.get("operations_open")
        ),
        lists.Chip(
            gettext_lazy("Needs attention"),
            {"state": "needs_attention"},
            lambda counts: counts.get("operations_attention"),
        ),
        lists.Chip(gettext_lazy("Failed"), {"state": "failed"}),
        lists.Chip(gettext_lazy("Rolled back"), {"state": "rolled_back"}),
        lists.Chip(gettext_lazy("Succeeded"), {"state": "succeeded"}),
        lists.Chip(
            gettext_lazy("True no more"),
            {"state": "drifted"},
            lambda counts: counts.get("operations_drifted"),
        ),
    ),
    has_menu=False,
    has_menu_alone=True,
    row_actions=_ways,
    row_ids=lambda row: [("operation", row.pk), ("request", row.wix_request_id)],
    above="pages/operations/_attention.html",
    empty_title=gettext_lazy("Nothing was asked for yet"),
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
