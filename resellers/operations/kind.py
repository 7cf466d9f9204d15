"""What every kind of operation says: what it reads, its steps, its words, what may go wrong.

A kind is stateless. What it knows of an operation's past is the `History` of its attempts.
"""

from abc import abstractmethod
from collections.abc import Collection, Iterator, Sequence
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID

from resellers import wix
from resellers.models import (
    Operation,
    OperationAttempt,
)

from .conflicts import Conflicts
from .dependants import Dependant
from .facts import Facts
from .foreseen import Foreseen
from .kind_words import KindWords
from .planned import About, Freshness, PlanBasis, PlanRow
from .steps import Decision, Lesson, Reading, Refused, SeenT, Sent
from .wish import JsonObject, Thing, ThingT, Wish

# By a record's id and the fields of its changes, what they may become.
Effect = dict[str, dict[str, list[str]]]


WishT = TypeVar("WishT", bound=Wish[Any])


class Kind(KindWords[ThingT], Generic[ThingT, WishT, SeenT]):
    """A kind of operation on one thing: a service, a package, an account's next order, a site."""

    wish_class: type[WishT]
    permission: ClassVar[str] = "resellers.operate"
    wants_reason: ClassVar[bool] = False  # until an admin decides otherwise
    # For the doctor: what its writes are called together with others, and the right at Wix that
    # the key needs for them.
    writes: ClassVar[str] = "Changes services"
    wix_permission: ClassVar[str] = "Manage Reseller Packages"
    # Of settings.OPERATIONS: the waits before each reading after a write.
    ladder: ClassVar[str] = "READ_LADDER"
    # What a write of this kind changes, as the keys of what is seen: by these a reading shows
    # whether a write of ours has moved the thing.
    changes: ClassVar[tuple[str, ...]] = ()
    # Whether a wish that is found true before anything was sent counts as carried out.
    may_be_true_already: ClassVar[bool] = True
    # The steps that undo another one of the same operation, which Wix took.
    ways_back: ClassVar[tuple[str, ...]] = ()
    # The steps of which Wix may carry out a half though it refuses them.
    done_by_halves: ClassVar[tuple[str, ...]] = ()
    # The step that opens `gap`, and those that close it.
    opens_gap: ClassVar[str] = ""
    close_gap: ClassVar[tuple[str, ...]] = ()

    # --- the thing -------------------------------------------------------------------------------

    @abstractmethod
    def load(self, pk: UUID) -> ThingT:
        """The thing with all that the kind looks at. Raises DoesNotExist."""

    @abstractmethod
    def guard(self, thing: ThingT) -> Thing:
        """The row that is locked while a wish about the thing is recorded."""

    @abstractmethod
    def about(self, thing: ThingT, wish: WishT) -> About:
        """What the operation's row shall say it is about."""

    def wish_of(self, operation: Operation) -> WishT:
        """What that operation was asked for. Raises UnreadableWish."""
        return self.wish_class.from_json(operation.wish)

    @abstractmethod
    def conflicts(self, about: "About | Operation") -> Conflicts:
        """Which operations on the same thing, or on a part or the whole of it, go before it."""

    def holders(self, thing: ThingT) -> Conflicts:
        """Which of them go before any wish about the thing, whatever is chosen."""
        return Conflicts()

    @abstractmethod
    def freshness(self, thing: ThingT) -> Freshness:
        """How old what the plan rests on is."""

    @abstractmethod
    def in_mirror(self, thing: ThingT, wish: WishT) -> SeenT:
        """The thing as the mirror holds it."""

    def before(self, thing: ThingT, wish: WishT) -> JsonObject:
        """What is kept with the operation as true before it."""
        return self.in_mirror(thing, wish).as_json()

    def switched_off(self) -> str:
        """Why nobody may ask for this kind at all, as the settings stand; empty where they may."""
        return ""

    # --- the plan --------------------------------------------------------------------------------

    @abstractmethod
    def rows(self, thing: ThingT, wish: WishT) -> Sequence[PlanRow]:
        """What will change, field by field."""

    @abstractmethod
    def steps(self, thing: ThingT, wish: WishT) -> dict[str, str]:
        """Every step that may be sent, with its words."""

    def calls(self, thing: ThingT, wish: WishT, strategy: str) -> Sequence[str]:
        """The writes to come where all goes well, in words and in order."""
        return list(self.steps(thing, wish).values())

    @abstractmethod
    def obstacles(self, thing: ThingT, facts: Facts) -> Sequence[Foreseen]:
        """Why nothing of this kind can be done with the thing, whatever is chosen.

        They belong to no field. Takes no query beyond those of `facts`, for a thing read as `load`
        does.
        """

    def foresee(self, thing: ThingT, wish: WishT) -> Sequence[Foreseen]:
        """The refusals of this very wish that mirror and catalogue can tell, beside `obstacles`."""
        return ()

    def plan_bases(self, wished: Sequence[tuple[ThingT, WishT]]) -> Sequence[PlanBasis]:
        """What the plan of each of these wishes says first, its `foresee` among it.

        A kind of which people ask for many at once answers in a fixed number of queries.
        """
        return [
            PlanBasis(
                self.about(thing, wish),
                self.in_mirror(thing, wish),
                self.dependants(thing, wish),
                self.rows(thing, wish),
                self.foresee(thing, wish),
            )
            for thing, wish in wished
        ]

    def foresee_retry(self, thing: ThingT, wish: WishT, past: Operation) -> Sequence[Foreseen]:
        """Why that ended operation is not tried again by this wish."""
        return ()

    def dependants(self, thing: ThingT, wish: WishT) -> Sequence[Dependant]:
        """What rests on the thing as it is now."""
        return ()

    def warnings(self, thing: ThingT, wish: WishT) -> Sequence[str]:
        """What is worth knowing and refuses nothing."""
        return ()

    def strategy(self) -> str:
        """How it is carried out, where there is a choice."""
        return ""

    def request(self, thing: ThingT, wish: WishT) -> dict[str, Any] | None:
        """The body of the write as Wix will get it, where people are shown it."""
        return None

    def recorded(self, operation: Operation, wish: WishT) -> None:
        """Write what belongs to the operation's row beside it, in the same transaction."""

    # --- the work --------------------------------------------------------------------------------

    @abstractmethod
    def read(self, operation: Operation, client: wix.WixClient) -> Reading[SeenT]:
        """Ask Wix how the thing stands. Raises WixError."""

    def look_closer(
        self, operation: Operation, seen: SeenT, client: wix.WixClient
    ) -> Iterator[Reading[SeenT]]:
        """Read what was seen once more by another sort of call, one call at a time.

        Each reading shows what was found so far, the last one all of it. Raises WixError. A kind
        that tells nobody to end anything has none: the engine then refuses to tell it.
        """
        return iter(())

    @abstractmethod
    def has_moved(self, operation: Operation, seen: SeenT) -> bool:
        """Whether Wix shows something else than the plan was confirmed on."""

    @abstractmethod
    def decide(self, operation: Operation, seen: SeenT, refused: Refused | None) -> Decision:
        """What comes next, from what was read and what was refused before."""

    def may_have_acted(self, write: OperationAttempt) -> bool:
        """Whether Wix may have carried out what that attempt sent, or a half of it."""
        refused = write.state == OperationAttempt.State.REFUSED
        by_half = refused and write.step in self.done_by_halves
        return by_half or write.state in OperationAttempt.MAYBE_CARRIED_OUT

    def result(self, seen: SeenT) -> dict[str, object]:
        """Columns of the operation's row that its success fills in."""
        return {}

    def success_words(self, seen: SeenT) -> str:
        """The success in words, where there is more to it than that Wix shows the wish."""
        return ""

    def is_awaited(self, seen: SeenT) -> bool:
        """Whether Wix has yet to bring into force what it shows: it is asked again until then."""
        return False

    def carried_out(self, operation: Operation) -> None:
        """Write what its success is worth beside the row, in the same transaction."""

    @abstractmethod
    def send(
        self, operation: Operation, step: str, client: wix.WixClient, idempotency_key: str
    ) -> Sent:
        """Send the step. Raises WixError."""

    def touched(self, operation: Operation) -> Sequence[Thing]:
        """The records that it made or changed, or was to, as the mirror has them: for its outcome,
        what the operation is about first."""
        found = (self.thing_of(operation), operation.site)
        return [*dict.fromkeys(record for record in found if record is not None)]

    def effect(self, operation: Operation, step: str) -> Effect:
        """What the step makes of the mirror's records where Wix carries it out, or a half of it.

        By this a change is told as ours whichever reading finds it; of a kind that does not say it,
        where the operation's own reading does.
        """
        return {}

    def taught_by(self, operation: Operation, refused: Refused) -> Sequence[Lesson]:
        """What a refusal teaches about products, for the next who wants them."""
        return ()

    def disproves(self, operation: Operation) -> Collection[tuple[str, UUID, UUID | None]]:
        """What Wix may have refused before and took with its success: code, product, and site."""
        return ()

    def undo(self, operation: Operation) -> Wish[ThingT] | None:
        """The wish that puts back what this one did; None where that is impossible."""
        return None

    def why_not_undone(self, thing: ThingT) -> str:
        """Why nothing can be taken back with the thing as it is now; empty where it can."""
        return ""


AnyKind = Kind[Any, Any, Any]
