"""Domain services that a customer pays for and with which nothing is registered yet."""

from typing import Any

from resellers.models import OPEN_STATES, InstanceStatus, Operation, OperationState, ProductInstance


def unused_services(account_id: Any) -> list[ProductInstance]:
    """The customer's enabled domain services on no site, what ends last first; one statement.

    With a service that a registration succeeded with, or is under way for, none is registered.
    """
    spent = Operation.objects.filter(
        kind="register_domain", state__in=[*OPEN_STATES, OperationState.SUCCEEDED]
    )
    services = ProductInstance.objects.floating().of_domains().filter(account=account_id)
    unused = services.filter(status=InstanceStatus.ENABLED).exclude(
        pk__in=spent.filter(instance__isnull=False).order_by().values("instance_id")
    )
    found = unused.select_related("product", "package", "account", "site")
    return list(found.defer("raw").order_by("-expires_at", "id"))
