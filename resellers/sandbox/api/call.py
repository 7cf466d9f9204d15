"""One call on its way: what was sent, who sent it, and the world it is about."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ..wire.errors import permission_denied, refuse
from ..wire.messages import Request
from ..wire.validation import Fields, parse
from ..world.entities import Account
from ..world.world import World


@dataclass
class Call:
    """A request that was let in: its route's parameters, its account, its body's fields."""

    request: Request
    world: World
    params: dict[str, str]
    account_id: str
    writes: bool = False
    faults: dict[str, Any] = field(default_factory=dict)

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
