"""What a status other than 2xx, or no answer at all, means: the error whose class says it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from .body import decode_json
from .deadline import NotConnected, TooLate
from .errors import (
    FieldViolation,
    WixAuthError,
    WixError,
    WixNotFound,
    WixOutcomeUnknown,
    WixRateLimited,
    WixRefused,
    WixServerError,
    WixUnreachable,
)
from .exchange import Run
from .fields import Unreadable
from .parsing import read_problem

LONGEST_RETRY_AFTER = 120.0


def refusal(run: Run, data: bytes, retry_after: str, redact: Callable[[str], str]) -> WixError:
    """The error of a run that was answered with another status than 2xx, and this body.

    `redact` takes the key out of a text: JSON may spell it in a way that its bytes do not show.
    """
    assert run.status is not None
    text = _without(run.request.private, data.decode(errors="replace"))
    try:
        message, code, violations = read_problem(decode_json(data))
    except Unreadable:
        message, code, violations = "", None, ()
    if not message and violations:
        message = "; ".join(f"{each.field} {each.description}" for each in violations)
    said = message = redact(_without(run.request.private, message))
    if not said:
        message = "answered with a web page" if text.lstrip()[:1] == "<" else "no reason given"
    details: dict[str, Any] = {
        "status": run.status,
        "code": code and redact(code),
        "request_id": run.request_id,
        "violations": tuple(
            FieldViolation(
                redact(each.field),
                redact(_without(run.request.private, each.description)),
                redact(each.rule),
            )
            for each in violations
        ),
        "said": said,
        "raw": text,
    }
    if run.status == 429:
        return WixRateLimited(message, wait=_seconds(retry_after), **details)
    return _error_class(run.status, repeatable=run.request.repeatable)(message, **details)


def _without(private: tuple[str, ...], text: str) -> str:
    """The text without what the call sent of a person, whom Wix may name in its answer."""
    for words in private:
        text = re.sub(rf"(?<!\w){re.escape(words)}(?!\w)", "…", text, flags=re.IGNORECASE)
    return text


def _error_class(status: int, *, repeatable: bool) -> type[WixError]:
    if status == 401:
        return WixAuthError
    if status == 404:
        return WixNotFound
    # 303 is how a server says "done, see there", so it is no refusal of a write.
    if status in (303, 408, 425) or status >= 500 or status < 200:
        return WixServerError if repeatable else WixOutcomeUnknown
    return WixRefused


def no_answer(run: Run, error: Exception) -> WixError:
    """The error for a request that got no answer, or only part of one."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, NotConnected):
            return WixUnreachable(f"could not connect: {cause.reason}")
        if isinstance(cause, TooLate):
            return WixUnreachable(f"not sent: {cause}")
        cause = cause.__cause__ or cause.__context__
    kind = WixUnreachable if run.request.repeatable else WixOutcomeUnknown
    return kind(
        f"no usable answer: {type(error).__name__}",
        status=run.status,
        request_id=run.request_id,
    )


def http_date(value: str) -> datetime | None:
    """The moment that an HTTP date names, in UTC; None for what names none."""
    try:
        moment = parsedate_to_datetime(value)
        # Without a zone it is UTC, as HTTP has it.
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _seconds(value: str) -> float | None:
    """The seconds a Retry-After header asks for, None where it is absent or beyond reason."""
    if re.fullmatch(r"[0-9]{1,9}", value.strip()):
        seconds = float(value)
    elif (until := http_date(value)) is not None:
        seconds = (until - datetime.now(UTC)).total_seconds()
    else:
        return None
    return seconds if 0 <= seconds <= LONGEST_RETRY_AFTER else None
