"""Cursors: they hold where a page ends, sealed so that a made-up one is refused."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

from ..wire.errors import refuse
from ..world import clock
from ..world.ids import key
from ..world.world import World


class Cursors:
    """Makes and reads cursors; one that was made elsewhere, altered or outlived is refused."""

    def __init__(self, secret: str, now: int, good_for_seconds: int = 0) -> None:
        self._secret = secret.encode()
        self._now = now
        self._good_for = good_for_seconds * clock.SECOND

    def make(self, kind: str, content: dict[str, Any]) -> str:
        text = json.dumps({**content, "k": kind, "t": self._now}, separators=(",", ":"))
        raw = text.encode()
        return base64.urlsafe_b64encode(self._seal(raw) + raw).decode().rstrip("=")

    def read(self, kind: str, cursor: str) -> dict[str, Any]:
        try:
            sealed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        except ValueError:
            raise refuse("INVALID_CURSOR", reason="it cannot be read") from None
        seal, raw = sealed[:8], sealed[8:]
        if not hmac.compare_digest(seal, self._seal(raw)):
            raise refuse("INVALID_CURSOR", reason="it was not made here")
        content: dict[str, Any] = json.loads(raw)
        if content["k"] != kind:
            raise refuse("INVALID_CURSOR", reason="it belongs to another query")
        if self._good_for and self._now - content["t"] > self._good_for:
            raise refuse("INVALID_CURSOR", reason="it has expired")
        return content

    def _seal(self, raw: bytes) -> bytes:
        return hmac.digest(self._secret, raw, hashlib.sha256)[:8]


def cursors_of(world: World) -> Cursors:
    """What makes and reads this world's cursors at this moment."""
    return Cursors(key(world.seed), world.clock.now(), world.switches.cursor_seconds)
