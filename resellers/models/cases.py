"""Failure cases: what somebody has to look at, who does, and what came of it."""

from datetime import datetime
from typing import Any, NamedTuple, Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import Case as Choice
from django.db.models import Exists, OuterRef, Q, Value, When
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy

from .flows import Flow
from .instances import ProductInstance
from .mirror import Account
from .operations import Operation
from .scope import Scope, ScopedQuerySet

ModelT = TypeVar("ModelT", bound=models.Model)


class CaseCause(models.TextChoices):
    """What a case is about, and why it opens by itself."""

    FAILED = "failed", gettext_lazy("Failed service")
    STUCK = "stuck", gettext_lazy("Stuck service")
    OPERATION = "operation", gettext_lazy("Operation")
    FLOW = "flow", gettext_lazy("Flow")
    REGISTRATION = "registration", gettext_lazy("Registration")
    READING = "reading", gettext_lazy("Reading of Wix")


class CaseKind(models.TextChoices):
    """What a case is about by now: of an operation, how it stands tells them apart."""

    ATTENTION = "attention", gettext_lazy("An operation that a person decides about")
    FLOW = "flow", gettext_lazy("A flow that has stopped")
    FAILED = "failed", gettext_lazy("Failed service")
    STUCK = "stuck", gettext_lazy("Stuck service")
    REGISTRATION = "registration", gettext_lazy("Registration past its time")
    REFUSED = "refused", gettext_lazy("Change that was not carried out")
    DRIFTED = "drifted", gettext_lazy("Change that is true no more")
    READING = "reading", gettext_lazy("Reading of Wix")


# Whose cases are told apart by their codes.
BY_CODE = (CaseKind.FAILED, CaseKind.STUCK, CaseKind.REFUSED, CaseKind.FLOW)


class Cause(NamedTuple):
    """What cases have in common: their kind and, where Wix or an operation tells those of one kind
    apart, a code."""

    kind: str
    code: str = ""


def cause_of(case: "Case") -> Cause:
    """The case's cause; it was read `with_kind`."""
    kind: str = case.kind  # type: ignore[attr-defined]
    return Cause(kind, case.code if kind in BY_CODE else "")


class CaseState(models.TextChoices):
    OPEN = "open", gettext_lazy("Open")
    SNOOZED = "snoozed", gettext_lazy("Snoozed")
    CLOSED = "closed", gettext_lazy("Closed")


class CaseEnd(models.TextChoices):
    """Why a case is closed. The first ones are concluded, the rest a person's to say."""

    DELIVERED = "delivered", gettext_lazy("Delivered")
    REORDERED = "reordered", gettext_lazy("Ordered again and delivered")
    CANCELED = "canceled", gettext_lazy("Canceled")
    GONE = "gone", gettext_lazy("Gone from Wix")
    SETTLED = "settled", gettext_lazy("Settled")
    NOT_WANTED = "not_wanted", gettext_lazy("No longer wanted")
    WITH_WIX = "with_wix", gettext_lazy("Handed to Wix")
    OTHER = "other", gettext_lazy("Another reason")


CONCLUDED = (
    CaseEnd.DELIVERED,
    CaseEnd.REORDERED,
    CaseEnd.CANCELED,
    CaseEnd.GONE,
    CaseEnd.SETTLED,
)
SAID_BY_PEOPLE = (CaseEnd.NOT_WANTED, CaseEnd.WITH_WIX, CaseEnd.OTHER)


# Of the operation that a case is about, by how it stands.
_UNDECIDED = Q(operation__state="needs_attention")
_UNTRUE = Q(
    operation__state="succeeded",
    operation__drifted_at__isnull=False,
    operation__drift_ended_at=None,
)
_OF_OPERATION = Q(cause=CaseCause.OPERATION)
KINDS = {
    CaseKind.ATTENTION: _OF_OPERATION & _UNDECIDED,
    CaseKind.FLOW: Q(cause=CaseCause.FLOW),
    CaseKind.FAILED: Q(cause=CaseCause.FAILED),
    CaseKind.STUCK: Q(cause=CaseCause.STUCK),
    CaseKind.REGISTRATION: Q(cause=CaseCause.REGISTRATION),
    CaseKind.REFUSED: _OF_OPERATION & ~_UNDECIDED & ~_UNTRUE,
    CaseKind.DRIFTED: _OF_OPERATION & _UNTRUE,
    CaseKind.READING: Q(cause=CaseCause.READING),
}


class CaseQuerySet(ScopedQuerySet[ModelT]):
    """Cases."""

    def within(self, scope: Scope) -> Q:
        """Those of their customers, and those of no customer."""
        about = Q(operation=None) | Q(operation__in=scope.visible("Operation"))
        of_flow = Q(flow=None) | Q(flow__in=scope.visible("Flow"))
        return (Q(account=None) | super().within(scope) & about) & of_flow

    def with_kind(self) -> Self:
        """Each with its `kind`, a word of CaseKind."""
        named = (When(condition, then=Value(kind.value)) for kind, condition in KINDS.items())
        kind = Choice(*named, default=Value(""), output_field=models.CharField())
        return self.annotate(kind=kind)

    def of_kind(self, kind: str) -> Self:
        """Those that are about that now."""
        return self.filter(KINDS[CaseKind(kind)])

    def with_reported(self) -> Self:
        """Each with `is_reported`: whether somebody has reported it to Wix."""
        events: Any = self.model._meta.get_field("events").related_model
        reported = events.objects.filter(case=OuterRef("pk"), kind=events.Kind.REPORTED)
        return self.annotate(is_reported=Exists(reported))

    def open(self) -> Self:
        """Those that wait for somebody now."""
        return self.filter(state=CaseState.OPEN)

    def unclosed(self) -> Self:
        """The open ones, and those that somebody has put off."""
        return self.exclude(state=CaseState.CLOSED)

    def nobodys(self) -> Self:
        """Those that nobody has taken."""
        return self.filter(owner=None)


class Case(models.Model):
    """One trouble of one thing. It is never removed: over, it is closed; come back, it regressed.

    What is ordered in place of a failed service is a matter of that service's case.
    """

    cause = models.CharField(max_length=20, choices=CaseCause)
    subject = models.CharField(
        max_length=120,
        help_text="`instance:ID` of what first failed, `operation:ID`, `flow:ID`, `wix`",
    )
    state = models.CharField(max_length=10, choices=CaseState, default=CaseState.OPEN)
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="cases")
    instance = models.ForeignKey(
        ProductInstance,
        models.PROTECT,
        null=True,
        related_name="cases",
        help_text="the last that failed, where one was ordered in place of another",
    )
    operation = models.ForeignKey(Operation, models.PROTECT, null=True, related_name="cases")
    flow = models.ForeignKey(Flow, models.PROTECT, null=True, related_name="cases")
    product = models.ForeignKey("CatalogProduct", models.PROTECT, null=True, related_name="cases")
    code = models.CharField(max_length=200, blank=True, help_text="Wix's, or ours of what went on")
    since = models.DateTimeField(null=True, help_text="when the trouble began")
    opened_at = models.DateTimeField(db_default=Now())
    regressed_at = models.DateTimeField(null=True, help_text="when it last opened once more")

    announced_at = models.DateTimeField(
        null=True, help_text="when people were told of its cause, or that it is one more"
    )
    escalated_at = models.DateTimeField(
        null=True, help_text="when managers were told that nobody takes it"
    )

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="cases"
    )
    taken_at = models.DateTimeField(null=True)
    snoozed_until = models.DateTimeField(null=True, help_text="null: until it changes")
    closed_at = models.DateTimeField(null=True)
    end = models.CharField(max_length=20, choices=CaseEnd, blank=True, default="", db_default="")
    pinned = models.ForeignKey("CaseEvent", models.PROTECT, null=True, related_name="+")

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["since", "id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["cause", "subject"], name="one_case_per_trouble"),
            models.CheckConstraint(
                condition=Q(state__in=CaseState.values), name="case_state_is_known"
            ),
        ]
        indexes = [
            # /failures/: a cause's cases, the longest open first
            models.Index(fields=["state", "cause", "code", "since", "id"], name="case_by_cause"),
            # what one person has taken
            models.Index(
                fields=["owner", "since", "id"],
                name="case_by_owner",
                condition=Q(owner__isnull=False),
            ),
            # what people are still to be told of, and what nobody takes
            models.Index(
                fields=["id"], name="case_unannounced", condition=Q(announced_at=None, state="open")
            ),
            models.Index(
                fields=["opened_at"],
                name="case_untaken",
                condition=Q(escalated_at=None, owner=None, state="open"),
            ),
            # the sweep: what was put off until now
            models.Index(
                fields=["snoozed_until"],
                name="case_snoozed",
                condition=Q(state="snoozed"),
            ),
            # /failures/: all that is open, the newest first; its number stands in the menu
            models.Index(fields=["-since", "-id"], name="case_open", condition=Q(state="open")),
        ]

    def __str__(self) -> str:
        if self.product is None:
            return str(self.account or self.get_cause_display())
        return f"{self.product} for {self.account}"

    def get_absolute_url(self) -> str:
        return reverse("case_page", args=[self.pk])

    @property
    def is_closed(self) -> bool:
        return self.state == CaseState.CLOSED

    def put_off_until_now(self, now: datetime) -> bool:
        """Whether somebody put it off until a time that has come."""
        return (
            self.state == CaseState.SNOOZED
            and self.snoozed_until is not None
            and self.snoozed_until <= now
        )
