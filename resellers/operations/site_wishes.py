"""Where a service shall stand: the wishes of the kinds that are the way back from one another."""

from dataclasses import dataclass
from uuid import UUID

from resellers.models import ProductInstance, Site

from .wish import Wish


@dataclass(frozen=True)
class SiteWish(Wish[ProductInstance]):
    """The service on that site."""

    site_id: UUID


class AssignWish(SiteWish):
    """A floating service on that site."""


class ReassignWish(SiteWish):
    """The service on that site, and no longer on another one."""


@dataclass(frozen=True)
class UnassignWish(Wish[ProductInstance]):
    """The service on no site."""


def target_of(site_id: UUID) -> Site | UUID:
    """The site wished for; its id where the mirror does not have it."""
    return Site.objects.filter(pk=site_id).first() or site_id
