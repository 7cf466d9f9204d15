"""What kinds share whose thing is a site."""

from uuid import UUID

from resellers.models import Operation, Site, SyncRun

from .conflicts import Conflicts
from .kind import Kind, WishT
from .planned import About, Freshness
from .steps import SeenT
from .wish import Thing


class SiteKind(Kind[Site, WishT, SeenT]):
    """A kind that changes a site itself, or what leads to it."""

    def load(self, pk: UUID) -> Site:
        return Site.objects.select_related("account").get(pk=pk)

    def guard(self, thing: Site) -> Thing:
        return thing

    def thing_of(self, operation: Operation) -> Site | None:
        return operation.site

    def conflicts(self, about: About | Operation) -> Conflicts:
        return Conflicts(subject=about.subject, site_id=about.site_id)

    def freshness(self, thing: Site) -> Freshness:
        account = thing.account
        return Freshness(account.sites_checked_at, SyncRun.Kind.ACCOUNT, account)
