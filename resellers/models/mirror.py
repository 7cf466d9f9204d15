"""The mirror: what Wix last told us, and when we last asked.

Primary keys are Wix's own ids. `status` is always Wix's word; rows of our own have a `state`.
Nothing is deleted: what Wix no longer has is marked with `gone_at`.
"""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now, Upper
from django.urls import reverse
from django.utils import timezone

from resellers.billing_cycles import BillingCycle
from resellers.domain_names import readable

from .derived import SearchText, SortKey, WithDerived
from .querysets import (
    CLOCKS_DIFFER,
    ENDS_WITHIN,
    AccountQuerySet,
    PackageQuerySet,
    ProductInstanceQuerySet,
    SiteQuerySet,
)
from .states import FLOATING, NO_SITE, REFERABLE_STATUSES, InstanceStatus, has_ended


class Mirrored(models.Model):
    """A record that exists at Wix."""

    id = models.UUIDField(primary_key=True, help_text="Wix's id")
    raw = models.JSONField(default=dict, help_text="the record as Wix last gave it")
    first_seen_at = models.DateTimeField(db_default=Now())
    last_confirmed_at = models.DateTimeField(
        null=True, help_text="start of the last call that showed this record as it stands here"
    )
    gone_at = models.DateTimeField(null=True, help_text="when Wix last answered that it has none")

    class Meta:
        abstract = True

    @property
    def short_id(self) -> str:
        """The id's first eight characters, as staff read them out."""
        return str(self.id)[:8]


class Account(WithDerived, Mirrored):
    """A customer of the agency, or the agency's own main account. Wix gives ids, no names."""

    name = models.CharField(max_length=500, blank=True)
    email = models.CharField(max_length=320, blank=True)
    group = models.CharField(max_length=100, blank=True)
    reference = models.CharField(max_length=100, blank=True)
    search_text = SearchText(of=("name", "email", "reference"))
    search_name = SearchText(of=("name",))
    sort_name = SortKey(of=("name",), max_length=200)
    is_main = models.BooleanField(default=False, help_text="the agency's own account")
    sites_checked_at = models.DateTimeField(
        null=True, help_text="start of the last complete reading of this account's sites"
    )

    packages_checked_at = models.DateTimeField(
        null=True, help_text="start of the last reading of its packages by themselves"
    )
    listed_at = models.DateTimeField(
        null=True, help_text="when it was last among the main account's child accounts"
    )
    missing_since = models.DateTimeField(
        null=True, help_text="first full pass that did not list it, until calls settle it"
    )

    objects = AccountQuerySet.as_manager()

    class Meta:
        ordering = ["sort_name", "id"]
        indexes = [
            # /accounts/ in its default order
            models.Index(fields=["sort_name", "id"], name="account_by_sort_name"),
            # /accounts/?group=
            models.Index(fields=["group", "sort_name", "id"], name="account_by_group_and_name"),
            # the same for processes of the version before; they may go with the next one
            models.Index(fields=["name", "id"], name="account_by_name"),
            models.Index(fields=["group", "name", "id"], name="account_by_group"),
        ]

    def __str__(self) -> str:
        return self.name or f"Unnamed account {self.short_id}"

    def get_absolute_url(self) -> str:
        return reverse("account_detail", args=[self.id])


class Site(WithDerived, Mirrored):
    """A site of an account; nameless while only an instance has named it."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="sites")
    name = models.CharField(max_length=300, blank=True, help_text="the slug in Wix's address")
    display_name = models.CharField(max_length=500, blank=True)
    url = models.CharField(max_length=2000, blank=True)
    search_text = SearchText(of=("display_name", "name", "url"))
    sort_name = SortKey(of=("display_name", "url", "name"), max_length=200)
    premium = models.BooleanField(default=False)  # Wix's own word: see SiteQuerySet.premium
    published = models.BooleanField(default=False)
    blocked = models.BooleanField(default=False)
    domain_connected = models.BooleanField(default=False)
    namespace = models.CharField(max_length=60, blank=True)
    editor_type = models.CharField(max_length=60, blank=True)
    trashed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField(null=True)

    objects = SiteQuerySet.as_manager()

    class Meta:
        ordering = ["sort_name", "id"]
        indexes = [
            # /sites/ in its default order
            models.Index(fields=["sort_name", "id"], name="site_by_sort_name"),
            # the sites of one account, and the target picker
            models.Index(fields=["account", "sort_name", "id"], name="site_by_account_and_name"),
            # the same for processes of the version before; they may go with the next one
            models.Index(fields=["display_name", "id"], name="site_by_name"),
            models.Index(fields=["account", "display_name", "id"], name="site_by_account"),
        ]

    def __str__(self) -> str:
        return readable(self.host) or self.display_name or self.name or f"Site {self.short_id}"

    @property
    def host(self) -> str:
        """The address without its scheme, empty while the site is unpublished."""
        return self.url.split("://", 1)[-1].rstrip("/")

    @property
    def usable(self) -> bool:
        """Whether a service may be put on it, as far as the mirror knows."""
        return self.gone_at is None and self.trashed_at is None and not self.blocked

    @property
    def state(self) -> str:
        """`gone`, `trashed`, `blocked`, `unread`, `published` or `unpublished`: the first it is."""
        if self.gone_at:
            return "gone"
        if self.trashed_at:
            return "trashed"
        if self.blocked:
            return "blocked"
        if self.last_confirmed_at is None:
            return "unread"
        return "published" if self.published else "unpublished"

    def get_absolute_url(self) -> str:
        return reverse("site_list", query={"q": str(self.id)})


class Package(WithDerived, Mirrored):
    """What a customer bought in one transaction. It has no status of its own."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="packages")
    external_id = models.CharField(max_length=300, blank=True)
    search_text = SearchText(of=("external_id",))
    created_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField(null=True, help_text="Wix's updatedDate")
    missing_since = models.DateTimeField(
        null=True, help_text="first complete pass that did not show it, until a Get settles it"
    )
    seen_in = models.BigIntegerField(
        null=True, help_text="the pass that showed it last: see mirror.sync"
    )
    # The answer that last confirmed it, as Wix's support asks for it.
    wix_request_id = models.CharField(max_length=200, blank=True)
    wix_status = models.PositiveSmallIntegerField(null=True)
    wix_answered_at = models.DateTimeField(null=True)

    objects = PackageQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            # /packages/ in its default order
            models.Index(fields=["-created_at", "-id"], name="package_newest"),
            # the packages of one account
            models.Index(fields=["account", "-created_at", "-id"], name="package_by_account"),
            # what is dated ahead of Wix's clock
            models.Index(fields=["updated_at"], name="package_by_updated"),
            # search by external id; Upper because icontains and istartswith compare that
            models.Index(Upper("external_id"), name="package_by_external_id"),
        ]

    def __str__(self) -> str:
        return self.external_id or f"Package {self.short_id}"

    @property
    def is_dated_ahead(self) -> bool:
        """Whether Wix dates its last change ahead of now."""
        return bool(self.updated_at and self.updated_at > timezone.now() + CLOCKS_DIFFER)

    def get_absolute_url(self) -> str:
        return reverse("package_detail", args=[self.id])


class ProductInstance(Mirrored):
    """One service of a package: on a site of its account, or floating."""

    package = models.ForeignKey(Package, models.PROTECT, related_name="instances")
    account = models.ForeignKey(Account, models.PROTECT, related_name="instances")
    product = models.ForeignKey("CatalogProduct", models.PROTECT, related_name="instances")
    site = models.ForeignKey(Site, models.PROTECT, null=True, related_name="instances")
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
            # the expiry report
            models.Index(
                fields=["expires_at", "id"],
                name="instance_by_expiry",
                condition=Q(expires_at__isnull=False),
            ),
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
        if self.gone_at is not None or ends is None or ends > timezone.now():
            return False
        by_then = since is None or since >= ends - ENDS_WITHIN
        return not self.is_ended or (self.status == InstanceStatus.CANCELED and by_then)

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


class Change(models.Model):
    """One field of a mirrored record that was found different: ours if an operation did it."""

    at = models.DateTimeField(db_default=Now(), help_text="when it was noticed")
    account = models.ForeignKey(Account, models.CASCADE, related_name="changes")
    package = models.ForeignKey(Package, models.CASCADE, null=True, related_name="changes")
    instance = models.ForeignKey(ProductInstance, models.CASCADE, null=True, related_name="changes")
    site = models.ForeignKey(Site, models.CASCADE, null=True, related_name="changes")
    field = models.CharField(max_length=60, help_text="`seen` for a record met for the first time")
    old = models.TextField(blank=True)
    new = models.TextField(blank=True)
    operation = models.ForeignKey(
        "Operation", models.SET_NULL, null=True, related_name="changes", help_text="none: outside"
    )

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["-at", "-id"], name="change_newest"),
            # the timelines
            models.Index(fields=["account", "-at", "-id"], name="change_by_account"),
            models.Index(fields=["package", "-at", "-id"], name="change_by_package"),
            models.Index(fields=["instance", "-at", "-id"], name="change_by_instance"),
        ]

    @property
    def is_ours(self) -> bool:
        return self.operation_id is not None
