"""A site that the agency has built: handed over, and only then sold for, as people see it."""

import pytest

from resellers.connection import wix_client
from resellers.mirror import sync
from resellers.models import Account, CatalogProduct, OperationState, Site, SyncRun
from resellers.operations.kinds.transfer_site import TransferSiteWish
from resellers.operations.plan import make_plan
from resellers.operations.requests import request_operation
from tests import practice, worlds
from tests.dashboard.actions.test_order_second import address, fields
from tests.dashboard.listing import rows
from tests.dashboard.submitting import hidden_fields, text

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


@pytest.fixture
def agency(mirror) -> Account:
    return Account.objects.get(is_main=True)


@pytest.fixture
def customer(mirror) -> Account:
    customers = Account.objects.filter(is_main=False, sites__gone_at=None)
    return customers.exclude(name="").order_by("id").first()


@pytest.fixture
def built(agency) -> Site:
    """Made at Wix in the agency's own account, and read."""
    with wix_client("people") as wix:
        made = wix.create_project(account_id=str(agency.pk), name="New Bakery")
    sync.run(sync.want(SyncRun.Kind.ACCOUNT, account=agency).pk)
    return Site.objects.select_related("account").get(pk=made.site_id)


def carries(client, account: Account, site: Site) -> bool:
    """Whether the customer's page shows the site among its own."""
    page = client.get(account.get_absolute_url(), {"tab": "sites"})
    return f"/?site={site.pk}" in page.content.decode() or str(site) in text(page)


def hand_over(site: Site, to: Account, by):
    """Ask for it; what its plan says."""
    wish = TransferSiteWish(to.pk)
    plan = make_plan(site, wish)
    if not plan.possible:
        return plan, None
    about = {"by": by, "request_id": worlds.new_id(), "fingerprint": plan.fingerprint}
    return plan, request_operation(site, wish, **about)


def test_a_new_site_stands_under_the_agencys_own_account_and_no_customers(
    viewer, agency, customer, built
):
    listed = rows(viewer.get("/sites/", {"q": str(built.pk)}))

    assert len(listed) == 1
    assert "New Bakery" in listed[0]
    assert str(agency.pk) in listed[0]
    assert carries(viewer, agency, built)
    assert not carries(viewer, customer, built)


def test_it_is_the_customers_once_it_is_handed_over_and_not_before(
    operator, agency, customer, built, run_due
):
    too_early = operator.post(
        address(customer),
        fields({"target_product": _product("Core").pk, "target_site": built.pk}),
    )
    _, operation = hand_over(built, customer, operator.user)
    run_due()

    assert too_early.status_code == 422
    assert f"It belongs to {agency}." in text(too_early)
    assert worlds.end(operation).state == OperationState.SUCCEEDED, operation.outcome
    page = text(operator.get(operation.get_absolute_url()))
    assert f"Customer before {agency}" in page
    assert f"Customer after {customer}" in page
    assert not carries(operator, agency, built)
    assert carries(operator, customer, built)
    timeline = text(operator.get(agency.get_absolute_url(), {"tab": "timeline"}))
    assert f"Transfer site #{operation.pk}" in timeline


def test_then_services_are_sold_for_it_and_with_them_it_is_handed_over_no_more(
    mirror, operator, agency, customer, built, run_due
):
    hand_over(built, customer, operator.user)
    run_due()
    order = fields({"target_product": _product("Core").pk, "target_site": built.pk})
    planned = operator.post(address(customer), order)
    operator.post(address(customer), hidden_fields(planned, "confirm"))
    run_due()

    service = built.instances.get()
    assert practice.truth(mirror.sandbox, service.pk)["siteId"] == str(built.pk)
    assert str(built) in text(operator.get(service.get_absolute_url()))
    built = Site.objects.select_related("account").get(pk=built.pk)
    plan, operation = hand_over(built, agency, operator.user)
    assert operation is None
    assert [(one.code, "It carries Core." in one.words) for one in plan.refusals] == [
        ("SITE_TRANSFER_NOT_SUPPORTED", True)
    ]


def _product(name: str) -> CatalogProduct:
    return CatalogProduct.objects.get(name=name)
