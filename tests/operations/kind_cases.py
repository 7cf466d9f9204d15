"""For each kind of operation a thing, a wish for it, and what Wix may show of it."""

import importlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from resellers.billing_cycles import BillingCycle
from resellers.models import Operation, ProductInstance
from resellers.operations import kinds
from resellers.operations.kind import AnyKind, Kind
from resellers.operations.kinds import KINDS
from resellers.operations.kinds.adjust import AdjustWish
from resellers.operations.kinds.cancel_instance import CancelInstanceWish
from resellers.operations.kinds.cancel_package import CancelPackageWish
from resellers.operations.kinds.connect_domain import ConnectDomainWish, ConnectedSeen
from resellers.operations.kinds.create_account import AccountsSeen, CreateAccountWish
from resellers.operations.kinds.create_site import CreateSiteWish, NewSiteSeen
from resellers.operations.kinds.external_id import ExternalIdWish
from resellers.operations.kinds.register_domain import DomainSeen, RegisterDomainWish
from resellers.operations.kinds.transfer_site import SiteSeen, TransferSiteWish
from resellers.operations.order_lines import LineWish
from resellers.operations.order_seen import OrderSeen
from resellers.operations.order_wish import CreatePackageWish
from resellers.operations.package_kind import PackageSeen
from resellers.operations.site_wishes import UnassignWish
from resellers.operations.wish import Wish
from tests import worlds

FILES = sorted(
    path.stem for path in Path(kinds.__path__[0]).glob("*.py") if path.stem != "__init__"
)


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


def case_of(name: str) -> Case:
    """The case of the kind in that file; a kind that is not told here has none, and fails."""
    module = importlib.import_module(f"resellers.operations.kinds.{name}")
    made: Case = globals()[f"{name}_case"](the_kind_of(module))
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


def create_site_case(kind: AnyKind) -> Case:
    return Case(
        kind,
        worlds.account(is_main=True),
        CreateSiteWish("North Bakery anew"),
        target=NewSiteSeen((str(worlds.new_id()),)),
        third=NewSiteSeen((str(worlds.new_id()), str(worlds.new_id()))),
    )


def create_account_case(kind: AnyKind) -> Case:
    customer = worlds.new_customer("North Bakery anew")
    return Case(
        kind,
        worlds.account(is_main=True),
        CreateAccountWish(customer.pk, customer.name),
        target=AccountsSeen((str(worlds.new_id()),)),
        third=AccountsSeen((str(worlds.new_id()), str(worlds.new_id()))),
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


def connect_domain_case(kind: AnyKind) -> Case:
    thing = worlds.site()
    return Case(
        kind,
        thing,
        ConnectDomainWish("bakery.example", "POINTING"),
        target=ConnectedSeen(True, str(thing.pk)),
        third=ConnectedSeen(True, str(worlds.new_id())),
    )


def register_domain_case(kind: AnyKind) -> Case:
    domain = worlds.product("Domain .example", service_type="DOMAIN", tld="example")
    thing = worlds.instance(floating=True, product=domain)
    return Case(
        kind,
        thing,
        RegisterDomainWish("bakery.example", worlds.contact(thing.account).pk),
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
