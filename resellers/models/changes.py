"""What was found different in the mirror, field by field."""

from typing import TypeVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from .instances import ProductInstance
from .mirror import Account, Package, Site
from .scope import Scope, ScopedQuerySet

ModelT = TypeVar("ModelT", bound=models.Model)


class ChangeQuerySet(ScopedQuerySet[ModelT]):
    """What was found different."""

    def within(self, scope: Scope) -> Q:
        """Not that a record went to another customer, since that names both."""
        return super().within(scope) & ~Q(field="account")


class Change(models.Model):
    """One field of a mirrored record that was found different: ours if an operation did it."""

    at = models.DateTimeField(db_default=Now(), help_text="when it was noticed")
    account = models.ForeignKey(Account, models.CASCADE, related_name="changes", db_index=False)
    package = models.ForeignKey(
        Package, models.CASCADE, null=True, related_name="changes", db_index=False
    )
    instance = models.ForeignKey(
        ProductInstance, models.CASCADE, null=True, related_name="changes", db_index=False
    )
    site = models.ForeignKey(
        Site, models.CASCADE, null=True, related_name="changes", db_index=False
    )
    field = models.CharField(max_length=60, help_text="`seen` for a record met for the first time")
    old = models.TextField(blank=True)
    new = models.TextField(blank=True)
    operation = models.ForeignKey(
        "Operation",
        models.SET_NULL,
        null=True,
        related_name="changes",
        help_text="none: outside",
        db_index=False,
    )

    objects = ChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            # / with what happened last
            models.Index(fields=["-at", "-id"], name="change_newest"),
            # the timelines
            models.Index(fields=["account", "-at", "-id"], name="change_by_account"),
            models.Index(fields=["package", "-at", "-id"], name="change_by_package"),
            models.Index(fields=["instance", "-at", "-id"], name="change_by_instance"),
            models.Index(
                fields=["site", "-at", "-id"],
                name="change_by_site",
                condition=models.Q(site__isnull=False),
            ),
            # /operations/ and whose doing a change was
            models.Index(
                fields=["operation"],
                name="change_by_operation",
                condition=models.Q(operation__isnull=False),
            ),
            # how long deliveries take
            models.Index(
                fields=["at"],
                name="change_delivered",
                condition=models.Q(field="status", new="ENABLED"),
            ),
        ]

    @property
    def is_ours(self) -> bool:
        return self.operation_id is not None
