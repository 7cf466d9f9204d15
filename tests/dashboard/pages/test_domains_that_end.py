"""A domain ends by itself and nobody can extend it; all else runs until it is canceled."""

from datetime import UTC, datetime

import pytest

from resellers.mirror import sync
from resellers.models import CatalogProduct, Operation, ProductInstance, SyncRun
from tests import practice, worlds
from tests.dashboard.actions.test_order_second import address, fields
from tests.dashboard.listing import table
from tests.dashboard.submitting import hidden_fields, text

pytestmark = [pytest.mark.django_db, pytest.mark.once]

NO_EXTENSION = "Wix offers no extension by API"
ENDS = datetime(2031, 3, 3, 12, tzinfo=UTC)


@pytest.fixture
def domain():
    return worlds.product("Domain .com", service_type="Domain", tld="com", cycles=["1 YEAR"])


def test_the_plan_of_an_order_says_that_a_domain_ends_and_cannot_be_extended(operator, domain):
    account, mailbox = worlds.account(), worlds.product("Mailbox")
    lines = [{"target_product": product.pk} for product in (domain, mailbox, domain)]

    page = text(operator.post(address(account), fields(*lines)))

    words = "Domain .com ends with its billing cycle and does not renew by itself. " + NO_EXTENSION
    assert page.count(words) == 1
    assert "Mailbox ends" not in page


def test_the_page_of_a_domain_says_so_too_and_that_of_another_service_that_ends_does_not(
    viewer, domain
):
    of_domain = worlds.instance(product=domain, expires_at=ENDS)
    of_another = worlds.instance(expires_at=ENDS)

    pages = [text(viewer.get(one.get_absolute_url())) for one in (of_domain, of_another)]

    assert all("Does not renew by itself: it ends in" in page for page in pages)
    assert [NO_EXTENSION in page for page in pages] == [True, False]


def test_the_overview_says_of_what_expires_soon_that_it_is_ordered_anew(viewer):
    soon = worlds.timezone.now() + worlds.timedelta(days=9)
    worlds.instance(expires_at=soon)

    page = viewer.get("/")

    assert 'href="/instances/?expiring=30' in page.content.decode()
    assert f"{NO_EXTENSION}: ask the customer, then order anew" in text(page)


def test_files_give_a_date_of_end_to_what_ends_by_itself_and_to_nothing_else(viewer, domain):
    ends, runs_on = worlds.instance(product=domain, expires_at=ENDS), worlds.instance()

    lines = table(viewer.get("/instances/export.csv"))

    dates = {line["instance_id"]: line["expires_at_utc"] for line in lines}
    assert dates == {str(ends.pk): "2031-03-03T12:00:00Z", str(runs_on.pk): ""}


@pytest.mark.django_db(transaction=True)
def test_of_a_plan_and_a_domain_bought_together_the_domain_alone_shows_an_end(
    mirror, operator, run_due
):
    premium = ProductInstance.objects.filter(site__premium=True, status="ENABLED").first()
    account, site = premium.account, premium.site
    names = ("Mailbox Starter", "Domain .com")
    products = [CatalogProduct.objects.get(name=name) for name in names]
    lines = [{"target_product": one.pk, "target_site": site.pk} for one in products]
    planned = operator.post(address(account), fields(*lines))
    operator.post(address(account), hidden_fields(planned, "confirm"))
    run_due()
    practice.clock(mirror.sandbox, deliver_now=True)
    sync.run(sync.want(SyncRun.Kind.ACCOUNT, account=account).pk)

    services = Operation.objects.get().package.instances.select_related("product")
    pages = {
        service.product.name: text(operator.get(service.get_absolute_url())) for service in services
    }

    assert "Runs until it is canceled" in pages["Mailbox Starter"]
    assert "Does not renew by itself: it ends in 36" in pages["Domain .com"]
