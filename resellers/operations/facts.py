"""What is read once for many things before kinds are asked about each of them."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from uuid import UUID

from resellers.mirror.learned_refusals import standing
from resellers.models import Package, ProductInstance, ProductRefusal, Site

from .foreseen import live_on
from .wish import Thing, ThingT


class Facts:
    """What is known about some services, packages or sites beside their own rows.

    Each fact takes one query for all the things together, and none where no kind looks at it.
    """

    def __init__(self, things: Sequence[Thing]) -> None:
        self._things = things

    @cached_property
    def learned(self) -> Mapping[UUID, Sequence[ProductRefusal]]:
        """What Wix has refused of the services' products and nobody has cleared, by product."""
        return standing({i.product_id for i in self._of(ProductInstance)})

    @cached_property
    def with_living(self) -> set[UUID]:
        """Those of the packages that have a service which has not ended."""
        packages = [package.pk for package in self._of(Package)]
        living = ProductInstance.objects.live().filter(package__in=packages).order_by()
        return set(living.values_list("package", flat=True).distinct())

    @cached_property
    def carried(self) -> Mapping[UUID, Sequence[ProductInstance]]:
        """The services on the sites that have not ended, by site."""
        return live_on(self._of(Site))

    def _of(self, model: type[ThingT]) -> list[ThingT]:
        return [thing for thing in self._things if isinstance(thing, model)]
