"""One call on its way: what was sent, who sent it, and the world it is about."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import parse_qs, urlsplit

from .bodies import Fields, parse
from .entities import Account
from .errors import Refusal, permission_denied, refuse
from .state import World


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

    def bytes(self) -> bytes:
        text = self.body if isinstance(self.body, str) else json.dumps(self.body)
        return text.encode("utf-8", "surrogatepass")


@dataclass
class Call:
    """A request that was let in: its route's parameters, its account, its body's fields."""

    request: Request
    world: World
    params: dict[str, str]
    account_id: str
    writes: bool = False
    notes: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def body(self) -> Fields:
        """The body's fields, to be read and then checked."""
        return Fields(parse(self.request.body))

    @cached_property
    def arguments(self) -> Fields:
        """The query string's fields, each read as text; repeated ones as their last."""
        return Fields({name: values[-1] for name, values in self.request.query.items()})

    @property
    def account(self) -> Account:
        """The header's account, which is known."""
        return self.known_account()

    def known_account(self) -> Account:
        """The header's account. Raises 404 for a writer, 403 for a reader, if it is unknown."""
        account = self.world.account(self.account_id)
        if account is not None:
            return account
        if self.writes:
            raise refuse("ACCOUNT_NOT_FOUND", accountId=self.account_id)
        raise permission_denied()

    def read_body(self) -> Fields:
        """The body's fields. Raises a 400 Refusal if it is no JSON object."""
        return self.body

    @property
    def site_header(self) -> str | None:
        return self.request.headers.get("wix-site-id") or None
