"""The audit trail's rows. `resellers.audit` appends and verifies them."""

from typing import TypeVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from .scope import Scope, ScopedQuerySet

ModelT = TypeVar("ModelT", bound=models.Model)


class AuditQuerySet(ScopedQuerySet[ModelT]):
    """Entries of the trail."""

    def within(self, scope: Scope) -> Q:
        """What concerns their customers, and what the person did that concerns nobody."""
        seen = scope.visible("Operation")
        of_customer = Q(account_id__in=scope.customers)
        of_nobody = Q(account_id=None, instance_id=None, actor=scope.person_id)
        return (of_customer | of_nobody) & (Q(operation_id=None) | Q(operation_id__in=seen))


class AuditEntry(models.Model):
    """One thing a person or the system did, was shown or was refused. Never changed, never removed.

    Triggers refuse UPDATE, DELETE, TRUNCATE and REPLACE; each hash covers the one before it.
    """

    seq = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    event = models.CharField(max_length=60, help_text="such as `operation.requested`")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        help_text="none: the system",
        db_index=False,
    )
    actor_name = models.CharField(max_length=200, blank=True)
    address = models.GenericIPAddressField(null=True)
    # Null, as nothing else is added to SQLite's table without making it, and its triggers, anew.
    session = models.CharField(max_length=16, null=True, help_text="its fingerprint")
    # Plain columns, no foreign keys: the trail outlives whatever it speaks of.
    operation_id = models.PositiveBigIntegerField(null=True)
    account_id = models.UUIDField(null=True)
    instance_id = models.UUIDField(null=True)
    body = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering = ["-seq"]
        indexes = [
            models.Index(fields=["account_id", "-seq"], name="audit_by_account"),
            models.Index(fields=["operation_id", "seq"], name="audit_by_operation"),
            models.Index(fields=["actor", "-seq"], name="audit_by_actor"),
            models.Index(fields=["event", "-seq"], name="audit_by_event"),
            # between two days
            models.Index(fields=["at", "seq"], name="audit_by_time"),
        ]

    def __str__(self) -> str:
        return f"#{self.seq}"


class AuditHead(models.Model):
    """The last entry's number and hash, in one row that an append locks.

    Triggers let it move on to a later entry, and refuse everything else.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    seq = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)
