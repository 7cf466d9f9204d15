"""What people do with cases: taken, put off, closed with a reason, and each time on record."""

from datetime import timedelta

import pytest
from django.utils import timezone

from resellers import cases
from resellers.models import AuditEntry, Case, CaseState
from tests import worlds
from tests.reordering import failed

pytestmark = pytest.mark.django_db


@pytest.fixture
def some() -> list[int]:
    for _ in range(3):
        failed()
    cases.keep()
    return list(Case.objects.values_list("pk", flat=True))


def test_what_is_taken_is_that_persons_and_each_case_is_on_record(some):
    person = worlds.user()

    worked = cases.take(some, by=person)

    assert len(worked.done) == 3
    assert set(Case.objects.values_list("owner", flat=True)) == {person.pk}
    taken = AuditEntry.objects.filter(event="case.taken")
    assert sorted(entry.body["case"] for entry in taken) == some


def test_what_has_changed_meanwhile_is_left_out_with_its_reason(some):
    person = worlds.user()
    cases.close(some[:1], end="with_wix", because="", by=person)

    worked = cases.take(some, by=person)

    assert [case.pk for case in worked.done] == some[1:]
    assert [(out.case.pk, out.why) for out in worked.left_out] == [
        (some[0], "It is closed: open it again first.")
    ]


def test_nobody_is_given_a_case_who_may_not_work_on_it(some):
    with pytest.raises(ValueError, match="may not work on cases"):
        cases.assign(some, to=worlds.user("viewer"), by=worlds.user())


def test_a_case_is_put_off_until_a_time_and_comes_back_by_itself(some):
    person = worlds.user()
    soon = timezone.now() + timedelta(hours=1)
    cases.snooze(some[:1], until=soon, because="Wix looks into it.", by=person)
    cases.keep()
    assert Case.objects.get(pk=some[0]).state == CaseState.SNOOZED

    Case.objects.filter(pk=some[0]).update(snoozed_until=timezone.now() - timedelta(seconds=5))
    cases.keep()

    case = Case.objects.get(pk=some[0])
    assert case.state == CaseState.OPEN
    assert [event.kind for event in case.events.order_by("id")] == ["opened", "snoozed", "woke"]
    assert case.events.get(kind="snoozed").words == "Wix looks into it."


def test_a_time_that_is_past_is_refused(some):
    past = timezone.now() - timedelta(seconds=1)
    with pytest.raises(ValueError, match="still to come"):
        cases.snooze(some, until=past, because="", by=worlds.user())


def test_another_reason_wants_words_and_an_unknown_one_is_none(some):
    person = worlds.user()

    with pytest.raises(ValueError, match="Say which reason"):
        cases.close(some, end="other", because=" ", by=person)
    with pytest.raises(ValueError, match="one of the reasons"):
        cases.close(some, end="delivered", because="", by=person)
    assert not Case.objects.exclude(state=CaseState.OPEN).exists()


@pytest.mark.parametrize("text", ["", " \n", "x" * 2001])
def test_a_note_that_is_empty_or_too_long_is_refused(some, text):
    with pytest.raises(ValueError, match=r"Write|At most 2000"):
        cases.note(some[:1], text, by=worlds.user())


def test_a_note_can_head_its_case(some):
    person = worlds.user()
    cases.note(some[:1], "Call them first.", by=person)
    case = Case.objects.get(pk=some[0])

    cases.pin(case.events.get(kind="note"), by=person)

    case.refresh_from_db()
    assert case.pinned.words == "Call them first."
    cases.unpin(case, by=person)
    case.refresh_from_db()
    assert case.pinned is None
