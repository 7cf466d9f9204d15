"""What people are told, and how each of them wants to be told."""

from typing import TypeVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from .bulk import BulkRun
from .cases import Case, CaseKind, Cause
from .exports import ExportFile
from .flows import Flow
from .operations import Operation
from .scope import Scope, ScopedQuerySet

ModelT = TypeVar("ModelT", bound=models.Model)


class NoticeKind(models.TextChoices):
    """What a person may be told of; each chooses by mail how."""

    ASSIGNED = "assigned", _("A case is given to me")
    MENTIONED = "mentioned", _("Somebody mentions me in a note")
    REGRESSED = "regressed", _("A case of mine comes back")
    ESCALATED = "escalated", _("Something waits for too long")
    CAUSE = "cause", _("A new cause of failures, how many follow, and its end")
    BULK = "bulk", _("A bulk change of mine ends, or waits for a person")
    FLOW = "flow", _("A flow of mine stops or is done, or one is handed to me")
    EXPORT = "export", _("A file of mine is ready, or could not be made")


class MailWay(models.TextChoices):
    """When a mail tells it."""

    AT_ONCE = "at_once", _("At once")
    DIGEST = "digest", _("In the digest")
    NEVER = "never", _("Never")


class NotificationSettings(models.Model):
    """What one person wants told by mail, and when; who has no row has the standard."""

    STANDARD = {
        NoticeKind.ASSIGNED: MailWay.AT_ONCE,
        NoticeKind.MENTIONED: MailWay.AT_ONCE,
        NoticeKind.REGRESSED: MailWay.AT_ONCE,
        NoticeKind.ESCALATED: MailWay.AT_ONCE,
        NoticeKind.CAUSE: MailWay.DIGEST,
        NoticeKind.BULK: MailWay.NEVER,
        NoticeKind.FLOW: MailWay.AT_ONCE,
        NoticeKind.EXPORT: MailWay.NEVER,
    }
    HOUR = 7

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        primary_key=True,
        related_name="notification_settings",
    )
    mail = models.JSONField(default=dict, help_text="ways by kind, where not the standard")
    digest = models.BooleanField(default=True, db_default=True)
    hour = models.PositiveSmallIntegerField(
        default=HOUR, db_default=HOUR, help_text="of the digest, by the person's clock"
    )
    digested_on = models.DateField(null=True, help_text="the person's last day with its digest")
    digested_at = models.DateTimeField(null=True, help_text="what is younger, the next one tells")

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=Q(hour__lt=24), name="digest_hour_is_one_of_24"),
        ]

    def way(self, kind: NoticeKind) -> MailWay:
        """How this kind is told by mail."""
        chosen = self.mail.get(kind)
        return MailWay(chosen) if chosen in MailWay.values else self.STANDARD[kind]


class NoticeQuerySet(ScopedQuerySet[ModelT]):
    """What people were told."""

    def within(self, scope: Scope) -> Q:
        """Those about what the person may still see."""
        about_case = Q(case=None) | Q(case__in=scope.visible("Case"))
        about_flow = Q(flow=None) | Q(flow__in=scope.visible("Flow"))
        return (
            about_case
            & about_flow
            & (Q(operation=None) | Q(operation__in=scope.visible("Operation")))
        )


class Notice(models.Model):
    """One thing that one person was told, in the bell."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices", db_index=False
    )
    kind = models.CharField(max_length=20, help_text="one of NoticeKind")
    case = models.ForeignKey(Case, models.CASCADE, null=True, related_name="notices")
    operation = models.ForeignKey(Operation, models.CASCADE, null=True, related_name="+")
    run = models.ForeignKey(BulkRun, models.CASCADE, null=True, related_name="+")
    flow = models.ForeignKey(Flow, models.CASCADE, null=True, related_name="+")
    export = models.ForeignKey(ExportFile, models.CASCADE, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    key = models.CharField(max_length=120, help_text="what it tells: told once")
    at = models.DateTimeField(db_default=Now())
    read_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], name="nobody_is_told_twice")
        ]
        indexes = [
            # the bell
            models.Index(fields=["person", "-at", "-id"], name="notice_newest"),
            # those that are old enough to be forgotten
            models.Index(fields=["at"], name="notice_by_age"),
        ]


class CauseAlert(models.Model):
    """What was told of one cause of cases: the first of it, how many more, and its end."""

    kind = models.CharField(max_length=20, choices=CaseKind)
    code = models.CharField(max_length=200, blank=True)
    messages = models.PositiveIntegerField(default=0, help_text="sent about it so far")
    is_open = models.BooleanField(default=False, help_text="some case of it is")
    is_announced = models.BooleanField(default=False, help_text="its first case was, this time")
    waiting = models.PositiveIntegerField(default=0, help_text="cases that nobody was told of yet")
    announced_at = models.DateTimeField(null=True, help_text="when it was last spoken of")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["kind", "code"], name="one_alert_per_cause")]

    @property
    def of(self) -> Cause:
        return Cause(self.kind, self.code)
