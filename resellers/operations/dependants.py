"""What rests on a service as it is now, and may stop working when that changes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from resellers.models import CatalogProduct, ProductInstance, Site

from .foreseen import live_on
from .namesakes import names_of


@dataclass(frozen=True, slots=True)
class Dependant:
    """Something that rests on the service and may stop working."""

    words: str
    instance: ProductInstance | None = None


def leaving_site(instance: ProductInstance) -> list[Dependant]:
    """What stops working on the service's site when the service leaves it."""
    return leaving_sites([instance])


def leaving_sites(leaving: Sequence[ProductInstance]) -> list[Dependant]:
    """What stops working on their sites when these services leave together."""
    found = []
    for site, needing in _resting_on(leaving):
        names = names_of(needing)
        found += [
            Dependant(f"{names[other.pk]} on {site} needs a Premium plan", other)
            for other in needing
        ]
        if site.domain_connected:
            found.append(Dependant(f"The domain connected to {site} is disconnected"))
    return found


def changing_plan(instance: ProductInstance, target: CatalogProduct | None) -> list[Dependant]:
    """What may stop working on the service's site when it becomes that product, or an unknown one.

    From one Premium plan to another, up or down, nothing loses what it needs.
    """
    if target and target.is_premium_plan:
        return []
    found = []
    for site, needing in _resting_on([instance]):
        names = names_of(needing)
        found += [
            Dependant(
                f"{names[other.pk]} on {site} needs a Premium plan and may stop working", other
            )
            for other in needing
        ]
        if site.domain_connected:
            found.append(Dependant(f"The domain connected to {site} may be disconnected"))
    return found


def _resting_on(
    plans: Sequence[ProductInstance],
) -> Iterator[tuple[Site, list[ProductInstance]]]:
    """The sites that these Premium plans may leave without, each with what needs one there.

    Wix's own word says nothing here: it may stand for the very plan that leaves.
    """
    keys = {instance.pk for instance in plans}
    carried = live_on({i.site for i in plans if i.site and i.product.is_premium_plan})
    for site in {i.site_id: i.site for i in plans if i.site_id in carried}.values():
        assert site is not None
        others = [other for other in carried[site.pk] if other.pk not in keys]
        if not any(other.gives_premium for other in others):
            yield site, [other for other in others if other.product.needs_premium]


def given_with(ending: Sequence[ProductInstance]) -> list[Dependant]:
    """The free services that were ordered with reference to these, and do not end with them."""
    keys = [instance.pk for instance in ending]
    services = ProductInstance.objects.live().filter(reference_instance_id__in=keys)
    free = list(services.exclude(pk__in=keys).select_related("product", "site"))
    names = names_of(free)
    return [Dependant(f"{names[other.pk]} was given free with it", other) for other in free]
