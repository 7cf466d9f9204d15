"""An order in two: what goes second is kept with the first one until Wix has delivered that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.components.controls import Control
from resellers.models import Account, Operation, OperationState, ProductInstance
from resellers.operations.essential_first import SecondOrder, second_order
from resellers.operations.kinds.create_package import CreatePackage
from resellers.operations.order_wish import CreatePackageWish
from resellers.operations.preflight import Preflight
from resellers.operations.wish import UnreadableWish

from .order_line import LineForm

THEN = "then"  # before the names of the fields of what goes second
UNREADABLE = gettext_lazy(
    "What is to be ordered second cannot be read: leave it out, and order it by itself."
)


def divided(
    data: Mapping[str, str], lines: Sequence[LineForm], then: Sequence[LineForm], later: set[int]
) -> dict[str, str]:
    """The fields of the order without the lines of those numbers, which go second.

    Where nothing else is ordered, there is a line for the Premium plan of their site.
    """
    first = [line for line in lines if line.number not in later]
    second = [*then, *(line for line in lines if line.number in later)]
    fields = {
        name: text for name, text in data.items() if not name.startswith(("lines", f"{THEN}"))
    }
    for place, some in (("lines", first), (THEN, second)):
        fields[place] = str(len(some))
        for number, line in enumerate(some):
            for name in LineForm.base_fields:
                fields[f"{place}-{number}-{name}"] = str(line[name].value() or "")
    if not first:
        fields["lines"] = "1"
        for name in ("target_site", "country"):
            fields[f"lines-0-{name}"] = str(second[0][name].value() or "")
        if second[0].goes_to_each_site:
            fields["lines-0-target_site"] = ""
    return fields


def first_order(account: Account, number: str) -> Operation | None:
    """The operation of that number, if it is an order of that account for which another waits."""
    if not (number.isascii() and number.isdecimal() and len(number) < 19):
        return None
    orders = Operation.objects.filter(kind=CreatePackage.name, account=account)
    order = orders.select_related("package").filter(pk=int(number)).first()
    return order if order and second_of(order) else None


def second_of(operation: Operation) -> SecondOrder | None:
    """What waits to be ordered after that operation; None where nothing does."""
    if operation.kind != CreatePackage.name:
        return None
    try:
        wish = CreatePackageWish.from_json(operation.wish)
    except UnreadableWish:
        return None
    return second_order(operation, wish)


def wish_of_second(operation: Operation, second: SecondOrder) -> CreatePackageWish:
    """What asks for it, under an external id of its own."""
    return CreatePackageWish.of_items("", second.wanted, after=operation.pk)


@dataclass(frozen=True, slots=True)
class SecondOffer:
    """What a first order's page says of the second: `control` leads to it, where that may be."""

    second: SecondOrder
    control: Control | None

    @property
    def awaited(self) -> ProductInstance | None:
        """The first order's plan, while Wix has yet to deliver it."""
        plan = self.second.plan
        return plan if plan and not plan.is_enabled else None


def offer_second(operation: Operation, preflight: Preflight) -> SecondOffer | None:
    """What waits to be ordered after that operation, and what leads to ordering it."""
    second = second_of(operation)
    if second is None:
        return None
    control = None
    is_wanted = second.made is None or second.made.is_repeatable
    if operation.state == OperationState.SUCCEEDED and is_wanted:
        query = {"account": str(operation.account_id), "after": str(operation.pk)}
        answer = preflight.of(CreatePackage.name, operation.account)
        is_due = second.plan is not None and second.plan.is_enabled
        tone = "primary" if is_due else ""
        path = reverse("package_new", query=query)
        control = Control(answer, path, _("Order what comes second"), tone)
    return SecondOffer(second, control)
