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

    def __init__(self, answers: dict[Name, StoredAnswer] | None = None) -> None:
        self.by_name = answers or {}

    def find(self, name: Name, now: int) -> StoredAnswer | None:
        """The answer still kept under that name, or None."""
        reply = self.by_name.get(name)
        return reply if reply and now - reply.at < DAY else None

    def store(self, name: Name, reply: StoredAnswer) -> None:
        self._forget_old(reply.at)
        self.by_name.pop(name, None)
        self.by_name[name] = reply

    def _forget_old(self, now: int) -> None:
        while self.by_name:
            oldest = next(iter(self.by_name))
            if now - self.by_name[oldest].at < DAY:
                return
            del self.by_name[oldest]
