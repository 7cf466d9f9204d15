"""A customer's services as cards: what floats first, then a card a site, then what has no site."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, When, Window
from django.db.models.functions import RowNumber

from resellers.models import Account, InstanceStatus, ProductInstance, Site
from resellers.models.instance_querysets import CANCELED, FAILED, NO_SITE, URGENCY
from resellers.models.querysets import PRESENT

FIRST = 5  # services of a card, until all are asked for
MOST = 200  # then; the list has the others
MOST_CANCELED = 10
MOST_SITES = 25
FLOATING, NO_SITE_KEY = "floating", "no_site"

# What a card has of one service: alive or failed on its site, failed without one, canceled.
PART = Case(When(CANCELED, then=2), When(NO_SITE & FAILED, then=1), default=0)
# What waits for somebody is never among those that are left out; all that floats does.
IN_ORDER = Case(When(NO_SITE, then=0), default=URGENCY)
NEWEST = ("urgency", F("floating_since").asc(nulls_last=True), "-created_at", "-id")


@dataclass
class ServiceCard:
    """The services that one site carries; without a site, those that float or have ended."""

    key: str
    site: Site | None = None
    services: list[ProductInstance] = field(default_factory=list)
    canceled: list[ProductInstance] = field(default_factory=list)
    total: int = 0  # of which some are shown
    canceled_total: int = 0

    @property
    def is_floating(self) -> bool:
        return self.key == FLOATING

    @property
    def more(self) -> int:
        """How many that were not canceled are left out."""
        return self.total - self.canceled_total - len(self.services)

    @property
    def is_whole(self) -> bool:
        """Whether as many stand here as a page takes, so that the list has the others."""
        return len(self.services) >= MOST

    @property
    def query(self) -> dict[str, str]:
        """What asks the list of services for all of them, beside their account."""
        if self.site:
            return {"site": str(self.site.pk)}
        return {"floating": "1"} if self.is_floating else {"no_site": "1", "ended": "yes"}


def service_cards(account: Account, whole: str = "") -> list[ServiceCard]:
    """The cards of the account's services, each with its first ones; `whole` names one by its key.

    Three queries, however many services and sites there are. Each service has read with it what
    the controls of its row want.
    """
    held = account.instances.present()
    carries = Exists(held.filter(site=OuterRef("pk")))
    sites = list(
        Site.objects.filter(Q(account=account) & PRESENT | Q(carries))
        .with_premium()
        .annotate(carries=carries)
        .order_by("-carries", "sort_name", "id")
        .defer("raw")[:MOST_SITES]
    )
    cards = {str(site.pk): ServiceCard(str(site.pk), site) for site in sites}
    alone = {FLOATING: ServiceCard(FLOATING), NO_SITE_KEY: ServiceCard(NO_SITE_KEY)}
    counts = held.annotate(part=PART).order_by().values_list("site", "part")
    for site_id, part, number in counts.annotate(n=Count("pk")):
        card = _card_of(site_id, part, cards | alone)
        if card:
            card.total += number
            card.canceled_total += number if part == 2 else 0
    for service in _first_of_each(held, [site.pk for site in sites], whole):
        is_canceled = service.status == InstanceStatus.CANCELED
        card = _card_of(service.site_id, service.part, cards | alone)  # type: ignore[attr-defined]
        if card:
            service.account = account
            (card.canceled if is_canceled else card.services).append(service)
    for card in alone.values():
        cards[card.key] = card
    floating = cards.pop(FLOATING)
    return [card for card in (floating, *cards.values()) if card.total or card.site]


def _card_of(site_id: Any, part: int, cards: dict[str, ServiceCard]) -> ServiceCard | None:
    """The card on which a service of that site and part stands; None where it is left out."""
    if site_id is None:
        return cards[NO_SITE_KEY if part else FLOATING]
    return cards.get(str(site_id))


def _first_of_each(
    held: QuerySet[ProductInstance], site_ids: Sequence[Any], whole: str
) -> Iterable[ProductInstance]:
    place = Window(RowNumber(), partition_by=[F("site"), F("part")], order_by=NEWEST)
    rows = held.filter(Q(site__in=site_ids) | NO_SITE).annotate(part=PART, urgency=IN_ORDER)
    wanted = Q(part__lt=2, place_in__lte=FIRST) | Q(part=2, place_in__lte=MOST_CANCELED)
    of_one = {FLOATING: NO_SITE & Q(part=0), NO_SITE_KEY: NO_SITE & Q(part=1)}
    if whole in of_one:
        wanted |= of_one[whole] & Q(place_in__lte=MOST)
    elif whole in map(str, site_ids):
        wanted |= Q(site=whole, part__lt=2, place_in__lte=MOST)
    found = rows.annotate(place_in=place).filter(wanted)
    return (
        found.select_related("product", "site", "package")
        .defer("raw", "site__raw", "package__raw")
        .order_by("part", "place_in")
    )


def services_of(cards: Iterable[ServiceCard]) -> list[ProductInstance]:
    """All services that stand on these cards."""
    return [service for card in cards for service in (*card.services, *card.canceled)]
