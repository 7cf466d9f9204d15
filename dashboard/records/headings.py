"""How the thing is headed that an operation is about: its name, where it belongs, how old it is."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.components.links import place_link
from resellers.domain_names import readable
from resellers.models import Account, Package, ProductInstance, Site
from resellers.models.instance_querysets import ENDED
from resellers.operations.wish import Thing


@dataclass(frozen=True, slots=True)
class RecordHeading:
    """The thing as a page's head shows it."""

    name: str
    link: str
    crumbs: tuple[tuple[str, str], ...]  # words and address, from the outermost
    under: str | SafeString
    checked_at: datetime | None


def heading_of(thing: Thing) -> RecordHeading:
    """Of a service, a package, an account or a site."""
    match thing:
        case ProductInstance():
            return RecordHeading(
                str(thing.product),
                thing.get_absolute_url(),
                (_crumb(thing.account), _crumb(thing)),
                place_link(thing),
                thing.last_confirmed_at,
            )
        case Package():
            crumbs = (_crumb(thing.account), _crumb(thing))
            link, at = thing.get_absolute_url(), thing.last_confirmed_at
            return RecordHeading(str(thing), link, crumbs, services_words(thing), at)
        case Account():
            link, at = thing.get_absolute_url(), thing.sites_checked_at
            return RecordHeading(str(thing), link, (_crumb(thing),), readable(thing.email), at)
        case Site():
            crumbs = (_crumb(thing.account), _crumb(thing))
            link, at = thing.get_absolute_url(), thing.last_confirmed_at
            return RecordHeading(str(thing), link, crumbs, thing.display_name, at)


def services_words(package: Package) -> str:
    """`2 services, and 3 that have ended`: those that Wix no longer shows are left out."""
    services = package.instances.present()
    counts = services.aggregate(all=Count("id"), ended=Count("id", filter=ENDED))
    return counted_services(counts["all"] - counts["ended"], counts["ended"])


def counted_services(living: int, ended: int) -> str:
    """The same words for these numbers."""
    words = _("no services")
    if living:
        words = f"{living} {ngettext('service', 'services', living)}"
    if not ended:
        return words
    return ngettext(
        "%(living)s, and %(number)s that has ended",
        "%(living)s, and %(number)s that have ended",
        ended,
    ) % {"living": words, "number": ended}


def _crumb(thing: Thing) -> tuple[str, str]:
    name = str(thing.product) if isinstance(thing, ProductInstance) else str(thing)
    return name, thing.get_absolute_url()
