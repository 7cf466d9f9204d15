"""A reading whose lists do not advance ends in words for staff and keeps nobody's calls."""

import pytest
from django.db.models import Count

from resellers.clock import database_now
from resellers.models import Account, Package, SyncRun, Unreadable
from tests import practice
from tests.mirrors import read

pytestmark = pytest.mark.django_db(transaction=True)

State = SyncRun.State


@pytest.mark.parametrize("effect", ["empty_page", "repeat_page"])
@pytest.mark.parametrize("kind", ["full", "incremental", "unsettled"])
def test_a_list_of_packages_that_does_not_go_on_ends_the_reading(mirror, kind, effect):
    practice.faults(mirror.sandbox, {"match": "query", "effect": effect})

    run = read(kind)

    assert run.state == State.FAILED
    assert "list of packages does not go on" in run.error
    assert run.calls <= 10


@pytest.mark.parametrize("kind", ["full", "unsettled"])
def test_a_cursor_that_is_refused_again_and_again_ends_the_reading(mirror, monkeypatch, kind):
    """Where the last row does not tell where to go on: all are of one moment, or by status."""
    monkeypatch.setattr("resellers.mirror.sync.reading.PAGE", 5)
    moment = database_now().isoformat()
    for package in Package.objects.order_by("id")[:12]:
        practice.change_package(mirror.sandbox, package.pk, createdDate=moment)
        for service in package.instances.all():
            practice.change(mirror.sandbox, service.pk, status="PENDING")
    practice.faults(mirror.sandbox, {"match": "query", "effect": "expired_cursor"})

    run = read(kind)

    assert run.state == State.FAILED
    assert "list of packages does not go on" in run.error
    assert run.calls <= 15


@pytest.mark.parametrize("effect", ["repeat_cursor", "cursor_loop"])
def test_cursors_that_lead_to_where_they_came_from_end_the_reading(mirror, monkeypatch, effect):
    """Each page comes in full, with a cursor that no reading has to distrust."""
    monkeypatch.setattr("resellers.mirror.sync.reading.PAGE", 5)
    practice.faults(mirror.sandbox, {"match": "query", "effect": effect})

    run = read("full")

    assert run.state == State.FAILED
    assert "list of packages does not go on" in run.error
    assert run.calls <= 15


@pytest.mark.parametrize("effect", ["repeat_cursor", "cursor_loop"])
def test_sites_whose_cursors_lead_to_where_they_came_from_are_noted_on_their_customer(
    mirror, monkeypatch, effect
):
    monkeypatch.setattr("resellers.mirror.sync.reading.PAGE", 1)
    account = Account.objects.annotate(held=Count("sites")).order_by("-held", "id").first()
    assert account.held > 2
    practice.faults(mirror.sandbox, {"match": "sites", "effect": effect})

    run = read("account", account=account)

    assert run.state == State.FAILED
    assert "list of sites does not go on" in run.error
    assert "list of sites does not go on" in Unreadable.objects.standing().get().message
    assert run.calls <= 30


@pytest.mark.parametrize("effect", ["empty_page", "repeat_page"])
def test_a_page_that_is_odd_once_or_twice_fails_nothing(mirror, effect):
    practice.faults(mirror.sandbox, {"match": "query", "effect": effect, "times": 2})

    assert read("full").state == State.SUCCEEDED


@pytest.mark.parametrize("effect", ["empty_page", "repeat_page"])
def test_a_customers_sites_that_do_not_go_on_are_noted_and_the_others_read(mirror, effect):
    Account.objects.update(sites_checked_at=None)
    practice.faults(mirror.sandbox, {"match": "sites", "effect": effect, "times": 7})

    run = read("full")

    assert run.state == State.SUCCEEDED, run.error
    refusal = Unreadable.objects.standing().get()
    assert "list of sites does not go on" in refusal.message
    assert Account.objects.filter(sites_checked_at=None).count() == 1


@pytest.mark.parametrize("effect", ["empty_page", "repeat_page"])
def test_child_accounts_that_do_not_go_on_end_the_reading_as_failed_after_all_else(
    mirror, monkeypatch, effect
):
    """Also where every offset shows the first of them again, and the number of all is reached."""
    monkeypatch.setattr("resellers.mirror.sync.children.CHILD_PAGE", 4)
    practice.faults(mirror.sandbox, {"match": "accounts", "effect": effect})

    run = read("full")

    assert run.state == State.FAILED
    assert "list of child accounts does not go on" in run.error
    assert run.packages_seen
    assert run.sites_seen
    assert not Account.objects.exclude(gone_at=None).exists()
