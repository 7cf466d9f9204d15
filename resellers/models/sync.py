"""Readings of Wix, which are the queue of their own work, and the counts made of what was read."""

from datetime import timedelta
from typing import TypeVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from .leased import Leased
from .mirror import Account, Package
from .operation_querysets import SyncRunQuerySet
from .scope import Scope, ScopedQuerySet

ModelT = TypeVar("ModelT", bound=models.Model)


class SyncRun(Leased):
    """One reading of Wix, wanted by a person, a command or beat. The row is its queue."""

    NUMBERS = "MIRROR"

    class Kind(models.TextChoices):
        FULL = "full", gettext_lazy("Everything")
        INCREMENTAL = "incremental", gettext_lazy("What changed")
        UNSETTLED = "unsettled", gettext_lazy("Unsettled services")
        ACCOUNT = "account", gettext_lazy("One customer")
        PACKAGE = "package", gettext_lazy("One package")
        CHOSEN = "chosen", gettext_lazy("Chosen packages")

    class State(models.TextChoices):
        QUEUED = "queued", gettext_lazy("Waiting")
        RUNNING = "running", gettext_lazy("Running")
        SUCCEEDED = "succeeded", gettext_lazy("Succeeded")
        FAILED = "failed", gettext_lazy("Failed")
        STOPPED = "stopped", gettext_lazy("Stopped")

    OPEN_STATES = (State.QUEUED, State.RUNNING)
    AWAITED = (Kind.ACCOUNT, Kind.PACKAGE, Kind.CHOSEN)  # kinds that a person waits for

    kind = models.CharField(max_length=20, choices=Kind)
    subject = models.CharField(
        max_length=60,
        help_text="`full`, and with what it is about `account:ID`, `chosen:DIGEST`",
    )
    state = models.CharField(max_length=20, choices=State, default=State.QUEUED)
    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="sync_runs")
    package = models.ForeignKey(Package, models.CASCADE, null=True, related_name="sync_runs")
    unread = models.ManyToManyField(
        Package, related_name="+", help_text="of a failed reading of chosen packages: those left"
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, help_text="none: the schedule"
    )
    requested_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    stop_wanted = models.BooleanField(default=False)
    phase = models.CharField(max_length=20, blank=True, help_text="what is being read now")
    phase_began_at = models.DateTimeField(null=True)
    phase_began_calls = models.PositiveIntegerField(default=0, help_text="`calls` as it began")
    position = models.JSONField(default=dict, help_text="where the phase goes on: see mirror.sync")
    failures = models.PositiveIntegerField(default=0, help_text="failed calls in a row")
    restarts = models.PositiveIntegerField(default=0, help_text="cursors Wix refused")
    pages = models.PositiveIntegerField(default=0)
    calls = models.PositiveIntegerField(default=0)
    packages_seen = models.PositiveIntegerField(default=0)
    packages_expected = models.PositiveIntegerField(null=True)
    sites_seen = models.PositiveIntegerField(default=0)
    rows_changed = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0, help_text="records without a usable id")
    refused = models.PositiveIntegerField(
        default=0, db_default=0, help_text="records that Wix did not let us read"
    )
    shortfall = models.JSONField(
        null=True,
        help_text="why it ends as failed though it went on: `error` and what goes with it",
    )
    high_water = models.DateTimeField(
        null=True, help_text="highest updatedDate seen, at most wix_date"
    )
    wix_date = models.DateTimeField(null=True, help_text="Wix's clock at its last answer")
    error_code = models.CharField(max_length=200, blank=True)
    error = models.TextField(blank=True)
    wix_request_id = models.CharField(max_length=200, blank=True)

    objects = SyncRunQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject"],
                condition=Q(state__in=["queued", "running"]),
                name="one_open_sync_run_per_subject",
                violation_error_message="This is being read already.",
            ),
        ]
        indexes = [
            models.Index(fields=["-requested_at", "-id"], name="sync_run_newest"),
            # the last good run of a kind
            models.Index(fields=["kind", "state", "-finished_at"], name="sync_run_by_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} #{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN_STATES

    @property
    def took(self) -> timedelta | None:
        """How long it worked, once it has ended."""
        if self.started_at is None or self.finished_at is None:
            return None
        return self.finished_at - self.started_at

    def get_absolute_url(self) -> str:
        return reverse("mirror_list", fragment=f"run-{self.pk}")


class DailyCountQuerySet(ScopedQuerySet[ModelT]):
    """What was counted day by day, of all customers together."""

    def within(self, scope: Scope) -> Q:
        """None: nobody counted a scope by itself."""
        return Q(pk__in=[])


class DailyCount(models.Model):
    """A figure of the mirror at the end of a day, for the charts."""

    day = models.DateField()
    figure = models.CharField(max_length=60, help_text="such as `status:ENABLED` or `floating`")
    value = models.PositiveIntegerField()

    objects = DailyCountQuerySet.as_manager()

    class Meta:
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(fields=["day", "figure"], name="one_count_a_day_and_figure")
        ]


class Figures(models.Model):
    """What is known of the readings of Wix, in one row; the counts come with it, from tallies."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    # This and `counts` are kept by processes of the version before; they may go with the next one.
    counted_at = models.DateTimeField(null=True)
    mirror_whole_at = models.DateTimeField(
        null=True, help_text="start of the last full pass that ended"
    )
    changes_read_at = models.DateTimeField(
        null=True, help_text="start of the last reading of what changed that ended well"
    )
    unread_since = models.DateTimeField(
        null=True, help_text="when readings by schedule began to fail; null while they do not"
    )
    unread_because = models.TextField(blank=True, default="", db_default="")
    read_again_at = models.DateTimeField(null=True, help_text="when they last ceased to fail")
    counts = models.JSONField(default=dict)

    @property
    def is_read_in_part(self) -> bool:
        """Whether what changed was read well since readings by schedule began to fail."""
        read, since = self.changes_read_at, self.unread_since
        return read is not None and since is not None and read > since

    @property
    def is_overdue(self) -> bool:
        """Whether Wix should have been read in full again by now."""
        most = timedelta(seconds=settings.MIRROR["OVERDUE_SECONDS"])
        return self.mirror_whole_at is not None and timezone.now() - self.mirror_whole_at > most
