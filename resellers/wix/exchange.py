"""A request as it should go out, the run of it, and the answer it got."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar
from urllib.parse import quote

from .errors import WixBadPayload
from .fields import Unreadable
from .types import Call, Raw

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Request:
    """One call as it should go out. `path_values` fill the braces of the template."""

    method: str
    path_template: str
    repeatable: bool
    account_id: str | None = None
    site_id: str | None = None
    path_values: Mapping[str, str] = field(default_factory=dict)
    query: tuple[tuple[str, str], ...] = ()
    body: Raw | None = None
    with_key: bool = True
    private: tuple[str, ...] = ()  # texts of persons, which no error of the call repeats

    @property
    def path(self) -> str:
        quoted = {name: quote(value, safe="") for name, value in self.path_values.items()}
        return self.path_template.format(**quoted)

    @property
    def idempotency_key(self) -> str | None:
        return (self.body or {}).get("idempotencyKey")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a 2xx answer held, and how to make something of it."""

    body: Raw
    call: Call
    text: str

    def read(self, reader: Callable[[], T]) -> T:
        """What `reader` makes of this answer; WixBadPayload naming the place where it cannot."""
        try:
            return reader()
        except Unreadable as unreadable:
            raise WixBadPayload(
                str(unreadable),
                place=unreadable.place,
                status=self.call.status,
                request_id=self.call.request_id,
                raw=self.text,
                call=self.call,
            ) from None


@dataclass(slots=True)
class Run:
    """A call on its way."""

    request: Request
    ends: float
    attempts: int = 0
    sent_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    duration: float = 0.0
    status: int | None = None
    request_id: str | None = None
    wix_date: datetime | None = None

    def left(self) -> float:
        return self.ends - time.monotonic()

    def call(self, code: str | None = None) -> Call:
        return Call(
            method=self.request.method,
            path_template=self.request.path_template,
            path=self.request.path,
            status=self.status,
            code=code,
            request_id=self.request_id,
            sent_at=self.sent_at,
            duration_ms=round(self.duration * 1000),
            attempts=self.attempts,
            idempotency_key=self.request.idempotency_key,
            wix_date=self.wix_date,
        )
