"""Operations: one row is one wish of one person, and the row is the queue."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.fields.json import KT
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy

from .instances import ProductInstance
from .leased import Leased
from .mirror import Account, Package, Site
from .operation_querysets import AttemptQuerySet, OperationQuerySet
from .states import (
    MOVING_STATES,
    OPEN_STATES,
    REPEATABLE_STATES,
    OperationPriority,
    OperationState,
)


class Operation(Leased):
    """A wish, how far it has come, and how it ended."""

    NUMBERS = "OPERATIONS"

    kind = models.CharField(max_length=30, help_text="by its name, as kinds register it")
    state = models.CharField(max_length=20, choices=OperationState, default=OperationState.QUEUED)
    subject = models.CharField(
        max_length=120,
        help_text="`instance:ID`, `package:ID`, `order:NAME`, `site:ID` or `domain:NAME`",
    )
    account = models.ForeignKey(Account, models.PROTECT, related_name="operations", db_index=False)
    package = models.ForeignKey(Package, models.PROTECT, null=True, related_name="operations")
    instance = models.ForeignKey(
        ProductInstance, models.PROTECT, null=True, related_name="operations", db_index=False
    )
    site = models.ForeignKey(
        Site, models.PROTECT, null=True, related_name="operations", help_text="the target"
    )
    strategy = models.CharField(max_length=20, blank=True, help_text="of a reassign")
    wish = models.JSONField(help_text="what shall be true, as the kind spells it")
    before = models.JSONField(default=dict, help_text="what was true when it was planned")
    plan = models.JSONField(default=dict, help_text="the plan as it was shown and confirmed")
    fingerprint = models.CharField(max_length=64)
    request_id = models.UUIDField(unique=True, help_text="of the form: one click, one row")
    reason = models.TextField(blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="operations", db_index=False
    )
    requested_at = models.DateTimeField(db_default=Now())

    priority = models.PositiveSmallIntegerField(
        choices=OperationPriority,
        default=OperationPriority.NEW,
        db_default=OperationPriority.NEW,
        help_text="the lowest is carried out first, and among equals the oldest",
    )
    resumed_after = models.PositiveBigIntegerField(
        default=0, help_text="the attempt after which a person let it go on; sends count from here"
    )
    look_only = models.BooleanField(default=False, help_text="resumed to read, not to write")
    waiting_for = models.CharField(max_length=300, blank=True)

    outcome_code = models.CharField(max_length=200, blank=True)
    outcome = models.TextField(blank=True, help_text="what happened, in words staff read")
    changed_by_others = models.BooleanField(
        default=False,
        db_default=False,
        help_text="of a refused one: Wix showed twice what no call of ours had done",
    )
    wix_request_id = models.CharField(max_length=200, blank=True)
    finished_at = models.DateTimeField(null=True)
    outage_seconds = models.FloatField(
        null=True, help_text="how long a two-step move left the service on no site"
    )
    drifted_at = models.DateTimeField(
        null=True, help_text="when Wix was found to show something else after success"
    )
    drift_ended_at = models.DateTimeField(
        null=True,
        help_text="when it was found true again or, with `drifted_at`, changed by us since",
    )
    doubted_at = models.DateTimeField(
        null=True, help_text="when a reading first showed something else, with none after it yet"
    )
    settle_at = models.DateTimeField(null=True, help_text="when success is read once more")
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="settled_operations"
    )
    settled_note = models.TextField(blank=True)
    retry_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="retries")
    undo_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="undos")

    objects = OperationQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject"],
                condition=Q(state__in=OPEN_STATES),
                name="one_open_operation_per_subject",
            ),
            # Wix keeps no external id unique: one wish at a time for each, of whatever kind.
            models.UniqueConstraint(
                KT("wish__external_id"),
                condition=Q(state__in=OPEN_STATES),
                name="one_open_operation_per_external_id",
            ),
            # Wix wants one write at a time per package.
            models.UniqueConstraint(
                fields=["package"],
                condition=Q(state__in=MOVING_STATES),
                name="one_moving_operation_per_package",
            ),
            models.CheckConstraint(
                condition=Q(state__in=OperationState.values), name="operation_state_is_known"
            ),
        ]
        indexes = [
            models.Index(fields=["-requested_at", "-id"], name="operation_newest"),
            models.Index(fields=["state", "-requested_at", "-id"], name="operation_by_state"),
            models.Index(fields=["account", "-requested_at", "-id"], name="operation_by_account"),
            models.Index(fields=["instance", "-requested_at", "-id"], name="operation_by_inst"),
            # the bell: what one person asked for
            models.Index(
                fields=["requested_by", "-requested_at", "-id"], name="operation_by_person"
            ),
            # the sweep: what is due
            models.Index(
                fields=["next_run_at"],
                name="operation_due",
                condition=Q(state__in=["queued", "running", "confirming"]),
            ),
            # what needs a person: successes found true no more
            models.Index(
                fields=["drifted_at"],
                name="operation_drifted",
                condition=Q(drifted_at__isnull=False),
            ),
            # the menu: what ended otherwise than asked, lately
            models.Index(
                fields=["finished_at"],
                name="operation_ended_badly",
                condition=Q(state="rolled_back") | Q(changed_by_others=True),
            ),
            # workers and the sweep: what goes first of what is due
            models.Index(
                fields=["priority", "id"],
                name="operation_first",
                condition=Q(state__in=["queued", "running", "confirming"]),
            ),
            # the sweep: successes to read once more
            models.Index(
                fields=["settle_at"],
                name="operation_to_settle",
                condition=Q(settle_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Operation #{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def ending(self) -> str:
        """How it ended where the state alone does not say it: `no-more`, `by-hand`, `by-others`."""
        if self.drifted_at:
            return "no-more"
        if self.settled_by_id:
            return "by-hand"
        return "by-others" if self.changed_by_others else ""

    @property
    def outcome_now(self) -> str:
        """What happened, and where that was found so no more, this."""
        return "Two readings have shown something else." if self.drifted_at else self.outcome

    @property
    def is_repeatable(self) -> bool:
        """It ended without being carried out."""
        return self.state in REPEATABLE_STATES

    def get_absolute_url(self) -> str:
        return reverse("operation_page", args=[self.pk])


class OperationAttempt(models.Model):
    """One call to Wix for an operation, committed before a write is sent."""

    class State(models.TextChoices):
        SENT = "sent", gettext_lazy("Sent")
        ANSWERED = "answered", gettext_lazy("Answered")
        REFUSED = "refused", gettext_lazy("Refused")
        NOT_SENT = "not_sent", gettext_lazy("Not sent")
        UNKNOWN = "unknown", gettext_lazy("Answer lost")

    # A call that may have reached Wix; `sent` is one whose worker died before the answer.
    MAYBE_CARRIED_OUT = (State.SENT, State.ANSWERED, State.UNKNOWN)
    # Of these nobody can say: such a write may land at any time.
    IN_DOUBT = (State.SENT, State.UNKNOWN)
    # Wix had it, and it is part of what happened, even where nothing came of it.
    TAKEN = (*MAYBE_CARRIED_OUT, State.REFUSED)

    operation = models.ForeignKey(
        Operation, models.PROTECT, related_name="attempts", db_index=False
    )
    fence = models.PositiveIntegerField()
    step = models.CharField(max_length=40, help_text="`read`, or the step this write carries out")
    writes = models.BooleanField()
    generation = models.PositiveIntegerField(default=0)
    idempotency_key = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=20, choices=State, default=State.SENT)
    sent_at = models.DateTimeField(db_default=Now())
    answered_at = models.DateTimeField(null=True)
    duration_ms = models.PositiveIntegerField(null=True)
    method = models.CharField(max_length=10, blank=True)
    path = models.CharField(max_length=300, blank=True)
    status = models.PositiveIntegerField(null=True)
    code = models.CharField(max_length=200, blank=True)
    message = models.TextField(blank=True)
    wix_request_id = models.CharField(max_length=200, blank=True)
    seen = models.JSONField(null=True, help_text="what a read showed of the thing wished about")
    package_id = models.UUIDField(
        null=True, help_text="the new package, or account, that Wix's answer named"
    )
    effect = models.JSONField(
        null=True,
        help_text="of a write that may have acted: what it makes of which records",
    )

    objects = AttemptQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["operation", "id"], name="attempt_by_operation"),
            # the calls of the last minute and hour
            models.Index(fields=["-sent_at"], name="attempt_newest"),
            # those whose bodies are old enough to be removed
            models.Index(
                fields=["sent_at"],
                name="attempt_with_bodies",
                condition=Q(seen__isnull=False) | Q(effect__isnull=False),
            ),
        ]
