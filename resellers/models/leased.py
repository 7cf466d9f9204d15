"""What every table has whose rows are the queue of their own work: see `resellers.leases`."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class Leased(models.Model):
    """A row that one process at a time carries out."""

    next_run_at = models.DateTimeField(db_default=Now())
    lease_until = models.DateTimeField(null=True)
    lease_owner = models.CharField(
        max_length=120, blank=True, default="", db_default="", help_text="host:process:claim"
    )
    fence = models.PositiveIntegerField(default=0, help_text="rises with each claim")
    interruptions = models.PositiveIntegerField(
        default=0,
        db_default=0,
        help_text="how many processes in a row stopped in the midst of it",
    )

    # The setting that holds the numbers of this queue.
    NUMBERS: ClassVar[str]

    class Meta:
        abstract = True

    @classmethod
    def lease_seconds(cls) -> float:
        """How long a process may hold it without renewing its lease."""
        return float(getattr(settings, cls.NUMBERS)["LEASE_SECONDS"])
