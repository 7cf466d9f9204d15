"""Cases open and close by themselves, as the mirror and the operations show what is wrong."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from resellers import cases
from resellers.cases import troubles
from resellers.mirror import figures
from resellers.models import (
    Case,
    CaseCause,
    CaseEnd,
    CaseState,
    Notice,
    Operation,
    OperationState,
    ProductInstance,
)
from resellers.operations import engine
from resellers.operations.decisions import finish_by_hand
from tests import practice, worlds
from tests.mirrors import read
from tests.reordering import carried_out, failed, order

pytestmark = pytest.mark.django_db


def only_case() -> Case:
    return Case.objects.get()


def kinds_of(case: Case) -> list[str]:
    """What happened to it, the oldest first."""
    return [event.kind for event in case.events.order_by("id")]


def become(service: ProductInstance, status: str, **values: Any) -> None:
    """What a reading would write of that service, and the cases with it."""
    values = {"status": status, "status_since": timezone.now(), **values}
    ProductInstance.objects.filter(pk=service.pk).update(**values)
    cases.keep_services([service.pk])


def test_a_service_that_fails_at_wix_opens_a_case_with_the_reading_that_finds_it(mirror):
    service = ProductInstance.objects.present().filter(status="PENDING").first()
    before = set(Case.objects.values_list("pk", flat=True))
    failure = {"code": "DELIVERY_TIMEOUT", "message": "It took too long."}

    practice.change(mirror.sandbox, service.pk, status="FAILED", failure=failure)
    read("full")

    case = Case.objects.exclude(pk__in=before).get(cause=CaseCause.FAILED)
    assert case.subject == f"instance:{service.pk}"
    assert (case.account_id, case.product_id) == (service.account_id, service.product_id)
    assert case.since is not None
    assert kinds_of(case) == ["opened"]


def test_the_first_reading_opens_one_case_for_each_failed_service(mirror):
    found = ProductInstance.objects.present().failed()

    held = Case.objects.filter(cause=CaseCause.FAILED)

    assert found.exists()
    assert set(held.values_list("instance", flat=True)) == set(found.values_list("pk", flat=True))
    cases.keep()
    assert held.count() == found.count()


def test_what_is_delivered_after_all_closes_its_case_and_says_so():
    service = failed()
    cases.keep()

    become(service, "ENABLED", failure_code="")

    case = only_case()
    assert (case.state, case.end) == (CaseState.CLOSED, CaseEnd.DELIVERED)
    assert kinds_of(case) == ["opened", "closed"]


@pytest.mark.parametrize(
    ("status", "gone", "end"),
    [("CANCELED", False, CaseEnd.CANCELED), ("FAILED", True, CaseEnd.GONE)],
)
def test_what_is_canceled_or_gone_closes_its_case(status, gone, end):
    service = failed()
    cases.keep()

    become(service, status, gone_at=timezone.now() if gone else None)

    assert (only_case().state, only_case().end) == (CaseState.CLOSED, end)


def test_an_order_in_its_place_closes_the_case_once_it_is_delivered_and_not_before():
    service = failed()
    cases.keep()
    wanted = order(service)
    again = carried_out(wanted, "PENDING")
    cases.keep_operation(wanted)
    assert only_case().state == CaseState.OPEN

    become(again, "ENABLED")

    case = only_case()
    assert (case.state, case.end) == (CaseState.CLOSED, CaseEnd.REORDERED)
    assert case.subject == f"instance:{service.pk}"


def test_an_order_in_its_place_that_fails_too_is_a_matter_of_the_same_case():
    service = failed(status_since=timezone.now() - timedelta(days=2))
    cases.keep()
    again = carried_out(order(service), "ENABLED")
    become(again, "ENABLED")
    assert only_case().is_closed

    become(again, "FAILED", failure_code="OUT_OF_STOCK")

    case = only_case()
    assert case.state == CaseState.OPEN
    assert case.regressed_at is not None
    assert (case.instance_id, case.code) == (again.pk, "OUT_OF_STOCK")
    assert kinds_of(case) == ["opened", "closed", "regressed"]


def test_an_order_in_its_place_that_fails_before_it_is_delivered_comes_back_to_its_owner():
    service = failed(status_since=timezone.now() - timedelta(days=2))
    cases.keep()
    lena = worlds.user("operator", "lena")
    cases.take([only_case().pk], by=lena)
    cases.snooze([only_case().pk], until=None, because="", by=lena)
    again = carried_out(order(service), "PENDING")
    cases.keep_services([again.pk])
    assert only_case().state == CaseState.SNOOZED

    become(again, "FAILED", failure_code="OUT_OF_STOCK")

    case = only_case()
    assert (case.state, case.owner, case.code) == (CaseState.OPEN, lena, "OUT_OF_STOCK")
    assert kinds_of(case) == ["opened", "taken", "snoozed", "regressed"]
    assert Notice.objects.get(person=lena).kind == "regressed"
    cases.keep()
    assert kinds_of(only_case())[4:] == []


def test_what_a_person_closed_stays_closed_until_it_fails_anew():
    service = failed()
    cases.keep()
    cases.close([only_case().pk], end="not_wanted", because="", by=worlds.user())

    cases.keep()
    assert only_case().is_closed

    become(service, "FAILED", status_since=timezone.now() + timedelta(minutes=1))
    case = only_case()
    assert case.state == CaseState.OPEN
    assert case.regressed_at is not None


def test_a_delivery_that_takes_too_long_opens_a_case_and_its_delivery_closes_it(settings):
    settings.CASES = {"STUCK_SECONDS": {"PENDING": 3600, "AWAITING_ACTION": 7200}}
    hours = timedelta(hours=1.5)
    late = worlds.instance(status="PENDING", status_since=timezone.now() - hours)
    worlds.instance(status="AWAITING_ACTION", status_since=timezone.now() - hours)

    cases.keep()

    case = only_case()
    assert (case.cause, case.instance_id, case.code) == (CaseCause.STUCK, late.pk, "PENDING")
    become(late, "ENABLED")
    assert (only_case().state, only_case().end) == (CaseState.CLOSED, CaseEnd.DELIVERED)


def test_a_stuck_service_that_fails_is_one_open_case_of_a_failed_one():
    late = worlds.instance(status="PENDING", status_since=timezone.now() - timedelta(days=9))
    cases.keep()

    become(late, "FAILED")

    assert Case.objects.unclosed().get().cause == CaseCause.FAILED


def test_an_operation_that_needs_a_person_opens_a_case_and_their_word_closes_it():
    operation = worlds.operation(state=OperationState.NEEDS_ATTENTION)
    cases.keep()
    case = only_case()
    assert (case.cause, case.operation_id) == (CaseCause.OPERATION, operation.pk)

    finish_by_hand(operation, by=worlds.user("manager"), succeeded=False, note="Done at Wix.")

    assert (only_case().state, only_case().end) == (CaseState.CLOSED, CaseEnd.SETTLED)


def test_a_move_that_wix_refuses_opens_a_case_as_it_ends(mirror, run_due):
    instance, target = mirror.movable()
    practice.faults(
        mirror.sandbox, {"match": "unassign", "effect": "refuse:PRODUCT_INSTANCE_NOT_FOUND"}
    )
    operation = worlds.planned(instance, worlds.wish("reassign", site_id=str(target.pk)))

    engine.run(operation.pk)

    operation.refresh_from_db()
    assert operation.state == OperationState.FAILED
    case = Case.objects.get(cause=CaseCause.OPERATION)
    assert (case.operation_id, case.code) == (operation.pk, "PRODUCT_INSTANCE_NOT_FOUND")


def test_a_refused_operation_is_over_once_somebody_asks_for_the_same_thing_again():
    operation = worlds.operation(state=OperationState.FAILED, finished_at=timezone.now())
    cases.keep()

    later = worlds.operation(operation.instance, by=operation.requested_by)
    cases.keep_operation(later)

    assert only_case().is_closed


def test_a_success_found_true_no_more_stays_a_case_until_it_is_true_again():
    drifted = timezone.now() - timedelta(days=30)
    operation = worlds.operation(state=OperationState.SUCCEEDED, drifted_at=drifted)
    cases.keep()
    assert only_case().state == CaseState.OPEN

    Operation.objects.filter(pk=operation.pk).update(drifted_at=None, drift_ended_at=Now())
    cases.keep_operation(operation)

    assert only_case().is_closed


def test_a_registration_past_its_48_hours_opens_a_case():
    account = worlds.account()
    values = {"kind": "register_domain", "subject": "domain:new.example", "state": "confirming"}
    asked = timezone.now() - timedelta(hours=49)
    service = worlds.instance(worlds.package(account))
    Operation.objects.filter(pk=worlds.operation(service).pk).update(**values, requested_at=asked)

    cases.keep()

    assert only_case().cause == CaseCause.REGISTRATION


def test_readings_that_fail_are_a_case_until_wix_can_be_read_again():
    figures.note_unread("Wix answers 500.")
    cases.keep()
    case = only_case()
    assert (case.cause, case.subject) == (CaseCause.READING, troubles.WIX)

    figures.note_read()
    cases.keep()

    assert (only_case().state, only_case().end) == (CaseState.CLOSED, CaseEnd.SETTLED)


@pytest.mark.once
def test_forty_cases_take_no_more_statements_than_ten():
    def statements(number: int) -> int:
        for _ in range(number):
            failed()
        with CaptureQueriesContext(
            connection,
        ) as caught:
            cases.keep()
        return len(caught)

    assert statements(10) == statements(40)
