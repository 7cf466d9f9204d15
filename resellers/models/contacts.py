"""The people behind registered domains: personal data, which stands in this one table."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from .mirror import Account
from .scope import ScopedQuerySet

# What tells of a person; all of it goes when a contact is erased.
PERSONAL = (
    *("first_name", "last_name", "email", "phone", "address", "city", "postal_code"),
    *("country_code", "subdivision_code"),
)
_ERASED = Q(**dict.fromkeys(PERSONAL, ""))


class RegistrantContact(models.Model):
    """In whose name a customer's domains are registered.

    Wishes, plans, calls and the audit trail hold the id alone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="contacts")
    first_name = models.CharField(max_length=64, blank=True)
    last_name = models.CharField(max_length=64, blank=True)
    email = models.CharField(max_length=128, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    address = models.CharField(max_length=64, blank=True)
    city = models.CharField(max_length=64, blank=True)
    postal_code = models.CharField(max_length=16, blank=True)
    country_code = models.CharField(max_length=2, blank=True)
    subdivision_code = models.CharField(max_length=2, blank=True)
    added_at = models.DateTimeField(db_default=Now())
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    erased_at = models.DateTimeField(null=True)
    erased_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects: "models.Manager[RegistrantContact]" = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["added_at", "id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(erased_at=None) | _ERASED, name="erased_contact_is_empty"
            ),
        ]

    def __str__(self) -> str:
        # Never a name: this is what ends up in logs and titles.
        return f"Contact {str(self.pk)[:8]}"

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()
