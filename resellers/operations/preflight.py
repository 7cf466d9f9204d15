"""May this be done? One answer for every page, list row, form and offer, and for the recording.

It joins what the kind says of a thing whatever is chosen, what the person's role may do, what stops
all writes, and the operation that is under way there. Refusals of a certain choice are the plan's.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellers import policy
from resellers.durations import span
from resellers.models import (
    ROLE_PERMISSIONS,
    Account,
    Operation,
    Policy,
    ProductInstance,
    Role,
)

from .conflicts import open_among
from .facts import Facts
from .foreseen import Foreseen, own
from .kind import AnyKind
from .kinds import KINDS, kind_of
from .kinds.create_package import CreatePackage
from .reorders import NOTHING, OrderedAgain, ordered_again
from .titles import operation_name
from .wish import Thing

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

NOT_ALLOWED = "NOT_ALLOWED"
UNDER_WAY = "UNDER_WAY"
READ_ONLY = "READ_ONLY"
WRITES_PAUSED = "WRITES_PAUSED"
# They end by themselves or on somebody's word, with the thing as it is.
PASSING = frozenset({UNDER_WAY, READ_ONLY, WRITES_PAUSED})
CHANGE = "resellers.operate"
LOOKS_ONLY = gettext_lazy("Your role may look, but not change anything.")
ONLY_FOR = {
    Role.VIEWER: gettext_lazy("It is for viewers."),
    Role.OPERATOR: gettext_lazy("It is for operators."),
    Role.MANAGER: gettext_lazy("It is for managers."),
    Role.ADMIN: gettext_lazy("It is for admins."),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether something may be done now. `obstacles` say why not, those that last first."""

    obstacles: tuple[Foreseen, ...] = ()
    open_operation: Operation | None = None  # the one that holds the thing, whoever asks

    @property
    def may(self) -> bool:
        return not self.obstacles

    @property
    def is_passing(self) -> bool:
        """Whether all that stands in the way is what passes while the thing stays as it is."""
        return bool(self.obstacles) and all(one.code in PASSING for one in self.obstacles)

    @property
    def is_allowed(self) -> bool:
        """Whether the person's role may do such things at all."""
        return all(one.code != NOT_ALLOWED for one in self.obstacles)

    @property
    def why(self) -> str:
        """The first reason why it may not be done; empty where it may."""
        return self.obstacles[0].words if self.obstacles else ""


@dataclass(frozen=True, slots=True)
class OrderAgain:
    """Whether failed services may be ordered again, and what was ordered for each already."""

    answer: Answer
    ordered: Mapping[UUID, OrderedAgain]

    def of(self, service: ProductInstance) -> OrderedAgain:
        return self.ordered.get(service.pk, NOTHING)

    @property
    def is_one_more(self) -> bool:
        """Whether for each of them an order is in effect, so that any other is one more."""
        return bool(self.ordered) and all(one.in_effect for one in self.ordered.values())


class Preflight:
    """What one person may do now.

    The policy is read once; `of_all` takes the same number of queries for any number of things.
    """

    def __init__(self, by: "User | AnonymousUser", *, policy_row: Policy | None = None) -> None:
        self._by = by
        self._policy_row = policy_row

    def of(self, kind_name: str, thing: Thing) -> Answer:
        """Whether this may be done with that thing, whatever is chosen; three queries at most."""
        return self.of_all([kind_name], [thing])[thing.pk][kind_name]

    def of_all(
        self, kind_names: Iterable[str], things: Sequence[Thing]
    ) -> Mapping[UUID, Mapping[str, Answer]]:
        """The answers for each of these things, by its key and the kind.

        The things are of one model, each read with all that the kinds look at.
        """
        kinds = {name: kind_of(name) for name in kind_names}
        conflicts = {
            (name, thing.pk): kind.holders(thing)
            for name, kind in kinds.items()
            for thing in things
        }
        found = open_among(conflicts.values())
        facts = Facts(things)
        barring = {name: self.barred(name) for name in kinds}

        def answer(kind: AnyKind, thing: Thing) -> Answer:
            theirs = conflicts[kind.name, thing.pk]
            in_the_way = next((one for one in found if theirs.has(one)), None)
            if barred := barring[kind.name]:
                return Answer((barred,), in_the_way)
            obstacles = [*kind.obstacles(thing, facts)]
            if in_the_way:
                obstacles.append(under_way(in_the_way))
            return Answer((*obstacles, *self.stopped), in_the_way)

        return {
            thing.pk: {name: answer(kind, thing) for name, kind in kinds.items()}
            for thing in things
        }

    def order_again(self, account: Account, services: Sequence[ProductInstance]) -> OrderAgain:
        """Whether these services of the account may be ordered again; four queries at most."""
        found = ordered_again(services)
        return OrderAgain(self.of(CreatePackage.name, account) if found else Answer(), found)

    def in_general(self, kind_name: str) -> Answer:
        """Whether this may be done at all, before anybody has said with which thing."""
        barred = self.barred(kind_name)
        return Answer((barred,) if barred else (*self.stopped,))

    def barred(self, kind_name: str) -> Foreseen | None:
        """Why the person's role may neither ask for this kind nor decide about such operations.

        For a kind that no longer exists it takes the right to change anything.
        """
        kind = KINDS.get(kind_name)
        permission = kind.permission if kind else CHANGE
        if self._by.has_perm(permission):
            return None
        words = _("Your role may not do this.") if self._by.has_perm(CHANGE) else str(LOOKS_ONLY)
        right = permission.partition(".")[2]
        role = next(role for role in Role if right in ROLE_PERMISSIONS[role])
        return own("", NOT_ALLOWED, words, str(ONLY_FOR[role]))

    @cached_property
    def stopped(self) -> Sequence[Foreseen]:
        """What keeps everything from being written to Wix just now."""
        return writes_stopped(self._policy_row or policy.current())


def writes_stopped(row: Policy) -> list[Foreseen]:
    """What keeps everything from being written to Wix: the switch, else the breaker."""
    if row.read_only:
        return [own("", READ_ONLY, row.stopped_because, _("Wait until an admin lifts it."))]
    if row.writes_paused:
        step = _("Wait until a manager resumes them.")
        return [own("", WRITES_PAUSED, row.stopped_because, step)]
    return []


def under_way(operation: Operation) -> Foreseen:
    """That an operation which has not ended keeps others from its thing."""
    past = span(timezone.now() - operation.requested_at)
    kind = KINDS.get(operation.kind)  # none for a row older than the kinds there are
    doing = _("%(requested_by)s is %(doing)s this") % {
        "requested_by": operation.requested_by,
        "doing": kind.doing if kind else "changing",
    }
    words = _("%(operation_name)s is under way: %(doing)s (%(past)s ago).") % {
        "operation_name": operation_name(operation),
        "doing": doing,
        "past": past,
    }
    return own("", UNDER_WAY, words, _("One change at a time: watch it to its end."))
