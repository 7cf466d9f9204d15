"""Two people act on one flow in the same moment: one operation comes of it, or none."""

import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING

from django.contrib.auth.models import User as Person
from django.db import connection

from resellers.flows import deciding, decision
from resellers.models import Flow, FlowStep
from tests import worlds
from tests.chaos.ground import Ground
from tests.chaos.report import Report
from tests.chaos.waiting import at_rest, wait

from . import judge
from .journeys import Journey, at_work, attend
from .routes import ROUTES
from .supplies import Supplies

if TYPE_CHECKING:
    from django.contrib.auth.models import User

State = Flow.State
Act = Callable[[Journey, "User", str], object]  # the step at which both stand
END_SECONDS = 60
COLLEAGUE = "colleague"


def _go_on(journey: Journey, by: "User", step: str) -> object:
    return journey.act(by, step)


def _pause(journey: Journey, by: "User", step: str) -> object:
    return deciding.pause(journey.flow, by=by)


def _give_up(journey: Journey, by: "User", step: str) -> object:
    return deciding.give_up(journey.flow, "we have asked the customer", by=by)


def _hand_on(journey: Journey, by: "User", step: str) -> object:
    return deciding.hand_to(journey.flow, by, by=by)


OTHERS: dict[str, Act] = {
    "go on": _go_on,
    "pause": _pause,
    "give up": _give_up,
    "hand on": _hand_on,
}


def tour(ground: Ground, report: Report, supplies: Supplies, *, full: bool) -> list[Journey]:
    """At each step where people act, one goes on while a colleague does that, or something else."""
    colleague = Person.objects.filter(username=COLLEAGUE).first()
    colleague = colleague or worlds.user("manager", COLLEAGUE)
    pairs = [
        (route, step, other)
        for route, of in ROUTES.items()
        for step in of.steps
        if step in of.people
        for other in OTHERS
    ]
    chance = random.Random(f"{report.seed}:flow pairs")
    if not (full or report.only):
        pairs = [chance.choice([p for p in pairs if p[2] == other]) for other in OTHERS]
    done = []
    with at_work(ground):
        for route, step, other in pairs:
            label = f"flows.{route} two at {step}: one goes on, the other may {other}"
            if report.wants(label):
                done.append(_run(ground, report, supplies, label, (route, step, other), colleague))
    return done


def _run(
    ground: Ground,
    report: Report,
    supplies: Supplies,
    label: str,
    pair: tuple[str, str, str],
    colleague: "User",
) -> Journey:
    route, step, other = pair
    started = time.monotonic()
    journey = Journey.begun(ground, supplies, route)
    attend([journey], END_SECONDS, until=step)
    row = journey.row
    assert row is not None, journey.told
    said = _at_once(journey, row.name, (_go_on, ground.by), (OTHERS[other], colleague))
    wrongs = [f"it was answered by {one!r}" for one in said if isinstance(one, Exception)]
    both = sum(one is True for one in said)
    if other == "go on" and both != 1:
        wrongs.append(f"{both} of the two went on")
    tries = journey.flow.steps.filter(name=row.name).count()
    if tries != 1:
        wrongs.append(f"the step was begun {tries} times")
    if journey.row is not None and journey.flow.state == State.PAUSED:
        deciding.resume(journey.flow, by=colleague)
    attend([journey], END_SECONDS, by=lambda step: colleague)
    if journey.flow.state == State.GIVEN_UP:
        _end_of_given_up(journey, wrongs)
    else:
        wrongs += judge.wrongs(journey)
    wrongs += judge.stray_writes([journey], ground.calls(journey.since))
    end = f"{journey.flow.state:<9}{time.monotonic() - started:5.1f} s  {_words(said)}"
    report.note(label, end, wrongs, judge.story(journey))
    return journey


def _at_once(journey: Journey, step: str, *acts: tuple[Act, "User"]) -> list[object]:
    """All in the same moment; what each answered: True, `too late`, or what it raised."""
    barrier = Barrier(len(acts))

    def do(act: Act, by: "User") -> object:
        mine = Journey(journey.ground, journey.name, journey.flow, journey.since)
        try:
            barrier.wait()
            return "too late" if act(mine, by, step) is False else True
        except decision.NotNow:
            return "too late"
        except Exception as error:  # noqa: BLE001  (it is told as what is wrong)
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(do, *zip(*acts, strict=True)))


def _words(said: list[object]) -> str:
    return " / ".join("did" if one is True else str(one) for one in said)


def _end_of_given_up(journey: Journey, wrongs: list[str]) -> None:
    """An operation that was under way has gone on to its end, and nothing else was asked for."""
    if not wait(lambda: at_rest(journey.operations), END_SECONDS):
        wrongs.append("its operation has not ended")
    wrongs += judge.operations_wrongs(journey)
    if journey.flow.steps.filter(state=FlowStep.State.CURRENT).exists():
        wrongs.append("it was given up, and stands at a step")
