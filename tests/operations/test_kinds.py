"""Every kind of operation is whole: rules, plan, way back, form and page."""

import importlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import get_template

from dashboard.actions.forms import WISH_FORMS
from dashboard.actions.irreversible import IrreversibleForm
from resellers.billing_cycles import BillingCycle
from resellers.connection import wix_client
from resellers.models import Operation, Policy, ProductInstance
from resellers.operations import kinds
from resellers.operations.kind import AnyKind, Back, Done, Kind, Refused, Send, Stuck
from resellers.operations.kinds import KINDS, kind_of_wish
from resellers.operations.kinds.adjust import AdjustWish
from resellers.operations.kinds.cancel_instance import CancelInstanceWish
from resellers.operations.kinds.cancel_package import CancelPackageWish
from resellers.operations.kinds.external_id import ExternalIdWish
from resellers.operations.kinds.register_domain import DomainSeen, RegisterDomainWish
from resellers.operations.kinds.transfer_site import SiteSeen, TransferSiteWish
from resellers.operations.order_lines import LineWish
from resellers.operations.order_seen import OrderSeen
from resellers.operations.order_wish import CreatePackageWish
from resellers.operations.package_kind import PackageSeen
from resellers.operations.plan import make_plan
from resellers.operations.site_wishes import UnassignWish
from resellers.operations.undo import undo_of, why_not_undone
from resellers.operations.wish import Wish
from resellers.wix import Contact, NextMove, WixError
from tests import worlds

pytestmark = pytest.mark.django_db

FILES = sorted(
    path.stem for path in Path(kinds.__path__[0]).glob("*.py") if path.stem != "__init__"
)
PLACES = ("source", "target", "between", "third")
# What a kind may decide: each of these has a way to come about.
DECISIONS = {Done, Send, Back, Stuck}
STRATEGIES = ("two_step", "direct")
# Their guided pages ask for them step by step: they have no form of their own.
GUIDED = {"transfer_site", "register_domain"}
REGISTRANT = {
    "first_name": "Ada",
    "last_name": "Example",
    "email": "ada@bakery.example",
    "phone": "+4989123456",
    "address": "Main Street 1",
    "city": "Muenchen",
    "postal_code": "80331",
    "country_code": "DE",
    "subdivision_code": "BY",
}


@dataclass
class Case:
    """A thing, a wish for it that its kind can plan, and what Wix may show of it.

    `target` is what it shows once the wish is true, `between` half-way where there is such a
    thing, `third` what nobody asked for; `held` are the mirror's fields once the wish is true.
    """

    kind: AnyKind
    thing: Any
    wish: Wish[Any]
    target: Any
    third: Any
    between: Any = None
    held: dict[str, Any] | None = None

    @property
    def source(self) -> Any:
        return self.kind.in_mirror(self.thing, self.wish)

    def place(self, name: str) -> Any:
        return getattr(self, name) or self.source

    def operation(self, strategy: str = "two_step", **fields: object) -> Operation:
        values = {"strategy": strategy} | fields
        return worlds.planned(self.thing, self.wish, **values)

    def come_true(self) -> None:
        """Have the mirror hold what the wish asks for."""
        assert self.held is not None
        type(self.thing)._default_manager.filter(pk=self.thing.pk).update(**self.held)
        self.thing = self.kind.load(self.thing.pk)


@pytest.fixture(params=FILES)
def case(request, db, settings) -> Case:
    """One case for each file; a kind that is not told here has no case, and fails."""
    settings.WIX_REGISTERED_DOMAINS = True
    module = importlib.import_module(f"resellers.operations.kinds.{request.param}")
    made: Case = globals()[f"{request.param}_case"](the_kind_of(module))
    return made


def of_instance(
    kind: AnyKind, thing: ProductInstance, wish: Wish[Any], held: dict[str, Any], **seen: Any
) -> Case:
    here = kind.in_mirror(thing, wish)
    other = str(worlds.new_id())
    return Case(
        kind,
        thing,
        wish,
        target=replace(here, **seen),
        third=replace(here, site_id=other, product_id=other, status="FAILED"),
        between=replace(here, site_id=None),
        held=held,
    )


def to_a_site(kind: AnyKind, thing: ProductInstance) -> Case:
    target = worlds.site(thing.account).pk
    wish = worlds.wish(kind.name, site_id=str(target))
    return of_instance(kind, thing, wish, {"site_id": target}, site_id=str(target))


def assign_case(kind: AnyKind) -> Case:
    return to_a_site(kind, worlds.instance(floating=True))


def reassign_case(kind: AnyKind) -> Case:
    return to_a_site(kind, worlds.instance())


def unassign_case(kind: AnyKind) -> Case:
    thing = worlds.instance()
    return of_instance(kind, thing, UnassignWish(), {"site_id": None}, site_id=None)


def adjust_case(kind: AnyKind) -> Case:
    wish = AdjustWish(worlds.product("Bigger Plan").pk, BillingCycle(1, "MONTH"))
    held = {"product_id": wish.product_id, "cycle_count": 1, "cycle_unit": "MONTH"}
    seen = {"product_id": str(wish.product_id), "cycle": wish.cycle}
    return of_instance(kind, worlds.instance(), wish, held, **seen)


def cancel_instance_case(kind: AnyKind) -> Case:
    ended = {"status": "CANCELED"}
    return of_instance(kind, worlds.instance(), CancelInstanceWish(), ended, **ended)


def cancel_package_case(kind: AnyKind) -> Case:
    package = worlds.package()
    ids = sorted(str(worlds.instance(package).pk) for _ in range(2))
    return Case(
        kind,
        package,
        CancelPackageWish(),
        target=PackageSeen(True, package.external_id, ended=tuple(ids), canceled=tuple(ids)),
        third=PackageSeen(False),
        between=PackageSeen(True, package.external_id, tuple(ids[:1]), tuple(ids[1:])),
    )


def external_id_case(kind: AnyKind) -> Case:
    package = worlds.instance().package
    wish = ExternalIdWish("order-anew")
    here = kind.in_mirror(package, wish)
    return Case(
        kind,
        package,
        wish,
        target=replace(here, external_id="order-anew"),
        third=replace(here, external_id="order-of-nobody"),
        held=wish.as_json(),
    )


def create_package_case(kind: AnyKind) -> Case:
    account = worlds.account()
    line = LineWish(worlds.product().pk, worlds.site(account).pk, BillingCycle(1, "YEAR"), "DE")
    one, two = sorted(str(worlds.new_id()) for _ in range(2))
    return Case(
        kind,
        account,
        CreatePackageWish("order-1", (line,)),
        target=OrderSeen((one,), (str(line.product_id),)),
        third=OrderSeen((one, two)),
    )


def transfer_site_case(kind: AnyKind) -> Case:
    target = worlds.account("South Bakery").pk
    return Case(
        kind,
        worlds.site(),
        TransferSiteWish(target),
        target=SiteSeen(True, str(target)),
        third=SiteSeen(True, str(worlds.new_id())),
        held={"account_id": target},
    )


def register_domain_case(kind: AnyKind) -> Case:
    domain = worlds.product("Domain .example", service_type="DOMAIN", tld="example")
    thing = worlds.instance(floating=True, product=domain)
    return Case(
        kind,
        thing,
        RegisterDomainWish("bakery.example", Contact(**REGISTRANT)),
        target=DomainSeen(True, str(thing.pk), "PENDING_REGISTRATION"),
        third=DomainSeen(True, str(worlds.new_id()), "ACTIVE"),
    )


def the_kind_of(module: Any) -> AnyKind:
    """The one kind that a file holds, as the engine knows it."""
    classes = [
        thing
        for thing in vars(module).values()
        if isinstance(thing, type)
        and issubclass(thing, Kind)
        and thing.__module__ == module.__name__
    ]
    assert len(classes) == 1, f"{module.__name__} holds {len(classes)} kinds"
    known = [kind for kind in KINDS.values() if type(kind) is classes[0]]
    assert len(known) == 1, f"{classes[0].__name__} is not in KINDS"
    return known[0]


def refusals(case: Case) -> Iterator[Refused | None]:
    """None, and a refusal of each step that the kind may send."""
    yield None
    for step in case.kind.steps(case.thing, case.wish):
        yield Refused(step, 428, "PRODUCT_NOT_SUPPORTED_ON_SITE", "", "request-1")


def test_a_kind_is_known_by_its_own_name_and_asks_for_a_right_that_exists(case):
    rights = {f"resellers.{codename}" for codename, _ in Policy._meta.permissions}

    assert KINDS[case.kind.name] is case.kind
    assert case.kind.permission in rights


def test_no_kind_extends_a_domain_since_wix_offers_no_call_for_it():
    calls = {step for kind in KINDS.values() for step in kind.done}

    assert {name for name in {*KINDS, *calls} if re.search("extend|renew|redeem", name)} == set()


def test_a_kind_can_plan_its_wish_in_words(case):
    plan = make_plan(case.thing, case.wish)

    assert plan.possible
    assert plan.rows
    assert all(row.label and row.before != row.after for row in plan.rows)
    assert plan.dependants == tuple(case.kind.dependants(case.thing, case.wish))


def test_every_call_of_a_plan_is_one_of_the_kinds_steps(case):
    steps = case.kind.steps(case.thing, case.wish)

    for strategy in STRATEGIES:
        calls = case.kind.calls(case.thing, case.wish, strategy)
        assert calls
        assert set(calls) <= set(steps.values())


def test_a_wish_that_is_true_already_is_refused_before_anything_is_asked(case):
    if case.held is None:
        assert case.kind.name in ("create_package", "cancel_package", "register_domain")
        return
    case.come_true()

    assert not make_plan(case.thing, case.wish).possible


def test_a_package_whose_services_have_all_ended_is_not_canceled_again(db):
    case = cancel_package_case(KINDS["cancel_package"])
    case.thing.instances.update(status="CANCELED")

    refused = make_plan(case.thing, case.wish).refusals
    assert [refusal.code for refusal in refused] == ["ALL_ENDED"]


def test_an_external_id_that_a_package_has_is_not_ordered_under(db):
    case = create_package_case(KINDS["create_package"])
    worlds.package(external_id=case.wish.external_id)

    refused = case.kind.foresee(case.thing, case.wish)

    assert [(refusal.field, refusal.code) for refusal in refused] == [
        ("external_id", "EXTERNAL_ID_TAKEN")
    ]


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_whatever_is_seen_and_refused_a_kind_decides(case, strategy):
    operation = case.operation(strategy)
    steps = case.kind.steps(case.thing, case.wish)
    reached = set()

    for name, refused in product(PLACES, refusals(case)):
        decision = case.kind.decide(operation, case.place(name), refused)
        reached.add(type(decision))
        if isinstance(decision, Send):
            assert decision.step in steps
        if isinstance(decision, Stuck):
            assert decision.words

    assert reached == DECISIONS


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_what_is_seen_decides_and_a_refusal_is_never_sent_again(case, strategy):
    operation = case.operation(strategy)

    for refused in refusals(case):
        assert case.kind.decide(operation, case.place("target"), refused) == Done()
        assert isinstance(case.kind.decide(operation, case.place("third"), refused), Stuck)
        at_source = case.kind.decide(operation, case.place("source"), refused)
        assert at_source == Back() if refused else isinstance(at_source, Send)
        if refused:
            for name in PLACES:
                decision = case.kind.decide(operation, case.place(name), refused)
                assert not (isinstance(decision, Send) and decision.step == refused.step)


def test_every_step_can_be_sent(case):
    operation = case.operation()

    with wix_client("people") as client:
        for step in case.kind.steps(case.thing, case.wish):
            with pytest.raises(WixError) as lost:
                case.kind.send(operation, step, client, f"{operation.request_id}:{step}:0")
            assert lost.value.next_move is NextMove.RETRY, "Wix is away: nothing was sent"


def test_what_a_kind_did_is_undone_by_a_kind_that_can_plan_it_or_it_says_why_not(case):
    operation = case.operation(state="succeeded")
    source = case.source
    if case.kind.undo(operation) is None:
        assert undo_of(operation) is None
        assert why_not_undone(operation)
        return

    case.come_true()
    undone = undo_of(Operation.objects.get(pk=operation.pk))

    assert undone is not None, why_not_undone(Operation.objects.get(pk=operation.pk))
    plan = make_plan(case.thing, undone)
    assert plan.possible
    way_back = worlds.planned(case.thing, undone)
    assert kind_of_wish(undone).decide(way_back, source, None) == Done()


def test_every_kind_has_a_form_and_a_page_with_its_parts():
    assert set(WISH_FORMS) == set(KINDS) - GUIDED
    for name, form in WISH_FORMS.items():
        assert form.kind == name
        assert form.button
        assert KINDS[name].doing
        for part in ("fields", "if-wrong"):
            assert get_template(f"actions/{name}.html#{part}")


def test_a_form_asks_for_the_wish_that_filled_it_in(case):
    if case.kind.name in GUIDED:
        return
    form_class = WISH_FORMS[case.kind.name]
    fields = form_class.prefilled(case.wish)
    if issubclass(form_class, IrreversibleForm):
        fields |= {"account_name": case.thing.account.name, "reason": "the customer left"}

    form = form_class(fields, thing=case.thing, is_reauthenticated=True)

    assert form.is_valid(), form.errors
    wish = form.wish()
    if isinstance(wish, CreatePackageWish):  # an order anew is another one, of another external id
        wish = replace(wish, external_id=case.wish.external_id)
    assert wish == case.wish


def test_a_reading_is_told_in_words_whatever_it_showed(case):
    operation = case.operation()

    for name in PLACES:
        assert case.kind.describe_reading(operation, case.place(name).as_json())
