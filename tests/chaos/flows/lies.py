"""Lies about flows that were judged to be right: the judge must find each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import transaction

from resellers import audit
from resellers.models import Flow, FlowStep, Operation
from tests import practice, truth
from tests.chaos.ground import Ground
from tests.chaos.report import Report

from . import judge
from .journeys import Journey

LABEL = "flows.lies"


@dataclass(frozen=True, slots=True)
class Lie:
    """What is false, what the judge has to say of it, and how it is told: the judge's words."""

    name: str
    found_as: str
    tell: Callable[[Ground, Journey], list[str]]


def _second_call(ground: Ground, journey: Journey) -> list[str]:
    """The journal has one more of the writes that changed something."""
    calls = ground.calls(journey.since)
    applied = [call for call in calls if call["effect"] == "applied"]
    ours = [one for one in applied if practice.name_of(one) in judge.WRITES.values()]
    return judge.stray_writes([journey], [*_of(journey, calls), ours[0]])


def _of(journey: Journey, calls: list[judge.Call]) -> list[judge.Call]:
    """A write of each of its operations, as the journal has them."""
    kinds = [judge.WRITES[one.kind] for one in journey.operations if one.state == "succeeded"]
    found = {practice.name_of(call): call for call in calls if call["effect"] == "applied"}
    return [found[kind] for kind in kinds]


def _done_too_soon(ground: Ground, journey: Journey) -> list[str]:
    last = journey.flow.steps.order_by("-id").first()
    assert last is not None
    FlowStep.objects.filter(pk=last.pk).delete()
    return judge.wrongs(journey)


def _asked_beside_its_steps(ground: Ground, journey: Journey) -> list[str]:
    FlowStep.objects.filter(flow=journey.flow).update(operation=None)
    return judge.wrongs(journey)


def _told_twice(ground: Ground, journey: Journey) -> list[str]:
    audit.record("flow.done", body={"flow": journey.flow.pk})
    return judge.wrongs(journey)


def _still_leased(ground: Ground, journey: Journey) -> list[str]:
    Flow.objects.filter(pk=journey.flow.pk).update(lease_until=journey.flow.next_run_at)
    return judge.wrongs(journey)


def _another_customer(ground: Ground, journey: Journey) -> list[str]:
    other = Operation.objects.exclude(account=journey.flow.account).values("account")[:1]
    Flow.objects.filter(pk=journey.flow.pk).update(account=other)
    return judge.wrongs(journey)


def _mirror_behind(ground: Ground, journey: Journey) -> list[str]:
    true, mirrored = truth.at_wix(ground.sandbox), truth.in_mirror()
    record = f"site {journey.flow.site_id}"
    mirrored[record] = mirrored[record] | {"account": "somebody else"}
    return truth.differences(true, mirrored)


LIES = (
    Lie("a call that was carried out twice", "Wix carried out", _second_call),
    Lie("a flow that was done before its last step", "its steps were", _done_too_soon),
    Lie("an operation that no step knows", "that no step knows", _asked_beside_its_steps),
    Lie("an end that the audit tells twice", "2 audit entries flow.done", _told_twice),
    Lie("a lease that was left behind", "an orphan lease", _still_leased),
    Lie("a flow that was for another customer", "customer", _another_customer),
    Lie("a mirror that shows another owner", "the mirror shows account", _mirror_behind),
)


def tell(ground: Ground, report: Report, done: Sequence[Journey]) -> None:
    """Each lie, of the last flow that was done; all of it is undone."""
    right = [one for one in done if one.row is None and one.flow.state == Flow.State.DONE]
    if not right or not report.wants(LABEL):
        return
    journey, missed = right[-1], []
    for lie in LIES:
        with transaction.atomic():
            said = lie.tell(ground, journey)
            transaction.set_rollback(True)
        if not any(lie.found_as in line for line in said):
            missed.append(f"the judge did not notice {lie.name}")
    report.note(LABEL, f"{len(LIES) - len(missed)} found of {len(LIES)} planted", missed)
