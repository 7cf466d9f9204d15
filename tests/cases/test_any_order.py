"""Wix's world and people's verbs in any order: what the pages say of failures is what Wix has."""

import random
import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.db.models.functions import Now
from django.test import Client
from django.utils import timezone

from resellers import cases
from resellers.cases import causes, troubles
from resellers.models import (
    BulkRun,
    Case,
    CaseCause,
    CaseEvent,
    CaseState,
    Operation,
    ProductInstance,
)
from resellers.operations import bulk
from tests import practice, worlds
from tests.cases.test_keeping import become, kinds_of
from tests.dashboard.listing import table
from tests.mirrors import Mirror, read, read_on
from tests.randomness import FULL, chances
from tests.reordering import carried_out, order

pytestmark = pytest.mark.django_db

STEPS = 60 if FULL else 8
FAILURE = {"code": "DELIVERY_TIMEOUT", "message": "It took too long."}
VERBS: dict[str, dict[str, str]] = {
    "take": {},
    "release": {},
    "reopen": {},
    "report": {},
    "assign": {"to": "operator"},
    "snooze": {"until": "change"},
    "close": {"end": "with_wix"},
    "note": {"text": "Seen."},
}


@pytest.mark.once
def test_whatever_wix_and_people_do_every_failure_has_one_case_and_the_pages_agree(
    mirror: Mirror, operator: Client, run_due: Callable[..., None]
):
    """Nothing lost, nothing doubled, each closed one says why, and every number is the rows'."""
    chance = chances("cases at Wix")
    practice.switches(mirror.sandbox, delivery_seconds=3600)
    cases.keep()
    for step in range(STEPS):
        # Each of them at least once, then as chance wants.
        act = ACTS[step] if step < len(ACTS) else chance.choice(ACTS)
        act(mirror, operator, chance)
        run_due()
        read_on(read("full"))
        cases.keep()
        hold()
        _as_wix_has_it(mirror)
    _pages_agree(operator)


def _fail(mirror: Mirror, operator: Client, chance: random.Random) -> None:
    alive = ProductInstance.objects.present().filter(status__in=("ENABLED", "PENDING"))
    for service in _some(alive, chance, 2):
        practice.change(mirror.sandbox, service.pk, status="FAILED", failure=FAILURE)


def _mend(mirror: Mirror, operator: Client, chance: random.Random) -> None:
    status = chance.choice(("ENABLED", "CANCELED"))
    for service in _some(ProductInstance.objects.present().failed(), chance, 1):
        practice.change(mirror.sandbox, service.pk, status=status, failure=None)


def _deliver(mirror: Mirror, operator: Client, chance: random.Random) -> None:
    practice.clock(mirror.sandbox, deliver_now=True)


def _order_again(mirror: Mirror, operator: Client, chance: random.Random) -> None:
    failed = _some(ProductInstance.objects.present().failed(), chance, 2)
    if not failed:
        return
    chosen = bulk.Selection(frozenset(one.pk for one in failed))
    run = bulk.plan_run(bulk.VERBS["order_again"], chosen, by=operator.user)  # type: ignore[attr-defined]
    if run.changes.waiting().exists():
        bulk.confirm(run, by=run.by, count=None)
        bulk.release(run.pk)


def _fail_what_was_ordered(mirror: Mirror, operator: Client, chance: random.Random) -> None:
    ordered = ProductInstance.objects.present().filter(reorder__isnull=False)
    for service in _some(ordered.exclude(status="FAILED"), chance, 1):
        practice.change(mirror.sandbox, service.pk, status="FAILED", failure=FAILURE)


def _work(mirror: Mirror, operator: Client, chance: random.Random) -> None:
    for verb in chance.sample(sorted(VERBS), 3):
        some = _some(Case.objects.all(), chance, 3)
        sent = {"id": [str(case.pk) for case in some], **VERBS[verb]}
        assert operator.post(f"/failures/do/{verb}/", sent).status_code in (200, 302)


def _all_that_match(mirror: Mirror, operator: Client, chance: random.Random) -> None:
    verb = chance.choice(("take", "close", "snooze"))
    query = f"kind=failed&state={chance.choice(('open', 'snoozed'))}"
    operator.post(f"/failures/do/{verb}/", {"all": "1", "query": query, **VERBS[verb]})


ACTS = (_fail, _order_again, _fail_what_was_ordered, _work, _deliver, _all_that_match, _mend, _fail)


def _some(rows, chance: random.Random, most: int):
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    chosen = chance.sample(ids, min(len(ids), chance.randint(1, most)))
    return list(rows.model._default_manager.filter(pk__in=chosen).order_by("pk"))


def _as_wix_has_it(mirror: Mirror) -> None:
    """Of what has failed at Wix, each is of one case; it is open or says why it is not."""
    for service in ProductInstance.objects.filter(gone_at=None).select_related("reorder"):
        if practice.truth(mirror.sandbox, service.pk)["status"] != "FAILED":
            continue
        made = getattr(service, "reorder", None)
        subject = f"instance:{made.origin_id if made else service.pk}"
        case = Case.objects.get(cause=CaseCause.FAILED, subject=subject)
        assert (case.state == CaseState.CLOSED) == bool(case.end)
    orders = Operation.objects.filter(kind="create_package", planned_change__isnull=False)
    assert orders.count() == sum(run.changes.filter(outcome="released").count() for run in _runs())


def _runs() -> list[BulkRun]:
    BulkRun.objects.filter(state="running").update(next_run_at=Now())
    return list(BulkRun.objects.all())


def _pages_agree(operator: Client) -> None:
    page = operator.get("/failures/")
    around, number = page.context["around"], Case.objects.open().count()
    assert number == page.context["page"].count == around.open_count
    assert number == sum(section.number for section in around.sections)
    assert number == sum(one.number for section in around.sections for one in section.entries)
    assert re.search(rf'href="/failures/"[^>]*>.*?<span class="count bad">{number}<', page.text)
    assert len(table(operator.get("/failures/export.csv"))) == number
    for segment in around.segments[:2]:
        assert operator.get(segment.link).context["page"].count == segment.count
    for owner in around.owners:
        assert operator.get(owner.link).context["page"].count == owner.count


# --- rows alone ----------------------------------------------------------------------------------

OF_WIX = ("fail", "deliver", "cancel", "vanish")
OF_PEOPLE: dict[str, Callable[[list[int], User], object]] = {
    "take": lambda ids, by: cases.take(ids, by=by),
    "release": lambda ids, by: cases.release(ids, by=by),
    "snooze": lambda ids, by: cases.snooze(ids, until=None, because="", by=by),
    "close": lambda ids, by: cases.close(ids, end="with_wix", because="", by=by),
    "reopen": lambda ids, by: cases.reopen(ids, by=by),
    "note": lambda ids, by: cases.note(ids, "Seen.", by=by),
    "report": lambda ids, by: cases.reported(ids, by=by),
}


def test_whatever_happens_each_failed_service_has_one_case_and_closed_ones_say_why():
    """Nothing lost, nothing doubled, whatever Wix and people do in whichever order."""
    chance, person = chances("cases"), worlds.user()
    services = [worlds.instance(status="PENDING") for _ in range(6)]
    cases.keep()
    for _ in range(300 if FULL else 40):
        service = chance.choice(services)
        service.refresh_from_db()
        act = chance.choice([*OF_WIX, "order", *OF_PEOPLE])
        if act == "order" and service.is_failed:
            services.append(carried_out(order(service), chance.choice(["PENDING", "ENABLED"])))
            cases.keep_services([services[-1].pk])
        elif act in OF_PEOPLE:
            found = Case.objects.order_by("?" if FULL else "id").values_list("pk", flat=True)
            OF_PEOPLE[act]([*found[: chance.randint(1, 3)]], person)
            # What is open though nothing is wrong is closed by itself with the next minute.
            cases.keep()
        elif act == "vanish":
            become(service, service.status, gone_at=timezone.now())
        elif not service.is_ended:
            status = {"fail": "FAILED", "deliver": "ENABLED", "cancel": "CANCELED"}.get(act)
            become(service, status or service.status)
        hold()


def hold() -> None:
    """What must be so at any time."""
    wrong = {(t.cause, t.subject) for t in troubles.everything()}
    held = {(case.cause, case.subject): case for case in Case.objects.all()}
    unclosed = {key for key, case in held.items() if not case.is_closed}
    by_people = {key for key, case in held.items() if case.end in ("with_wix", "not_wanted")}
    assert unclosed <= wrong
    assert wrong - by_people <= unclosed
    assert all(bool(case.end) == case.is_closed for case in held.values())
    assert not Case.objects.filter(events=None).exists()
    # Each failed service is of exactly one case: its own, or that of what it was ordered for.
    for service in ProductInstance.objects.present().failed().select_related("reorder"):
        made = getattr(service, "reorder", None)
        origin = made.origin_id if made else service.pk
        assert (
            Case.objects.filter(cause=CaseCause.FAILED, subject=f"instance:{origin}").count() == 1
        )
    counted = causes.counted(Case.objects.open())
    number = Case.objects.open().count()
    assert sum(group.number for group in counted) == number
    assert sum(sum(group.owners.values()) for group in counted) == number
    first = CaseEvent.Kind.OPENED
    assert all(kinds_of(case)[0] == first for case in held.values())
