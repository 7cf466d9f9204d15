"""The agency's own list of what Wix sells: Wix offers no call that lists it."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy

from resellers.billing_cycles import BillingCycle

from .derived import SearchText, SortKey, WithDerived
from .mirror import Site
from .operations import Operation
from .querysets import CatalogProductQuerySet, ProductRefusalQuerySet


class CatalogProduct(WithDerived):
    """A product by Wix's id. One met in a sync before it was imported has no name yet."""

    id = models.UUIDField(primary_key=True, help_text="Wix's catalogProductId")
    name = models.CharField(max_length=300, blank=True)
    service_type = models.CharField(max_length=200, blank=True)
    search_text = SearchText(of=("name", "service_type"))
    search_name = SearchText(of=("name",))
    sort_name = SortKey(of=("name",), max_length=200)
    sort_type = SortKey(of=("service_type",), max_length=200)
    cycles = models.JSONField(default=list, help_text='possible billing cycles, ["1 YEAR", …]')
    one_per_site = models.BooleanField(default=False, help_text="its type: once on a site")
    needs_premium = models.BooleanField(default=False)
    tld = models.CharField(max_length=63, blank=True, help_text="of a domain product, no dot")
    adjustable = models.BooleanField(default=True)
    limit = models.PositiveIntegerField(null=True, help_text="instances Wix allows this reseller")
    premium = models.BooleanField(
        null=True, help_text="is a Premium plan; null where the catalogue does not say"
    )
    reference = models.BooleanField(
        null=True, help_text="may be a reference product instance; null where nobody has said"
    )
    voucher = models.CharField(
        max_length=300, blank=True, default="", db_default="", help_text="that comes with it"
    )
    features = models.JSONField(
        default=list, db_default=[], help_text="what it brings, each in words"
    )
    first_seen_at = models.DateTimeField(db_default=Now())
    imported_at = models.DateTimeField(null=True)

    objects = CatalogProductQuerySet.as_manager()

    class Meta:
        ordering = ["sort_type", "sort_name", "id"]

    def __str__(self) -> str:
        return self.name or f"Unknown product {str(self.id)[:8]}"

    @property
    def billing_cycles(self) -> list[BillingCycle]:
        """The cycles it is sold with, as the catalogue has them; none for what is paid once."""
        return [BillingCycle.from_json(cycle) for cycle in self.cycles]

    @property
    def is_premium_plan(self) -> bool:
        """Whether it is a Premium plan; guessed by its type where the catalogue does not say."""
        return "premium" in self.service_type.lower() if self.premium is None else self.premium

    @property
    def is_named(self) -> bool:
        return bool(self.name)

    @property
    def is_domain(self) -> bool:
        """A domain is bought of a registrar: it ends with its cycle, and Wix extends none."""
        return bool(self.tld)

    def get_absolute_url(self) -> str:
        return reverse("product_page", args=[self.id])


class ProductRefusal(models.Model):
    """What Wix once answered about a product and nobody could foresee; it stands until cleared."""

    product = models.ForeignKey(CatalogProduct, models.PROTECT, related_name="refusals")
    code = models.CharField(max_length=200)
    message = models.TextField(blank=True, help_text="Wix's own words")
    wix_request_id = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(db_default=Now())
    operation = models.ForeignKey(Operation, models.PROTECT, null=True, related_name="+")
    site = models.ForeignKey(
        Site, models.PROTECT, null=True, related_name="+", help_text="where it was refused"
    )
    as_target = models.BooleanField(
        default=False, help_text="as what a service was to become, not as what it was"
    )
    cleared_at = models.DateTimeField(null=True)
    cleared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = ProductRefusalQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        default_permissions = ()
        indexes = [
            # what stands against a product: the catalogue and every plan
            models.Index(
                fields=["product", "-at"],
                name="refusal_standing",
                condition=Q(cleared_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} of {self.product}"


class Upload(models.Model):
    """A file that somebody wants imported, kept from its dry run to Confirm."""

    class Kind(models.TextChoices):
        CATALOG = "catalog", gettext_lazy("Catalogue")
        CUSTOMERS = "customers", gettext_lazy("Customers")

    id = models.UUIDField(primary_key=True, default=uuid4)
    kind = models.CharField(max_length=20, choices=Kind)
    name = models.CharField(max_length=200, help_text="the file's name as the browser told it")
    content = models.BinaryField(help_text="emptied once it is imported")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField(db_default=Now())
    imported_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
