"""Who is told of what: in the bell, by mail, and each thing once."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from resellers import cases, notify
from resellers.models import (
    Case,
    CauseAlert,
    Delivery,
    Notice,
    NoticeKind,
    NotificationSettings,
    Operation,
    OperationAttempt,
    ProductInstance,
)
from tests import worlds
from tests.reordering import failed

pytestmark = pytest.mark.django_db


def somebody(role: str, name: str):
    """A colleague with an address, and no digest among the mails."""
    person = worlds.user(role, name, first_name=name.capitalize(), email=f"{name}@agency.example")
    NotificationSettings.objects.create(person=person, digest=False)
    return person


@pytest.fixture
def ada():
    return somebody("manager", "ada")


@pytest.fixture
def lena():
    return somebody("operator", "lena")


def opened(number: int = 1, **fields) -> list[int]:
    for _ in range(number):
        failed(**fields)
    before = set(Case.objects.values_list("pk", flat=True))
    cases.keep()
    return sorted(set(Case.objects.values_list("pk", flat=True)) - before)


def noticed(person, kind: str = "") -> list[int | None]:
    """The cases that the person's bell tells of."""
    notices = Notice.objects.filter(person=person, kind__contains=kind).order_by("pk")
    return list(notices.values_list("case", flat=True))


def subjects(person) -> list[str]:
    return list(
        Delivery.objects.filter(person=person).order_by("pk").values_list("subject", flat=True)
    )


def wants(person, **ways: str) -> None:
    NotificationSettings.objects.update_or_create(person=person, defaults={"mail": ways})


def delivered(pk: int) -> None:
    case = Case.objects.get(pk=pk)
    ProductInstance.objects.filter(pk=case.instance_id).update(
        status="ENABLED", status_since=timezone.now()
    )


def failed_again(pk: int) -> None:
    case = Case.objects.get(pk=pk)
    since = timezone.now() + timedelta(minutes=1)
    ProductInstance.objects.filter(pk=case.instance_id).update(status="FAILED", status_since=since)


def begun(operation: Operation, at) -> None:
    """The operation's first call went out then."""
    call = {"step": "read", "writes": False, "fence": 1, "idempotency_key": f"one-{operation.pk}"}
    attempt = OperationAttempt.objects.create(operation=operation, **call)
    OperationAttempt.objects.filter(pk=attempt.pk).update(sent_at=at)


def test_who_is_given_mentioned_or_had_a_case_that_comes_back_is_told_and_nobody_else(ada, lena):
    first, second = opened(2)

    cases.assign([first], to=lena, by=ada)
    cases.take([second], by=ada)
    cases.note([second], "@lena, @ada and @nobody: look at this.", by=ada)
    delivered(first)
    cases.keep()
    failed_again(first)
    cases.keep()

    assert noticed(lena, NoticeKind.ASSIGNED) == [first]
    assert noticed(lena, NoticeKind.MENTIONED) == [second]
    assert noticed(lena, NoticeKind.REGRESSED) == [first]
    assert noticed(ada) == []
    assert [subject.partition(":")[0] for subject in subjects(lena)] == [
        *("Ada gave you a case", "Ada mentioned you", "A case of yours came back"),
    ]
    assert "look at this" in Delivery.objects.get(kind="mentioned").body


def test_many_cases_at_once_are_one_mail_and_one_number_of_statements(ada, lena):
    some = opened(3)

    def statements(ids):
        with CaptureQueriesContext(connection) as found:
            cases.note(ids, "@lena", by=ada)
        return len([one for one in found if re.search("notice|delivery|webhook", one["sql"])])

    few = statements(some[:1])
    many = statements(some)

    assert many == few
    assert subjects(lena)[1] == "Ada mentioned you on 3 cases"
    assert noticed(lena) == [some[0], *some]


def test_each_chooses_what_is_mailed_at_once_and_without_a_server_nothing_is(ada, lena, settings):
    wants(lena, assigned="never", mentioned="digest")
    [case] = opened()

    cases.assign([case], to=lena, by=ada)
    cases.note([case], "@lena", by=ada)
    settings.MAIL_IS_ON = False
    cases.note([case], "@ada", by=lena)

    assert noticed(lena) == [case, case]
    assert noticed(ada) == [case]
    assert Delivery.objects.count() == 0


def test_of_a_cause_the_first_is_told_the_rest_are_counted_and_its_end_is_told_once(ada, lena):
    wants(lena, cause="at_once")
    some = opened(2, failure_code="OUT_OF_STOCK")
    notify.tell_what_is_due()
    assert subjects(lena) == ["Failed service (OUT_OF_STOCK)"]
    assert "2 cases so far: Business Plan" in Delivery.objects.get().body

    some += opened(12, failure_code="OUT_OF_STOCK")
    for _ in range(2):
        notify.tell_what_is_due()
    assert len(subjects(lena)) == 1
    CauseAlert.objects.update(announced_at=timezone.now() - timedelta(hours=2))
    for _ in range(2):
        notify.tell_what_is_due()
    assert subjects(lena)[1:] == ["12 more of Failed service (OUT_OF_STOCK)"]

    for pk in some:
        delivered(pk)
    cases.keep()
    for _ in range(2):
        notify.tell_what_is_due()
    assert subjects(lena)[2:] == ["Over: Failed service (OUT_OF_STOCK)"]
    assert subjects(ada) == []

    # What comes and goes is spoken of once an hour at most.
    opened(failure_code="OUT_OF_STOCK")
    notify.tell_what_is_due()
    assert len(subjects(lena)) == 3


def test_forty_causes_at_once_are_one_mail_and_take_no_more_statements_than_two(lena):
    wants(lena, cause="at_once")

    def statements(codes):
        for code in codes:
            failed(failure_code=code)
        cases.keep()
        with CaptureQueriesContext(connection) as found:
            notify.tell_what_is_due()
        return len(found)

    few = statements(["A", "B"])
    many = statements([f"CODE_{number}" for number in range(40)])

    assert many <= few
    assert [subject.partition(", and ")[2] for subject in subjects(lena)] == ["1 more", "39 more"]
    assert (
        "And 20 more." in Delivery.objects.last().body or "more." in Delivery.objects.first().body
    )


def test_a_case_that_nobody_took_for_a_day_is_told_to_managers_once(ada, lena):
    first, second, third = opened(3)
    cases.take([second], by=lena)
    day = timezone.now() - timedelta(days=1, minutes=1)
    Case.objects.filter(pk__in=[first, second]).update(opened_at=day)

    for _ in range(2):
        notify.tell_what_is_due()

    assert noticed(ada, NoticeKind.ESCALATED) == [first]
    assert noticed(lena, NoticeKind.ESCALATED) == []
    assert subjects(ada)[0].startswith("Waits for too long: Failed service: Business Plan")
    assert "Nobody has taken it for 24 h" in Delivery.objects.get(person=ada).body
    Case.objects.filter(pk=third).update(opened_at=day, regressed_at=timezone.now())
    notify.tell_what_is_due()
    assert noticed(ada) == [first]


def test_whoever_had_it_or_put_it_off_gives_it_a_day_of_its_own_again(ada, lena):
    given_back, woken, left = opened(3)
    cases.take([given_back], by=lena)
    cases.release([given_back], by=lena)
    cases.snooze([woken], until=None, because="", by=lena)
    cases.reopen([woken], by=lena)
    Case.objects.update(opened_at=timezone.now() - timedelta(days=3))

    notify.tell_what_is_due()

    assert noticed(ada, NoticeKind.ESCALATED) == [left]


def test_where_there_is_no_manager_an_admin_is_told(lena):
    admin = worlds.user("admin")
    [case] = opened()
    Case.objects.update(opened_at=timezone.now() - timedelta(days=2))

    notify.tell_what_is_due()

    assert (noticed(admin), noticed(lena)) == ([case], [])


def test_an_operation_past_its_time_is_told_to_who_asked_and_to_managers_once(ada, lena):
    def asked(minutes, **fields):
        operation = worlds.operation(worlds.instance(), by=lena, **fields)
        then = timezone.now() - timedelta(minutes=minutes)
        # Since an hour it has waited for its turn: that is nothing to tell.
        wanted = then - timedelta(hours=1)
        Operation.objects.filter(pk=operation.pk).update(requested_at=wanted)
        begun(operation, then)
        return operation.pk

    stuck = asked(3, state="confirming")
    order = asked(6, state="running", kind="create_package")
    asked(1, state="running")
    asked(4, state="running", kind="create_package")
    asked(600, state="confirming", kind="register_domain")
    asked(3, state="queued")
    asked(9, state="needs_attention")

    for _ in range(2):
        notify.tell_what_is_due()

    for person in (ada, lena):
        found = Notice.objects.filter(person=person).values_list("operation", flat=True)
        assert sorted(found) == [stuck, order]
        assert subjects(person) == ["2 things wait for too long"]


def test_while_wix_does_not_answer_or_writing_is_stopped_no_operation_is_late(ada, lena):
    from resellers import policy
    from resellers.mirror import figures

    operation = worlds.operation(worlds.instance(), by=lena, state="confirming")
    begun(operation, timezone.now() - timedelta(minutes=9))
    policy.set_read_only("Wix is being moved.", by=ada)
    notify.tell_what_is_due()
    policy.lift_read_only(by=ada)
    figures.note_unread("Wix answers 500.")
    notify.tell_what_is_due()
    assert Notice.objects.count() == 0

    figures.note_read()
    notify.tell_what_is_due()
    assert Notice.objects.count() == 2
