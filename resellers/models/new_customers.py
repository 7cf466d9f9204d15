"""Customers who have no account at Wix yet: what stands with the account once there is one."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from .mirror import Account
from .scope import Scope, ScopedQuerySet


class NewCustomerQuerySet(ScopedQuerySet["NewCustomer"]):
    """Customers who are to get an account."""

    def within(self, scope: Scope) -> Q:
        """Those of the person's groups, and those whom the person wrote down."""
        return Q(group__in=scope.groups) | Q(added_by=scope.person_id)


class NewCustomer(models.Model):
    """Who is to get a child account. Wishes, plans and flows hold the id and the name alone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=500)
    email = models.CharField(
        max_length=254, blank=True, help_text="of the account's owner; with the account once made"
    )
    group = models.CharField(max_length=100, blank=True)
    reference = models.CharField(max_length=100, blank=True)
    account = models.OneToOneField(
        Account, models.PROTECT, null=True, related_name="new_customer", help_text="once made"
    )
    added_at = models.DateTimeField(db_default=Now())
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects: "models.Manager[NewCustomer]" = NewCustomerQuerySet.as_manager()

    class Meta:
        ordering = ["added_at", "id"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.name
