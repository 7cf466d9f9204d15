"""What became of an ended operation once it was asked for again."""

from resellers.models import Operation, OperationState


def tried_again(past: Operation) -> list[Operation]:
    """The other operations for which it, or one that it is a retry of, was tried again.

    The newest first. As many queries as there are retries of retries, and two.
    """
    first = past
    while first.retry_of:
        first = first.retry_of
    found, level = [first], [first]
    while level:
        retries = Operation.objects.filter(retry_of__in=level)
        level = list(retries.select_related("package", "requested_by"))
        found += level
    others = [one for one in found if one.pk != past.pk and one.retry_of_id]
    return sorted(others, key=lambda one: -one.pk)


def order_in_effect(past: Operation) -> Operation | None:
    """The newest of them by which something was ordered, or may be yet, and has not all ended."""
    return next((one for one in tried_again(past) if _is_in_effect(one)), None)


def _is_in_effect(order: Operation) -> bool:
    if order.is_open:
        return True
    if order.state != OperationState.SUCCEEDED:
        return False
    return order.package is None or order.package.instances.live().exists()
