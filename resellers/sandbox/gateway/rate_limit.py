"""The limit of calls a minute, counted for each key in a sliding minute of real time."""

from __future__ import annotations

import time
from collections import deque

MINUTE = 60.0


class RateLimiter:
    """So many calls in any minute for each key; 0 lets all through."""

    def __init__(self, calls_per_minute: int) -> None:
        self.calls_per_minute = calls_per_minute
        self._recent: dict[str, deque[float]] = {}

    def allows(self, key: str) -> bool:
        """Whether a call with that key may go through, which then counts."""
        if not self.calls_per_minute:
            return True
        now = time.monotonic()
        recent = self._recent.setdefault(key, deque())
        while recent and recent[0] <= now - MINUTE:
            recent.popleft()
        if len(recent) >= self.calls_per_minute:
            return False
        recent.append(now)
        return True
