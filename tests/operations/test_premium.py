"""Whether a site has Premium: one answer, whoever asks it."""

from typing import Any

import pytest
from django.utils import timezone

from resellers.models import ProductInstance, Site
from resellers.operations.foreseen import live_on
from resellers.operations.order_wish import CreatePackageWish, LineWish
from resellers.operations.plan import Plan, make_plan
from resellers.operations.premium import has_premium, plan_to_come
from resellers.operations.site_wishes import AssignWish, ReassignWish
from tests import worlds

pytestmark = pytest.mark.django_db

SAID_PLAN = {"service_type": "WEBSITE_PLAN", "premium": True}
GUESSED_PLAN = {"service_type": "Premium plan"}
NO_PLAN = {"service_type": "PREMIUM_SUPPORT", "premium": False}
NOT_SUPPORTED = "PRODUCT_NOT_SUPPORTED_ON_SITE"


def site_with(*, flag: bool, plan: dict[str, Any] | None = None, **service: Any) -> Site:
    """A site that Wix calls Premium or does not, with such a service of ours where one is named."""
    site = worlds.site(premium=flag)
    if plan is not None:
        product = worlds.product("Core", **plan)
        worlds.instance(worlds.package(site.account), site, product=product, **service)
    return site


@pytest.mark.every_value
@pytest.mark.parametrize(
    ("site", "has", "will_have"),
    [
        ({"flag": False}, False, False),
        ({"flag": True}, True, False),
        ({"flag": False, "plan": SAID_PLAN}, True, False),
        ({"flag": False, "plan": GUESSED_PLAN}, True, False),
        ({"flag": False, "plan": NO_PLAN}, False, False),
        ({"flag": False, "plan": SAID_PLAN, "status": "PENDING"}, False, True),
        ({"flag": False, "plan": GUESSED_PLAN, "status": "AWAITING_ACTION"}, False, True),
        ({"flag": True, "plan": SAID_PLAN, "status": "PENDING"}, True, False),
        ({"flag": False, "plan": SAID_PLAN, "status": "CANCELED"}, False, False),
        ({"flag": False, "plan": SAID_PLAN, "gone_at": timezone.now()}, False, False),
    ],
)
def test_a_site_has_premium_by_an_enabled_plan_or_by_wixs_own_word(site, has, will_have):
    site = site_with(**site)
    carried = live_on([site])[site.pk]

    assert list(Site.objects.premium()) == ([site] if has else [])
    assert Site.objects.with_premium().get().has_premium is has
    assert has_premium(site, carried) is has
    assert bool(plan_to_come(site, carried)) is will_have
    giving = ProductInstance.objects.giving_premium()
    every = ProductInstance.objects.select_related("product")
    assert {one.pk for one in every if one.gives_premium} == {one.pk for one in giving}


def order(site: Site) -> Plan[Any]:
    domain = worlds.product("Domain .de", service_type="Domain", needs_premium=True)
    [cycle, *_] = domain.billing_cycles
    line = LineWish(domain.pk, site.pk, cycle, "DE")
    return make_plan(site.account, CreatePackageWish("order-7", (line,)))


def assign(site: Site) -> Plan[Any]:
    return _moved(site, AssignWish(site.pk), floating=True)


def reassign(site: Site) -> Plan[Any]:
    return _moved(site, ReassignWish(site.pk))


def _moved(site: Site, wish: Any, **where: Any) -> Plan[Any]:
    shop = worlds.product("Shop", service_type="Shop", needs_premium=True)
    service = worlds.instance(worlds.package(site.account), product=shop, **where)
    return make_plan(service, wish)


def adjust(site: Site) -> Plan[Any]:
    small, large = (
        worlds.product(name, service_type="MAIL", needs_premium=name == "Large")
        for name in ("Small", "Large")
    )
    service = worlds.instance(worlds.package(site.account), site, product=small)
    wish = worlds.wish("adjust", product_id=str(large.pk), cycle="1 YEAR")
    return make_plan(service, wish)


def register(site: Site) -> Plan[Any]:
    domain = worlds.product("Domain .de", service_type="Domain", needs_premium=True, tld="de")
    service = worlds.instance(worlds.package(site.account), floating=True, product=domain)
    contact = worlds.contact(site.account, country_code="LT", subdivision_code="")
    values = {"domain": "north-bakery.de", "contact_id": str(contact.pk), "site_id": str(site.pk)}
    return make_plan(service, worlds.wish("register_domain", **values))


WAYS = [order, assign, reassign, adjust, register]


@pytest.fixture(autouse=True)
def _domains(settings):
    settings.WIX_REGISTERED_DOMAINS = True


def speaks_of_premium(plan: Plan[Any]) -> list[str]:
    codes = (NOT_SUPPORTED, "CANNOT_ASSIGN_DOMAIN_TO_FREE_SITE")
    return [refusal.code for refusal in plan.refusals if refusal.code in codes]


@pytest.mark.once
@pytest.mark.parametrize("way", WAYS)
def test_what_needs_premium_is_refused_where_there_is_none(way):
    assert speaks_of_premium(way(site_with(flag=False)))


@pytest.mark.once
@pytest.mark.parametrize("way", WAYS)
def test_it_is_not_kept_from_a_site_that_wix_itself_calls_premium(way):
    plan = way(site_with(flag=True))

    assert (plan.refusals, plan.warnings) == ((), ())


@pytest.mark.once
@pytest.mark.parametrize("way", WAYS)
def test_while_the_plan_is_pending_people_are_warned_to_wait(way):
    site = site_with(flag=False, plan=SAID_PLAN, status="PENDING")

    plan = way(site)

    assert plan.possible
    [words] = plan.warnings
    assert f"Core on {site} is pending: wait until it is delivered" in words


@pytest.mark.once
def test_a_plan_that_leaves_takes_along_what_no_enabled_plan_keeps():
    site = site_with(flag=True, plan=SAID_PLAN)
    leaving, target = site.instances.get(), worlds.site(site.account)
    shop = worlds.product("Shop", service_type="Shop", needs_premium=True)
    worlds.instance(leaving.package, site, product=shop)
    late = worlds.product("Light", **SAID_PLAN)
    second = worlds.instance(leaving.package, site, product=late, status="PENDING")

    taken_along = make_plan(leaving, ReassignWish(target.pk)).dependants
    second.status = "ENABLED"
    second.save(update_fields=["status"])
    unaffected = make_plan(leaving, ReassignWish(target.pk)).dependants

    assert [one.words for one in taken_along] == [f"Shop on {site} needs a Premium plan"]
    assert unaffected == ()
