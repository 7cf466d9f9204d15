"""What Wix did not let us read: of one record, while the readings went on."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from .mirror import Account, Package
from .operation_querysets import UnreadableQuerySet


class Unreadable(models.Model):
    """A time during which Wix refused every reading of a package, or of a customer's part."""

    class Part(models.TextChoices):
        PACKAGE = "package", gettext_lazy("This package")
        PACKAGES = "packages", gettext_lazy("This customer's packages")
        SITES = "sites", gettext_lazy("This customer's sites")

    part = models.CharField(max_length=20, choices=Part)
    subject = models.CharField(
        max_length=60, help_text="`package:ID`, and of an account `packages:ID` or `sites:ID`"
    )
    account = models.ForeignKey(Account, models.CASCADE, related_name="unreadable")
    package = models.ForeignKey(Package, models.CASCADE, null=True, related_name="unreadable")
    since = models.DateTimeField(help_text="start of the first call that was refused")
    last_at = models.DateTimeField(help_text="start of the last one")
    ended_at = models.DateTimeField(null=True, help_text="when it could be read again, or was gone")
    status = models.PositiveSmallIntegerField(null=True)
    code = models.CharField(max_length=200, blank=True)
    message = models.TextField(blank=True, help_text="Wix's words")
    wix_request_id = models.CharField(max_length=200, blank=True)

    objects = UnreadableQuerySet.as_manager()

    class Meta:
        ordering = ["-since", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject"],
                condition=Q(ended_at=None),
                name="one_standing_refusal_to_read_per_subject",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_part_display()} cannot be read"
