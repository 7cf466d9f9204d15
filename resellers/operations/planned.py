"""What a kind's plan says of one wish: what it is about, what changes, how old that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings

from resellers.clock import database_now
from resellers.models import Account, Package, ProductInstance, SyncRun

from .dependants import Dependant
from .foreseen import Foreseen
from .steps import Seen


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One field before and after, in words."""

    field: str
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class About:
    """What an operation is about, as its row says it."""

    subject: str
    account: Account
    package: Package | None = None
    instance: ProductInstance | None = None
    site_id: UUID | None = None

    @property
    def package_id(self) -> UUID | None:
        return self.package.pk if self.package else None

    @property
    def instance_id(self) -> UUID | None:
        return self.instance.pk if self.instance else None


@dataclass(frozen=True, slots=True)
class PlanBasis:
    """What a plan rests on and would come to, of one of many wishes."""

    about: About
    seen: Seen
    dependants: Sequence[Dependant]
    rows: Sequence[PlanRow]
    refusals: Sequence[Foreseen]


@dataclass(frozen=True, slots=True)
class Freshness:
    """How old the records are that a plan rests on, and the reading that renews them."""

    checked_at: datetime | None
    kind: SyncRun.Kind
    account: Account
    package: Package | None = None

    @property
    def is_fresh(self) -> bool:
        """Whether they were read recently enough to plan a change from them."""
        limit: float = settings.OPERATIONS["PLAN_FRESH_SECONDS"]
        age = database_now() - self.checked_at if self.checked_at else None
        return age is not None and age.total_seconds() < limit
