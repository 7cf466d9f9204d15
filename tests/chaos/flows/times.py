"""Time moved: a transfer that does not arrive, and the 48 hours of a domain, come and gone."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db.models import F
from django.db.models.functions import Now

from resellers.flows import deciding
from resellers.models import Flow, FlowStep, Operation, RegistrantContact
from resellers.operations import decisions
from tests import practice
from tests.chaos.ground import HURRIED, Ground
from tests.chaos.report import Report
from tests.chaos.waiting import at_rest, wait

from . import judge
from .journeys import DAYS, Journey, at_work, attend
from .supplies import Supplies

State = Flow.State
HOUR = 3600
END_SECONDS = 60
# In the place of the quarter of an hour after which a doubt comes to a person.
SOON = {"OPERATIONS": json.dumps(HURRIED | {"ESCALATE_SECONDS": 1})}
REFUSED_POSTAL_CODE = "00000"


def tour(ground: Ground, report: Report, supplies: Supplies) -> None:
    """Each of them once: it waits, stops in its words, and is done once what it waits for is so."""
    stories: dict[str, Callable[[Ground, Supplies], tuple[Journey, list[str]]]] = {
        "flows.new_site its transfer is stuck for an hour": _stuck_transfer,
        "flows.connection the net finds it after 48 hours": _late_domain,
        "flows.purchase the registry takes longer than 48 hours": _late_registry,
        "flows.purchase the registry refuses the address": _refused_registry,
    }
    with at_work(ground, **SOON):
        for label, story in stories.items():
            if report.wants(label):
                started = time.monotonic()
                journey, wrongs = story(ground, supplies)
                end = f"{journey.flow.state:<9}{time.monotonic() - started:5.1f} s"
                report.note(label, end, wrongs, judge.story(journey))


def _stuck_transfer(ground: Ground, supplies: Supplies) -> tuple[Journey, list[str]]:
    with _switched(ground, transfer_seconds=HOUR):
        journey = Journey.begun(ground, supplies, "new_site")
        wrongs = _stops(journey, "mails nobody")
        sent = [c for c in ground.calls(journey.since) if c["path"].endswith("/transfer-site")]
        if len(sent) != 1:
            wrongs.append(f"the transfer was sent {len(sent)} times")
        practice.clock(ground.sandbox, advance_seconds=HOUR)
    operation = Operation.objects.get(flow_step__flow=journey.flow, kind="transfer_site")
    decisions.look_again(operation, by=ground.by)
    wait(lambda: at_rest([operation]), END_SECONDS)
    return journey, wrongs + _goes_on_by_itself(journey, calls=False)


def _late_domain(ground: Ground, supplies: Supplies) -> tuple[Journey, list[str]]:
    journey = Journey.begun(ground, supplies, "connection")
    wrongs = _stops_when_its_time_is_over(
        journey, "found", "does not find the domain after 48 hours"
    )
    practice.clock(ground.sandbox, advance_seconds=DAYS)
    return journey, wrongs + _goes_on_by_itself(journey)


def _late_registry(ground: Ground, supplies: Supplies) -> tuple[Journey, list[str]]:
    with _switched(ground, registration_seconds=72 * HOUR):
        journey = Journey.begun(ground, supplies, "purchase")
        wrongs = _stops_when_its_time_is_over(journey, "active", "not active after 48 hours")
    practice.clock(ground.sandbox, advance_seconds=73 * HOUR)
    return journey, wrongs + _goes_on_by_itself(journey)


def _refused_registry(ground: Ground, supplies: Supplies) -> tuple[Journey, list[str]]:
    with _switched(ground, registration_seconds=HOUR):
        journey = Journey.begun(ground, supplies, "purchase")
        attend([journey], END_SECONDS, until="contact")
        journey.act(ground.by)
        # What the registry refuses stands in the place of the address.
        chosen = Flow.objects.get(pk=journey.flow.pk).data["contact"]
        contact = RegistrantContact.objects.filter(pk=chosen)
        usual = contact.values_list("postal_code", flat=True).get()
        contact.update(postal_code=REFUSED_POSTAL_CODE)
        attend([journey], END_SECONDS, until="active")
        contact.update(postal_code=usual)
        practice.clock(ground.sandbox, advance_seconds=HOUR)
        deciding.look_now(journey.flow, by=ground.by)
    wrongs = _stops(journey, "look at the contact's address")
    deciding.give_up(journey.flow, "the address was wrong", by=ground.by)
    return journey, wrongs


def _goes_on_by_itself(journey: Journey, *, calls: bool = True) -> list[str]:
    """Nobody says anything to the flow: what stopped it is so no more when it is looked at again,
    and it is done in the end. A transfer that takes its time is no change where it is journalled:
    then the calls tell nothing."""
    Flow.objects.filter(pk=journey.flow.pk).update(next_run_at=Now())
    if not wait(lambda: not _has_stopped(journey), END_SECONDS):
        return [f"it did not go on by itself: {journey.told}"]
    attend([journey], END_SECONDS)
    strays = judge.stray_writes([journey], journey.ground.calls(journey.since)) if calls else []
    return [*judge.wrongs(journey), *strays]


def _has_stopped(journey: Journey) -> bool:
    return journey.row is not None and journey.flow.state == State.STOPPED


def _stops(journey: Journey, words: str) -> list[str]:
    """It comes to where it stops with these words, which are true."""
    attend([journey], END_SECONDS)
    return _stopped(journey, words)


def _stopped(journey: Journey, words: str) -> list[str]:
    if not _has_stopped(journey) or words not in journey.told:
        return [f"it did not stop with {words!r}: {journey.told}"]
    return judge.stop_wrongs(journey)


def _stops_when_its_time_is_over(journey: Journey, step: str, words: str) -> list[str]:
    """As if it had stood there for two days; before, it says until when it waits."""
    attend([journey], END_SECONDS, until=step)
    waiting = FlowStep.objects.filter(flow=journey.flow, name=step, looks__gt=0)
    row = waiting.get()
    wrongs = [] if row.waits_until and row.otherwise else ["it does not say until when it waits"]
    waiting.update(begun_at=F("begun_at") - timedelta(hours=49))
    deciding.look_now(journey.flow, by=journey.flow.owner)
    wait(lambda: _has_stopped(journey), END_SECONDS)
    return wrongs + _stopped(journey, words)


@contextmanager
def _switched(ground: Ground, **wanted: int) -> Iterator[None]:
    """Wix is so for a while."""
    before = practice.state(ground.sandbox)["switches"]
    practice.switches(ground.sandbox, **wanted)
    yield
    practice.switches(ground.sandbox, **{name: before[name] for name in wanted})
