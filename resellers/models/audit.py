"""The audit trail's rows. `resellers.audit` appends and verifies them."""

from django.conf import settings
from django.db import models


class AuditEntry(models.Model):
    """One thing a person or the system did, was shown or was refused. Never changed, never removed.

    Triggers refuse UPDATE, DELETE, TRUNCATE and REPLACE; each hash covers the one before it.
    """

    seq = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    event = models.CharField(max_length=60, help_text="such as `operation.requested`")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, help_text="none: the system"
    )
    actor_name = models.CharField(max_length=200, blank=True)
    address = models.GenericIPAddressField(null=True)
    # Plain columns, no foreign keys: the trail outlives whatever it speaks of.
    operation_id = models.PositiveBigIntegerField(null=True)
    account_id = models.UUIDField(null=True)
    instance_id = models.UUIDField(null=True)
    body = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["-seq"]
        indexes = [
            models.Index(fields=["account_id", "-seq"], name="audit_by_account"),
            models.Index(fields=["operation_id", "seq"], name="audit_by_operation"),
            models.Index(fields=["actor", "-seq"], name="audit_by_actor"),
            models.Index(fields=["event", "-seq"], name="audit_by_event"),
        ]


class AuditHead(models.Model):
    """The last entry's number and hash, in one row that an append locks.

    Triggers let it move on to a later entry, and refuse everything else.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    seq = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)
