"""What failed is ordered again once: what was ordered in its place is linked, known and told."""

import importlib
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from resellers.models import (
    CatalogProduct,
    Operation,
    OperationState,
    ProductInstance,
    Reorder,
)
from resellers.operations.decisions import finish_by_hand
from resellers.operations.plan import make_plan
from resellers.operations.reorders import NOTHING, advise, ordered_again, reordered_words
from resellers.operations.requests import NotPossible, request_operation
from resellers.refusals import explain_failure
from tests import worlds
from tests.reordering import carried_out, failed, line, order, wish

pytestmark = pytest.mark.django_db

State = OperationState
SECOND = [("one_more", "ORDERED_AGAIN")]


def refused(wished: Any, of: ProductInstance, **more: Any) -> list[tuple[str, str]]:
    plan = make_plan(of.account, wished, **more)
    return [(refusal.field, refusal.code) for refusal in plan.refusals]


def ordered(service: ProductInstance) -> Any:
    return ordered_again([service]).get(service.pk, NOTHING)


def test_an_order_in_place_of_several_services_is_linked_to_each_line_by_line():
    one = failed()
    two = failed(of=one.package)

    made = order(two, one)

    links = made.reorders.order_by("line").values_list("line", "failed", "origin", "service")
    assert list(links) == [(0, two.pk, two.pk, None), (1, one.pk, one.pk, None)]
    assert made.instance is None, "it is about none of them alone"
    assert order(failed()).instance is not None


@pytest.mark.once
@pytest.mark.parametrize("state", ["queued", "running", "confirming", "needs_attention"])
def test_while_an_order_is_on_its_way_a_second_one_is_refused_unless_one_more_is_wanted(state):
    service = failed()
    first = order(service, state=state)

    assert refused(wish(service), service) == SECOND
    assert refused(wish(service, one_more_than=first.pk), service) == []


@pytest.mark.once
@pytest.mark.parametrize("status", ["PENDING", "AWAITING_ACTION", "ENABLED", "ON_HOLD"])
def test_what_was_delivered_or_is_being_delivered_wants_the_same_word(status):
    service = failed()
    first = order(service)
    carried_out(first, status)

    assert refused(wish(service), service) == SECOND
    assert refused(wish(service, one_more_than=first.pk), service) == []


@pytest.mark.once
@pytest.mark.parametrize("end", ["failed", "rolled_back", "canceled"])
def test_an_order_that_was_refused_or_withdrawn_keeps_nobody_from_another(end):
    service = failed()
    order(service, state=end, finished_at=timezone.now(), name="ord-1")

    assert refused(wish(service), service) == []
    how = "withdrawn" if end == "canceled" else "refused by Wix"
    words = reordered_words(ordered(service).relevant)
    assert (words[:23], words.rpartition(", ")[2]) == ("ordered again as ord-1,", how)


@pytest.mark.once
@pytest.mark.parametrize(
    ("became", "how"),
    [
        ({"status": "FAILED"}, "failed"),
        ({"status": "CANCELED"}, "canceled"),
        ({"gone_at": timezone.now()}, "gone from Wix"),
    ],
)
def test_what_was_delivered_in_vain_keeps_nobody_from_another_order_and_is_told(became, how):
    service = failed()
    carried_out(order(service, name="ord-1"), **became)

    assert refused(wish(service), service) == []
    assert ordered(service).in_effect is None
    assert how in reordered_words(ordered(service).relevant)


def test_who_ticked_for_one_order_does_not_order_beside_a_later_one_unseen():
    """Two people knew of the first order, and each wanted one more: the second one is told."""
    service = failed()
    first = order(service)
    carried_out(first)
    order(service)

    assert refused(wish(service, one_more_than=first.pk), service) == SECOND


def test_what_was_ordered_in_its_place_and_failed_too_leads_to_the_one_that_was_delivered():
    """From the page of the first failure a second one could be bought beside the third."""
    first = failed()
    second = carried_out(order(first), "FAILED")
    third = carried_out(order(second))

    for one in (first, second):
        assert ordered(one).in_effect.service == third
        assert refused(wish(one), one) == SECOND
    assert {link.origin_id for link in Reorder.objects.all()} == {first.pk}


def test_one_ordered_from_the_first_failures_page_counts_for_the_later_one():
    first = failed()
    second = carried_out(order(first), "FAILED")

    third = carried_out(order(first))

    assert ordered(second).in_effect.service == third


def test_one_more_that_was_there_before_does_not_stand_in_for_one_that_fails_later():
    """Two were wanted: when one of them fails, one is missing."""
    service = failed()
    first = carried_out(order(service))
    carried_out(order(service))
    first.status, first.status_since = "FAILED", timezone.now()
    first.save(update_fields=["status", "status_since"])

    assert ordered(first).in_effect is None
    assert refused(wish(first), first) == []


def test_the_database_and_the_rows_say_the_same_of_what_is_in_effect():
    services = []
    for state in State.values:
        services.append(failed())
        order(services[-1], state=state)
    for status in ("PENDING", "ENABLED", "FAILED", "CANCELED", "ON_HOLD"):
        services.append(failed())
        services.append(carried_out(order(services[-1]), status))
    services.append(failed())
    carried_out(order(services[-1]), gone_at=timezone.now())
    services.append(carried_out(order(services[4])))
    for status in ("ENABLED", "CANCELED"):
        services.append(failed())
        got = carried_out(order(services[-1]), status)
        Reorder.objects.filter(service=got).update(service=None)

    found = ordered_again(services)

    in_effect = {id_ for id_, one in found.items() if one.in_effect}
    rows = ProductInstance.objects.filter(pk__in=[one.pk for one in services])
    assert {one.pk for one in rows.ordered_again()} == in_effect
    assert {one.pk for one in Reorder.objects.in_effect()} == {
        one.pk for one in Reorder.objects.all() if one.in_effect
    }
    assert 0 < len(in_effect) < len(found)


def test_one_query_tells_of_any_number_of_services(django_assert_num_queries):
    services = [failed() for _ in range(5)]
    for service in services:
        carried_out(order(service))

    with django_assert_num_queries(1):
        words = [reordered_words(one.relevant) for one in ordered_again(services).values()]

    assert len(words) == len(services)


@pytest.mark.once
def test_nobody_is_advised_to_order_again_what_was_ordered():
    service = failed()
    plain = advise(service, ordered(service)).known
    made = order(service)

    assert plain == explain_failure("DELIVERY_TIMEOUT")
    for state, who in (("queued", "dashboard"), ("needs_attention", "we")):
        Operation.objects.update(state=state)
        known = advise(service, ordered(service)).known
        assert (known.who, "rder it again" in known.next_step) == (who, False)
    got = carried_out(made, "PENDING")
    for status, who in (("PENDING", "wix"), ("AWAITING_ACTION", "customer"), ("ENABLED", "nobody")):
        ProductInstance.objects.filter(pk=got.pk).update(status=status)
        known = advise(service, ordered(service)).known
        assert (known.who, "rder it again" in known.next_step) == (who, False)
    ProductInstance.objects.filter(pk=got.pk).update(status="FAILED")
    assert advise(service, ordered(service)).known == plain


@pytest.mark.once
def test_a_line_is_in_place_of_a_failed_service_of_that_account_and_no_two_of_one():
    service, other = failed(), failed()
    living = worlds.instance(service.package)
    lines = [line(service), line(service), line(other), line(living)]
    wished = worlds.wish("create_package", external_id="ord-1", lines=lines)

    found = refused(wished, service)

    assert found == [
        ("lines-1-again_of", "AGAIN_TWICE"),
        ("lines-2-again_of", "NOT_FAILED"),
        ("lines-3-again_of", "NOT_FAILED"),
    ]


@pytest.mark.once
def test_a_refused_order_that_was_tried_again_is_not_tried_a_second_time_in_silence():
    """Retry stands on the page of the refused order for ever, whatever came of it since."""
    account, product = worlds.account(), worlds.product()
    plain = {"product_id": str(product.pk), "site_id": "", "cycle": "1 YEAR", "country": "DE"}

    def wished(name: str, **more: Any) -> Any:
        return worlds.wish("create_package", external_id=name, lines=[plain], **more)

    past = worlds.planned(account, wished("ord-1"), state="failed", finished_at=timezone.now())
    retry = {"retry_of": past, "finished_at": timezone.now()}
    worlds.planned(account, wished("ord-2"), state="failed", **retry)
    again = make_plan(account, wished("ord-4"), retry_of=past)
    second = worlds.planned(account, wished("ord-3"), state="succeeded", **retry)

    assert again.possible
    found = make_plan(account, wished("ord-4"), retry_of=past).refusals
    assert [(one.field, one.code) for one in found] == SECOND
    assert "tried again as ord-3" in found[0].words
    assert make_plan(account, wished("ord-4", one_more_than=second.pk), retry_of=past).possible
    assert make_plan(account, wished("ord-4")).possible, "an order of its own"


@pytest.mark.once
def test_on_a_persons_word_the_order_is_linked_to_the_only_package_of_its_name():
    service = failed()
    made = order(service, name="ord-1", state="needs_attention")
    got = worlds.instance(
        worlds.package(service.account, external_id="ord-1"), product=service.product
    )

    finish_by_hand(made, by=made.requested_by, succeeded=True, note="it is there")

    assert made.reorders.get().service == got


def test_what_rows_of_before_tell_of_orders_made_again_is_linked():
    first = failed()
    operation = order(first, name="ord-1")
    second = carried_out(operation, "FAILED")
    refused_one = order(second, state="failed", finished_at=timezone.now())
    for one in (operation, refused_one):
        lines = [
            {name: text for name, text in each.items() if name != "again_of"}
            for each in one.wish["lines"]
        ]
        Operation.objects.filter(pk=one.pk).update(wish=one.wish | {"lines": lines})
    expected = list(
        Reorder.objects.order_by("pk").values("operation", "failed", "origin", "service")
    )
    Reorder.objects.all().delete()

    importlib.import_module("resellers.migrations.0021_orders_made_again_so_far").fill(apps, None)

    found = Reorder.objects.order_by("pk").values("operation", "failed", "origin", "service")
    assert list(found) == expected


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_confirm_at_once_one_orders_and_the_other_is_told():
    service = failed()
    people = [worlds.user("operator", name) for name in ("first", "second")]
    wishes = [wish(service), wish(service)]
    plans = [make_plan(service.account, one) for one in wishes]
    start = threading.Barrier(2)

    def confirm(number: int) -> Operation | NotPossible:
        try:
            start.wait(30)
            return request_operation(
                service.account,
                wishes[number],
                by=people[number],
                request_id=uuid4(),
                fingerprint=plans[number].fingerprint,
            )
        except NotPossible as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(confirm, range(2)))

    [turned_down] = [one for one in answers if isinstance(one, NotPossible)]
    assert [(one.field, one.code) for one in turned_down.plan.refusals] == SECOND
    assert Operation.objects.get().reorders.get().failed == service


@pytest.mark.django_db(transaction=True)
def test_what_comes_of_an_order_is_linked_to_what_it_is_in_place_of(mirror, run_due):
    """Of two services of one product the site tells them apart, and a line more is nobody's."""
    mailbox = CatalogProduct.objects.get(name="Mailbox Starter")
    newsletter = CatalogProduct.objects.get(name="Newsletter Basic")
    site = next(
        s.site
        for s in ProductInstance.objects.live().select_related("site__account")
        if s.site and s.site.usable and not s.site.account.is_main
    )
    account = site.account
    package = worlds.package(account)
    lost = [failed(of=package, product=mailbox), failed(of=package, product=mailbox)]
    lines = [
        line(lost[0]),
        {**line(lost[0], product_id=str(newsletter.pk)), "again_of": ""},
        line(lost[1], site_id=str(site.pk)),
    ]
    wished = worlds.wish("create_package", external_id="ord-again", lines=lines)
    plan = make_plan(account, wished)
    assert plan.possible, plan.refusals

    made = request_operation(
        account, wished, by=worlds.user(), request_id=uuid4(), fingerprint=plan.fingerprint
    )
    run_due()

    assert worlds.end(made).state == State.SUCCEEDED, made.outcome
    links = {link.failed_id: link.service for link in made.reorders.all()}
    assert {one.package_id for one in links.values()} == {made.package_id}
    assert [links[one.pk].site_id for one in lost] == [None, site.pk]
    assert {one.product for one in links.values()} == {mailbox}
    assert all(ordered(one).in_effect for one in lost)
