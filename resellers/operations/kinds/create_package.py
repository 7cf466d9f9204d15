"""Order products for an account as a new package. Source: Resellers, Create Package V2.

Wix keeps no external id unique, so this one is ours alone: whatever becomes of the answer, the
package is looked for under it before anything is sent again. Delivery is no part of the operation.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from resellers import wix
from resellers.durations import ago
from resellers.models import (
    Account,
    Operation,
    OperationAttempt,
    OperationState,
    Package,
    ProductInstance,
    SyncRun,
)
from resellers.wix import WixNotFound

from .. import reorders
from ..conflicts import Conflicts
from ..essential_first import essential_first
from ..facts import Facts
from ..foreseen import Foreseen, account_refusals
from ..kind import (
    About,
    Back,
    Decision,
    Done,
    Freshness,
    Kind,
    Lesson,
    PlanRow,
    Reading,
    Refused,
    Send,
    Sent,
    Stuck,
    Wait,
)
from ..order_lines import OrderLine, items_in_words, lines_of
from ..order_preflight import foresee_order, warn_of_order
from ..order_seen import OrderSeen
from ..order_wish import CreatePackageWish
from ..reorders import how_it_went, order_name, refuse_second, second_order
from ..retries import order_in_effect
from ..wish import Thing
from .external_id import external_id_taken, form_refusals

# Of the packages under one external id, so many are asked for one by one.
MOST_LOOKED_AT = 5
ORDER = "order:"  # of the subject: an order has no id before there is a package


class CreatePackage(Kind[Account, CreatePackageWish, OrderSeen]):
    name = "create_package"
    label = "New package"
    doing = "ordering"
    done = {"create": "Ordered"}
    wish_class = CreatePackageWish
    noun = "order"
    touches = "New"
    seen_as = {"packages": "Packages under this external id"}
    ladder = "CREATE_LADDER"
    reads = "the packages under this external id"
    # A package under our external id that we did not order is somebody else's.
    may_be_true_already = False
    cannot_be_undone = "An order cannot be taken back: cancel the package instead."

    def heading(self, thing: Account) -> str:
        return f"{self.label} for {thing}"

    def title(self, operation: Operation) -> str:
        return f"{self.label} {operation.subject.removeprefix(ORDER)}"

    def plan_moved(self) -> str:
        return "Wix has a package under this external id by now, so nothing was ordered."

    # --- the thing -------------------------------------------------------------------------------

    def load(self, pk: UUID) -> Account:
        return Account.objects.get(pk=pk)

    def guard(self, thing: Account) -> Thing:
        return thing

    def about(self, thing: Account, wish: CreatePackageWish) -> About:
        # One that is in place of several is about none of them alone: its reorders name them.
        failed = self._failed(thing, wish)
        only = failed[0] if len(failed) == 1 else None
        return About(f"{ORDER}{wish.external_id}", thing, instance=only)

    def thing_of(self, operation: Operation) -> Account | None:
        return operation.account

    def conflicts(self, about: About | Operation) -> Conflicts:
        return Conflicts(subject=about.subject)

    def freshness(self, thing: Account) -> Freshness:
        return Freshness(thing.sites_checked_at, SyncRun.Kind.ACCOUNT, thing)

    def in_mirror(self, thing: Account, wish: CreatePackageWish) -> OrderSeen:
        held = Package.objects.present().filter(external_id=wish.external_id)
        return OrderSeen(tuple(sorted(str(id_) for id_ in held.values_list("id", flat=True))))

    # --- the plan --------------------------------------------------------------------------------

    def rows(self, thing: Account, wish: CreatePackageWish) -> Sequence[PlanRow]:
        rows = [
            PlanRow(f"line {number}", f"Product {number}", "", words)
            for number, words in enumerate(items_in_words(_lines(wish)), 1)
        ]
        then = lines_of(wish.then, wish.then_items)
        return rows + [
            PlanRow(f"then {number}", "To be ordered second, by itself", "", words)
            for number, words in enumerate(items_in_words(then), 1)
        ]

    def steps(self, thing: Account, wish: CreatePackageWish) -> dict[str, str]:
        number = len(wish.lines)
        noun = "product" if number == 1 else "products"
        return {"create": f"Order {number} {noun} as {wish.external_id}"}

    def obstacles(self, thing: Account, facts: Facts) -> Sequence[Foreseen]:
        return account_refusals(thing)

    def foresee(self, thing: Account, wish: CreatePackageWish) -> Sequence[Foreseen]:
        found = form_refusals(wish.external_id)
        found += external_id_taken(wish.external_id, self.about(thing, wish))
        failed = self._failed(thing, wish)
        found += refuse_second(failed, one_more_than=wish.one_more_than)
        return [*found, *foresee_order(thing, _lines(wish))]

    def foresee_retry(
        self, thing: Account, wish: CreatePackageWish, past: Operation
    ) -> Sequence[Foreseen]:
        again = order_in_effect(past)
        if again is None or again.pk <= (wish.one_more_than or 0):
            return ()
        asked, how = ago(again.requested_at), how_it_went(again)
        words = f"This order was tried again as {order_name(again)}, {asked}, {how}."
        return [second_order(words)]

    def warnings(self, thing: Account, wish: CreatePackageWish) -> Sequence[str]:
        lines = _lines(wish)
        warnings = warn_of_order(lines)
        first = essential_first(thing, [(line.product, line.site) for line in lines])
        if first:
            warnings.insert(0, first.words)
        if wish.then and not any(line.product and line.product.is_premium_plan for line in lines):
            warnings.append(
                "What is to be ordered second needs a Premium plan: this order has none."
            )
        return warnings

    def request(self, thing: Account, wish: CreatePackageWish) -> dict[str, Any] | None:
        products = [line.new_product for line in _lines(wish)]
        return wix.order_body(products, wish.external_id)

    def recorded(self, operation: Operation, wish: CreatePackageWish) -> None:
        reorders.record(operation, wish.lines)

    # --- the work --------------------------------------------------------------------------------

    def read(self, operation: Operation, client: wix.WixClient) -> Reading[OrderSeen]:
        # By the account too: the whole list may leave a customer's packages out.
        account_id, named = str(operation.account_id), _named(operation)
        wanted = {"accountId": account_id, "externalId": self.wish_of(operation).external_id}
        page = client.query_packages(
            filter={name: {"$eq": v} for name, v in wanted.items()}, account_id=account_id
        )
        if named is None or named in {package.id for package in page.items}:
            return Reading(OrderSeen.of(page.items, named), page.call, page.items)
        try:
            answer = client.get_package(account_id=account_id, package_id=named)
        except WixNotFound as error:
            if error.call is None:
                raise
            return Reading(OrderSeen.of(page.items, named), error.call, page.items)
        found = (*page.items, answer.package)
        # Once it has another name, what has this one is none of an order that was sent once.
        was_renamed = answer.package.external_id != wanted["externalId"]
        of_order = (answer.package,) if was_renamed and _was_sent_once(operation) else found
        return Reading(OrderSeen.of(of_order, named), answer.call, found)

    def look_closer(
        self, operation: Operation, seen: OrderSeen, client: wix.WixClient
    ) -> Iterator[Reading[OrderSeen]]:
        """What a list showed is asked for by its id, each package by itself."""
        found: list[wix.Package] = []
        name, account_id = self.wish_of(operation).external_id, str(operation.account_id)
        for id_ in seen.packages[:MOST_LOOKED_AT]:
            try:
                answer = client.get_package(account_id=account_id, package_id=id_)
            except WixNotFound as error:
                if error.call is None:
                    raise
                yield Reading(OrderSeen.of(found, seen.named), error.call)
                continue
            if answer.package.external_id == name or id_ == seen.named:
                found.append(answer.package)
            order = OrderSeen.of(found, seen.named)
            yield Reading(order, answer.call, (answer.package,), is_get=True)

    def has_moved(self, operation: Operation, seen: OrderSeen) -> bool:
        return seen.found

    def decide(self, operation: Operation, seen: OrderSeen, refused: Refused | None) -> Decision:
        if len(seen.packages) > 1:
            ids = " and ".join(id_[:8] for id_ in seen.packages)
            words = f"There are {len(seen.packages)} packages under this external id, {ids}."
            words += " Cancel the one that is too many."
            return Stuck(words, "ordered_twice", is_to_be_ended=True)
        if seen.found:
            # Once it is ours, what it holds is for later operations to change.
            is_ours = seen.packages == (str(operation.package_id),)
            if is_ours or Counter(seen.products) == Counter(self._ordered(operation)):
                return Done()
            return Stuck("The package under this external id has other products than ordered.")
        if seen.named:
            return Wait("Wix has named the new package, and does not show it yet.")
        return Back() if refused else Send("create")

    def send(
        self, operation: Operation, step: str, client: wix.WixClient, idempotency_key: str
    ) -> Sent:
        wish = self.wish_of(operation)
        answer = client.create_package(
            account_id=str(operation.account_id),
            products=[line.new_product for line in _lines(wish)],
            external_id=wish.external_id,
            idempotency_key=idempotency_key,
        )
        return Sent(answer.call, answer.package.id)

    def result(self, seen: OrderSeen) -> dict[str, object]:
        return {"package_id": UUID(seen.packages[0])}

    def carried_out(self, operation: Operation) -> None:
        if operation.reorders.exists():
            lines = self.wish_of(operation).lines
            reorders.link_services(operation, lines, self._package_of(operation))

    def touched(self, operation: Operation) -> Sequence[Thing]:
        was_done = operation.state == OperationState.SUCCEEDED
        package = self._package_of(operation) if was_done else operation.package
        if package is None:
            return super().touched(operation)
        services = package.instances.present().select_related("product", "site")
        return [package, *services.order_by("id")]

    def _package_of(self, operation: Operation) -> Package | None:
        """The package that came of the order. A person's word names none: then it is the only one
        under the order's external id."""
        if operation.package:
            return operation.package
        external_id = operation.subject.removeprefix(ORDER)
        under_it = Package.objects.present().filter(
            account=operation.account_id, external_id=external_id
        )
        only = list(under_it[:2])
        return only[0] if len(only) == 1 else None

    def describe_reading(self, operation: Operation, seen: dict[str, Any]) -> str:
        packages = seen.get("packages", [])
        if not packages:
            return "no package under this external id"
        if len(packages) > 1:
            return f"{len(packages)} packages under this external id"
        number = len(seen.get("products", []))
        return f"the package, with {number} {'service' if number == 1 else 'services'}"

    def taught_by(self, operation: Operation, refused: Refused) -> Sequence[Lesson]:
        lines = self.wish_of(operation).lines
        named = [line for line in lines if refused.names(line.product_id)]
        lessons = dict.fromkeys(Lesson(line.product_id, line.site_id) for line in named or lines)
        return list(lessons) if named or len(lessons) == 1 else []

    def _ordered(self, operation: Operation) -> list[str]:
        return [str(line.product_id) for line in self.wish_of(operation).lines]

    def _failed(self, account: Account, wish: CreatePackageWish) -> list[ProductInstance]:
        """The failed services of this account that it is in place of."""
        if not wish.again_of:
            return []
        services = account.instances.failed().select_related("product")
        return list(services.filter(pk__in=wish.again_of).order_by("id"))


def _lines(wish: CreatePackageWish) -> list[OrderLine]:
    return lines_of(wish.lines, wish.items)


def _named(operation: Operation) -> str | None:
    """The package that this order became, or that an answer of Wix to it has named."""
    if operation.package_id:
        return str(operation.package_id)
    named = operation.attempts.filter(package_id__isnull=False).order_by("id").last()
    return str(named.package_id) if named else None


def _was_sent_once(operation: Operation) -> bool:
    sent = operation.attempts.filter(writes=True, state__in=OperationAttempt.MAYBE_CARRIED_OUT)
    return sent.count() <= 1
