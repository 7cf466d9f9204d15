"""May this be done? Page, list row and form say the same, and only that is recorded.

Every kind that has a form, on services in every status, on a site and floating, in every
circumstance, for every role. What is right is said here once more, in words of its own. All of them
together run with FULL=1. In every run each circumstance meets services divided among the roles, and
each role meets each of both: a role decides nothing but what it may ask for. What forbids all meets
services of which most could be wanted, and some others; what does not, each kind of service.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dashboard.actions.forms import WISH_FORMS, forms_under
from resellers import breaker, policy
from resellers.mirror.learned_refusals import learn
from resellers.models import (
    Account,
    CatalogProduct,
    InstanceStatus,
    Operation,
    Package,
    ProductInstance,
    Role,
    Site,
)
from resellers.operations.kinds import KINDS
from resellers.operations.plan import make_plan
from resellers.operations.requests import OperationError, request_operation
from resellers.operations.wish import Wish
from tests import randomness, worlds
from tests.dashboard.listing import rows
from tests.dashboard.submitting import text

pytestmark = [pytest.mark.django_db, pytest.mark.once]

ROLES = (Role.VIEWER, Role.OPERATOR, Role.MANAGER)
UNKNOWN = "ON_THE_MOON"
STATUSES = (*InstanceStatus.values, UNKNOWN)
ENDED = ("FAILED", "CANCELED")
# Status, and whether it floats.
ENOUGH = (
    *(("ENABLED", False), ("ENABLED", True), ("FAILED", True)),
    *(("PENDING", True), ("AWAITING_ACTION", False), ("CANCELED", False), (UNKNOWN, True)),
)
# Of these everything could be wanted that is not forbidden.
LIVELY = (("ENABLED", False), ("ENABLED", True))
EVERY_SERVICE = tuple(product(STATUSES, (False, True)))
PART = {"HX-Request": "true", "HX-Target": "plan"}


@dataclass
class World:
    """Services by status and place, each in a package and an account of its own."""

    services: list[ProductInstance]
    bigger: CatalogProduct

    @classmethod
    def build(cls, wanted: Sequence[tuple[str, bool]]) -> "World":
        own, bigger = worlds.product(), worlds.product("Bigger Plan")
        services = []
        for status, floating in wanted:
            package = worlds.package(worlds.account(f"{status} {floating}"))
            worlds.site(package.account, "elsewhere")
            service = worlds.instance(package, floating=floating, status=status, product=own)
            services.append(service)
        return cls(services, bigger)

    def things(self) -> Iterator[tuple[ProductInstance, str, Any]]:
        """Each service, and every kind with the thing of this service that it is about."""
        for number, service in enumerate(self.services):
            for form in forms_under("instances"):
                yield service, form.kind, service
            if number == 0 or randomness.FULL:
                for form in forms_under("packages"):
                    yield service, form.kind, service.package
                yield service, "create_package", service.account

    def wish(self, kind: str, service: ProductInstance) -> Wish[Any]:
        """Something to want of it that nothing speaks against but what the circumstance does."""
        target = Site.objects.get(account=service.account, name="elsewhere").pk
        line = {"product_id": str(service.product_id), "cycle": "1 YEAR", "country": "DE"}
        line |= {"site_id": "", "discount_code": "", "reference_id": ""}
        order = {"external_id": f"order-{service.pk}", "lines": [line], "again_of": ""}
        values: dict[str, dict[str, Any]] = {
            "assign": {"site_id": str(target)},
            "reassign": {"site_id": str(target)},
            "adjust": {"product_id": str(self.bigger.pk), "cycle": "1 YEAR"},
            "external_id": {"external_id": f"anew-{service.pk}"},
            "create_package": order,
        }
        return KINDS[kind].wish_class.from_json(values.get(kind, {}))


# --- the circumstances, and what each of them forbids ---------------------------------------------

Circumstance = Callable[[World], Any]
CIRCUMSTANCES: dict[str, tuple[Circumstance, set[str]]] = {}
OF_SERVICES: set[str] = {form.kind for form in forms_under("instances")}
OF_PACKAGES: set[str] = {form.kind for form in forms_under("packages")}
EVERY = set(WISH_FORMS)


def circumstance(name: str, forbids: set[str]) -> Callable[[Circumstance], Circumstance]:
    def register(make: Circumstance) -> Circumstance:
        CIRCUMSTANCES[name] = make, forbids
        return make

    return register


@circumstance("plain", set())
def nothing_special(world: World) -> None:
    pass


@circumstance("the account is gone", EVERY)
def account_gone(world: World) -> None:
    Account.objects.update(gone_at=timezone.now())


@circumstance("the service is gone", OF_SERVICES | {"cancel_package"})
def service_gone(world: World) -> None:
    ProductInstance.objects.update(gone_at=timezone.now())


@circumstance("the package is gone with its service", OF_SERVICES | OF_PACKAGES)
def package_gone(world: World) -> None:
    Package.objects.update(gone_at=timezone.now())
    ProductInstance.objects.update(gone_at=timezone.now())


@circumstance("an operation on the service is under way", OF_SERVICES | OF_PACKAGES)
def operation_on_the_service(world: World) -> None:
    by = worlds.user("operator", "colleague")
    for service in world.services:
        worlds.operation(service, by=by, state="running")


@circumstance("an operation on the package is under way", OF_SERVICES | OF_PACKAGES)
def operation_on_the_package(world: World) -> None:
    by = worlds.user("operator", "colleague")
    for service in world.services:
        wish = KINDS["external_id"].wish_class.from_json({"external_id": f"wanted-{service.pk}"})
        worlds.planned(service.package, wish, requested_by=by, state="needs_attention")


@circumstance("an operation on a neighbour in the package is under way", OF_PACKAGES)
def operation_on_a_neighbour(world: World) -> None:
    by = worlds.user("operator", "colleague")
    for service in world.services:
        neighbour = worlds.instance(service.package, product=service.product)
        worlds.operation(neighbour, by=by, state="queued")


@circumstance("the product is not adjustable", {"adjust"})
def not_adjustable(world: World) -> None:
    CatalogProduct.objects.exclude(pk=world.bigger.pk).update(adjustable=False)


@circumstance("Wix has refused to adjust the product", {"adjust"})
def learned_not_adjustable(world: World) -> None:
    learn(world.services[0].product, "OPERATION_NOT_SUPPORTED_FOR_PRODUCT", "no", "request-1")


@circumstance("read-only", EVERY)
def read_only(world: World) -> None:
    policy.set_read_only("Wix moves our account.", by=worlds.user("admin", "chief"))


@circumstance("paused", EVERY)
def paused(world: World) -> None:
    breaker.pause_writes("Wix does not accept the key.")


def services_for(name: str, role: str) -> Sequence[tuple[str, bool]]:
    """The services, by status and place, that this role meets in this circumstance."""
    if randomness.FULL:
        return EVERY_SERVICE
    turn = list(CIRCUMSTANCES).index(name)

    def turned(services: Sequence[tuple[str, bool]]) -> Sequence[tuple[str, bool]]:
        return [*services[turn % len(services) :], *services[: turn % len(services)]]

    if forbids_all(name):
        lively, others = turned(LIVELY), turned([one for one in ENOUGH if one not in LIVELY])
        shares = {Role.MANAGER: [lively[0], others[0]], Role.OPERATOR: [lively[1], others[2]]}
    else:
        shares = {Role.MANAGER: turned(ENOUGH)[:4], Role.OPERATOR: turned(ENOUGH)[4:]}
    shares[Role.VIEWER] = turned(ENOUGH)[:1]
    return shares[Role(role)]


def forbids_all(name: str) -> bool:
    """Whether nothing may be done with any service then, whatever it is."""
    return CIRCUMSTANCES[name][1] >= OF_SERVICES


def test_each_circumstance_meets_what_it_bears_on_and_each_role_meets_every_service():
    met = {(name, role): set(services_for(name, role)) for name in CIRCUMSTANCES for role in ROLES}

    for name in CIRCUMSTANCES:
        of_both = met[name, Role.MANAGER] | met[name, Role.OPERATOR]
        assert of_both >= set(LIVELY if forbids_all(name) else ENOUGH), name
        assert len(of_both) >= 4
    for role in ROLES:
        assert set().union(*(met[name, role] for name in CIRCUMSTANCES)) >= set(ENOUGH)


def makes_sense(kind: str, service: ProductInstance) -> bool:
    """Whether the service's own status and place allow it."""
    ended, floating = service.status in ENDED, service.site_id is None
    match kind:
        case "assign":
            return floating and not ended
        case "unassign" | "reassign":
            return not floating and not ended
        case "adjust":
            return service.status == "ENABLED"
        case "cancel_instance" | "cancel_package":
            return not ended
    return True


def is_for(role: str, kind: str) -> bool:
    return role == Role.MANAGER if kind.startswith("cancel") else role != Role.VIEWER


# --- what pages say ------------------------------------------------------------------------------


def leads_to(html: str, address: str) -> bool:
    """Whether the page has a link or a form that works and leads there."""
    return f'href="{address}"' in html or f'action="{address}"' in html


class Pages:
    """What one person is offered, read once a page."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self._read: dict[str, str] = {}

    def read(self, address: str) -> str:
        if address not in self._read:
            self._read[address] = self.client.get(address).content.decode()
        return self._read[address]

    def page_offers(self, kind: str, thing: Any) -> bool:
        return leads_to(self.read(thing.get_absolute_url()), WISH_FORMS[kind].path(thing))

    def row_offers(self, service: ProductInstance) -> bool:
        present = ProductInstance.objects.present().filter(pk=service.pk).exists()
        html = self.read("/instances/" if present else "/instances/?gone=1")
        assert f'href="{service.get_absolute_url()}"' in html, "the list shows this service"
        return leads_to(html, WISH_FORMS["assign"].path(service))

    def form_offers(self, kind: str, thing: Any) -> bool:
        answer = self.client.get(WISH_FORMS[kind].path(thing), headers=PART)
        if answer.status_code == 403:
            return False
        words = text(answer)
        offers = "Show the plan" in words
        assert offers != ("This cannot be done now" in words)
        assert offers or "target_" not in answer.content.decode(), "no target without a plan"
        return offers


def is_recorded(person: Any, thing: Any, wish: Wish[Any]) -> bool:
    """Whether confirming the very plan there is makes an operation; nothing is kept of it."""
    before = Operation.objects.count()
    try:
        with transaction.atomic():
            fingerprint = make_plan(thing, wish).fingerprint
            request_operation(
                thing, wish, by=person, request_id=worlds.new_id(), fingerprint=fingerprint
            )
            transaction.set_rollback(True)
    except OperationError:
        assert Operation.objects.count() == before
        return False
    return True


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", CIRCUMSTANCES)
def test_page_row_form_and_recording_give_one_answer(name, role, log_in):
    world, (make, forbids) = World.build(services_for(name, role)), CIRCUMSTANCES[name]
    make(world)
    client = log_in(role)
    pages = Pages(client)
    wrong = []

    for service, kind, thing in world.things():
        right = is_for(role, kind) and kind not in forbids and makes_sense(kind, service)
        said = {
            "page": pages.page_offers(kind, thing),
            "form": pages.form_offers(kind, thing),
            "recorded": is_recorded(client.user, thing, world.wish(kind, service)),
        }
        if kind == "assign":
            said["row"] = pages.row_offers(service)
        if set(said.values()) != {right}:
            place = "floating" if service.site_id is None else "on a site"
            wrong.append((kind, service.status, place, f"right: {right}", said))

    assert not wrong, "\n".join(map(str, wrong))


def test_fifty_rows_are_answered_for_in_as_many_queries_as_ten(operator):
    """Some with an operation under way, some on a site, all in packages of their own."""

    def more(number: int) -> None:
        for place in range(number):
            service = worlds.instance(floating=place % 4 != 0)
            if place % 3 == 0:
                worlds.operation(service, by=operator.user)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            answer = operator.get("/instances/")
        assert answer.status_code == 200
        return len(asked)

    more(10)
    queries()  # what only the first request asks
    few = queries()
    more(40)
    many = queries()

    assert len(rows(operator.get("/instances/"))) == 50
    assert many == few
