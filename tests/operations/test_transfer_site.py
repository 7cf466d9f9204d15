"""A site handed over to another account: no key, no number, only where it is found."""

import pytest

from resellers.models import Account, OperationState, ProductInstance, Site
from resellers.operations.kinds.transfer_site import TransferSiteWish
from resellers.operations.plan import make_plan
from tests import practice
from tests.worlds import end

pytestmark = pytest.mark.django_db(transaction=True)

State = OperationState


@pytest.fixture
def free_site(mirror) -> Site:
    """A usable site that carries no paid service."""
    sites = Site.objects.filter(trashed_at=None, blocked=False).exclude(last_confirmed_at=None)
    for site in sites.select_related("account").order_by("id"):
        if not site.instances.exclude(status__in=["FAILED", "CANCELED"]).exists():
            return site
    raise LookupError("this world has no free site")


@pytest.fixture
def other_account(free_site) -> Account:
    return Account.objects.exclude(pk=free_site.account_id).exclude(name="").order_by("-id").first()


@pytest.mark.parametrize("effect", ["", "drop_before", "drop_after", "500_after"])
def test_a_site_is_handed_over_once_and_the_mirror_knows_its_new_account(
    mirror, free_site, other_account, ask, run_due, effect
):
    if effect:
        practice.faults(mirror.sandbox, {"match": "transfer", "effect": effect, "times": 1})

    operation = ask("transfer_site", free_site, account_id=other_account.pk)
    run_due()

    assert end(operation).state == State.SUCCEEDED, operation.outcome
    site = mirror.sandbox.world.sites.get(str(free_site.pk))
    assert site.account_id == str(other_account.pk)
    free_site.refresh_from_db()
    assert free_site.account_id == other_account.pk
    assert practice.applied(mirror.sandbox) == ["transfer"]


def test_a_pair_of_accounts_that_wix_has_not_allowed_is_refused_with_its_code(
    mirror, free_site, other_account, ask, run_due
):
    code = "SITE_TRANSFER_NOT_ALLOWED"
    practice.faults(mirror.sandbox, {"match": "transfer", "effect": f"refuse:{code}", "times": 1})

    operation = ask("transfer_site", free_site, account_id=other_account.pk)
    run_due()

    assert end(operation).state == State.FAILED
    assert operation.outcome_code == code
    before = free_site.account_id
    free_site.refresh_from_db()
    assert free_site.account_id == before


def test_a_site_with_paid_services_is_not_even_tried(mirror, other_account):
    paid = ProductInstance.objects.filter(status="ENABLED", site__isnull=False)
    carrying = paid.exclude(account=other_account).first()
    assert carrying is not None

    plan = make_plan(carrying.site, TransferSiteWish(other_account.pk))

    assert "SITE_TRANSFER_NOT_SUPPORTED" in {refusal.code for refusal in plan.refusals}
