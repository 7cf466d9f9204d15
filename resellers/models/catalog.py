"""The agency's own list of what Wix sells: Wix offers no call that lists it."""

from django.db import models
from django.utils import timezone


class CatalogProduct(models.Model):
    """A product by Wix's id. One met in a sync before it was imported has no name yet."""

    id = models.UUIDField(primary_key=True, help_text="Wix's catalogProductId")
    name = models.CharField(max_length=300, blank=True)
    service_type = models.CharField(max_length=200, blank=True)
    cycles = models.JSONField(default=list, help_text='possible billing cycles, ["1 YEAR", …]')
    one_per_site = models.BooleanField(default=False, help_text="its type: once on a site")
    needs_premium = models.BooleanField(default=False)
    tld = models.CharField(max_length=63, blank=True, help_text="of a domain product, no dot")
    adjustable = models.BooleanField(default=True)
    limit = models.PositiveIntegerField(null=True, help_text="instances Wix allows this reseller")
    first_seen_at = models.DateTimeField(default=timezone.now)
    imported_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["service_type", "name", "id"]

    def __str__(self) -> str:
        return self.name or f"Unknown product {str(self.id)[:8]}"

    @property
    def is_named(self) -> bool:
        return bool(self.name)
