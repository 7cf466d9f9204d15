"""Many failed services are ordered again at once: planned, confirmed once, one order for each."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from resellers import audit, policy
from resellers.clock import in_seconds
from resellers.models import (
    AuditEntry,
    BulkRun,
    Change,
    Operation,
    PlannedChange,
    ProductInstance,
    Reorder,
)
from resellers.operations import bulk
from resellers.operations.bulk import Selection, releasing
from resellers.operations.plan import make_plan
from resellers.operations.requests import NotAllowed
from tests import worlds
from tests.operations.test_races import at_once
from tests.reordering import carried_out, failed, order

pytestmark = [pytest.mark.django_db]

VERB = bulk.VERBS["order_again"]


def chosen(*services, **more) -> Selection:
    return Selection(frozenset(one.pk for one in services), **more)


def planned(person, *services, **more) -> BulkRun:
    return bulk.plan_run(VERB, chosen(*services), by=person, **more)


def running(person, *services) -> BulkRun:
    run = planned(person, *services)
    return bulk.confirm(run, by=person, count=len(services))


def was_on(service, site) -> None:
    """As if it had stood on that site before it failed."""
    about = {"account": service.account, "instance": service}
    Change.objects.create(field="site", old=str(site.pk), new="", **about)


def outcomes(run) -> list[str]:
    return list(run.changes.order_by("number").values_list("outcome", flat=True))


def change_of(run, service) -> PlannedChange:
    return run.changes.get(instance=service)


def go_on(run) -> BulkRun:
    """The run's next look, whenever it is due."""
    BulkRun.objects.filter(pk=run.pk).update(next_run_at=Now())
    bulk.release(run.pk)
    run.refresh_from_db()
    return run


@pytest.fixture
def mailbox(db):
    return worlds.product("Mailbox", service_type="BUSINESS_MAIL")


def test_the_plan_says_of_each_service_what_would_come_of_it(person, mailbox):
    account = worlds.account()
    here = worlds.package(account)
    site = worlds.site(account)
    fine = failed(of=here, product=mailbox, failure_message="x")
    moved_from = failed(of=here, product=mailbox)
    was_on(moved_from, site)
    limited = worlds.product("Logo Pack", limit=1)
    last, too_many = (failed(of=here, product=limited) for _ in range(2))
    asked = failed(of=here, product=mailbox)
    order(asked, name="ord-1")
    hopeless = failed(of=here, product=mailbox, failure_code="EXTERNAL_FAILURE")
    unnamed = failed(of=here, product=worlds.product("", imported_at=None))
    alive = worlds.instance(here, site, product=mailbox)
    gone = failed(of=here, product=mailbox, gone_at=Now())

    run = planned(person, fine, moved_from, last, too_many, asked, hopeless, unnamed, alive, gone)

    told = {one.instance_id: (one.outcome, one.code) for one in run.changes.all()}
    assert told[fine.pk] == told[moved_from.pk] == ("planned", "")
    assert sorted([told[last.pk], told[too_many.pk]]) == [
        ("planned", ""),
        ("refused", "PRODUCT_LIMIT_EXCEEDED"),
    ]
    assert told[asked.pk] == ("unchanged", "ORDERED_AGAIN")
    assert change_of(run, asked).why.startswith("Ordered again as ord-1, ")
    assert told[hopeless.pk] == ("refused", "EXTERNAL_FAILURE")
    assert told[unnamed.pk] == ("refused", "INVALID_PRODUCTS")
    assert told[alive.pk] == ("unchanged", "NOT_FAILED")
    assert told[gone.pk] == ("refused", "PRODUCT_INSTANCE_NOT_FOUND")
    assert change_of(run, moved_from).wish["lines"][0]["site_id"] == str(site.pk)
    # What many are told is what one would be told by the plan of that very wish.
    for change in run.changes.waiting():
        plan = make_plan(account, worlds.wish("create_package", **change.wish))
        assert plan.fingerprint == change.fingerprint
        assert [row.after for row in plan.rows] == [row[3] for row in change.rows]
        assert plan.possible
    [shown] = AuditEntry.objects.filter(event="bulk.planned")
    assert shown.body["outcomes"] == {"planned": 3, "unchanged": 2, "refused": 4}


def test_a_plan_of_thirty_takes_as_many_statements_as_one_of_three(
    person, mailbox, django_assert_num_queries
):
    def some(number):
        found = [failed(product=mailbox) for _ in range(number)]
        for one in found:
            was_on(one, worlds.site(one.account))
        return found

    few, many = some(3), some(30)
    assert person.has_perm("resellers.operate")  # read once for both
    with CaptureQueriesContext(connection) as taken:
        planned(person, *few)
    with django_assert_num_queries(len(taken)):
        planned(person, *many)


def test_each_change_becomes_one_order_a_few_at_a_time_until_the_run_is_done(
    person, mailbox, settings
):
    settings.OPERATIONS = settings.OPERATIONS | {"BULK_AT_ONCE": 2}
    services = [failed(product=mailbox) for _ in range(3)]
    run = running(person, *services)

    assert outcomes(go_on(run)) == ["released", "released", "planned"]
    assert outcomes(go_on(run)) == ["released", "released", "planned"]  # nothing has ended
    first, second = Operation.objects.order_by("id")
    carried_out(first)
    Operation.objects.filter(pk=second.pk).update(state="failed", finished_at=Now())
    go_on(run)
    carried_out(Operation.objects.latest("id"))
    run = go_on(run)

    assert (run.state, run.finished_at is not None) == ("done", True)
    figures = bulk.figures_of(run)
    assert (figures.carried_out, figures.in_vain, figures.settled) == (2, 1, 3)
    assert {one.failed_id for one in Reorder.objects.all()} == {one.pk for one in services}
    assert Operation.objects.filter(requested_by=person, reason=run.reason).count() == 3
    again = bulk.plan_again(run, by=person)
    [left] = again.changes.all()
    assert (left.outcome, left.retry_of) == ("planned", second)
    assert again.retry_of == run


class Killed(BaseException):
    """As if the process had been killed: nothing of ours catches it."""


@pytest.mark.parametrize("point", ["releasing", "released"])
def test_a_releaser_that_dies_anywhere_leaves_one_order_for_each(
    person, mailbox, settings, monkeypatch, point
):
    settings.OPERATIONS = settings.OPERATIONS | {"BULK_AT_ONCE": 10}
    run = running(person, *(failed(product=mailbox) for _ in range(3)))
    arrivals = iter([None, Killed, None, None, Killed])

    def at(name, step=""):
        if name == point and (fault := next(arrivals, None)):
            raise fault

    monkeypatch.setattr(releasing.failpoints, "at", at)
    for _ in range(3):
        try:
            bulk.release(run.pk)
        except Killed:
            BulkRun.objects.filter(pk=run.pk).update(lease_until=None)

    assert outcomes(run) == ["released"] * 3
    made = Reorder.objects.values_list("failed", flat=True)
    assert sorted(made) == sorted(run.changes.values_list("instance", flat=True))
    assert list(audit.verify()) == []


def test_what_changed_since_the_plan_is_skipped_with_words_and_the_rest_goes_on(
    person, mailbox, settings
):
    settings.OPERATIONS = settings.OPERATIONS | {"BULK_AT_ONCE": 1_000}
    services = [failed(product=mailbox) for _ in range(5)]
    run = running(person, *services)
    delivered, asked, gone, recoded, kept = services
    of = ProductInstance.objects
    of.filter(pk=delivered.pk).update(status="ENABLED")
    of.filter(pk=gone.pk).update(gone_at=Now())
    of.filter(pk=recoded.pk).update(failure_code="EXTERNAL_FAILURE")
    order(asked, name="ord-7")

    go_on(run)

    assert change_of(run, kept).outcome == "released"
    why = {one.instance_id: one.why for one in run.changes.filter(outcome="skipped")}
    assert why[delivered.pk] == "It is enabled by now."
    assert why[asked.pk].startswith("Mailbox was ordered again as ord-7, ")
    assert why[gone.pk] == "Wix no longer shows it."
    assert why[recoded.pk] == "It has changed at Wix since the plan was made."
    assert AuditEntry.objects.filter(event="bulk.skipped").count() == 4


def test_pause_and_stop_take_effect_before_the_next_change(person, mailbox, settings):
    settings.OPERATIONS = settings.OPERATIONS | {"BULK_AT_ONCE": 1}
    run = running(person, *(failed(product=mailbox) for _ in range(3)))
    go_on(run)

    assert bulk.pause(run, by=person).state == "paused"
    carried_out(Operation.objects.get())
    assert outcomes(go_on(run)).count("released") == 1
    bulk.resume(run, by=person)
    policy.set_read_only("Stock-taking.", by=person)
    assert go_on(run).waiting_for
    assert outcomes(run).count("released") == 1
    policy.lift_read_only(by=person)
    assert outcomes(go_on(run)).count("released") == 2
    run = bulk.stop(run, by=person)
    assert (run.state, sorted(outcomes(go_on(run)))) == (
        "stopped",
        ["released", "released", "stopped"],
    )
    with pytest.raises(bulk.NotNow):
        bulk.resume(run, by=person)
    events = AuditEntry.objects.filter(event__startswith="bulk.").order_by("seq")
    assert [one.event for one in events][1:] == [
        "bulk.confirmed",
        "bulk.paused",
        "bulk.resumed",
        "bulk.stopped",
    ]


def test_who_may_order_no_more_has_the_run_paused(person, mailbox):
    run = running(person, failed(product=mailbox))
    person.groups.clear()

    assert go_on(run).state == "paused"
    assert "may not do this any more" in run.waiting_for
    assert not Operation.objects.exists()


def test_a_confirmation_wants_the_number_and_the_one_who_planned_it(person, mailbox):
    run = planned(person, *(failed(product=mailbox) for _ in range(21)))
    with pytest.raises(bulk.WrongCount):
        bulk.confirm(run, by=person, count=20)
    with pytest.raises(NotAllowed):
        bulk.confirm(run, by=worlds.user("operator", "other"), count=21)
    with pytest.raises(NotAllowed):
        planned(worlds.user("viewer"), failed(product=mailbox))
    run.refresh_from_db()
    assert run.is_planned
    BulkRun.objects.filter(pk=run.pk).update(planned_at=in_seconds(-90_000))
    with pytest.raises(bulk.Expired):
        bulk.confirm(run, by=person, count=21)


@pytest.mark.django_db(transaction=True)
def test_of_twenty_confirmations_and_two_runs_at_once_one_order_comes(mailbox):
    person = worlds.user("operator")
    service = failed(product=mailbox)
    form = uuid4()

    def leaving(act):
        def one():
            try:
                return act()
            finally:
                connection.close()

        return one

    plans = at_once([leaving(lambda: planned(person, service, request_id=form).pk)] * 4)
    assert len(set(plans)) == 1
    first = BulkRun.objects.get()
    second = planned(worlds.user("operator", "other"), service)
    at_once([leaving(lambda: bulk.confirm(first, by=person, count=1).pk)] * 4)
    bulk.confirm(second, by=second.by, count=1)
    at_once([leaving(lambda pk=pk: bulk.release(pk)) for pk in (first.pk, second.pk) * 2])
    for run in (first, second):
        go_on(run)

    assert Operation.objects.count() == 1
    assert AuditEntry.objects.filter(event="bulk.confirmed").count() == 2
    told = PlannedChange.objects.exclude(outcome="released").get()
    assert told.outcome == "skipped"
    assert "ordered again as" in told.why


def test_the_table_refuses_what_must_never_be(person, mailbox):
    run = running(person, failed(product=mailbox))
    [change] = run.changes.all()
    for wrong in ({"outcome": "released"}, {"outcome": "lost"}, {"wish": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            PlannedChange.objects.filter(pk=change.pk).update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlannedChange.objects.filter(pk=change.pk).update(operation=order(failed()))
