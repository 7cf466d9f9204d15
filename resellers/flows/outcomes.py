"""What a step says of itself when it is looked at: what comes next in its flow."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from resellers.operations.wish import Thing, Wish

STOPPED_SECONDS = 30.0  # until it is looked whether somebody has mended what stopped a flow


@dataclass(frozen=True, slots=True)
class Asks:
    """A person has to choose or to confirm. `words` say what, where that is not plain."""

    words: str = ""


@dataclass(frozen=True, slots=True)
class Waits:
    """It waits by itself, and is looked at again in so many seconds.

    `at_most` is how long, from the step's beginning, and `otherwise` says beforehand what follows
    then: the step stops and asks, with the words of `too_late`. It is looked at all the same, and
    goes on if what it waited for comes late. `is_news` is whether anything was learnt: otherwise a
    flow that has stopped stands as it is.
    """

    words: str
    seconds: float
    at_most: timedelta | None = None
    otherwise: str = ""
    too_late: str = ""
    is_news: bool = True


@dataclass(frozen=True, slots=True)
class Finished:
    """It is done. `data` are ids and choices that the flow keeps of it."""

    words: str = ""
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Skipped:
    """There is nothing to do. `words` say why."""

    words: str


@dataclass(frozen=True, slots=True)
class Stops:
    """It went otherwise than it should, and a person decides. `words` say what to do about it.

    It is looked at again in so many seconds, whether somebody has mended it.
    """

    words: str
    code: str = "stopped"
    seconds: float = STOPPED_SECONDS


@dataclass(frozen=True, slots=True)
class Wants:
    """This operation is to be asked for, in the name of the flow's owner."""

    thing: Thing
    wish: Wish[Any]


Outcome = Asks | Waits | Finished | Skipped | Stops | Wants


class Unanswerable(ValueError):
    """An answer that cannot be taken. `errors` say why, by the question; `""` for all of them."""

    def __init__(self, errors: dict[str, str]) -> None:
        self.errors = errors
        super().__init__(" ".join(errors.values()))
