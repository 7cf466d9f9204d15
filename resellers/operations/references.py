"""Which service is free with which other one, from both ends.

Wix lets a product be ordered with reference to another service of the customer, which is then not
charged for a time. Each service can be the reference of one other only.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from uuid import UUID

from resellers.models import ProductInstance


def used_by(reference_ids: Iterable[UUID]) -> dict[UUID, ProductInstance]:
    """The service that used each of these as its reference, where one did: Wix allows one."""
    users = ProductInstance.objects.filter(reference_instance_id__in=list(reference_ids))
    return {
        user.reference_instance_id: user
        for user in users.select_related("product", "package", "site").defer("raw")
        if user.reference_instance_id
    }


class References:
    """Both ends of these services' references; two queries, once the first is asked for."""

    def __init__(self, services: Sequence[ProductInstance]) -> None:
        self._services = services

    def reference_of(self, service: ProductInstance) -> ProductInstance | None:
        """What the service is free with; None where it is paid for, or that is not known here."""
        id_ = service.reference_instance_id
        return self._references.get(id_) if id_ else None

    def user_of(self, service: ProductInstance) -> ProductInstance | None:
        """What is, or was, free with the service."""
        return self._users.get(service.pk)

    @cached_property
    def _references(self) -> Mapping[UUID, ProductInstance]:
        wanted = {id_ for one in self._services if (id_ := one.reference_instance_id)}
        known = ProductInstance.objects.select_related("product", "site").defer("raw")
        return known.in_bulk(wanted) if wanted else {}

    @cached_property
    def _users(self) -> Mapping[UUID, ProductInstance]:
        return used_by(one.pk for one in self._services)


def attach_references(services: Sequence[ProductInstance]) -> None:
    """Give each of the services as `references` both ends of all their references."""
    references = References(services)
    for service in services:
        service.references = references  # type: ignore[attr-defined]
