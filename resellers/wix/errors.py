"""What can go wrong in a call to Wix. The class of an error says what may be done next."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from .types import Call

LONGEST_LOG_LINE = 500
LONGEST_RAW = 2048


class NextMove(Enum):
    """What a caller may do after an error."""

    RETRY = "retry"  # nothing was changed: the same call may be made again, later
    LOOK_FIRST = "look_first"  # it may have been carried out: read before writing again
    STOP = "stop"  # the same call would be refused again


@dataclass(frozen=True, slots=True)
class FieldViolation:
    """One entry of Wix's `validationError.fieldViolations`; texts are empty where Wix gave none."""

    field: str
    description: str
    rule: str


class WixError(Exception):
    """Anything that kept a call from ending well.

    `str()` is one line fit for a log: no key, no line breaks, at most 500 characters.
    `said` are Wix's own words, empty where it gave none; `message` then says so in ours. `call`
    says what was sent and is None only where nothing was attempted. `raw` is the start of Wix's
    answer, at most 2 KB of text.
    """

    next_move: ClassVar[NextMove] = NextMove.STOP

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        code: str | None = None,
        request_id: str | None = None,
        violations: tuple[FieldViolation, ...] = (),
        said: str = "",
        raw: str = "",
        call: Call | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.code = code
        self.request_id = request_id
        self.violations = violations
        self.said = said
        self.raw = raw[:LONGEST_RAW]
        self.call = call

    def __str__(self) -> str:
        parts = [f"{self.call.method} {self.call.path_template}:"] if self.call else []
        parts += [str(part) for part in (self.status, self.code, self.message) if part]
        if self.request_id:
            parts.append(f"(request {self.request_id})")
        line = " ".join(parts) or type(self).__name__
        return "".join(c if c.isprintable() else " " for c in line)[:LONGEST_LOG_LINE]


class WixUnreachable(WixError):
    """Wix gave no answer and nothing was changed: a call never sent, or a read cut off."""

    next_move = NextMove.RETRY


class WixPaceTimeout(WixUnreachable):
    """Our own pace left no room for the call in time; nothing was sent.

    `wait` is the number of seconds until there would have been room.
    """

    def __init__(self, message: str, *, wait: float = 0.0) -> None:
        super().__init__(message)
        self.wait = wait


class WixOutcomeUnknown(WixError):
    """A write was sent and no usable answer came: it may have been carried out, now or soon."""

    next_move = NextMove.LOOK_FIRST


class WixBadPayload(WixError):
    """Wix answered 2xx in a shape that cannot be read; `place` names where, `package.id` say."""

    next_move = NextMove.LOOK_FIRST

    def __init__(self, message: str, *, place: str = "", **answer: Any) -> None:
        super().__init__(message, **answer)
        self.place = place


class WixAnswer(WixError):
    """Wix answered, and not with 2xx: there is a status, mostly a code and a request id."""


class WixRateLimited(WixAnswer):
    """429: too many calls; nothing was changed. `wait` is the seconds Wix asked for, if it did."""

    next_move = NextMove.RETRY

    def __init__(self, message: str, *, wait: float | None = None, **answer: Any) -> None:
        super().__init__(message, **answer)
        self.wait = wait


class WixServerError(WixAnswer):
    """A read met a fault on Wix's side (5xx, 408, 425) that lasted through the retries."""

    next_move = NextMove.RETRY


class WixAuthError(WixAnswer):
    """401: our key was not accepted. That is no fault of the record the call was about."""

    next_move = NextMove.RETRY


class WixNotFound(WixAnswer):
    """404: Wix does not know the thing, or does not know it in that account."""


class WixRefused(WixAnswer):
    """400, 403, 409, 428 and the like: refused, and nothing was changed."""
