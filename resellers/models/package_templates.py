"""What the agency orders again and again, as a list of lines under a name."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class PackageTemplate(models.Model):
    """A package to be ordered for any customer: products, cycles and quantities.

    What is a customer's own, such as a site, a country or a service it is free with, is chosen with
    each order.
    """

    name = models.CharField(max_length=100)
    lines = models.JSONField(
        default=list, help_text="each with product_id, cycle, quantity and on_site"
    )
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(db_default=Now())
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["name", "id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["name"], name="one_template_of_a_name"),
        ]

    def __str__(self) -> str:
        return self.name
