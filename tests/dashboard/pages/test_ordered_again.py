"""What was ordered in place of a failed service is said on both records, in lists and in search."""

import csv
import io
import re

import pytest
from django.utils import timezone
from django.utils.html import escape

from resellers import cases
from resellers.models import Case, Operation
from tests import worlds
from tests.dashboard import submitting
from tests.dashboard.submitting import hidden_fields, pressed_again
from tests.reordering import carried_out, failed, order

pytestmark = [pytest.mark.django_db, pytest.mark.once]

ADVICE = "Order it again as a new package."
ONE_MORE = "Order one more"


@pytest.fixture
def service():
    return failed(product=worlds.product("Mailbox"))


def text(answer) -> str:
    """The words as people see them: no gap before a comma, and how long the test took left out."""
    words = re.sub(r" ([,.])", r"\1", submitting.text(answer))
    return re.sub(r"\b\d s ago", "just now", words)


def said_of_it(answer) -> str:
    """The words without those of the bar for ticked rows, which is about no row of its own."""
    page = answer.content.decode()
    bar = re.compile(r'<form id="picked".*?</form>', re.DOTALL)
    answer.content = bar.sub("", page)
    return text(answer)


def again(service) -> str:
    return f"/packages/new/?account={service.account_id}&again_of={service.pk}"


def address(service) -> str:
    return f"/packages/new/?account={service.account_id}"


def places(service) -> dict[str, str]:
    """Where staff meet the failed service, by what it is."""
    return {
        "its page": service.get_absolute_url(),
        "its package's page": service.package.get_absolute_url(),
        "its account's page": service.account.get_absolute_url(),
        "the list of failures": "/failures/failed-services/",
        "the list of services": "/instances/?status=FAILED",
        "search": "/search/?q=mailbox",
    }


@pytest.mark.parametrize("status", ["PENDING", "ENABLED", "on its way"])
def test_wherever_it_is_shown_it_is_said_to_be_ordered_again_and_nobody_is_told_to(
    operator, service, status
):
    made = order(service, name="ord-1")
    how = "waiting" if status == "on its way" else status.lower()
    if status != "on its way":
        carried_out(made, status)

    for where, path in places(service).items():
        words = said_of_it(operator.get(path))
        assert "ordered again" in words, where
        assert f", {how}" in words, where
        assert "Order again" not in words, where
        assert "rder it again" not in words, where
    assert "ordered again as ord-1, just now, " in text(operator.get(service.get_absolute_url()))


def test_the_case_of_what_was_ordered_again_keeps_the_button_off_and_says_why(operator, service):
    cases.keep()
    made = order(service, name="ord-1")
    case = Case.objects.get()
    cases.take([case.pk], by=operator.user)
    link = f'href="{escape(again(service))}"'

    for path in ("/failures/", case.get_absolute_url()):
        page = operator.get(path).content.decode()
        assert link not in page, path
        assert "It is ordered again already: wait for it." in page, path
    assert (
        f'href="{made.get_absolute_url()}" aria-label="Watch: '
        in operator.get("/failures/").content.decode()
    )
    Operation.objects.update(state="failed", finished_at=timezone.now())
    assert link in operator.get("/failures/").content.decode()


@pytest.mark.parametrize(
    ("end", "how"),
    [("refused", "refused by Wix"), ("failed again", "failed"), ("canceled", "canceled")],
)
def test_what_came_to_nothing_is_told_beside_the_advice_to_order_again(operator, service, end, how):
    made = order(service, name="ord-1")
    if end == "refused":
        Operation.objects.update(state="failed", finished_at=timezone.now())
    else:
        carried_out(made, {"failed again": "FAILED", "canceled": "CANCELED"}[end])

    page = text(operator.get(service.get_absolute_url()))

    assert f"{ADVICE} It was ordered again as ord-1, just now, {how}." in page
    assert "Order again" in page
    assert f"Mailbox was ordered again as ord-1, just now, {how}." in text(
        operator.get(again(service))
    )
    assert ONE_MORE not in text(operator.get(again(service)))


def test_both_records_lead_to_each_other(operator, service):
    got = carried_out(order(service, name="ord-1"))

    old = operator.get(service.get_absolute_url())
    new = operator.get(got.get_absolute_url())

    assert f'href="{got.get_absolute_url()}"' in old.content.decode()
    assert f'href="{service.get_absolute_url()}"' in new.content.decode()
    assert f"Ordered in place of Mailbox in {service.package}, which had failed" in text(new)
    timeline = text(operator.get(f"{got.get_absolute_url()}?tab=timeline"))
    assert "ord-1 was ordered for " in timeline


def test_an_orders_page_says_in_place_of_what_it_is_and_what_else_was_ordered(operator, service):
    first, second = order(service, name="ord-1"), order(service, name="ord-2")
    carried_out(first)

    page = text(operator.get(second.get_absolute_url()))

    assert f"Mailbox in {service.package}: its order: waiting" in page
    assert "Mailbox was ordered again as ord-1, just now, enabled" in page


def test_a_second_order_is_refused_beside_its_box_until_it_is_ticked(operator, service):
    carried_out(order(service, name="ord-1"))
    form = operator.get(again(service))
    sent = pressed_again(form, address(service))

    refused = operator.post(address(service), sent)

    assert refused.status_code == 422
    words = text(refused)
    assert "Mailbox was ordered again as ord-1, just now, enabled." in words
    assert 'id="one_more-error"' in refused.content.decode()
    assert "one_more" not in pressed_again(refused, address(service))
    ticked = pressed_again(refused, address(service)) | {
        "one_more": str(Operation.objects.get().pk)
    }
    plan = operator.post(address(service), ticked)
    assert "This orders one more." in text(plan)
    answer = operator.post(address(service), hidden_fields(plan, "confirm"))
    assert answer.status_code == 302
    assert Operation.objects.count() == 2


def test_an_order_made_while_the_plan_was_looked_at_is_told_and_nothing_is_lost(operator, service):
    form = pressed_again(operator.get(again(service)), address(service))
    plan = operator.post(address(service), form | {"reason": "they wait"})
    order(service, name="ord-1")

    answer = operator.post(address(service), hidden_fields(plan, "confirm"))

    assert answer.status_code == 422
    assert "Mailbox was ordered again as ord-1, just now, waiting." in text(answer)
    assert pressed_again(answer, address(service))["reason"] == "they wait"
    assert Operation.objects.count() == 1


def test_a_refused_order_that_was_retried_says_so_and_wants_the_word_for_another(operator, service):
    done = {"finished_at": timezone.now()}
    past = order(service, name="ord-1", state="failed", **done)
    retry = order(service, name="ord-2", state="succeeded", retry_of=past, **done)

    page = operator.get(past.get_absolute_url())
    answer = operator.post(address(service), hidden_fields(page, address(service)))

    assert f"Tried again #{retry.pk} just now, succeeded" in text(page)
    assert answer.status_code == 422
    assert ONE_MORE in text(answer)


def test_a_packages_failed_services_are_ordered_again_together_less_those_that_were(operator):
    first = failed(product=worlds.product("Mailbox"))
    others = [failed(of=first.package, product=worlds.product(name)) for name in ("Logo", "Shop")]
    carried_out(order(first))
    page = operator.get(first.package.get_absolute_url())
    path = f"{address(first)}&amp;again_of={first.package_id}"

    button = rf'<a class="button primary" href="{re.escape(path)}">.*? Order again</a>'
    assert re.search(button, page.content.decode())
    form = operator.get(path.replace("&amp;", "&"))
    plan = operator.post(address(first), pressed_again(form, address(first)))
    operator.post(address(first), hidden_fields(plan, "confirm"))

    made = Operation.objects.order_by("pk").last()
    links = made.reorders.order_by("line").values_list("failed", flat=True)
    assert set(links) == {one.pk for one in others}
    for one in others:
        assert (
            f'href="{made.get_absolute_url()}"'
            in operator.get(one.get_absolute_url()).content.decode()
        )


def test_a_line_taken_off_the_order_is_in_place_of_nothing(operator):
    first = failed(product=worlds.product("Mailbox"))
    failed(of=first.package, product=worlds.product("Logo"))
    form = operator.get(f"{address(first)}&again_of={first.package_id}")
    sent = pressed_again(form, address(first))
    remaining = next(n for n in (0, 1) if sent[f"lines-{n}-again_of"] == str(first.pk))

    fewer = operator.post(address(first), sent | {"remove_line": str(1 - remaining)})
    plan = operator.post(address(first), pressed_again(fewer, address(first)))
    operator.post(address(first), hidden_fields(plan, "confirm"))

    assert [link.failed for link in Operation.objects.get().reorders.all()] == [first]


def test_the_list_of_failures_is_narrowed_to_what_is_still_to_be_ordered(operator, service):
    waiting = failed(product=worlds.product("Logo"))
    carried_out(order(service, name="ord-1"))

    yes = operator.get("/failures/failed-services/?ordered_again=yes").content.decode()
    no = operator.get("/failures/failed-services/?ordered_again=no").content.decode()
    file = operator.get("/failures/failed-services/export.csv")

    assert (str(service.pk) in yes, str(waiting.pk) in yes) == (True, False)
    assert (str(service.pk) in no, str(waiting.pk) in no) == (False, True)
    rows = csv.DictReader(io.StringIO(b"".join(file.streaming_content).decode("utf-8-sig")))
    orders = {row["instance_id"]: row["ordered_again_as"] for row in rows}
    assert orders == {str(service.pk): "ord-1", str(waiting.pk): ""}


def test_the_file_names_an_order_that_is_still_on_its_way_by_what_it_is_to_be_called(
    operator, service
):
    order(service, name="ord-2")

    file = operator.get("/failures/failed-services/export.csv")

    [row] = csv.DictReader(io.StringIO(b"".join(file.streaming_content).decode("utf-8-sig")))
    assert row["ordered_again_as"] == "ord-2"
