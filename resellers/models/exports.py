"""Files of lists that are made in the background: what was asked for, and how far each is."""

from datetime import datetime, timedelta
from typing import Self, TypeVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .leased import Leased

ModelT = TypeVar("ModelT", bound=models.Model)


class ExportFileQuerySet(QuerySet[ModelT]):
    """Files that were asked for."""

    def unfinished(self) -> Self:
        """Those that are still to be made, or are being made."""
        return self.filter(state__in=ExportFile.UNFINISHED)


class ExportFile(Leased):
    """A list's rows as a file that a worker makes; the row is the queue.

    Its rows and their order are fixed when it begins, as keys in a file of their own, and it is
    written chunk by chunk: `rows_written` and `bytes_written` say what of it is whole.
    """

    NUMBERS = "OPERATIONS"
    UNFINISHED = ("queued", "running")

    class State(models.TextChoices):
        QUEUED = "queued", _("Waits for its turn")
        RUNNING = "running", _("Is being made")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Not made")

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="export_files", db_index=False
    )
    request_id = models.UUIDField(
        unique=True, default=uuid4, help_text="of the form: one click, one file"
    )
    noun = models.CharField(max_length=40, help_text="the list's, as in its address")
    title = models.CharField(max_length=100, help_text="the list's, as its page says it")
    view = models.CharField(max_length=60, help_text="the filters as a word for the file's name")
    parameters = models.TextField(
        blank=True, help_text="of the list's address: filters, order and columns, all said"
    )
    filters = models.JSONField(default=list, help_text="label and words of each, in their order")
    columns = models.JSONField(default=list, help_text="the file's headers")
    dialect = models.JSONField(default=dict, help_text="profile, delimiter and line breaks")
    zone = models.CharField(max_length=60, help_text="of the clock that local times are by")
    groups = models.JSONField(
        null=True, help_text="of customers that the person was limited to; null for none"
    )
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    trouble = models.TextField(blank=True, default="", db_default="", help_text="why not, in words")
    requested_at = models.DateTimeField(db_default=Now())
    fixed_at = models.DateTimeField(null=True, help_text="when its rows and their order were fixed")
    finished_at: "models.DateTimeField[datetime | None, datetime | None]" = models.DateTimeField(
        null=True
    )
    rows_expected = models.PositiveIntegerField(null=True, help_text="of which it is to consist")
    rows_written = models.PositiveIntegerField(default=0, db_default=0)
    bytes_written = models.PositiveBigIntegerField(default=0, db_default=0)
    checked_from = models.DateTimeField(
        null=True, help_text="when the oldest of its rows was read from Wix"
    )
    checked_until = models.DateTimeField(null=True, help_text="the same of the newest")
    keys_as = models.CharField(
        max_length=80, blank=True, default="", db_default="", help_text="the file of its keys"
    )
    stored_as = models.CharField(
        max_length=80, blank=True, default="", db_default="", help_text="the file of its bytes"
    )
    name = models.CharField(
        max_length=160, blank=True, default="", db_default="", help_text="under which it is taken"
    )
    sha256 = models.CharField(max_length=64, blank=True, default="", db_default="")

    objects = ExportFileQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at", "-id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["queued", "running", "ready", "failed"]),
                name="export_file_state_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="ready")
                | Q(rows_written=models.F("rows_expected"), finished_at__isnull=False)
                & ~Q(sha256=""),
                name="export_file_is_offered_whole",
            ),
        ]
        indexes = [
            # /exports/
            models.Index(fields=["by", "-requested_at", "-id"], name="export_file_newest"),
            # workers and the sweep: what is due
            models.Index(
                fields=["next_run_at"],
                name="export_file_due",
                condition=Q(state__in=["queued", "running"]),
            ),
            # those that are old enough to be removed
            models.Index(fields=["finished_at"], name="export_file_by_age"),
        ]

    def __str__(self) -> str:
        return self.name or f"{self.title} #{self.pk}"

    @property
    def is_unfinished(self) -> bool:
        return self.state in self.UNFINISHED

    @property
    def is_ready(self) -> bool:
        return self.state == self.State.READY

    @property
    def until(self) -> datetime | None:
        """When it is removed; None while it is being made."""
        age = timedelta(days=settings.RETENTION["EXPORTS"])
        return self.finished_at + age if self.finished_at else None

    @property
    def is_offered(self) -> bool:
        """Whether it can be taken."""
        return self.is_ready and self.until is not None and timezone.now() < self.until

    def get_absolute_url(self) -> str:
        return reverse("export_page", args=[self.pk])
