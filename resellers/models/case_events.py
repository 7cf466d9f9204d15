"""What happened to failure cases, and what the team wants known of their causes."""

from typing import TypeVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy

from .cases import Case, CaseKind
from .scope import Scope, ScopedQuerySet

ModelT = TypeVar("ModelT", bound=models.Model)


class CaseEventQuerySet(ScopedQuerySet[ModelT]):
    """What happened to cases."""

    def within(self, scope: Scope) -> Q:
        return Q(case__in=scope.visible("Case"))


class CaseEvent(models.Model):
    """What happened to a case: by itself, or by a person, notes included."""

    LONGEST = 2000

    class Kind(models.TextChoices):
        OPENED = "opened", gettext_lazy("Opened")
        REGRESSED = "regressed", gettext_lazy("Came back")
        WOKE = "woke", gettext_lazy("No longer put off")
        CHANGED = "changed", gettext_lazy("Changed")
        CLOSED = "closed", gettext_lazy("Closed")
        TAKEN = "taken", gettext_lazy("Taken")
        ASSIGNED = "assigned", gettext_lazy("Assigned")
        RELEASED = "released", gettext_lazy("Given back")
        SNOOZED = "snoozed", gettext_lazy("Snoozed")
        REOPENED = "reopened", gettext_lazy("Opened again")
        NOTE = "note", gettext_lazy("Note")
        REPORTED = "reported", gettext_lazy("Reported to Wix")

    case = models.ForeignKey(Case, models.PROTECT, related_name="events", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind)
    at = models.DateTimeField(db_default=Now())
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="case_events"
    )
    words = models.TextField(blank=True, help_text="a note, or why")
    body = models.JSONField(default=dict, help_text="such as to whom, or until when")

    objects = CaseEventQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        default_permissions = ()
        indexes = [models.Index(fields=["case", "-at", "-id"], name="case_event_newest")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: case {self.case_id}"


class CauseNote(models.Model):
    """What the team wants everybody to know who works on cases of one cause; the last one holds."""

    LONGEST = 2000

    kind = models.CharField(max_length=20, choices=CaseKind)
    code = models.CharField(max_length=200, blank=True, help_text="of the cases; empty for all")
    text = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["kind", "code"], name="one_note_per_cause"),
        ]

    def __str__(self) -> str:
        return f"Note on {self.kind} {self.code}".strip()
