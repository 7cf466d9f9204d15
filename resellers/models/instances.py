"""The service: one line of what a customer bought, as Wix last told us."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils import timezone

from resellers.billing_cycles import BillingCycle

from .instance_querysets import (
    ENDS_WITHIN,
    FAILED,
    LIVE,
    ProductInstanceQuerySet,
)
from .instance_querysets import (
    FLOATING as IS_FLOATING,
)
from .mirror import Account, Mirrored, Package, Site
from .querysets import PRESENT
from .states import FLOATING, NO_SITE, REFERABLE_STATUSES, InstanceStatus, has_ended


class ProductInstance(Mirrored):
    """One service of a package: on a site of its account, or floating."""

    package = models.ForeignKey(Package, models.PROTECT, related_name="instances")
    account = models.ForeignKey(Account, models.PROTECT, related_name="instances", db_index=False)
    product = models.ForeignKey(
        "CatalogProduct", models.PROTECT, related_name="instances", db_index=False
    )
    site = models.ForeignKey(
        Site, models.PROTECT, null=True, related_name="instances", db_index=False
    )
    # No choices: an unknown word of Wix is kept, so the field must not refuse it.
    status = models.CharField(max_length=60)
    status_since = models.DateTimeField(
        null=True, help_text="Wix's date of the change, else when we saw it"
    )
    floating_since = models.DateTimeField(
        null=True, help_text="when it left its site, or was made without one; null on a site"
    )
    failure_code = models.CharField(max_length=200, blank=True)
    failure_message = models.TextField(blank=True)
    billing_type = models.CharField(max_length=60, blank=True)
    cycle_unit = models.CharField(max_length=60, blank=True)
    cycle_count = models.PositiveIntegerField(null=True)
    country_code = models.CharField(max_length=10, blank=True)
    discount_code = models.CharField(max_length=100, blank=True)
    reference_instance_id = models.UUIDField(null=True)
    expires_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField(null=True)

    objects = ProductInstanceQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            # /instances/ in its default order, and with one filter each
            models.Index(fields=["-created_at", "-id"], name="instance_newest"),
            models.Index(fields=["status", "-created_at", "-id"], name="instance_by_status"),
            models.Index(fields=["account", "-created_at", "-id"], name="instance_by_account"),
            models.Index(fields=["product", "-created_at", "-id"], name="instance_by_product"),
            models.Index(fields=["site", "-created_at", "-id"], name="instance_by_site"),
            # /instances/?floating=1 and ?no_site=1
            models.Index(
                fields=["-created_at", "-id"],
                name="instance_floating",
                condition=Q(site__isnull=True),
            ),
            # what is free with which service
            models.Index(
                fields=["reference_instance_id"],
                name="instance_by_reference",
                condition=Q(reference_instance_id__isnull=False),
            ),
            # a discount code among the words of a search
            models.Index(
                Upper("discount_code"),
                name="instance_by_discount_code",
                condition=~Q(discount_code=""),
            ),
            # /instances/?sort=floating, and what floats by its age
            models.Index(
                fields=["floating_since", "id"],
                name="instance_by_floating_since",
                condition=Q(floating_since__isnull=False),
            ),
            # /instances/?sort=expires, and the expiry report
            models.Index(
                fields=["expires_at", "id"],
                name="instance_by_expiry",
                condition=Q(expires_at__isnull=False),
            ),
            # how many live ones end within a time, and how many of them float
            models.Index(
                fields=["expires_at", "site"],
                name="instance_live_by_expiry",
                condition=LIVE & Q(expires_at__isnull=False),
            ),
            # for how long what floats has done so
            models.Index(
                fields=["floating_since"], name="instance_by_time_afloat", condition=IS_FLOATING
            ),
            # /failures/failed-services/, and what failed by its age
            models.Index(
                fields=["-status_since", "-id", "failure_code"],
                name="instance_by_time_failed",
                condition=PRESENT & FAILED,
            ),
            # how many were changed at Wix within a time
            models.Index(fields=["updated_at"], name="instance_by_updated", condition=PRESENT),
        ]

    def __str__(self) -> str:
        return f"{self.product} of {self.account}"

    @property
    def cycle(self) -> BillingCycle:
        return BillingCycle.of_wix(self.cycle_unit, self.cycle_count)

    @property
    def last_confirmed_at(self) -> datetime | None:  # type: ignore[override]
        """Its package's: Wix shows a package with all its instances or not at all."""
        return self.package.last_confirmed_at

    @property
    def is_ended(self) -> bool:
        """Final at Wix: nothing can be done with it any more."""
        return has_ended(self.status)

    @property
    def is_failed(self) -> bool:
        return bool(self.status == InstanceStatus.FAILED)

    @property
    def is_live(self) -> bool:
        """Wix still has it, and it has not ended."""
        return self.gone_at is None and not self.is_ended

    @property
    def has_expired(self) -> bool:
        """Its end has passed: Wix canceled it then, or shows it still."""
        ends, since = self.expires_at, self.status_since
        if self.gone_at is not None or ends is None:
            return False
        passed = ends <= timezone.now()
        if self.status != InstanceStatus.CANCELED:
            return passed and not self.is_ended
        if since is None:
            return passed
        # What Wix canceled at that end has expired by Wix's own clock, whatever ours says.
        return since >= ends or (passed and since >= ends - ENDS_WITHIN)

    @property
    def is_floating(self) -> bool:
        """Live and on no site: it is paid for, and waits to be put on one."""
        return self.is_live and self.site_id is None

    @property
    def is_accessible(self) -> bool:
        """The customer can use it: it is enabled, and on a site."""
        return self.gone_at is None and self.is_enabled and self.site_id is not None

    @property
    def is_enabled(self) -> bool:
        return bool(self.status == InstanceStatus.ENABLED)

    @property
    def gives_premium(self) -> bool:
        """An enabled Premium plan: the site on which it stands has Premium by it."""
        return self.gone_at is None and self.is_enabled and self.product.is_premium_plan

    @property
    def is_referable(self) -> bool:
        """A free product may be ordered with reference to it, as far as is known."""
        may_be_reference = self.product.reference is not False
        return may_be_reference and self.gone_at is None and self.status in REFERABLE_STATUSES

    @property
    def place(self) -> str:
        """Its site; `Floating` while it waits for one, `No site` once it waits for none."""
        if self.site:
            return str(self.site)
        return FLOATING if self.is_floating else NO_SITE

    def get_absolute_url(self) -> str:
        return reverse("instance_detail", args=[self.id])
