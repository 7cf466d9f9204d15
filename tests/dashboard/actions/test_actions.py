"""Asking for a change: form, plan, Confirm. What holds for every kind of it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from resellers import breaker
from resellers.models import AuditEntry, Operation, Package, ProductInstance, SyncRun
from tests import worlds
from tests.dashboard.submitting import hidden_fields, plan_of, text

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_the_form_offers_the_target_and_asks_for_a_reason(operator, case):
    answer = operator.get(case.address)

    assert answer.status_code == 200
    assert f'value="{case.fields[case.target]}"' in answer.content.decode()
    assert "Reason" in text(answer)
    assert "Show the plan" in text(answer)


def test_the_form_is_filled_in_from_the_address(operator, case):
    answer = operator.get(case.address, case.fields | {"reason": "asked by phone"})

    page = answer.content.decode()
    assert f'value="{case.fields[case.target]}" checked' in page
    assert "asked by phone</textarea>" in page


def test_looking_at_a_form_changes_nothing(operator, case):
    past = timezone.now() - timedelta(hours=3)
    Package.objects.filter(pk=case.instance.package_id).update(last_confirmed_at=past)

    operator.get(case.address)

    assert not SyncRun.objects.exists()
    assert not Operation.objects.exists()
    assert not AuditEntry.objects.exists()


def test_the_plan_is_shown_and_nothing_is_recorded(operator, case):
    answer = operator.post(case.address, case.fields | {"reason": "asked by phone"})

    assert answer.status_code == 200
    assert "None found, as of" in text(answer)
    assert "asked by phone" in text(answer)
    assert not Operation.objects.exists()


def test_what_was_shown_is_in_the_audit_trail(operator, case):
    sent = plan_of(operator, case)

    entry = AuditEntry.objects.get(event="plan.shown")
    assert entry.actor == operator.user
    assert entry.instance_id == case.instance.pk
    assert entry.body["fingerprint"] == sent["plan"]


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_viewer_may_not(viewer, case, method):
    answer = getattr(viewer, method)(case.address, case.fields)

    assert answer.status_code == 403
    assert not Operation.objects.exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_who_is_not_logged_in_is_sent_to_log_in(client, case, method):
    answer = getattr(client, method)(case.address, case.fields)

    assert answer.status_code == 302
    assert answer["Location"].startswith("/login/")
    assert not Operation.objects.exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_unknown_service_is_not_found(operator, case, method):
    address = case.address.replace(str(case.instance.pk), str(worlds.new_id()))

    answer = getattr(operator, method)(address, case.fields)

    assert answer.status_code == 404


def test_ids_are_understood_in_capital_letters(operator, case):
    shouted = case.address.replace(str(case.instance.pk), str(case.instance.pk).upper())

    answer = operator.post(shouted, case.fields | {case.target: case.fields[case.target].upper()})

    assert answer.status_code == 200, text(answer)


def test_other_methods_are_refused(operator, case):
    assert operator.put(case.address).status_code == 405
    assert operator.delete(case.address).status_code == 405


@pytest.mark.parametrize("typed", ["", "not-an-id", "1' OR '1'='1", "\0", "x" * 5000])
def test_a_bad_target_is_told_beside_its_field_and_the_reason_is_kept(operator, case, typed):
    answer = operator.post(case.address, {case.target: typed, "reason": "asked by phone"})

    assert answer.status_code == 422
    assert f'id="{case.target}-error"' in answer.content.decode()
    assert "asked by phone</textarea>" in answer.content.decode()


def test_a_target_that_exists_nowhere_is_refused_beside_its_field(operator, case):
    answer = operator.post(case.address, case.fields | {case.target: str(worlds.new_id())})

    assert answer.status_code == 422
    assert f'id="{case.target}-error"' in answer.content.decode()


def test_a_foreign_target_is_refused_beside_its_field(operator, case):
    answer = operator.post(case.address, case.fields | case.foreign)

    assert answer.status_code == 422
    assert f'id="{case.target}-error"' in answer.content.decode()


def test_a_foreign_target_is_refused_at_confirm_too(operator, case):
    sent = plan_of(operator, case) | case.foreign

    answer = operator.post(case.address, sent)

    assert answer.status_code == 422
    assert not Operation.objects.exists()


def test_a_reason_of_a_book_is_refused_and_kept(operator, case):
    answer = operator.post(case.address, case.fields | {"reason": "long " * 300})

    assert answer.status_code == 422
    assert 'id="reason-error"' in answer.content.decode()
    assert "long long" in answer.content.decode()


def test_the_form_says_that_somebody_is_at_it_already(log_in, case):
    first, second = log_in("operator", "operator1"), log_in("operator", "operator2")
    first.post(case.address, plan_of(first, case))

    answer = second.get(case.address)

    assert "operator1 is" in text(answer)


def test_while_writes_are_paused_nothing_is_recorded(operator, case):
    sent = plan_of(operator, case)
    breaker.pause_writes("Wix does not accept the key.")

    answer = operator.post(case.address, sent)

    assert answer.status_code == 409
    assert "Wix does not accept the key." in text(answer)
    assert not Operation.objects.exists()


@pytest.fixture
def no_broker():
    """A Celery application whose Redis is gone, in the place of ours: ours keeps its broker."""
    from celery import Celery

    from dashboard.celery import app

    options = {"max_retries": 0, "socket_connect_timeout": 1}
    lost = Celery(broker="redis://127.0.0.1:9/0", set_as_current=False)
    lost.conf.broker_transport_options = options
    lost.set_current()
    yield
    app.set_current()


def test_with_the_broker_away_a_confirmation_is_recorded_all_the_same(
    operator, case, no_broker, django_capture_on_commit_callbacks
):
    sent = plan_of(operator, case)

    with django_capture_on_commit_callbacks(execute=True) as wakes:
        answer = operator.post(case.address, sent)

    assert wakes
    assert answer.status_code == 302
    page = text(operator.get(answer["Location"]))
    assert "Recorded." in page
    assert "nothing was sent to Wix yet" in page


@pytest.mark.parametrize("status", ["FAILED", "CANCELED"])
def test_an_ended_service_offers_no_form(operator, case, status):
    ProductInstance.objects.filter(pk=case.instance.pk).update(status=status)

    form = operator.get(case.address)
    sent = operator.post(case.address, case.fields)

    assert "This cannot be done now" in text(form)
    assert "Show the plan" not in text(form)
    assert sent.status_code == 422


@pytest.mark.parametrize("state", ["failed", "rolled_back"])
def test_a_retry_is_a_new_operation_that_knows_the_old_one(operator, case, state):
    operator.post(case.address, plan_of(operator, case, reason="asked by phone"))
    Operation.objects.update(state=state, finished_at=timezone.now())
    old = Operation.objects.get()
    page = operator.get(old.get_absolute_url())

    planned = operator.post(case.address, hidden_fields(page, case.address))
    answer = operator.post(case.address, hidden_fields(planned, "confirm"))

    assert answer.status_code == 302, text(answer)
    new = Operation.objects.exclude(pk=old.pk).get()
    assert new.retry_of == old
    assert (new.wish, new.reason) == (old.wish, "asked by phone")


def test_only_an_ended_operation_of_this_service_is_tried_again(operator, case):
    foreign = worlds.operation(state="failed", finished_at=timezone.now())

    answer = operator.post(case.address, case.fields | {"retry_of": str(foreign.pk)})

    assert answer.status_code == 422
    assert "Only an ended operation of this very thing is tried again." in text(answer)


def test_remote_text_is_never_markup(operator, case):
    case.instance.account.name = "<script>alert(1)</script>"
    case.instance.account.save(update_fields=["name"])

    answer = operator.post(case.address, case.fields | {"reason": "<b>bold</b>"})

    assert "<script>alert" not in answer.content.decode()
    assert "<b>bold" not in answer.content.decode()


def test_a_post_without_the_token_is_refused(operator, case):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(operator.user)

    answer = strict.post(case.address, case.fields | {"plan": "0" * 64, "request_id": uuid4()})

    assert answer.status_code == 403
    assert not Operation.objects.exists()
