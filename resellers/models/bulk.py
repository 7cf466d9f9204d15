"""Bulk runs: many changes planned together, confirmed at once and released one after another."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .bulk_querysets import BulkRunQuerySet, PlannedChangeQuerySet
from .instances import ProductInstance
from .leased import Leased
from .mirror import Account
from .operations import Operation


class BulkRun(Leased):
    """A plan of many changes and, once it is confirmed, the run that releases them.

    A running one is the queue of its own work: whoever holds its lease releases its next changes.
    """

    NUMBERS = "OPERATIONS"

    class State(models.TextChoices):
        PLANNED = "planned", _("Not confirmed")
        RUNNING = "running", _("Running")
        PAUSED = "paused", _("Paused")
        STOPPED = "stopped", _("Stopped")
        DONE = "done", _("Done")

    kind = models.CharField(max_length=30, help_text="by its name, as bulk verbs register it")
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="bulk_runs")
    reason = models.TextField(blank=True, default="", db_default="")
    request_id = models.UUIDField(
        unique=True, default=uuid4, help_text="of the form: one click, one plan; its changes' too"
    )
    selection = models.JSONField(default=dict, help_text="what was asked for: list, query, number")
    retry_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="retries")
    planned_at = models.DateTimeField(db_default=Now())
    confirmed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    waiting_for = models.CharField(
        max_length=300, blank=True, default="", db_default="", help_text="why nothing is released"
    )
    ended_with = models.JSONField(
        default=dict, db_default={}, help_text="how many of its changes ended how, once it is done"
    )

    objects = BulkRunQuerySet.as_manager()

    class Meta:
        ordering = ["-planned_at", "-id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["planned", "running", "paused", "stopped", "done"]),
                name="bulk_run_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state="planned", confirmed_at=None)
                | ~Q(state="planned") & Q(confirmed_at__isnull=False),
                name="bulk_run_is_confirmed_once_it_runs",
            ),
        ]
        indexes = [
            # /bulk/
            models.Index(fields=["-planned_at", "-id"], name="bulk_run_newest"),
            # workers and the sweep: what is due
            models.Index(fields=["next_run_at"], name="bulk_run_due", condition=Q(state="running")),
        ]

    def __str__(self) -> str:
        return f"Bulk #{self.pk}"

    @property
    def is_planned(self) -> bool:
        """Nobody has confirmed it yet."""
        return self.state == self.State.PLANNED

    @property
    def is_over(self) -> bool:
        """Nothing more is released of it."""
        return self.state in (self.State.STOPPED, self.State.DONE)

    def get_absolute_url(self) -> str:
        return reverse("bulk_run", args=[self.pk])


class PlannedChange(models.Model):
    """One change that waits to become an operation, or what became of it. It locks nothing."""

    class Outcome(models.TextChoices):
        PLANNED = "planned", _("Waits")
        UNCHANGED = "unchanged", _("No change")
        REFUSED = "refused", _("Refused")
        RELEASED = "released", _("Asked for")
        SKIPPED = "skipped", _("Skipped")
        STOPPED = "stopped", _("Stopped")

    run = models.ForeignKey(BulkRun, models.PROTECT, related_name="changes", db_index=False)
    number = models.PositiveIntegerField(help_text="within the run, from 1")
    kind = models.CharField(max_length=30, help_text="of the operation it is released into")
    subject = models.CharField(max_length=120, help_text="`instance:ID`: once in a run")
    account = models.ForeignKey(Account, models.PROTECT, related_name="planned_changes")
    instance = models.ForeignKey(
        ProductInstance, models.PROTECT, null=True, related_name="planned_changes"
    )
    wish = models.JSONField(null=True, help_text="as the kind spells it; null where none is left")
    before = models.JSONField(default=dict, help_text="what the plan rests on")
    rows = models.JSONField(default=list, help_text="field, label, before and after, in words")
    fingerprint = models.CharField(max_length=64, blank=True, default="", db_default="")
    outcome = models.CharField(
        max_length=10, choices=Outcome, default=Outcome.PLANNED, db_default=Outcome.PLANNED
    )
    code = models.CharField(max_length=200, blank=True, default="", db_default="")
    why = models.TextField(blank=True, default="", db_default="", help_text="in words staff read")
    operation = models.OneToOneField(
        Operation, models.PROTECT, null=True, related_name="planned_change"
    )
    retry_of = models.ForeignKey(
        Operation,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="the operation that came to nothing in the run before",
    )
    decided_at = models.DateTimeField(null=True, help_text="when it was released or left out")

    objects = PlannedChangeQuerySet.as_manager()

    class Meta:
        ordering = ["run", "number"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["run", "subject"], name="one_change_per_subject"),
            models.UniqueConstraint(fields=["run", "number"], name="one_change_per_number"),
            models.CheckConstraint(
                condition=Q(
                    outcome__in=[
                        "planned",
                        "unchanged",
                        "refused",
                        "released",
                        "skipped",
                        "stopped",
                    ]
                ),
                name="planned_change_outcome_is_known",
            ),
            models.CheckConstraint(
                condition=Q(outcome="released", operation__isnull=False)
                | ~Q(outcome="released") & Q(operation=None),
                name="planned_change_is_released_into_one_operation",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=["planned", "released"]) | Q(wish__isnull=False),
                name="planned_change_knows_its_wish",
            ),
        ]
        indexes = [
            # a run's page and its next change, by what became of them
            models.Index(fields=["run", "outcome", "number"], name="planned_change_by_outcome"),
        ]

    def __str__(self) -> str:
        return f"{self.number} of {self.run}"
