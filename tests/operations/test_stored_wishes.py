"""Wishes as rows store them: read by every later release, and written to the letter as before.

Where a spelling here changes, operations under way across a deployment come to a person, and every
plan that is on somebody's screen has to be confirmed anew.
"""

from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from resellers.models import Operation
from resellers.operations import engine
from resellers.operations.kinds import KINDS, kind_of
from resellers.operations.order_wish import CreatePackageWish
from resellers.operations.plan import make_plan
from resellers.operations.undo import why_not_undone
from resellers.operations.wish import UnreadableWish
from tests import worlds

pytestmark = pytest.mark.django_db

# Of the plans for the wishes below, as they were made before wishes had types.
FINGERPRINTS = {
    "assign": "07bf1ea5ea8966ffefff91d3fed61bd2d032a2667c7015718240207d8d3d92cb",
    "unassign": "35a24100b14ad05c1f807fd97ae9dac780ce584537e10486bf785001129bcc1f",
    "reassign": "2f02703160b4e44efd4d069ee38d6adc62ffc00904400d22ec4e61fefcc592e7",
    "adjust": "dc86324b24c77d7c86a1fc86ea642c831cf77ef9515959ff8227b715872bc59a",
    "cancel_instance": "96469c105490ddca44d1e6b8077e9d1b2518ddf985a52def279a9030197c7026",
    "cancel_package": "51aa77b7668b059131ca31164c2c9dae5631723ce6ab50ff2cd4fc859adb120a",
    "create_package": "037d2d1ed2a10d2048563972701d5d98fbb02489d8adc5e401edf73e2b32c0fb",
    "external_id": "f3920eaa7cc275af675f1d91c45eb686a39b0d5dedf164266124353e3bbc0321",
    "create_site": "9435a6d18d988998b441607790cf85b9c35d3a149215791d4122d060a60b52d8",
    "create_account": "44cb62db02c6870613190478e1936d18aa403b4578b2911941a84caa385b1f46",
    "transfer_site": "e992b1d49e69c27042c7910a463eaa55302d5c5b0e4911f3a73eef412a028e24",
    "connect_domain": "f7a69443061c89904e3aac4329b81ace2fa84f39859a068d5f22da3d84021e23",
    "register_domain": "56d6475cc4cdfe30ce2b983fc2ec72965b08963cd989edc96a572c1e44d022a7",
}


def stored(kind: str) -> tuple[Any, dict[str, Any]]:
    """A thing whose ids are always the same, and a wish for it as a row stores it."""
    account = worlds.account(id=UUID(int=1))
    other = worlds.account("South Bakery", id=UUID(int=2))
    here, there, empty = (worlds.site(account, id=UUID(int=n)) for n in (3, 4, 5))
    plan, bigger = worlds.product(id=UUID(int=6)), worlds.product("Bigger Plan", id=UUID(int=7))
    domain = worlds.product("Domain", id=UUID(int=8), service_type="DOMAIN", tld="example")
    package = worlds.package(account, id=UUID(int=9), external_id="order-1")
    placed = worlds.instance(package, here, id=UUID(int=10), product=plan)
    floating = worlds.instance(package, floating=True, id=UUID(int=11), product=plan)
    named = worlds.instance(package, floating=True, id=UUID(int=12), product=domain)
    contact = worlds.contact(account, id=UUID(int=13))
    customer = worlds.new_customer("Spring", id=UUID(int=14))
    line = {"product_id": str(plan.pk), "site_id": str(there.pk), "cycle": "1 YEAR"}
    line |= {"country": "DE", "discount_code": "", "reference_id": ""}
    asked: dict[str, tuple[Any, dict[str, Any]]] = {
        "assign": (floating, {"site_id": str(there.pk)}),
        "unassign": (placed, {}),
        "reassign": (placed, {"site_id": str(there.pk)}),
        "adjust": (placed, {"product_id": str(bigger.pk), "cycle": "1 MONTH"}),
        "cancel_instance": (placed, {}),
        "cancel_package": (package, {}),
        "create_package": (account, {"external_id": "order-2", "lines": [line], "again_of": ""}),
        "external_id": (package, {"external_id": "order-3"}),
        "create_account": (account, {"customer_id": str(customer.pk), "name": "Spring"}),
        "create_site": (account, {"site_name": "Spring", "template_id": "", "copy_of": ""}),
        "transfer_site": (empty, {"account_id": str(other.pk)}),
        "connect_domain": (there, {"domain": "bakery.example", "way": "POINTING"}),
        "register_domain": (
            named,
            {"domain": "bakery.example", "contact_id": str(contact.pk), "site_id": ""},
        ),
    }
    return asked[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_a_stored_wish_is_written_as_it_was_read(kind):
    _, wish = stored(kind)

    assert worlds.wish(kind, **wish).as_json() == wish


@pytest.mark.parametrize("kind", KINDS)
def test_a_plan_that_was_shown_before_is_still_the_same_plan(kind, settings):
    settings.WIX_REGISTERED_DOMAINS = True
    thing, wish = stored(kind)

    assert make_plan(thing, worlds.wish(kind, **wish)).fingerprint == FINGERPRINTS[kind]


def test_an_order_of_before_anything_was_ordered_again_is_read():
    _, wish = stored("create_package")
    line = {name: wish["lines"][0][name] for name in ("product_id", "site_id", "cycle", "country")}

    read = worlds.wish("create_package", external_id="order-2", lines=[line])

    assert isinstance(read, CreatePackageWish)
    assert read.again_of == []
    assert read.lines[0].reference_id is None


@pytest.mark.parametrize(
    ("kind", "wish"),
    [
        ("reassign", {}),
        ("reassign", {"site_id": ""}),
        ("reassign", {"site_id": "nonsense"}),
        ("reassign", {"site_id": 7}),
        ("adjust", {"product_id": str(UUID(int=6)), "cycle": "often"}),
        ("create_package", {"external_id": "order-2", "lines": "none"}),
        ("create_package", {"external_id": None, "lines": []}),
        ("register_domain", {"domain": "bakery.example", "contact_id": {}}),
    ],
)
def test_what_is_no_wish_of_its_kind_is_never_taken_for_one(kind, wish):
    with pytest.raises(UnreadableWish):
        kind_of(kind).wish_class.from_json(wish)


def test_an_operation_whose_wish_cannot_be_read_has_its_page_and_comes_to_a_person(
    mirror, operator, run_due
):
    instance, _ = mirror.movable()
    operation = worlds.operation(instance, wish={"site_id": "nonsense"})

    engine.run(operation.pk)

    assert operator.get(operation.get_absolute_url()).status_code == 200
    assert Operation.objects.get(pk=operation.pk).state == "needs_attention"
    for state in ("succeeded", "failed"):
        done = {"state": state, "finished_at": timezone.now()}
        Operation.objects.filter(pk=operation.pk).update(**done)
        assert operator.get(operation.get_absolute_url()).status_code == 200
        assert why_not_undone(Operation.objects.get(pk=operation.pk))
