"""What Wix would refuse is told beside its field before anything is asked of Wix.

One row for each documented refusal of ordering, adjusting and unassigning, through the real form.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from resellers import operations
from resellers.mirror.learned_refusals import clear, learn
from resellers.models import Account, CatalogProduct, ProductInstance, ProductRefusal, SyncRun
from resellers.refusals import explain
from tests import worlds
from tests.dashboard.submitting import text
from tests.documented_refusals import DOCUMENTED

pytestmark = [pytest.mark.django_db, pytest.mark.once]

Fields = dict[str, str]
Asked = tuple[str, Fields]
FORESEEN: dict[tuple[str, str], Callable[[], Asked]] = {}
# What these name belongs to ordering: a service that is adjusted has its place already.
NOT_OF_ADJUSTING = {"MULTIPLE_PRODUCT_ASSIGNMENTS"}
PLAN = {"service_type": "PREMIUM_PLAN", "one_per_site": True}


def foreseen(call: str, code: str) -> Callable[[Callable[[], Asked]], Callable[[], Asked]]:
    def register(ask: Callable[[], Asked]) -> Callable[[], Asked]:
        FORESEEN[call, code] = ask
        return ask

    return register


# --- ordering ------------------------------------------------------------------------------------


def order(*lines: dict[str, Any], of: Account | None = None) -> Asked:
    """The form's address, and lines that would be right but for what is said of them."""
    account = of or worlds.account()
    fields = {"lines": str(len(lines)), "external_id": "order-1"}
    for number, line in enumerate(lines):
        values = {"target_product": "", "cycle": "1 YEAR", "country": "DE"} | line
        fields |= {f"lines-{number}-{name}": str(value) for name, value in values.items()}
    return f"/packages/new/?account={account.pk}", fields


def line(product: CatalogProduct | None = None, **more: Any) -> dict[str, Any]:
    return {"target_product": (product or worlds.product()).pk} | more


@foreseen("create", "PRODUCT_NOT_FOUND")
def order_an_unknown_product():
    return order({"target_product": worlds.new_id()})


@foreseen("create", "ACCOUNT_NOT_FOUND")
def order_for_an_account_that_is_gone():
    return order(line(), of=worlds.account(gone_at=timezone.now()))


@foreseen("create", "SITE_NOT_FOUND")
def order_for_a_site_of_another_account():
    return order(line(target_site=worlds.site().pk))


@foreseen("create", "INVALID_REFERENCE_PRODUCT_INSTANCE_ID")
def order_with_a_reference_that_was_used():
    paid = worlds.instance()
    worlds.instance(paid.package, floating=True, reference_instance_id=paid.pk)
    return order(line(reference=paid.pk), of=paid.account)


@foreseen("create", "PRODUCT_LIMIT_EXCEEDED")
def order_more_than_the_catalogue_allows():
    limited = worlds.product("Elite", limit=1)
    return order(line(limited), line(limited))


@foreseen("create", "MISSING_BILLING_CYCLE")
def order_without_a_cycle():
    return order(line(cycle=""))


@foreseen("create", "INCOMPATIBLE_BILLING_CYCLE")
def order_for_ten_years():
    return order(line(cycle="10 YEAR"))


@foreseen("create", "INVALID_BILLING_CYCLE")
def order_by_the_year_what_is_paid_once():
    return order(line(worlds.product("Logo", cycles=[])))


@foreseen("create", "INVALID_PRODUCTS")
def order_what_the_catalogue_does_not_have():
    return order(line(worlds.product("")))


@foreseen("create", "MULTIPLE_PRODUCT_ASSIGNMENTS")
def order_two_plans_for_one_site():
    site = worlds.site()
    one, two = worlds.product("Core", **PLAN), worlds.product("Light", **PLAN)
    lines = (line(one, target_site=site.pk), line(two, target_site=site.pk))
    return order(*lines, of=site.account)


@foreseen("create", "PRODUCT_TYPE_ALREADY_ASSIGNED")
def order_a_second_plan_for_a_site():
    held = worlds.instance(product=worlds.product("Core", **PLAN))
    other = worlds.product("Light", **PLAN)
    return order(line(other, target_site=held.site_id), of=held.account)


@foreseen("create", "PRODUCT_NOT_SUPPORTED_ON_SITE")
def order_a_shop_for_a_site_without_a_plan():
    site, shop = (
        worlds.site(premium=False),
        worlds.product("Shop", service_type="SHOP", needs_premium=True),
    )
    return order(line(shop, target_site=site.pk), of=site.account)


def refused_before(code: str, **about: Any) -> CatalogProduct:
    """A product of which Wix has said so, and nobody has cleared it."""
    product = worlds.product("Autopilot")
    learn(product, code, "Wix's words", "request-1", **about)
    return product


@foreseen("create", "PRODUCT_SETTINGS_NOT_FOUND")
def order_what_wix_has_not_set_up():
    return order(line(refused_before("PRODUCT_SETTINGS_NOT_FOUND")))


# --- adjusting -----------------------------------------------------------------------------------


def adjust(
    to: CatalogProduct | None = None, of: ProductInstance | None = None, **more: Any
) -> Asked:
    target = to or worlds.product("Bigger Plan")
    fields = {"target_product": str(target.pk), "cycle": "1 YEAR"} | more
    return f"{(of or worlds.instance()).get_absolute_url()}adjust/", fields


@foreseen("adjust", "PRODUCT_NOT_FOUND")
def adjust_to_an_unknown_product():
    return adjust(target_product=str(worlds.new_id()))


@foreseen("adjust", "ACCOUNT_NOT_FOUND")
def adjust_in_an_account_that_is_gone():
    return adjust(of=worlds.instance(worlds.package(worlds.account(gone_at=timezone.now()))))


@foreseen("adjust", "SITE_NOT_FOUND")
def adjust_on_a_site_that_went_to_another_account():
    return adjust(of=worlds.instance(on=worlds.site()))


@foreseen("adjust", "PRODUCT_LIMIT_EXCEEDED")
def adjust_to_more_than_the_catalogue_allows():
    return adjust(worlds.product("Elite", limit=0))


@foreseen("adjust", "MISSING_BILLING_CYCLE")
def adjust_to_what_has_none_of_the_present_cycles():
    return adjust(worlds.product("Long Plan", cycles=["2 YEAR", "3 YEAR"]), cycle="")


@foreseen("adjust", "INCOMPATIBLE_BILLING_CYCLE")
def adjust_to_ten_years():
    return adjust(cycle="10 YEAR")


@foreseen("adjust", "INVALID_BILLING_CYCLE")
def adjust_by_the_year_to_what_is_paid_once():
    return adjust(worlds.product("Once", cycles=[]))


@foreseen("adjust", "INVALID_PRODUCTS")
def adjust_to_what_the_catalogue_does_not_have():
    return adjust(worlds.product(""))


@foreseen("adjust", "PRODUCT_TYPE_ALREADY_ASSIGNED")
def adjust_to_what_may_stand_alone_only():
    mail = {"service_type": "MAIL"}
    one = worlds.instance(product=worlds.product("Mailbox", **mail))
    worlds.instance(one.package, one.site, product=worlds.product("Archive", **mail))
    return adjust(worlds.product("Unlimited", one_per_site=True, **mail), one)


@foreseen("adjust", "PRODUCT_NOT_SUPPORTED_ON_SITE")
def adjust_to_what_needs_a_plan_beside_it():
    mail = {"service_type": "MAIL"}
    site, mailbox = worlds.site(premium=False), worlds.product("Mailbox", **mail)
    one = worlds.instance(worlds.package(site.account), site, product=mailbox)
    return adjust(worlds.product("Unlimited", needs_premium=True, **mail), one)


@foreseen("adjust", "PRODUCT_INSTANCE_NOT_FOUND")
def adjust_what_is_gone():
    return adjust(of=worlds.instance(gone_at=timezone.now()))


@foreseen("adjust", "INCOMPATIBLE_PRODUCT_INSTANCE_STATUS")
def adjust_what_is_not_delivered_yet():
    return adjust(of=worlds.instance(status="PENDING"))


@foreseen("adjust", "INCOMPATIBLE_PRODUCT")
def adjust_to_another_type():
    return adjust(worlds.product("Mailbox", service_type="MAIL"))


@foreseen("adjust", "MISSING_PRODUCT_DETAILS")
def adjust_to_nothing():
    return adjust(target_product="")


@foreseen("adjust", "OPERATION_NOT_SUPPORTED_FOR_PRODUCT")
def adjust_what_wix_does_not_let_be_adjusted():
    return adjust(of=worlds.instance(product=worlds.product("Logo", adjustable=False)))


@foreseen("adjust", "PRODUCT_SETTINGS_NOT_FOUND")
def adjust_to_what_wix_has_not_set_up():
    return adjust(refused_before("PRODUCT_SETTINGS_NOT_FOUND"))


# --- unassigning ---------------------------------------------------------------------------------


@foreseen("unassign", "ACCOUNT_NOT_FOUND")
def unassign_in_an_account_that_is_gone():
    of = worlds.instance(worlds.package(worlds.account(gone_at=timezone.now())))
    return f"{of.get_absolute_url()}unassign/", {}


@foreseen("unassign", "MISSING_SITE_ID")
def unassign_what_floats():
    return f"{worlds.instance(floating=True).get_absolute_url()}unassign/", {}


@foreseen("unassign", "PRODUCT_INSTANCE_NOT_FOUND")
def unassign_what_is_gone():
    return f"{worlds.instance(gone_at=timezone.now()).get_absolute_url()}unassign/", {}


# -------------------------------------------------------------------------------------------------


def test_of_every_documented_refusal_it_is_known_whether_it_can_be_foreseen():
    documented = {
        (call, code) for call in ("create", "adjust", "unassign") for code in DOCUMENTED[call]
    }
    without = {
        (call, code) for call, code in documented if call == "adjust" and code in NOT_OF_ADJUSTING
    }

    assert set(FORESEEN) == documented - without
    assert len({code for _, code in FORESEEN}) >= 15
    assert len({code for _, code in documented}) == 19


@pytest.mark.parametrize(("call", "code"), FORESEEN)
def test_a_foreseen_refusal_stands_on_the_form_in_its_words_and_wix_is_not_asked(
    call, code, operator
):
    address, fields = FORESEEN[call, code]()

    answer = operator.post(address, fields)

    assert answer.status_code == 422
    page = answer.content.decode()
    assert str(explain(code).unasked.words) in text(answer)
    assert not SyncRun.objects.exists()
    for field in re.findall(r'<li><a href="#([^"]+)">', page):
        assert f'id="{field}"' in page


@pytest.mark.parametrize(
    ("call", "code", "said"),
    [
        ("create", "PRODUCT_TYPE_ALREADY_ASSIGNED", "Change something first: "),
        ("create", "PRODUCT_LIMIT_EXCEEDED", "Only Wix can help: "),
        ("create", "INCOMPATIBLE_BILLING_CYCLE", ""),
        ("adjust", "PRODUCT_NOT_SUPPORTED_ON_SITE", "Change something first: "),
    ],
)
def test_where_another_choice_is_no_help_the_form_says_what_is(call, code, said, operator):
    address, fields = FORESEEN[call, code]()

    page = text(operator.post(address, fields))

    assert f". {said}{explain(code).unasked.next_step}" in page


def test_no_refusal_of_our_own_speaks_of_an_answer_that_wix_never_gave():
    said = re.compile(r"\bWix (was|has|says|said|names?|named|does not (know|take))\b")
    # Of what a reading of Wix no longer showed, and the mirror has as gone since.
    read = {"ACCOUNT_NOT_FOUND", "PACKAGE_NOT_FOUND", "PRODUCT_INSTANCE_NOT_FOUND"}
    our_code = re.compile(r"\bforeseen\(\s*\"([A-Z_]+)\"")
    sources = [path.read_text() for path in Path(operations.__path__[0]).rglob("*.py")]
    codes = {code for source in sources for code in our_code.findall(source)} - read

    explanations = {code: explain(code).unasked for code in codes}

    assert len(codes) > 20
    assert {
        c for c, known in explanations.items() if said.search(known.words + known.next_step)
    } == set()


@pytest.mark.parametrize(("call", "code"), FORESEEN)
def test_what_was_typed_is_still_there_beside_a_refusal(call, code, operator):
    address, fields = FORESEEN[call, code]()

    page = operator.post(address, fields | {"reason": "so that it is kept"}).content.decode()

    if "This cannot be done now" not in page:
        assert "so that it is kept" in page


@pytest.mark.parametrize("code", ["PRODUCT_LIMIT_EXCEEDED", "PRODUCT_NOT_SUPPORTED_ON_SITE"])
def test_what_wix_may_have_changed_since_is_a_warning_and_stops_nothing(code, operator):
    site = worlds.site()
    product = refused_before(code, site=site)
    address, fields = order(line(product, target_site=site.pk), of=site.account)

    answer = operator.post(address, fields)

    assert answer.status_code == 200
    assert str(explain(code).words) in text(answer)
    assert "request-1" in text(answer)


def test_what_a_manager_has_cleared_stands_in_nobodys_way(operator):
    product = refused_before("PRODUCT_SETTINGS_NOT_FOUND")
    clear(ProductRefusal.objects.get(), by=worlds.user("manager"))

    assert operator.post(*order(line(product))).status_code == 200


def test_a_product_that_wix_did_not_let_be_adjusted_offers_no_adjust_any_more(operator):
    instance = worlds.instance()
    address = f"{instance.get_absolute_url()}adjust/"
    assert f'href="{address}"' in operator.get(instance.get_absolute_url()).content.decode()

    learn(instance.product, "OPERATION_NOT_SUPPORTED_FOR_PRODUCT", "Wix's words", "request-1")

    page = operator.get(instance.get_absolute_url())
    assert f'href="{address}"' not in page.content.decode()
    assert str(explain("OPERATION_NOT_SUPPORTED_FOR_PRODUCT").words) in text(page)
    assert "request-1" in text(page)
