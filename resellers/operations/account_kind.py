"""What kinds share whose thing is a customer's account: what they ask for is yet to be there."""

from uuid import UUID

from resellers.models import Account, Operation, SyncRun

from .conflicts import Conflicts
from .kind import Kind, WishT
from .planned import About, Freshness
from .steps import SeenT
from .wish import Thing


class AccountKind(Kind[Account, WishT, SeenT]):
    """A kind that makes something new in an account; its subject is what shall be there."""

    def load(self, pk: UUID) -> Account:
        return Account.objects.get(pk=pk)

    def guard(self, thing: Account) -> Thing:
        return thing

    def thing_of(self, operation: Operation) -> Account | None:
        return operation.account

    def conflicts(self, about: About | Operation) -> Conflicts:
        return Conflicts(subject=about.subject)

    def freshness(self, thing: Account) -> Freshness:
        return Freshness(thing.sites_checked_at, SyncRun.Kind.ACCOUNT, thing)
