"""What a confirmation records, and when it records nothing: for every kind about a service."""

import re

import pytest
from django.utils import timezone

from resellers.models import AuditEntry, Operation, ProductInstance
from tests import worlds
from tests.dashboard.submitting import hidden_fields, plan_of, text

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_confirm_records_the_operation_and_leads_to_it(operator, case):
    sent = plan_of(operator, case, reason="asked by phone")

    answer = operator.post(case.address, sent)

    operation = Operation.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == f"/operations/{operation.pk}/"
    assert (operation.kind, operation.instance) == (case.kind, case.instance)
    assert (operation.requested_by, operation.reason) == (operator.user, "asked by phone")


def test_a_double_click_makes_one_operation(operator, case):
    sent = plan_of(operator, case)

    first = operator.post(case.address, sent)
    second = operator.post(case.address, sent)

    assert first["Location"] == second["Location"]
    assert Operation.objects.count() == 1


@pytest.mark.parametrize("state", ["queued", "succeeded"])
def test_a_used_confirmation_with_another_wish_records_nothing_and_says_so(operator, case, state):
    sent = plan_of(operator, case)
    operator.post(case.address, sent)
    first = Operation.objects.get()
    Operation.objects.update(state=state)
    other = dict.fromkeys([case.target], str(worlds.site(case.instance.account).pk))
    if case.kind == "adjust":
        other = {case.target: str(worlds.product("Another Plan").pk)}

    answer = operator.post(case.address, sent | other)

    assert answer.status_code == 409
    assert "This confirmation was used already" in text(answer)
    assert f'<a href="{first.get_absolute_url()}">' in answer.content.decode()
    assert list(Operation.objects.all()) == [first]
    assert AuditEntry.objects.filter(event="operation.not_recorded").count() == 1
    anew = hidden_fields(answer, "confirm")
    assert anew["request_id"] != sent["request_id"]
    assert anew[case.target] == other[case.target]


def test_a_confirmation_of_one_service_confirms_nothing_of_another(operator, case):
    sent = plan_of(operator, case)
    operator.post(case.address, sent)
    twin = worlds.instance(case.instance.package)

    answer = operator.post(case.address.replace(str(case.instance.pk), str(twin.pk)), sent)

    assert answer.status_code == 409
    assert "This confirmation was used already" in text(answer)
    assert Operation.objects.count() == 1


def test_each_plan_has_a_confirmation_of_its_own(operator, case):
    assert plan_of(operator, case)["request_id"] != plan_of(operator, case)["request_id"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("plan", ""),
        ("plan", "f" * 63),
        ("plan", "Ω" * 64),
        ("request_id", ""),
        ("request_id", "17"),
    ],
)
def test_a_malformed_confirmation_records_nothing_and_shows_the_plan_again(
    operator, case, name, value
):
    sent = plan_of(operator, case) | {name: value}

    answer = operator.post(case.address, sent)

    assert answer.status_code == 422
    assert "nothing was recorded" in text(answer)
    assert hidden_fields(answer, "confirm")["plan"]
    assert not Operation.objects.exists()


def test_a_confirmation_without_its_number_records_nothing(operator, case):
    sent = plan_of(operator, case)
    del sent["request_id"]

    answer = operator.post(case.address, sent)

    assert answer.status_code == 422
    assert not Operation.objects.exists()


def test_the_form_of_somebody_else_is_not_mine(log_in, case):
    mine, theirs = log_in("operator"), log_in("operator", "operator2")
    sent = plan_of(mine, case)
    mine.post(case.address, sent)
    Operation.objects.update(state="succeeded", finished_at=timezone.now())

    answer = theirs.post(case.address, sent)

    assert answer.status_code == 422
    assert "sent by somebody else" in text(answer)
    assert Operation.objects.count() == 1


def test_a_plan_that_moved_is_shown_anew_with_what_moved(operator, case):
    sent = plan_of(operator, case, reason="asked by phone")
    [(name, value)] = case.elsewhere.items()
    was = str(getattr(case.instance, name))
    ProductInstance.objects.filter(pk=case.instance.pk).update(**{name: value})

    answer = operator.post(case.address, sent)

    assert answer.status_code == 422
    assert f"was {was}, is now {value}" in text(answer)
    assert not Operation.objects.exists()
    again = hidden_fields(answer, "confirm")
    assert again["reason"] == "asked by phone"
    assert again["request_id"] != sent["request_id"]
    assert operator.post(case.address, again).status_code == 302


def test_a_plan_that_was_never_shown_is_shown_first(operator, case):
    sent = plan_of(operator, case) | {"plan": "0" * 64}

    answer = operator.post(case.address, sent)

    assert answer.status_code == 422
    assert hidden_fields(answer, "confirm")["plan"] != "0" * 64
    assert not Operation.objects.exists()


def test_a_service_that_failed_meanwhile_cannot_be_confirmed(operator, case):
    sent = plan_of(operator, case)
    ProductInstance.objects.filter(pk=case.instance.pk).update(status="FAILED")

    answer = operator.post(case.address, sent)

    assert answer.status_code == 422
    assert "was Enabled, is now Failed" in text(answer)
    with pytest.raises(LookupError):
        hidden_fields(answer, "confirm")


def test_of_two_people_one_moves_it_and_the_other_is_told_who(log_in, case):
    first, second = log_in("operator", "operator1"), log_in("operator", "operator2")
    one, other = plan_of(first, case), plan_of(second, case)

    assert first.post(case.address, one).status_code == 302
    answer = second.post(case.address, other)

    operation = Operation.objects.get()
    assert answer.status_code == 409
    doing = {"reassign": "moving", "adjust": "adjusting"}[case.kind]
    assert re.search(rf"operator1 is {doing} this \(\d+ s ago\)", text(answer))
    assert f'href="/operations/{operation.pk}/"' in answer.content.decode()


def test_the_refused_second_is_in_the_audit_trail(log_in, case):
    first, second = log_in("operator", "operator1"), log_in("operator", "operator2")
    one, other = plan_of(first, case), plan_of(second, case)
    first.post(case.address, one)

    second.post(case.address, other)

    entry = AuditEntry.objects.get(event="operation.not_recorded")
    assert entry.actor == second.user
