"""What Wix shows of an order: its package is looked for under the order's external id."""

from collections.abc import Iterator

from resellers import wix
from resellers.models import Operation, OperationAttempt
from resellers.wix import WixNotFound

from .order_seen import OrderSeen
from .steps import Reading

# Of the packages under one external id, so many are asked for one by one.
MOST_LOOKED_AT = 5


def read_order(operation: Operation, external_id: str, client: wix.WixClient) -> Reading[OrderSeen]:
    """The packages under that external id, and the one that an answer of Wix has named."""
    # By the account too: the whole list may leave a customer's packages out.
    account_id, named = str(operation.account_id), _named(operation)
    wanted = {"accountId": account_id, "externalId": external_id}
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
    operation: Operation, external_id: str, seen: OrderSeen, client: wix.WixClient
) -> Iterator[Reading[OrderSeen]]:
    """What a list showed is asked for by its id, each package by itself."""
    found: list[wix.Package] = []
    account_id = str(operation.account_id)
    for id_ in seen.packages[:MOST_LOOKED_AT]:
        try:
            answer = client.get_package(account_id=account_id, package_id=id_)
        except WixNotFound as error:
            if error.call is None:
                raise
            yield Reading(OrderSeen.of(found, seen.named), error.call)
            continue
        if answer.package.external_id == external_id or id_ == seen.named:
            found.append(answer.package)
        order = OrderSeen.of(found, seen.named)
        yield Reading(order, answer.call, (answer.package,), is_get=True)


def _named(operation: Operation) -> str | None:
    """The package that this order became, or that an answer of Wix to it has named."""
    if operation.package_id:
        return str(operation.package_id)
    named = operation.attempts.filter(package_id__isnull=False).order_by("id").last()
    return str(named.package_id) if named else None


def _was_sent_once(operation: Operation) -> bool:
    sent = operation.attempts.filter(writes=True, state__in=OperationAttempt.MAYBE_CARRIED_OUT)
    return sent.count() <= 1
