"""Domains that a site's owner was asked to choose from."""

from typing import TypeVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from .mirror import Site
from .scope import ScopedQuerySet

ModelT = TypeVar("ModelT", bound=models.Model)


class ProposalQuerySet(ScopedQuerySet[ModelT]):
    """Domains proposed to owners of sites."""

    CUSTOMER = "site__account"


class DomainProposal(models.Model):
    """Domains that were free when Wix suggested them, and which one the owner chose, if any."""

    site = models.ForeignKey(Site, models.PROTECT, related_name="domain_proposals", db_index=False)
    domains = models.JSONField(help_text="names, in the order in which Wix suggested them")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())
    chosen = models.CharField(max_length=253, blank=True, default="", db_default="")
    chosen_at = models.DateTimeField(null=True)
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="of staff, to whom the owner said it",
    )

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        default_permissions = ()
        indexes = [
            # the newest of a site
            models.Index(fields=["site", "-at", "-id"], name="proposal_by_site"),
        ]

    def __str__(self) -> str:
        return f"Domains proposed for {self.site}"
