"""Domain services that a customer pays for and with which nothing is registered yet."""

from typing import Any
from uuid import UUID

from resellers.models import (
    OPEN_STATES,
    Flow,
    InstanceStatus,
    Operation,
    OperationState,
    ProductInstance,
)

# In the data of a flow: the service, in hexadecimal digits, with which somebody registered a domain
# at Wix.
REGISTERED_WITH = "registered_with"


def unused_services(account_id: Any) -> list[ProductInstance]:
    """The customer's enabled domain services on no site, what ends last first; two statements.

    With a service that a registration succeeded with, or is under way for, none is registered.
    """
    by_hand = Flow.objects.filter(account=account_id, state=Flow.State.DONE)
    done = by_hand.values_list(f"data__{REGISTERED_WITH}", flat=True)
    used_up = [UUID(service) for service in done if service]
    spent = Operation.objects.filter(
        kind="register_domain", state__in=[*OPEN_STATES, OperationState.SUCCEEDED]
    )
    services = ProductInstance.objects.floating().of_domains().filter(account=account_id)
    enabled = services.filter(status=InstanceStatus.ENABLED).exclude(pk__in=used_up)
    unused = enabled.exclude(
        pk__in=spent.filter(instance__isnull=False).order_by().values("instance_id")
    )
    found = unused.select_related("product", "package", "account", "site")
    return list(found.defer("raw").order_by("-expires_at", "id"))
