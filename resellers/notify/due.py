"""All that time, or what others wrote, has made due to be told; called every few seconds."""

from . import causes, digest, escalation

TASK = "resellers.tell_due"


def tell_what_is_due() -> None:
    """Tell of new causes, of what waits for too long, and in digests; each once, whoever asks."""
    causes.tell()
    escalation.tell()
    digest.tell()
