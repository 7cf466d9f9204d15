"""The journal: every Wix call received, and whether it changed the world."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import asdict, dataclass
from typing import Any

APPLIED = "applied"
REPLAYED = "replayed"
REFUSED = "refused"
NONE = "none"

LENGTH = 50_000


@dataclass(slots=True)
class Entry:
    """One call. `status` is None when no answer was sent; `effect` is `applied` exactly when
    the call changed the world, its answer lost or not."""

    n: int
    at: str
    method: str
    path: str
    account: str | None
    idempotency_key: str | None
    status: int | None
    effect: str


class Journal:
    """The newest calls, in the order in which they were settled."""

    def __init__(self, last: int = 0, entries: list[dict[str, Any]] | None = None) -> None:
        self.last = last
        self._entries: deque[Entry] = deque(
            (Entry(**entry) for entry in entries or ()), maxlen=LENGTH
        )
        self._lock = threading.Lock()

    def write(self, **fields: Any) -> Entry:
        """Add an entry and return it; its effect may still be set later."""
        with self._lock:
            self.last += 1
            entry = Entry(n=self.last, **fields)
            self._entries.append(entry)
        return entry

    def after(self, n: int) -> list[dict[str, Any]]:
        """The entries numbered higher than n, oldest first."""
        with self._lock:
            newest = []
            for entry in reversed(self._entries):
                if entry.n <= n:
                    break
                newest.append(asdict(entry))
        return newest[::-1]
