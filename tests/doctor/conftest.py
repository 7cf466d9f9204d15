"""A system that does well, for the doctor to look at."""

from datetime import timedelta

import pytest


@pytest.fixture
def healthy(db, sandbox, settings):
    """A system of which every part does well, but that it has no Redis; the sandbox it talks to."""
    from django.utils import timezone

    from resellers import heartbeats, tallies
    from resellers.models import Figures, Heartbeat
    from tests import worlds

    settings.DEBUG, settings.ALLOWED_HOSTS = False, ["dashboard.example"]
    settings.OPERATIONS = settings.OPERATIONS | {"CALL_SECONDS": 2}
    for role in Heartbeat.Role:
        heartbeats.record(role)
    Figures.objects.create(pk=1, mirror_whole_at=timezone.now() - timedelta(hours=3))
    worlds.instance()
    tallies.check()
    return sandbox
