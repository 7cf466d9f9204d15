"""How long deliveries take, as was seen of each product."""

from django.db import models

from .catalog import CatalogProduct


class DeliveryTime(models.Model):
    """Of one product: how many deliveries were seen, and within how long so many were done."""

    product = models.OneToOneField(
        CatalogProduct, models.CASCADE, primary_key=True, related_name="delivery_time"
    )
    known = models.PositiveIntegerField(help_text="deliveries that were seen")
    median_seconds = models.PositiveBigIntegerField()
    p90_seconds = models.PositiveBigIntegerField(help_text="nine of ten took no longer")
    p95_seconds = models.PositiveBigIntegerField(help_text="95 of 100 took no longer")
    counted_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"Deliveries of {self.product}"
