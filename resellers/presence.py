"""Who is alive: each process marks itself, every page may ask."""

import os
import socket
from datetime import timedelta

from django.db.models.functions import Now

from resellers.models import Heartbeat

MISSING_AFTER = timedelta(seconds=60)


def mark(role: Heartbeat.Role) -> None:
    """Note that a process of this role works now."""
    Heartbeat.objects.update_or_create(
        role=role,
        defaults={"last_seen_at": Now(), "detail": f"{socket.gethostname()}:{os.getpid()}"},
    )
