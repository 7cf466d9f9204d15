"""Flows: guided work of several steps, which one person begins and another one may finish."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .flow_querysets import UNFINISHED_STATES, FlowPartQuerySet, FlowQuerySet
from .leased import Leased
from .mirror import Account, Site
from .operations import Operation


class Flow(Leased):
    """One piece of guided work: whose it is, how far it has come, what was chosen.

    One that waits is the queue of its own work: whoever holds its lease takes it on.
    """

    NUMBERS = "OPERATIONS"

    class State(models.TextChoices):
        OPEN = "open", _("Your turn")
        WAITING = "waiting", _("Waiting")
        PAUSED = "paused", _("Paused")
        STOPPED = "stopped", _("Needs a person")
        DONE = "done", _("Done")
        GIVEN_UP = "given_up", _("Given up")

    kind = models.CharField(max_length=30, help_text="by its name, as flows register it")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="flows",
        help_text="in whose name what was confirmed goes on by itself",
    )
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="begun_flows"
    )
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, related_name="flows", db_index=False
    )
    site = models.ForeignKey(Site, models.PROTECT, null=True, related_name="flows")
    subject = models.CharField(
        max_length=300,
        blank=True,
        default="",
        db_default="",
        help_text="`site:ID`: one unfinished flow of a kind is about it",
    )
    data = models.JSONField(default=dict, help_text="ids and choices, by name; nothing personal")
    request_id = models.UUIDField(
        unique=True, default=uuid4, help_text="of the form: one click, one flow; its operations'"
    )
    begun_at = models.DateTimeField(db_default=Now())
    changed_at = models.DateTimeField(db_default=Now(), help_text="when it last came on, or stood")
    ended_at = models.DateTimeField(null=True)

    objects = FlowQuerySet.as_manager()

    class Meta:
        ordering = ["-begun_at", "-id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["open", "waiting", "paused", "stopped", "done", "given_up"]),
                name="flow_state_is_known",
            ),
            models.UniqueConstraint(
                fields=["kind", "subject"],
                condition=Q(state__in=UNFINISHED_STATES) & ~Q(subject=""),
                name="one_unfinished_flow_per_subject",
            ),
        ]
        indexes = [
            # /flows/
            models.Index(fields=["-begun_at", "-id"], name="flow_newest"),
            models.Index(fields=["account", "-begun_at", "-id"], name="flow_by_account"),
            # workers and the sweep: what is due; the menu: what is unfinished
            models.Index(
                fields=["next_run_at"],
                name="flow_due",
                condition=Q(state__in=UNFINISHED_STATES),
            ),
        ]

    def __str__(self) -> str:
        return f"Flow #{self.pk}"

    @property
    def is_over(self) -> bool:
        return self.state not in UNFINISHED_STATES

    def get_absolute_url(self) -> str:
        return reverse("flow_page", args=[self.pk])


class FlowStep(models.Model):
    """One step of a flow that was begun, or one more try at it, and what became of that."""

    class State(models.TextChoices):
        CURRENT = "current", _("Under way")
        DONE = "done", _("Done")
        SKIPPED = "skipped", _("Not needed")
        IN_VAIN = "in_vain", _("In vain")

    flow = models.ForeignKey(Flow, models.PROTECT, related_name="steps", db_index=False)
    name = models.CharField(max_length=100, help_text="as the flow names it")
    tries = models.PositiveIntegerField(default=1, help_text="1 for the first try at it")
    state = models.CharField(max_length=10, choices=State, default=State.CURRENT)
    operation = models.OneToOneField(Operation, models.PROTECT, null=True, related_name="flow_step")
    begun_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="who chose or confirmed it",
    )
    code = models.CharField(max_length=200, blank=True, default="", db_default="")
    outcome = models.TextField(
        blank=True, default="", db_default="", help_text="what happened, or why it stands"
    )
    waiting_for = models.CharField(max_length=300, blank=True, default="", db_default="")
    otherwise = models.CharField(
        max_length=300, blank=True, default="", db_default="", help_text="what follows if not"
    )
    waits_until = models.DateTimeField(null=True, help_text="how long it waits at most")
    looks = models.PositiveIntegerField(default=0, db_default=0)

    objects = FlowPartQuerySet.as_manager()

    class Meta:
        ordering = ["flow", "id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["flow", "name", "tries"], name="one_try_of_a_step"),
            models.UniqueConstraint(
                fields=["flow"], condition=Q(state="current"), name="one_current_step_per_flow"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["current", "done", "skipped", "in_vain"]),
                name="flow_step_state_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.flow}"


class FlowEvent(models.Model):
    """What happened in a flow: by itself, or by a person."""

    class Kind(models.TextChoices):
        BEGUN = "begun", _("Begun")
        CHOSEN = "chosen", _("Chosen")
        CONFIRMED = "confirmed", _("Confirmed")
        ASKED = "asked", _("Asked Wix for it")
        LOOKED = "looked", _("Looked")
        STEP = "step", _("Step done")
        STOPPED = "stopped", _("Stopped")
        RETRIED = "retried", _("Tried again")
        PAUSED = "paused", _("Paused")
        RESUMED = "resumed", _("Resumed")
        HANDED = "handed", _("Handed over")
        DONE = "done", _("Done")
        GIVEN_UP = "given_up", _("Given up")
        NOTE = "note", _("Note")

    LONGEST = 2000  # of a note

    flow = models.ForeignKey(Flow, models.PROTECT, related_name="events", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind)
    step = models.CharField(max_length=100, blank=True, default="", db_default="")
    at = models.DateTimeField(db_default=Now())
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="flow_events"
    )
    words = models.TextField(blank=True, default="", db_default="")

    objects = FlowPartQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        default_permissions = ()
        indexes = [models.Index(fields=["flow", "-id"], name="flow_event_newest")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: flow {self.flow_id}"
