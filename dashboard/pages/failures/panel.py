"""One case, beside the list or on its own page: its steps, what happened to it, its ids."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from dashboard.components import ages
from dashboard.components.reorders import WHO_ACTS
from dashboard.frame.staff import StaffRequest
from dashboard.records.timeline import Timeline, timeline
from resellers import cases
from resellers.cases import causes
from resellers.cases.delivery_times import ENOUGH
from resellers.durations import span
from resellers.models import (
    Case,
    CaseEvent,
    DeliveryTime,
    Flow,
    FlowStep,
    InstanceStatus,
    Reorder,
)
from resellers.refusals import playbooks
from resellers.refusals.playbooks import Playbook, playbook

from . import row, words
from .report import for_report, report_text, was_reported

LENGTH = 30  # of the timeline


def step_words(key: str, words: str, delivery: DeliveryTime | None) -> str:
    """The step, with how long deliveries take where enough are known."""
    if key != playbooks.WAIT or delivery is None or delivery.known < ENOUGH:
        return words
    most = span(timedelta(seconds=delivery.p90_seconds))
    return gettext("%(step)s: 9 of 10 within %(most)s") % {"step": words, "most": most}


@dataclass(frozen=True, slots=True)
class StepShown:
    """One step of the playbook as it stands for this case."""

    key: str
    words: str
    is_done: bool
    is_next: bool
    said: SafeString | str = ""


class CasePanel:
    """What the panel of one case tells, read as it is drawn. The case was read as for the list."""

    def __init__(self, request: StaffRequest, case: Case) -> None:
        self.request, self.case = request, case
        row.prepare([case])

    @property
    def path(self) -> str:
        return self.case.get_absolute_url()

    @property
    def may_work(self) -> bool:
        return self.request.user.has_perm("resellers.operate")

    @property
    def subject(self) -> str:
        return words.subject_of(self.case)

    @property
    def state(self) -> SafeString:
        return words.state(self.case, "status pill")

    @property
    def state_note(self) -> SafeString | str:
        return words.state_note(self.case)

    @property
    def owner(self) -> SafeString:
        return words.owner(self.case)

    @property
    def elsewhere(self) -> SafeString:
        return row.elsewhere(self.case)

    @cached_property
    def book(self) -> Playbook:
        return playbook(*causes.cause_of(self.case))

    @property
    def who(self) -> str:
        return str(WHO_ACTS[self.book.who])

    @cached_property
    def orders(self) -> Sequence[Reorder]:
        """What was ordered in its service's place, the newest first."""
        found: Sequence[Reorder] = self.case.ordered.orders  # type: ignore[attr-defined]
        return found

    @property
    def failed_twice(self) -> bool:
        """Whether what was ordered in its place failed too."""
        case = self.case
        return bool(case.instance and case.subject != f"instance:{case.instance_id}")

    @property
    def order_path(self) -> str:
        return row.order_path(self.case)

    @cached_property
    def why_not_ordered(self) -> str:
        return row.why_not_ordered(self.case)

    @cached_property
    def people(self) -> list[Any]:
        """Who may be given the case."""
        return list(cases.people()) if self.may_work else []

    @cached_property
    def events(self) -> list[CaseEvent]:
        """What happened to it, the newest first, without what others tell."""
        return list(self.case.events.select_related("by")[:LENGTH])

    @cached_property
    def _delivery(self) -> DeliveryTime | None:
        if self.case.product_id is None:
            return None
        return DeliveryTime.objects.filter(product=self.case.product_id).first()

    @cached_property
    def steps(self) -> list[StepShown]:
        """The steps of its playbook, those ticked that are known to be done."""
        found: list[StepShown] = []
        has_next = False
        for step in self.book.steps:
            is_done, said = self._done(step.key)
            is_next = not is_done and not has_next and not self.case.is_closed
            has_next = has_next or is_next
            wording = step.words
            if step.key == playbooks.WAIT and not is_done:
                wording = step_words(step.key, step.words, self._delivery)
            found.append(StepShown(step.key, wording, is_done, is_next, said))
        return found

    @property
    def may_order_beside(self) -> bool:
        """Whether it may be ordered again, and no step says so."""
        return bool(self.order_path and not self.why_not_ordered and not self._waits("order_again"))

    @property
    def may_report_beside(self) -> bool:
        """Whether no step says that it is to be reported."""
        return not self._waits("report")

    def _waits(self, key: str) -> bool:
        return any(step.key == key and not step.is_done for step in self.steps)

    def _done(self, key: str) -> tuple[bool, SafeString | str]:
        """Whether that step is done, as far as we know, and when or how."""
        match key:
            case playbooks.ORDER_AGAIN:
                return self._ordered()
            case playbooks.WAIT:
                return self._delivered()
            case playbooks.REPORT:
                event = was_reported(self.events)
                return bool(event), ages.moment(event.at) if event else ""
            case playbooks.TELL:
                return False, self.case.account.email if self.case.account else ""
            case playbooks.LOOK if self.case.instance:
                at = self.case.instance.last_confirmed_at
                return False, ages.age(at)
        return False, ""

    @cached_property
    def _made(self) -> Reorder | None:
        """The newest order for the same thing, of which its service may have come itself."""
        if self.orders:
            return self.orders[0]
        made = Reorder.objects.select_related("operation", "service")
        return made.filter(service=self.case.instance_id).first() if self.case.instance_id else None

    def _ordered(self) -> tuple[bool, SafeString | str]:
        made = self._made
        return bool(made), ages.moment(made.operation.requested_at) if made else ""

    def _delivered(self) -> tuple[bool, SafeString | str]:
        """Of a delivery that was waited for: that it came, or when after the order it failed."""
        service = self._made.service if self._made else None
        if service is None or self._made is None:
            return False, ""
        if service.status == InstanceStatus.ENABLED:
            return True, gettext("delivered")
        if service.status == InstanceStatus.FAILED and service.status_since:
            took = span(service.status_since - self._made.operation.requested_at)
            return True, gettext("failed after %(time)s") % {"time": took}
        return False, ""

    @cached_property
    def timeline(self) -> Timeline:
        return timeline(self.case, self.request.GET if self.is_page else {}, self.path, LENGTH)

    is_page = False  # whether it has the page to itself

    @cached_property
    def report(self) -> str:
        """What is copied for Wix."""
        return report_text(for_report(Case.objects.filter(pk=self.case.pk)))

    @property
    def since(self) -> datetime | None:
        return self.case.since

    @cached_property
    def stopped_with(self) -> str:
        """What stopped its flow, in the flow's words; empty where it is about none, or is over."""
        flow = self.case.flow
        if flow is None or flow.state != Flow.State.STOPPED:
            return ""
        return flow.steps.filter(state=FlowStep.State.CURRENT).values_list("outcome", flat=True)[0]

    @property
    def request_id(self) -> str:
        """By which Wix finds the reading that the case's record comes of."""
        service = self.case.instance
        return service.package.confirmation.wix_request_id if service else ""
