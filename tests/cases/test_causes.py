"""What many cases have in common: their causes, how long deliveries take, what worked before."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from resellers import cases
from resellers.cases import causes, delivery_times
from resellers.cases.causes import Cause
from resellers.cases.worked_before import worked_before
from resellers.models import (
    AuditEntry,
    Case,
    CaseCause,
    CauseNote,
    Change,
    DeliveryTime,
    OperationState,
    ProductInstance,
)
from tests import worlds
from tests.reordering import carried_out, failed, order

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def deliveries(product, minutes, *, old="PENDING"):
    """So many services of that product, each delivered so many minutes after it was ordered."""
    account, now = worlds.account(), timezone.now()
    package = worlds.package(account)
    services = ProductInstance.objects.bulk_create(
        ProductInstance(
            id=worlds.new_id(),
            account=account,
            package=package,
            product=product,
            status="ENABLED",
            created_at=now - timedelta(days=2),
        )
        for _ in minutes
    )
    Change.objects.bulk_create(
        Change(
            at=now - timedelta(days=2) + taken * MINUTE,
            account=account,
            package=package,
            instance=service,
            field="status",
            old=old,
            new="ENABLED",
        )
        for service, taken in zip(services, minutes, strict=True)
    )


def test_stuck_is_what_takes_longer_than_95_of_100_of_its_product_and_than_the_setting(settings):
    settings.CASES = {"STUCK_SECONDS": {"PENDING": 600, "AWAITING_ACTION": 600}}
    slow, quick, rare = worlds.product("Slow"), worlds.product("Quick"), worlds.product("Rare")
    deliveries(slow, [*range(1, 95), *[120] * 6])
    deliveries(quick, [1] * 20)
    deliveries(rare, [120] * 19)
    since = timezone.now() - 100 * MINUTE
    usual = worlds.instance(product=slow, status="PENDING", status_since=since)
    for product in (quick, rare):
        worlds.instance(product=product, status="PENDING", status_since=since)
    late = worlds.instance(product=slow, status="PENDING", status_since=since - 21 * MINUTE)

    delivery_times.recount()
    with CaptureQueriesContext(connection) as few:
        cases.keep()

    assert DeliveryTime.objects.get(product=slow).p95_seconds == 120 * 60
    stuck = set(Case.objects.filter(cause=CaseCause.STUCK).values_list("instance", flat=True))
    waiting = ProductInstance.objects.filter(status="PENDING")
    assert stuck == set(waiting.values_list("pk", flat=True)) - {usual.pk}
    assert late.pk in stuck
    for _ in range(5):
        worlds.instance(product=slow, status="PENDING", status_since=since)
    with CaptureQueriesContext(connection) as more:
        cases.keep()
    assert len(more) <= len(few)


def test_what_was_delivered_long_ago_says_nothing_of_the_next_delivery():
    product = worlds.product()
    deliveries(product, [5] * 20)
    delivery_times.recount()
    assert DeliveryTime.objects.get().known == 20

    Change.objects.update(at=timezone.now() - timedelta(days=200))
    delivery_times.recount()

    assert not DeliveryTime.objects.exists()


def test_causes_are_counted_in_one_statement_with_their_products_and_owners():
    plan, mail = worlds.product("Core"), worlds.product("Mailbox")
    for product in (plan, plan, mail):
        failed(product=product)
    failed(failure_code="UNKNOWN")
    worlds.operation(state=OperationState.NEEDS_ATTENTION, outcome_code="CONFUSED")
    refused = {"state": OperationState.FAILED, "finished_at": timezone.now()}
    worlds.operation(outcome_code="PRODUCT_LIMIT_EXCEEDED", **refused)
    cases.keep()
    person = worlds.user("manager")
    cases.take(Case.objects.filter(product=mail).values_list("pk", flat=True), by=person)

    with CaptureQueriesContext(connection) as queries:
        found = causes.counted(Case.objects.open())

    assert len(queries) == 1
    assert [(group.cause, group.number) for group in found] == [
        (Cause("attention"), 1),
        (Cause("failed", "DELIVERY_TIMEOUT"), 3),
        (Cause("failed", "UNKNOWN"), 1),
        (Cause("refused", "PRODUCT_LIMIT_EXCEEDED"), 1),
    ]
    timed_out = found[1]
    assert timed_out.owners == {None: 2, person.pk: 1}
    assert {name: part.number for (_, name), part in timed_out.products.items()} == {
        "Core": 2,
        "Mailbox": 1,
    }
    assert sum(group.number for group in found) == Case.objects.open().count()


def test_how_second_orders_ended_is_counted_and_what_is_under_way_is_not():
    now = timezone.now()
    for status in ("ENABLED", "ENABLED", "FAILED", "PENDING"):
        service = failed()
        again = carried_out(order(service, requested_at=now - 30 * MINUTE), status)
        if status == "ENABLED":
            Change.objects.create(
                at=now - 24 * MINUTE,
                account=again.account,
                instance=again,
                field="status",
                old="PENDING",
                new="ENABLED",
            )
    failed(failure_code="UNKNOWN")
    cases.keep()
    open_ = Case.objects.open().filter(code="DELIVERY_TIMEOUT")
    cases.close([open_.first().pk], end="with_wix", because="", by=worlds.user("manager"))

    found = worked_before(Cause("failed", "DELIVERY_TIMEOUT"))

    assert (found.ordered, found.delivered) == (3, 2)
    assert found.took == 6 * MINUTE
    assert found.with_wix == 1
    assert worked_before(Cause("failed", "UNKNOWN")).ordered == 0


def test_what_the_team_notes_on_a_cause_stands_until_it_is_written_anew_and_is_on_record():
    cause, person = Cause("failed", "UNKNOWN"), worlds.user("manager")
    causes.write_note(cause, "Call Wix first.", by=person)
    causes.write_note(cause, "Mail Wix first.", by=person)

    assert causes.notes_of([cause, Cause("reading")])[cause].text == "Mail Wix first."
    last = AuditEntry.objects.filter(event="cause.noted").latest("seq")
    assert (last.body["before"], last.body["text"]) == ("Call Wix first.", "Mail Wix first.")
    with pytest.raises(ValueError, match="At most 2000"):
        causes.write_note(cause, "x" * 1_000_000, by=person)
    assert CauseNote.objects.get().text == "Mail Wix first."


def test_colleagues_that_a_note_mentions_are_kept_with_it_and_nobody_else():
    for name in ("lena", "tom.b", "away"):
        worlds.user("viewer", name, is_active=name != "away")
    failed()
    cases.keep()
    case = Case.objects.get()

    text = "Ask @Lena, then (@tom.b). Not @nobody, @away or lena@example.com; @lena again."
    cases.note([case.pk], text, by=worlds.user())

    assert case.events.get(kind="note").body["mentions"] == ["lena", "tom.b"]


def test_what_only_wix_can_help_with_is_not_to_be_ordered_again_before_wix_was_asked():
    for code in ("DELIVERY_TIMEOUT", "EXTERNAL_FAILURE"):
        failed(failure_code=code)
    cases.keep()

    def why() -> dict[str, str]:
        read = Case.objects.with_kind().with_reported()
        return {case.code: causes.no_use_ordering(case) for case in read}

    assert why()["DELIVERY_TIMEOUT"] == ""
    assert "Ask Wix B2B" in why()["EXTERNAL_FAILURE"]
    cases.reported(Case.objects.values_list("pk", flat=True), by=worlds.user())
    assert why()["EXTERNAL_FAILURE"] == ""
