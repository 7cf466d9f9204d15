"""The engine: claims an operation, carries it out, retries, settles."""

from .runner import run, run_due, run_next
from .settle import settle_due

__all__ = ["run", "run_due", "run_next", "settle_due"]
