"""What people write down about a record."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from .instances import ProductInstance
from .mirror import Account, Package
from .scope import ScopedQuerySet


class Note(models.Model):
    """One remark of one person. It stays as it was written: there is no edit and no removal."""

    LONGEST = 2000

    subject = models.CharField(
        max_length=60, help_text="`account:ID`, `package:ID` or `instance:ID`"
    )
    account = models.ForeignKey(Account, models.PROTECT, related_name="notes", db_index=False)
    package = models.ForeignKey(
        Package, models.PROTECT, null=True, related_name="notes", db_index=False
    )
    instance = models.ForeignKey(
        ProductInstance, models.PROTECT, null=True, related_name="notes", db_index=False
    )
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="notes")
    at = models.DateTimeField(db_default=Now())
    is_pinned = models.BooleanField(default=False, help_text="heads the page of its subject")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["subject"], condition=Q(is_pinned=True), name="one_pinned_note_per_subject"
            ),
        ]
        indexes = [
            # the notes and timelines of one record
            models.Index(fields=["account", "-at", "-id"], name="note_by_account"),
            models.Index(fields=["package", "-at", "-id"], name="note_by_package"),
            models.Index(fields=["instance", "-at", "-id"], name="note_by_instance"),
        ]

    def __str__(self) -> str:
        return f"Note #{self.pk}"
