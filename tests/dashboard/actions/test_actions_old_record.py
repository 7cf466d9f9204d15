"""A plan on a record that is old: it is read again meanwhile, and Confirm stays usable."""

from datetime import timedelta

import pytest
from django.utils import timezone

from resellers.models import AuditEntry, Package, SyncRun
from tests import worlds
from tests.dashboard.submitting import hidden_fields, plan_of, text

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def make_old(instance, **age):
    past = timezone.now() - timedelta(**age)
    Package.objects.filter(pk=instance.package_id).update(last_confirmed_at=past)


def test_a_fresh_record_is_not_read_again(operator, case):
    plan_of(operator, case)

    assert not SyncRun.objects.exists()


def test_an_old_record_is_read_again_and_confirm_stays_usable(operator, case):
    make_old(case.instance, minutes=6)

    answer = operator.post(case.address, case.fields)

    run = SyncRun.objects.get()
    assert (run.kind, run.package) == (SyncRun.Kind.PACKAGE, case.instance.package)
    assert "Asking Wix…" in text(answer)
    assert "6 min ago" in text(answer)
    assert operator.post(case.address, hidden_fields(answer, "confirm")).status_code == 302


def poll(client, case, answer):
    sent = hidden_fields(answer, "asking")
    return client.post(
        case.address, sent, headers={"HX-Request": "true", "HX-Target": "plan", "X-Poll": "1"}
    )


def test_the_plan_waits_for_the_reading_without_being_drawn_anew(operator, case):
    make_old(case.instance, minutes=6)
    answer = operator.post(case.address, case.fields)

    polled = poll(operator, case, answer)

    assert polled.status_code == 204
    assert SyncRun.objects.count() == 1
    assert AuditEntry.objects.filter(event="plan.shown").count() == 1


def test_the_new_plan_is_swapped_in_when_the_reading_has_ended(operator, case):
    make_old(case.instance, minutes=6)
    answer = operator.post(case.address, case.fields | {"reason": "asked by phone"})
    SyncRun.objects.update(state="succeeded", finished_at=timezone.now())
    make_old(case.instance, seconds=0)

    polled = poll(operator, case, answer)

    assert polled.status_code == 200
    assert "<html" not in polled.content.decode()
    assert "every 1s" not in polled.content.decode()
    assert hidden_fields(polled, "confirm")["reason"] == "asked by phone"


def test_a_reading_that_fails_is_told_and_not_repeated_by_itself(operator, case):
    make_old(case.instance, minutes=6)
    answer = operator.post(case.address, case.fields)
    SyncRun.objects.update(state="failed", finished_at=timezone.now(), error="Wix does not answer.")

    polled = poll(operator, case, answer)

    assert polled.status_code == 200
    assert "Wix could not be asked: Wix does not answer." in text(polled)
    assert "every 1s" not in polled.content.decode()
    assert SyncRun.objects.count() == 1
    assert hidden_fields(polled, "confirm")["plan"]


def test_the_reading_of_another_package_is_none_of_this_plans(operator, case):
    make_old(case.instance, minutes=6)
    foreign = worlds.package()
    other = SyncRun.objects.create(
        kind="package", subject=f"package:{foreign.pk}", package=foreign, account=foreign.account
    )

    operator.post(case.address, case.fields | {"run": str(other.pk)})

    assert SyncRun.objects.filter(package=case.instance.package).count() == 1


@pytest.mark.parametrize("run", ["0", "999999999", "-1", "x", "9" * 60])
def test_a_nonsense_reading_is_as_none(operator, case, run):
    make_old(case.instance, minutes=6)

    answer = operator.post(case.address, case.fields | {"run": run})

    assert answer.status_code == 200
