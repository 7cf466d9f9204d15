"""What was ordered in place of a failed service, and how that went: told here alone.

What is ordered for it may fail as well and be ordered again. For each of these services the orders
count that were made since it failed, whichever of them they were asked for from.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from resellers.durations import ago
from resellers.models import (
    InstanceStatus,
    Operation,
    OperationState,
    Package,
    ProductInstance,
    Reorder,
)
from resellers.models.states import REFUSED_STATES, UNSETTLED_STATUSES
from resellers.refusals import Explanation, explain_failure, explain_state, explain_status

from .foreseen import Foreseen, own
from .namesakes import names_of
from .order_lines import LineWish

ONE_MORE = "one_more"  # the field of a form that says so
ORDERED_AGAIN = "ORDERED_AGAIN"


@dataclass(frozen=True, slots=True)
class OrderedAgain:
    """What was ordered in place of one failed service, the newest first."""

    orders: tuple[Reorder, ...] = ()

    @property
    def in_effect(self) -> Reorder | None:
        """The newest by which the service was had, or may be yet; then nothing more is wanted."""
        return next((order for order in self.orders if order.in_effect), None)

    @property
    def relevant(self) -> Reorder | None:
        """The one to speak of: the newest in effect, else the newest of all."""
        return self.in_effect or next(iter(self.orders), None)


NOTHING = OrderedAgain()


def ordered_again(services: Iterable[ProductInstance]) -> Mapping[UUID, OrderedAgain]:
    """What was ordered in place of those of them that failed, by id; one query, or none."""
    failed = {one.pk: one for one in services if one.status == InstanceStatus.FAILED}
    if not failed:
        return {}
    made = Reorder.objects.filter(service__in=failed)
    found = (
        Reorder.objects.filter(Q(origin__in=failed) | Q(origin__in=made.values("origin")))
        .select_related("operation__package", "service__product", "failed__product")
        .defer("operation__package__raw", "service__raw", "failed__raw")
        .order_by("-operation_id", "line")
    )
    by_origin: dict[UUID, list[Reorder]] = defaultdict(list)
    origins: dict[UUID, UUID] = {}
    for order in found:
        by_origin[order.origin_id].append(order)
        if order.service_id:
            origins[order.service_id] = order.origin_id
    return {
        id_: OrderedAgain(
            tuple(o for o in by_origin[origins.get(id_, id_)] if _is_since(o, failed[id_]))
        )
        for id_ in failed
    }


def attach_orders(services: Sequence[ProductInstance]) -> None:
    """Give each of the services as `ordered` what was ordered in its place."""
    found = ordered_again(services)
    for service in services:
        service.ordered = found.get(service.pk, NOTHING)  # type: ignore[attr-defined]


def _is_since(order: Reorder, failed: ProductInstance) -> bool:
    """Whether it was made since that service failed: the same as `ordered_again` of a queryset."""
    if order.failed_id == failed.pk:
        return True
    since = failed.status_since
    return since is not None and order.operation.requested_at >= since


# --- recording -----------------------------------------------------------------------------------


def record(operation: Operation, lines: Sequence[LineWish]) -> None:
    """Link the order's lines to the services that they are in place of."""
    of_lines = {n: line.again_of for n, line in enumerate(lines) if line.again_of}
    made = dict(
        Reorder.objects.filter(service__in=of_lines.values()).values_list("service", "origin")
    )
    Reorder.objects.bulk_create(
        Reorder(operation=operation, line=n, failed_id=id_, origin_id=made.get(id_, id_))
        for n, id_ in of_lines.items()
    )


def link_services(operation: Operation, lines: Sequence[LineWish], package: Package | None) -> None:
    """Note which services of the package came of the order's lines, each as far as can be told."""
    waiting = list(operation.reorders.filter(service=None).order_by("line"))
    if not waiting or package is None:
        return
    free = list(package.instances.filter(reorder=None).order_by("id"))
    for reorder in waiting:
        line = lines[reorder.line]
        like = [one for one in free if one.product_id == line.product_id]
        # Of two services of one product, the site tells them apart, where it tells anything.
        service = next((one for one in like if one.site_id == line.site_id), next(iter(like), None))
        if service is None:
            continue
        free.remove(service)
        reorder.service = service
        reorder.save(update_fields=["service"])


# --- words ---------------------------------------------------------------------------------------


def order_name(operation: Operation) -> str:
    """What people call an order: its package's external id, as it is or shall be."""
    return str(operation.package or operation.wish.get("external_id", operation))


def how_it_went(operation: Operation, service: ProductInstance | None = None) -> str:
    """How an operation stands, in a word or two; of an order its service, where it is known."""
    if operation.state == OperationState.SUCCEEDED and service:
        return _("gone from Wix") if service.gone_at else explain_status(service.status).word_within
    if operation.state in REFUSED_STATES:
        return _("not carried out") if operation.settled_by_id else _("refused by Wix")
    return explain_state(operation.state).word_within


def reordered_words(order: Reorder) -> str:
    """`ordered again as ord-17, 3 min ago, enabled`."""
    name, asked = order_name(order.operation), ago(order.operation.requested_at)
    return _("ordered again as %(name)s, %(asked)s, %(how_it_went)s") % {
        "name": name,
        "asked": asked,
        "how_it_went": how_it_went(order.operation, order.service),
    }


# --- what to do ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Advice:
    """What a failed service's code means, who acts and what next, as things stand by now.

    `order` is the order to speak of beside it, if one was made in its place.
    """

    known: Explanation
    order: Reorder | None = None


def advise(failed: ProductInstance, ordered: OrderedAgain) -> Advice:
    """What to do about a failed service: never to order again what was ordered and is in effect."""
    known, order = explain_failure(failed.failure_code), ordered.relevant
    if order is None or not order.in_effect:
        return Advice(known, order)
    operation, service = order.operation, order.service
    if operation.state == OperationState.NEEDS_ATTENTION:
        step = _("Decide about that order first: nobody can say how it ended.")
        return Advice(replace(known, who="we", next_step=step), order)
    if operation.is_open:
        return Advice(replace(known, who="dashboard", next_step=_("Wait for it.")), order)
    if service and service.status == InstanceStatus.AWAITING_ACTION:
        step = str(explain_status(service.status).next_step)
        return Advice(replace(known, who="customer", next_step=step), order)
    if service and service.status in UNSETTLED_STATUSES:
        return Advice(replace(known, who="wix", next_step=_("Wait for it.")), order)
    step = _("Nothing more is to be ordered.")
    return Advice(replace(known, who="nobody", next_step=step), order)


def hopeless(failed: ProductInstance) -> Foreseen | None:
    """Why nobody may have it ordered again with many others: only Wix can say what went wrong.

    Whoever has asked there may order it by itself.
    """
    known = explain_failure(failed.failure_code)
    if known.who != "wix":
        return None
    step = "Once Wix has said what happened, order it again by itself, from its own page."
    return own("", failed.failure_code or "NO_CODE", f"{known.words} {known.next_step}", step)


def refuse_second(
    services: Sequence[ProductInstance],
    found: Mapping[UUID, OrderedAgain],
    *,
    one_more_than: int | None,
) -> list[Foreseen]:
    """What was ordered for these services, as `found`, and is in effect, unless one more is wanted.

    `one_more_than` is the last operation that who wants it knew of: a later one is told first.
    """
    names = names_of(services)
    refusals = []
    for service in services:
        order = found.get(service.pk, NOTHING).in_effect
        if order and order.operation_id > (one_more_than or 0):
            words = _("%(name)s was %(ordered)s.") % {
                "name": names[service.pk],
                "ordered": reordered_words(order),
            }
            refusals.append(second_order(words))
    return refusals


def second_order(words: str) -> Foreseen:
    """A refusal to order in silence what was ordered already, as these words say."""
    step = _("Tick “Order one more” if another one is wanted beside it.")
    return own(ONE_MORE, ORDERED_AGAIN, words, step)
