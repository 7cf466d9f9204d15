"""Flows as a list."""

from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from dashboard import lists
from dashboard.components import addresses, ages, links, values
from dashboard.components.people import person_name
from dashboard.frame.staff import StaffRequest
from dashboard.lists.csv_file import Field
from dashboard.lists.declaration import Chip, Column, List, SortOption
from dashboard.lists.filters import ChoiceFilter
from dashboard.lists.found_filters import IdFilter
from dashboard.lists.person_filter import PersonFilter
from dashboard.lists.spans import age_filter
from resellers.flows.kinds import FLOW_KINDS
from resellers.flows.titles import flow_title
from resellers.models import Account, Flow, FlowStep
from resellers.models.flow_querysets import UNFINISHED

from .words import flow_label, state_words


def _for_list(flows: QuerySet[Flow]) -> QuerySet[Flow]:
    current = FlowStep.objects.filter(flow=OuterRef("pk"), state=FlowStep.State.CURRENT)
    return flows.select_related("owner", "account", "site__account").annotate(
        step=Subquery(current.values("name")[:1]),
        stands_for=Subquery(current.values("outcome")[:1]),
        waits_for=Subquery(current.values("waiting_for")[:1]),
    )


def _name(flow: Any) -> SafeString:
    address = addresses.FLOW(flow.pk)
    return format_html('<a class="name" href="{}">{}</a>', address, flow_title(flow))


def _state(flow: Flow) -> SafeString:
    word, tone = state_words(flow)
    return format_html('<span class="status {}">{}</span>', tone, word)


FLOWS = List(
    noun="flows",
    url_name="flow_list",
    title=gettext_lazy("Flows"),
    one="flow",
    many="flows",
    rows=Flow.objects.all,
    for_list=_for_list,
    columns=(
        Column(
            "name",
            gettext_lazy("What"),
            _name,
            ("kind",),
            "main",
            second=lambda flow: f"{flow_label(flow)} #{flow.pk}",
        ),
        Column(
            "state",
            gettext_lazy("State"),
            _state,
            ("state",),
            "status",
            second=lambda flow: flow.stands_for or flow.waits_for or "",
        ),
        Column(
            "account",
            gettext_lazy("Customer"),
            lambda flow: links.account_link(flow.account) if flow.account else values.NOTHING,
            ("account_name",),
            "place",
        ),
        Column("owner", gettext_lazy("Owner"), lambda flow: person_name(flow.owner), ("owner",)),
        Column(
            "changed",
            gettext_lazy("Since"),
            lambda flow: ages.age(flow.changed_at),
            ("changed_at_utc",),
            kind="time",
            sort="changed",
        ),
        Column(
            "begun",
            gettext_lazy("Begun"),
            lambda flow: ages.age(flow.begun_at),
            ("begun_at_utc", "ended_at_utc"),
            kind="time",
            sort="begun",
        ),
    ),
    fields=(
        Field("flow_id", "pk"),
        Field("kind", "kind"),
        Field("state", "state"),
        Field("account_id", "account_id"),
        Field("account_name", "account__name"),
        Field("site_id", "site_id"),
        Field("owner", "owner__username"),
        Field("step", "step"),
        Field("changed_at_utc", "changed_at"),
        Field("begun_at_utc", "begun_at"),
        Field("ended_at_utc", "ended_at"),
    ),
    filters=(
        ChoiceFilter(
            "state",
            gettext_lazy("State"),
            {state.value: str(state.label) for state in Flow.State},
            lambda word: Q(state=word),
        ),
        ChoiceFilter(
            "kind",
            gettext_lazy("What"),
            {name: str(kind.label) for name, kind in FLOW_KINDS.items()},
            lambda name: Q(kind=name),
        ),
        PersonFilter("owner", gettext_lazy("Owner"), "owner"),
        IdFilter("account", gettext_lazy("Customer"), "account_id", Account),
        age_filter("age", gettext_lazy("Begun"), "begun_at"),
    ),
    default_filters={"state": UNFINISHED},
    sorts={
        "changed": SortOption(gettext_lazy("Since"), "changed_at"),
        "begun": SortOption(gettext_lazy("Begun"), "begun_at"),
    },
    default_sort="-changed",
    chips=(
        Chip(gettext_lazy("Mine"), {"owner": "me"}),
        Chip(gettext_lazy("Waiting"), {"state": "waiting"}),
        Chip(gettext_lazy("Needs a person"), {"state": ["open", "stopped"]}),
        Chip(gettext_lazy("Done"), {"state": ["done", "given_up"]}),
    ),
    actions="pages/flows/_start.html",
    has_menu=False,
    empty_title=gettext_lazy("Nothing was begun yet"),
    empty_template="pages/flows/_nothing.html",
)


@require_safe
def flow_list(request: StaffRequest) -> HttpResponse:
    """Every unfinished flow, what changed last first; those that are over when asked for."""
    return lists.show(request, FLOWS)
