"""A site goes to a customer who has no account yet: one is made, once, whatever answer is lost."""

from uuid import uuid4

import pytest
from django.db.models.functions import Now

from resellers.connection import wix_client
from resellers.flows import deciding
from resellers.flows.outcomes import Unanswerable
from resellers.models import Account, Flow, NewCustomer, Operation, OperationAttempt
from resellers.operations.decisions import finish_by_hand
from resellers.operations.engine import settle
from resellers.operations.kinds.create_account import CreateAccountWish
from resellers.operations.plan import make_plan
from resellers.operations.requests import request_operation
from tests import practice
from tests.flows.test_site_handover import (  # noqa: F401
    KIND,
    boss,
    confirm,
    current,
    free_site,
    now,
    operator,
)
from tests.mirrors import read
from tests.processes import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

OWNER = "inhaber@neue-baeckerei.example"
WRITTEN = {"name": "Neue Bäckerei", "email": OWNER, "group": "Gastronomy", "reference": "K-7"}

FAULTS = ("drop_after", "500_after", "drop_before", "500_before", "late:20")


def begun(site, by, run_due) -> Flow:
    """A hand-over of that site to somebody who is yet to be written down."""
    answers = {"site": str(site.pk), "account": "new"}
    flow = deciding.start(KIND, answers, by=by, request_id=uuid4())
    run_due()
    return now(flow)


@pytest.fixture
def flow(mirror, free_site, operator, run_due) -> Flow:  # noqa: F811
    """A hand-over to somebody new, whose account is planned and waits for its confirmation."""
    flow = begun(free_site, operator, run_due)
    deciding.answer(flow, "customer", WRITTEN, by=operator)
    run_due()
    assert (now(flow).state, current(flow).name) == (Flow.State.OPEN, "account")
    return flow


def at_wix(sandbox) -> list[str]:
    """The ids of the accounts of that owner."""
    with sandbox.world.lock:
        return [one.id for one in sandbox.world.accounts if one.email == OWNER]


def is_sent() -> bool:
    """Whether an account was asked for, with or without an answer."""
    return OperationAttempt.objects.filter(writes=True).exclude(state="sent").exists()


def elsewhere() -> None:
    """Somebody makes an account by hand at Wix."""
    with wix_client("people") as wix:
        wix.create_account(email="other@elsewhere.example")


def test_the_customer_gets_an_account_with_what_was_written_down_and_then_the_site(
    mirror,
    flow,
    operator,  # noqa: F811
    run_due,
):
    confirm(flow, operator)
    run_due()
    account = now(flow).account
    assert at_wix(mirror.sandbox) == [str(account.pk)]
    assert {field: getattr(account, field) for field in WRITTEN} == WRITTEN
    assert NewCustomer.objects.get().email == ""
    operation = Operation.objects.get()
    kept = f"{operation.wish}{operation.plan}{flow.data}"
    assert OWNER not in kept, "of a person's address the plan tells as much as it takes"

    assert (now(flow).state, current(flow).name) == (Flow.State.OPEN, "transfer")
    confirm(flow, operator)
    run_due()
    assert now(flow).site.account == account
    assert practice.applied(mirror.sandbox) == ["account", "transfer"]


@pytest.mark.parametrize("fault", FAULTS)
def test_one_account_is_made_whatever_answer_is_lost_though_others_make_some_meanwhile(
    mirror,
    flow,
    operator,  # noqa: F811
    run_due,
    fault,
):
    elsewhere()
    practice.faults(mirror.sandbox, {"match": "new_account", "effect": fault, "times": 1})
    confirm(flow, operator)
    run_due()

    assert at_wix(mirror.sandbox) == [str(now(flow).account_id)]
    assert current(flow).name == "transfer"


def test_a_second_account_of_a_call_that_landed_late_is_named_once_success_is_read_again(
    mirror,
    flow,
    operator,  # noqa: F811
    run_due,
):
    practice.faults(mirror.sandbox, {"match": "new_account", "effect": "late:4000", "times": 1})
    confirm(flow, operator)
    run_due()
    first = str(now(flow).account_id)
    wait_until(lambda: len(at_wix(mirror.sandbox)) == 2, "the first call has landed too")

    Operation.objects.update(settle_at=Now())
    settle.settle_due()
    operation = Operation.objects.get()
    (late,) = set(at_wix(mirror.sandbox)) - {first}
    assert (operation.state, operation.drifted_at) == ("succeeded", None)
    assert late in operation.outcome


def test_where_two_new_ones_cannot_be_told_apart_a_person_names_the_right_one_and_it_goes_on(
    mirror,
    flow,
    operator,  # noqa: F811
    boss,  # noqa: F811
    run_due,
):
    practice.faults(mirror.sandbox, {"match": "new_account", "effect": "drop_after", "times": 1})
    confirm(flow, operator)

    run_due(until=is_sent)
    elsewhere()
    run_due()
    assert now(flow).state == Flow.State.STOPPED
    operation = Operation.objects.get()
    assert operation.outcome_code == "made_twice"
    assert at_wix(mirror.sandbox)[0] in operation.outcome

    read("full")
    Account.objects.filter(pk=at_wix(mirror.sandbox)[0]).update(email=OWNER)
    finish_by_hand(operation, by=boss, succeeded=False, note="Named on its page.")
    deciding.try_again(now(flow), by=operator)
    run_due()
    assert now(flow).account_id == Account.objects.get(email=OWNER).pk
    assert current(flow).name == "transfer"
    assert len(at_wix(mirror.sandbox)) == 1


def test_while_one_account_is_in_doubt_another_is_not_taken_for_it(
    mirror,
    flow,
    operator,  # noqa: F811
    run_due,
    settings,
):
    settings.OPERATIONS = settings.OPERATIONS | {"ESCALATE_SECONDS": 0.3}
    practice.faults(mirror.sandbox, {"match": "new_account", "effect": "drop_before", "times": 1})
    confirm(flow, operator)

    run_due(until=is_sent)
    first = Operation.objects.get()
    held = Operation.objects.filter(pk=first.pk)
    held.update(state="needs_attention", lease_until=None)
    practice.faults(mirror.sandbox, {"match": "new_account", "effect": "drop_after", "times": 1})
    second = NewCustomer.objects.create(name="Zweite", email="zwei@b.example", added_by=operator)
    main, wish = Account.objects.get(is_main=True), CreateAccountWish(second.pk, second.name)
    other = request_operation(
        main, wish, by=operator, request_id=uuid4(), fingerprint=make_plan(main, wish).fingerprint
    )
    run_due()
    other.refresh_from_db()
    assert (other.state, other.outcome_code) == ("needs_attention", "too_long")
    assert NewCustomer.objects.filter(account__isnull=False).count() == 0


@pytest.mark.parametrize(
    ("written", "field"),
    [
        ({"name": "  "}, "name"),
        ({"email": "no address"}, "email"),
        ({"email": f"{'x' * 250}@b.example"}, "email"),
    ],
)
def test_what_no_account_can_be_made_of_is_said_beside_its_field(
    mirror,
    free_site,  # noqa: F811
    operator,  # noqa: F811
    run_due,
    written,
    field,
):
    flow = begun(free_site, operator, run_due)
    with pytest.raises(Unanswerable) as refused:
        deciding.answer(flow, "customer", WRITTEN | written, by=operator)
    assert [*refused.value.errors] == [field]
    assert not NewCustomer.objects.exists()


def test_an_address_that_a_customer_has_leads_to_that_customer(
    mirror,
    free_site,  # noqa: F811
    operator,  # noqa: F811
    run_due,
):
    held = Account.objects.exclude(email="").filter(is_main=False, gone_at=None).first()
    flow = begun(free_site, operator, run_due)
    with pytest.raises(Unanswerable, match="Choose that customer"):
        deciding.answer(flow, "customer", WRITTEN | {"email": held.email.upper()}, by=operator)
