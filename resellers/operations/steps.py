"""What the engine and a kind say to each other: what Wix showed, its answers, what comes next."""

from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from resellers import wix

from .wish import JsonObject


class Seen(Protocol):
    """What a reading, or the mirror, shows of the thing that a kind is about."""

    @property
    def found(self) -> bool: ...

    def as_json(self) -> JsonObject: ...


SeenT = TypeVar("SeenT", bound=Seen)


@dataclass(frozen=True, slots=True)
class Reading(Generic[SeenT]):
    """What Wix showed: of the thing itself, and all that came with it for the mirror.

    `is_get`: each package came by a Get of its own.
    """

    seen: SeenT
    call: wix.Call
    packages: tuple[wix.Package, ...] = ()
    sites: tuple[wix.Site, ...] = ()
    is_get: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """A step that Wix has answered; `made_id` where its answer names a new package or account."""

    call: wix.Call
    made_id: str | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """What Wix answered to the step that it refused."""

    step: str
    status: int | None
    code: str
    message: str
    wix_request_id: str

    def names(self, id_: UUID) -> bool:
        """Whether Wix's words speak of that id."""
        return str(id_) in self.message.lower()


@dataclass(frozen=True, slots=True)
class Lesson:
    """A product that a refusal teaches something about, and the site it was for."""

    product_id: UUID
    site_id: UUID | None


@dataclass(frozen=True, slots=True)
class Done:
    """The wish is true."""


@dataclass(frozen=True, slots=True)
class Send:
    """This step has to be sent."""

    step: str
    is_way_back: bool = False


@dataclass(frozen=True, slots=True)
class Wait:
    """Wix has taken the step, and only has to show it: nothing may be sent. `words` say what."""

    words: str


@dataclass(frozen=True, slots=True)
class Back:
    """Wix refused, and nothing of ours is left to be put back."""


@dataclass(frozen=True, slots=True)
class Stuck:
    """Neither wished nor as before: a person must decide. `words` say what is known.

    It takes two readings apart that show the same. `is_to_be_ended`: the words tell that person to
    end something at Wix, for good; then another sort of call has to show it as well.
    """

    words: str
    code: str = "stuck"
    is_to_be_ended: bool = False


Decision = Done | Send | Wait | Back | Stuck
