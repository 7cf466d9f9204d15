"""Answers kept for idempotency keys: one per account, operation and key, for 24 hours.

Only what was carried out is kept. A refusal changed nothing, so the same key may be sent again
once its cause is gone.
"""

from __future__ import annotations

from dataclasses import dataclass

from .clock import DAY

Name = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """What was answered to a request of that fingerprint at that moment, as JSON text."""

    fingerprint: str
    status: int
    body: str
    at: int


class StoredAnswers:
    """The answers kept, by (account, operation, key)."""

    def __init__(self, kept: dict[Name, StoredAnswer] | None = None) -> None:
        self.kept = kept or {}

    def find(self, name: Name, now: int) -> StoredAnswer | None:
        """The answer still kept under that name, or None."""
        reply = self.kept.get(name)
        return reply if reply and now - reply.at < DAY else None

    def keep(self, name: Name, reply: StoredAnswer) -> None:
        self._forget_old(reply.at)
        self.kept.pop(name, None)
        self.kept[name] = reply

    def _forget_old(self, now: int) -> None:
        while self.kept:
            oldest = next(iter(self.kept))
            if now - self.kept[oldest].at < DAY:
                return
            del self.kept[oldest]
