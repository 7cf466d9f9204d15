"""The outbox: mails and calls of webhooks, and what became of each."""

from datetime import datetime
from typing import Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from .leased import Leased
from .mirror import Account

ModelT = TypeVar("ModelT", bound=models.Model)
MAIL = {"channel": "mail", "webhook": None}
WEBHOOK = {"channel": "webhook", "webhook__isnull": False}


class WebhookEvent(models.TextChoices):
    """What webhooks can be sent."""

    CAUSE_OPENED = "cause.opened", _("The first failure of a cause")
    CAUSE_MORE = "cause.more", _("How many of it have followed")
    CAUSE_RECOVERED = "cause.recovered", _("A cause is over")
    CASE_ASSIGNED = "case.assigned", _("A case is given to somebody")
    CASE_REGRESSED = "case.regressed", _("A case comes back")
    CASE_UNTAKEN = "case.untaken", _("Nobody took a case for a day")
    OPERATION_STUCK = "operation.stuck", _("An operation takes too long")
    AUDIT_HEAD = "audit.head", _("The head of the audit trail, every ten minutes")


class WebhookQuerySet(QuerySet[ModelT]):
    """Webhooks."""

    def existing(self) -> Self:
        """Those that nobody has removed."""
        return self.filter(removed_at=None)

    def wanting(self) -> Self:
        """Those that are sent to."""
        return self.existing().filter(active=True)


class Webhook(models.Model):
    """An address elsewhere that is sent what happens, signed."""

    address = models.URLField(max_length=500)
    events = models.JSONField(default=list, help_text="of WebhookEvent")
    active = models.BooleanField(default=True, db_default=True)
    salt = models.CharField(max_length=40, help_text="of which, with our key, its secret is made")
    secret_fingerprint = models.CharField(max_length=16)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(db_default=Now())
    removed_at = models.DateTimeField(null=True)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["address"], condition=Q(removed_at=None), name="one_webhook_per_address"
            )
        ]

    def __str__(self) -> str:
        return self.address


class DeliveryQuerySet(QuerySet[ModelT]):
    """Mails and calls of webhooks."""

    def pending(self) -> Self:
        """Those that are still to be sent, or are being sent."""
        return self.filter(state__in=Delivery.PENDING_STATES)

    def mails(self) -> Self:
        return self.filter(channel=Delivery.Channel.MAIL)


class Delivery(Leased):
    """One mail, or one call of a webhook: written with what it tells, sent after that."""

    NUMBERS = "NOTIFY"

    class Channel(models.TextChoices):
        MAIL = "mail", _("Mail")
        WEBHOOK = "webhook", _("Webhook")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits")
        SENDING = "sending", _("Is being sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Given up")
        UNCLEAR = "unclear", _("Perhaps sent")

    PENDING_STATES = ("waiting", "sending")

    key = models.CharField(max_length=200, unique=True, help_text="what it tells whom: told once")
    channel = models.CharField(max_length=10, choices=Channel)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="deliveries"
    )
    webhook = models.ForeignKey(
        Webhook, models.PROTECT, null=True, related_name="deliveries", db_index=False
    )
    account = models.ForeignKey(
        Account,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="the customer whom it is for: the address stands there alone",
    )
    address = models.CharField(
        max_length=254, blank=True, db_default="", help_text="one of the settings, that is nobody's"
    )
    reply_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="of staff, whom a customer answers",
    )
    kind = models.CharField(
        max_length=30, help_text="a NoticeKind, a WebhookEvent, `digest`, `proposal`"
    )
    subject = models.CharField(max_length=300, blank=True)
    body = models.TextField(help_text="as it is sent")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    tries = models.PositiveIntegerField(default=0, help_text="since it was last wanted")
    last_answer = models.CharField(max_length=1000, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    wanted_at = models.DateTimeField(
        db_default=Now(), help_text="when it was made, or wanted once more"
    )
    sent_at = models.DateTimeField(null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, account=None, address="", **MAIL)
                | Q(person=None, account__isnull=False, address="", **MAIL)
                | Q(person=None, account=None, **MAIL) & ~Q(address="")
                | Q(person=None, account=None, address="", **WEBHOOK),
                name="delivery_goes_to_one",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "sending", "sent", "failed", "unclear"]),
                name="delivery_state_is_known",
            ),
        ]
        indexes = [
            # what is due
            models.Index(
                fields=["next_run_at"],
                name="delivery_due",
                condition=Q(state__in=["waiting", "sending"]),
            ),
            # a webhook's log
            models.Index(fields=["webhook", "-id"], name="delivery_of_webhook"),
            # those that are old enough to be forgotten
            models.Index(fields=["created_at"], name="delivery_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} #{self.pk}"

    @property
    def came_to_nothing(self) -> bool:
        """Whether it was given up, or nobody can say that it arrived."""
        return self.state in (self.State.FAILED, self.State.UNCLEAR)

    @property
    def is_pending(self) -> bool:
        return self.state in self.PENDING_STATES


class DeliveryAttempt(models.Model):
    """One try to send it, committed before: one without an end may have arrived, or not."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="attempts")
    at = models.DateTimeField(db_default=Now())
    ended_at: "models.DateTimeField[datetime | None, datetime | None]" = models.DateTimeField(
        null=True
    )
    arrived = models.BooleanField(null=True, help_text="null where that cannot be said")
    status = models.PositiveSmallIntegerField(null=True, help_text="of HTTP")
    answer = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["id"]
        default_permissions = ()
