"""Services of one name that stand together: their ids, and wherein they differ."""

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from resellers import formats
from resellers.models import ProductInstance
from resellers.refusals import explain_status

# What services of one product may differ in, by a name of it, in the order in which it is said.
TRAITS: Mapping[str, Callable[[ProductInstance], str]] = {
    "place": lambda one: f"on {one.site}" if one.site else one.place.lower(),
    "status": lambda one: explain_status(one.status).word_within,
    "cycle": lambda one: one.cycle.words,
    "created": lambda one: f"of {_day(one.created_at)}" if one.created_at else "",
    "expires": lambda one: f"ends {_day(one.expires_at)}" if one.expires_at else "no end",
}
EVERYWHERE = frozenset(TRAITS)


def distinctions(
    services: Iterable[ProductInstance], beside: Container[str] = ()
) -> dict[UUID, str]:
    """The short id of each service that has a namesake among these, and wherein they differ.

    Namesakes are one customer's services of one product. `beside` are the traits that stand beside
    each of them anyway. Nothing for a service whose name is its own.
    """
    by_name: dict[tuple[str, UUID], list[ProductInstance]] = defaultdict(list)
    for service in {one.pk: one for one in services}.values():
        by_name[str(service.product), service.account_id].append(service)
    return {
        service.pk: ", ".join([service.short_id, *filter(None, differing)])
        for namesakes in by_name.values()
        if len(namesakes) > 1
        for service, differing in zip(namesakes, _differing(namesakes, beside), strict=True)
    }


def attach_distinctions(services: Sequence[ProductInstance], beside: Container[str] = ()) -> None:
    """Give each of the services as `distinction` what tells it from its namesakes among them."""
    found = distinctions(services, beside)
    for service in services:
        service.distinction = found.get(service.pk, "")  # type: ignore[attr-defined]


def attach_distinctions_of_rows(services: Sequence[ProductInstance]) -> None:
    """The same for rows of a list, which show all else: their ids alone.

    A row that is read again by itself keeps its id: its namesakes stand around it on the page.
    """
    among = list(services)
    if len(services) == 1:
        [one] = services
        others = ProductInstance.objects.present().filter(account=one.account_id)
        same = others.filter(product=one.product_id).exclude(pk=one.pk)
        among += same.select_related("product").defer("raw")[:1]
    found = distinctions(among, EVERYWHERE)
    for service in services:
        service.distinction = found.get(service.pk, "")  # type: ignore[attr-defined]


def names_of(services: Sequence[ProductInstance]) -> dict[UUID, str]:
    """The product of each, with its short id where another has the same."""
    found = distinctions(services, EVERYWHERE)
    return {
        one.pk: f"{one.product} {found[one.pk]}" if one.pk in found else str(one.product)
        for one in services
    }


def _differing(
    namesakes: Sequence[ProductInstance], beside: Container[str]
) -> Iterable[Sequence[str]]:
    """Of each of them the traits in which not all are alike."""
    columns = [[of(one) for one in namesakes] for name, of in TRAITS.items() if name not in beside]
    return list(zip(*[c for c in columns if len(set(c)) > 1], strict=True)) or [()] * len(namesakes)


def _day(moment: datetime) -> str:
    return formats.day(moment)
