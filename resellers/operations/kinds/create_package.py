"""Order products for an account as a new package. Source: Resellers, Create Package V2.

Wix keeps no external id unique, so this one is ours alone: whatever becomes of the answer, the
package is looked for under it before anything is sent again. Delivery is no part of the operation.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import chain
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellers import wix
from resellers.durations import ago
from resellers.mirror.learned_refusals import OF_A_LIMIT, OF_A_SITE
from resellers.models import (
    Account,
    Operation,
    OperationState,
    Package,
    ProductInstance,
)

from .. import reorders
from ..account_kind import AccountKind
from ..essential_first import essential_first
from ..facts import Facts
from ..foreseen import Foreseen, account_refusals
from ..order_lines import OrderLine, failed_of, items_in_words, lines_of, lines_of_each
from ..order_preflight import Surroundings, foresee_order, warn_of_order
from ..order_reading import look_closer, read_order
from ..order_seen import OrderSeen
from ..order_wish import CreatePackageWish
from ..planned import About, PlanBasis, PlanRow
from ..reorders import how_it_went, order_name, ordered_again, refuse_second, second_order
from ..retries import order_in_effect
from ..sentences import Sentences
from ..steps import Back, Decision, Done, Lesson, Reading, Refused, Send, Sent, Stuck, Wait
from ..wish import Thing
from .external_id import TakenIds, form_refusals

ORDER = "order:"  # of the subject: an order has no id before there is a package


class CreatePackage(AccountKind[CreatePackageWish, OrderSeen]):
    name = "create_package"
    label = gettext_lazy("New package")
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

    def sentences(self, operation: Operation) -> Sentences:
        name, customer = operation.subject.removeprefix(ORDER), operation.account
        return Sentences(
            waits=_("%(name)s waits to be ordered for %(customer)s")
            % {"name": name, "customer": customer},
            under_way=_("%(name)s is being ordered for %(customer)s")
            % {"name": name, "customer": customer},
            done=_("%(name)s is ordered for %(customer)s") % {"name": name, "customer": customer},
            was_done=_("%(name)s was ordered for %(customer)s")
            % {"name": name, "customer": customer},
            no_more=_("%(name)s is no longer as ordered for %(customer)s")
            % {"name": name, "customer": customer},
            not_done=_("%(name)s was not ordered") % {"name": name},
            as_before=_("%(name)s was not ordered: %(customer)s has no such package")
            % {"name": name, "customer": customer},
            in_doubt=_("We cannot say whether %(name)s is ordered") % {"name": name},
            neither=_("%(name)s is not as ordered") % {"name": name},
        )

    def plan_moved(self) -> str:
        return "Wix has a package under this external id by now, so nothing was ordered."

    # --- the thing -------------------------------------------------------------------------------

    def about(self, thing: Account, wish: CreatePackageWish) -> About:
        return _about(thing, wish, self._failed(thing, wish))

    def in_mirror(self, thing: Account, wish: CreatePackageWish) -> OrderSeen:
        return OrderSeen(TakenIds.of([wish.external_id]).package_ids(wish.external_id))

    # --- the plan --------------------------------------------------------------------------------

    def rows(self, thing: Account, wish: CreatePackageWish) -> Sequence[PlanRow]:
        return _rows(_lines(wish), lines_of(wish.then, wish.then_items))

    def steps(self, thing: Account, wish: CreatePackageWish) -> dict[str, str]:
        number = len(wish.lines)
        noun = "product" if number == 1 else "products"
        return {"create": f"Order {number} {noun} as {wish.external_id}"}

    def obstacles(self, thing: Account, facts: Facts) -> Sequence[Foreseen]:
        return account_refusals(thing)

    def foresee(self, thing: Account, wish: CreatePackageWish) -> Sequence[Foreseen]:
        return self.plan_bases([(thing, wish)])[0].refusals

    def plan_bases(
        self, wished: Sequence[tuple[Account, CreatePackageWish]]
    ) -> Sequence[PlanBasis]:
        wishes = [wish for _, wish in wished]
        lines = lines_of_each([(wish.lines, wish.items) for wish in wishes])
        then = lines_of_each([(wish.then, wish.then_items) for wish in wishes])
        taken = TakenIds.of({wish.external_id for wish in wishes})
        failed = [failed_of(thing, of) for (thing, _), of in zip(wished, lines, strict=True)]
        ordered = ordered_again(chain.from_iterable(failed))
        around = Surroundings.of(list(chain.from_iterable(lines)))
        found = []
        for (thing, wish), own, second, ended in zip(wished, lines, then, failed, strict=True):
            about = _about(thing, wish, ended)
            refusals = form_refusals(wish.external_id)
            refusals += taken.refusals(wish.external_id, about.subject)
            refusals += refuse_second(ended, ordered, one_more_than=wish.one_more_than)
            refusals += foresee_order(thing, own, around)
            seen = OrderSeen(taken.package_ids(wish.external_id))
            found.append(PlanBasis(about, seen, (), _rows(own, second), refusals))
        return found

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
        return read_order(operation, self.wish_of(operation).external_id, client)

    def look_closer(
        self, operation: Operation, seen: OrderSeen, client: wix.WixClient
    ) -> Iterator[Reading[OrderSeen]]:
        """What a list showed is asked for by its id, each package by itself."""
        return look_closer(operation, self.wish_of(operation).external_id, seen, client)

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

    def disproves(self, operation: Operation) -> Collection[tuple[str, UUID, UUID | None]]:
        lines = self.wish_of(operation).lines
        at_all = {(OF_A_LIMIT, line.product_id, None) for line in lines}
        return at_all | {(OF_A_SITE, line.product_id, line.site_id) for line in lines}

    def _ordered(self, operation: Operation) -> list[str]:
        return [str(line.product_id) for line in self.wish_of(operation).lines]

    def _failed(self, account: Account, wish: CreatePackageWish) -> list[ProductInstance]:
        """The failed services of this account that it is in place of."""
        if not wish.again_of:
            return []
        services = account.instances.failed().select_related("product")
        return list(services.filter(pk__in=wish.again_of).order_by("id"))


def _about(thing: Account, wish: CreatePackageWish, failed: Sequence[ProductInstance]) -> About:
    # One that is in place of several is about none of them alone: its reorders name them.
    only = failed[0] if len(failed) == 1 else None
    return About(f"{ORDER}{wish.external_id}", thing, instance=only)


def _rows(lines: Sequence[OrderLine], then: Sequence[OrderLine]) -> list[PlanRow]:
    rows = [
        PlanRow(f"line {number}", f"Product {number}", "", words)
        for number, words in enumerate(items_in_words(lines), 1)
    ]
    return rows + [
        PlanRow(f"then {number}", "To be ordered second, by itself", "", words)
        for number, words in enumerate(items_in_words(then), 1)
    ]


def _lines(wish: CreatePackageWish) -> list[OrderLine]:
    return lines_of(wish.lines, wish.items)
