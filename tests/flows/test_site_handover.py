"""A site is handed over: it goes, its package is ordered and delivered, or it stops in words."""

from uuid import uuid4

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from resellers.flows import deciding, decision
from resellers.flows.kinds import FLOW_KINDS
from resellers.flows.outcomes import Unanswerable
from resellers.models import Account, CatalogProduct, Flow, Operation, ProductInstance, Site
from resellers.operations import decisions
from resellers.operations.order_again import new_external_id
from resellers.operations.order_lines import LineWish
from resellers.operations.order_wish import CreatePackageWish
from resellers.operations.plan import make_plan
from resellers.operations.requests import NotAllowed
from tests import practice, worlds
from tests.mirrors import read
from tests.operations.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)

KIND = FLOW_KINDS["site_handover"]
State = Flow.State


def usable_sites():
    sites = Site.objects.filter(trashed_at=None, blocked=False).exclude(last_confirmed_at=None)
    return sites.select_related("account").order_by("id")


def carried(site):
    return site.instances.exclude(status__in=["FAILED", "CANCELED"]).present()


@pytest.fixture
def free_site(mirror) -> Site:
    return next(site for site in usable_sites() if not carried(site).exists())


@pytest.fixture
def paid_site(mirror) -> Site:
    """A site whose only living service is enabled and of a product that is still sold."""
    for site in usable_sites():
        found = list(carried(site).select_related("product"))
        if len(found) == 1 and found[0].status == "ENABLED" and not found[0].product.is_domain:
            return site
    raise LookupError("this world has no site with one paid service")


def other(site) -> Account:
    found = Account.objects.filter(is_main=False, gone_at=None).exclude(pk=site.account_id)
    return found.exclude(name="").order_by("-id").first()


@pytest.fixture
def operator(db):
    return worlds.user("operator", "anna")


@pytest.fixture
def boss(db):
    return worlds.user("manager", "clara")


def begin(site, customer, by) -> Flow:
    answers = {"site": str(site.pk), "account": str(customer.pk)}
    return deciding.start(KIND, answers, by=by, request_id=uuid4())


def now(flow) -> Flow:
    """The flow as it stands, looked at whenever it is due."""
    flow.refresh_from_db()
    return flow


def current(flow):
    return flow.steps.get(state="current")


def confirm(flow, by) -> None:
    """As somebody does who looks at the plan on the flow's page."""
    flow = Flow.objects.get(pk=flow.pk)
    row = current(flow)
    plan = make_plan(*KIND.step(flow, row.name).wanted(flow))
    deciding.confirm(flow, row.name, plan.fingerprint, by=by)


def order(flow, by, *products) -> None:
    """As somebody does who chooses these on the form of a new package."""
    lines = [
        LineWish(product.pk, now(flow).site_id, product.billing_cycles[0], "DE")
        for product in products
    ]
    wish = CreatePackageWish(new_external_id(), tuple(lines))
    chosen = {"order": wish.as_json() if products else None}
    deciding.answer(now(flow), "package", chosen, by=by)


def delivered(mirror, run_due, flow) -> None:
    practice.clock(mirror.sandbox, deliver_now=True)
    read("incremental")
    Flow.objects.filter(pk=flow.pk).update(next_run_at=Now())
    run_due()


def plan_product() -> CatalogProduct:
    return next(one for one in CatalogProduct.objects.named() if one.is_premium_plan)


def test_a_site_goes_to_its_customer_and_what_is_ordered_on_it_is_delivered(
    mirror, free_site, operator, boss, run_due
):
    flow, product = begin(free_site, other(free_site), operator), plan_product()
    run_due()
    assert now(flow).state == State.OPEN
    confirm(flow, operator)
    run_due()
    # A colleague goes on from here.
    order(flow, boss, product)
    run_due()
    confirm(flow, boss)
    run_due()
    assert now(flow).state == State.WAITING
    assert current(flow).waits_until - current(flow).begun_at == timezone.timedelta(days=3)
    delivered(mirror, run_due, flow)

    assert now(flow).state == State.DONE
    service = ProductInstance.objects.get(package_id=flow.data["package"])
    assert (service.site_id, service.account_id) == (free_site.pk, flow.account_id)
    assert [one.requested_by for one in Operation.objects.order_by("id")] == [operator, boss]
    assert practice.applied(mirror.sandbox) == ["transfer", "create"]


@pytest.mark.once
def test_paid_services_are_agreed_to_as_one_chain_that_goes_on_by_itself(
    mirror, paid_site, operator, boss, run_due
):
    service = carried(paid_site).get()
    flow = begin(paid_site, other(paid_site), operator)
    run_due()
    assert now(flow).state == State.OPEN
    chain = [step.name for step in KIND.steps(flow)]
    assert chain == [
        *("choose", "agree", f"cancel:{service.pk}", "transfer", "package", "order", "delivered"),
    ]
    with pytest.raises(NotAllowed):  # ending services is for managers, here as everywhere
        deciding.answer(flow, "agree", {"service_1": "again"}, by=operator)
    deciding.hand_to(flow, boss, by=operator)
    deciding.answer(flow, "agree", {"service_1": "again"}, by=boss)
    run_due()
    delivered(mirror, run_due, flow)

    assert now(flow).state == State.DONE, list(flow.events.values_list("words", flat=True))
    assert practice.applied(mirror.sandbox) == ["cancel", "transfer", "create"]
    again = ProductInstance.objects.get(package_id=flow.data["package"])
    assert (again.product_id, again.site_id) == (service.product_id, paid_site.pk)
    assert {one.requested_by for one in Operation.objects.all()} == {boss}


@pytest.mark.once
def test_a_transfer_that_wix_does_not_show_is_sent_once_and_stops_in_words_after_its_time(
    mirror, free_site, operator, run_due, settings
):
    practice.switches(mirror.sandbox, transfer_seconds=3600)
    settings.OPERATIONS = settings.OPERATIONS | {"ESCALATE_SECONDS": 0.5}
    flow = begin(free_site, other(free_site), operator)
    run_due()
    confirm(flow, operator)
    run_due()

    assert now(flow).state == State.STOPPED
    assert "mails nobody" in current(flow).outcome
    transfers = [c for c in practice.journal(mirror.sandbox) if c["path"].endswith("transfer-site")]
    assert len(transfers) == 1

    # It arrives after all: somebody looks, and the flow goes on.
    practice.clock(mirror.sandbox, advance_seconds=3600)
    decisions.look_again(Operation.objects.get(), by=operator)
    run_due()
    Flow.objects.filter(pk=flow.pk).update(next_run_at=Now())
    run_due()
    assert (now(flow).state, current(flow).name) == (State.OPEN, "package")


def test_what_cannot_be_handed_over_is_refused_beside_its_field(mirror, free_site, operator):
    customer = other(free_site)
    gone = worlds.account("Old Mill", gone_at=timezone.now())
    trashed = worlds.site(trashed_at=timezone.now())
    for site, to, field in (
        (trashed, customer, "site"),
        (free_site, gone, "account"),
        (free_site, free_site.account, "account"),
    ):
        with pytest.raises(Unanswerable) as refused:
            begin(site, to, operator)
        assert [*refused.value.errors] == [field]
    begin(free_site, customer, operator)
    with pytest.raises(decision.AlreadyUnderWay):
        begin(free_site, customer, operator)


@pytest.mark.once
@pytest.mark.parametrize("made_of", ["blank", "copy"])
def test_a_site_is_made_marked_finished_and_goes_to_its_customer(
    mirror, operator, run_due, made_of
):
    main = Account.objects.get(is_main=True)
    source = main.sites.usable().first()
    customer = Account.objects.filter(is_main=False, gone_at=None).exclude(name="").first()
    practice.faults(mirror.sandbox, {"match": "projects", "effect": "drop_after", "times": 1})
    answers = {"site": "new", "account": str(customer.pk)}
    flow = deciding.start(KIND, answers, by=operator, request_id=uuid4())
    run_due()
    named = {"site_name": "Bakery anew", "made_of": made_of, "template_id": "", "copy_of": ""}
    named["copy_of"] = str(source.pk)
    taken = named | {"site_name": source.display_name}
    with pytest.raises(Unanswerable, match="already"):
        deciding.answer(flow, "describe", taken, by=operator)
    deciding.answer(flow, "describe", named, by=operator)
    run_due()
    confirm(flow, operator)
    run_due()
    assert (now(flow).state, current(flow).name) == (State.OPEN, "finish")
    deciding.answer(flow, "finish", {}, by=operator)
    run_due()
    confirm(flow, operator)
    run_due()

    site = Site.objects.get(display_name="Bakery anew")
    assert site.account_id == customer.pk
    assert (now(flow).site, current(flow).name) == (site, "package")
    assert practice.applied(mirror.sandbox) == ["make", "transfer"]
    # That we have handed it over is no reason to say that it is there no more.
    made = Operation.objects.get(kind="create_site")
    worlds.time_goes_by(made, seconds=60)
    worlds.settle_twice()
    assert worlds.end(made).drifted_at is None


def test_two_people_confirm_one_step_and_one_operation_comes_of_it(
    mirror, free_site, operator, boss, run_due
):
    flow = begin(free_site, other(free_site), operator)
    run_due()

    def press(person):
        def do():
            try:
                confirm(flow, person)
            except decision.NotNow:
                return "too late"
            return "done"

        return do

    assert sorted(at_once([press(operator), press(boss)])) == ["done", "too late"]
    assert Operation.objects.count() == 1
    run_due()
    assert practice.applied(mirror.sandbox) == ["transfer"]
