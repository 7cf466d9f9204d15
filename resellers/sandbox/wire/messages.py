"""A request as it came in, and the answer that goes out."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import parse_qs, urlsplit

from .errors import Refusal
from .validation import parse


@dataclass
class Request:
    """What came in over the wire; header names in small letters, the path still quoted."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes = b""

    @cached_property
    def path(self) -> str:
        return urlsplit(self.target).path

    @cached_property
    def query(self) -> dict[str, list[str]]:
        return parse_qs(urlsplit(self.target).query, keep_blank_values=True)

    @property
    def content_type(self) -> str:
        """The body's type in small letters, without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @cached_property
    def json(self) -> dict[str, Any]:
        """The body's object; {} where it cannot be read, which is for the call to refuse."""
        try:
            return parse(self.body)
        except Refusal:
            return {}

    @property
    def idempotency_key(self) -> str | None:
        key = self.json.get("idempotencyKey")
        return key if isinstance(key, str) and key else None


@dataclass
class Answer:
    """What goes out: a JSON object or list, or a text of another kind; `dated` by a Date header."""

    status: int
    body: dict[str, Any] | list[Any] | str
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    dated: bool = True

    @classmethod
    def of(cls, refusal: Refusal) -> Answer:
        """The answer that tells of a refusal."""
        return cls(refusal.status, refusal.body)

    def bytes(self) -> bytes:
        text = self.body if isinstance(self.body, str) else json.dumps(self.body)
        return text.encode("utf-8", "surrogatepass")
