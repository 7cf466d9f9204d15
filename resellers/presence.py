"""Who is alive: each process marks itself, every page may ask."""

import os
import socket
from datetime import timedelta

from django.db.models.functions import Now
from django.utils import timezone

from resellers.models import Heartbeat

MISSING_AFTER = timedelta(seconds=60)


def mark(role: Heartbeat.Role) -> None:
    """Note that a process of this role works now."""
    Heartbeat.objects.update_or_create(
        role=role,
        defaults={"last_seen_at": Now(), "detail": f"{socket.gethostname()}:{os.getpid()}"},
    )


def missing(*roles: Heartbeat.Role) -> list[Heartbeat.Role]:
    """Those of these roles that have not shown themselves lately, in one query."""
    alive = set(
        Heartbeat.objects.filter(
            role__in=roles, last_seen_at__gte=timezone.now() - MISSING_AFTER
        ).values_list("role", flat=True)
    )
    return [role for role in roles if role not in alive]
