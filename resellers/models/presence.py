"""Who is alive: the processes that carry the dashboard."""

from django.db import models


class Heartbeat(models.Model):
    """When a process of a role was last known to work."""

    class Role(models.TextChoices):
        WEB = "web", "Web"
        WORKER = "worker", "Worker"
        BEAT = "beat", "Beat"
        SWEEP = "sweep", "Sweep"

    role = models.CharField(max_length=20, choices=Role, primary_key=True)
    last_seen_at = models.DateTimeField()
    detail = models.CharField(max_length=200, blank=True, help_text="host and process id")
