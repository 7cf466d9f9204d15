"""Who is alive: the processes that carry the dashboard, and what the doctor last found."""

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


class Examination(models.Model):
    """What `manage.py doctor` found when it last looked at the system: one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    examined_at = models.DateTimeField()
    host = models.CharField(max_length=200, blank=True)
    findings = models.JSONField(
        default=list, help_text="part, verdict, words and next_step of each, in order"
    )

    class Meta:
        default_permissions = ()
