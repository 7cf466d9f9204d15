"""The mirror: what Wix last told us, and when we last asked.

Primary keys are Wix's own ids. `status` is always Wix's word; rows of our own have a `state`.
Nothing is deleted: what Wix no longer has is marked with `gone_at`.
"""

from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from resellers.domain_names import readable

from .derived import SearchText, SortKey, WithDerived
from .querysets import CLOCKS_DIFFER, AccountQuerySet, PackageQuerySet, SiteQuerySet


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
    looked_after_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="customers",
        help_text="of staff; nobody where it is empty",
    )
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
        ]

    def __str__(self) -> str:
        return self.name or f"Unnamed customer {self.short_id}"

    def get_absolute_url(self) -> str:
        return reverse("account_detail", args=[self.id])


class Site(WithDerived, Mirrored):
    """A site of an account; nameless while only an instance has named it."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="sites", db_index=False)
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
        return reverse("site_detail", args=[self.id])


class Package(WithDerived, Mirrored):
    """What a customer bought in one transaction. It has no status of its own."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="packages", db_index=False)
    external_id = models.CharField(max_length=300, blank=True)
    search_text = SearchText(of=("external_id",))
    created_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField(null=True, help_text="Wix's updatedDate")
    missing_since = models.DateTimeField(
        null=True, help_text="first complete pass that did not show it, until a Get settles it"
    )
    fingerprint = models.UUIDField(
        null=True,
        help_text="of the answer that it and its services were last found to say; the database"
        " empties it where one of them is written otherwise",
    )

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
            # /packages/<id>/external-id/: who has that one already
            models.Index(fields=["external_id"], name="package_of_external_id"),
        ]

    def __str__(self) -> str:
        return self.external_id or f"Package {self.short_id}"

    @property
    def is_dated_ahead(self) -> bool:
        """Whether Wix dates its last change ahead of now."""
        return bool(self.updated_at and self.updated_at > timezone.now() + CLOCKS_DIFFER)

    @property
    def confirmation(self) -> "Confirmation":
        """The answer that last confirmed it, a blank one where that is not kept.

        A statement, unless `Confirmation.attach` has read it.
        """
        at = self.last_confirmed_at
        if at is None or self.__dict__.get("_confirmed_at") != at:
            Confirmation.attach([self])
        found: Confirmation = self.__dict__["_confirmation"]
        return found

    def get_absolute_url(self) -> str:
        return reverse("package_detail", args=[self.id])


class Confirmation(models.Model):
    """An answer of Wix that showed packages, as its support asks for it.

    A package is of the one that began when it was confirmed last. So to confirm a page of a hundred
    writes their answer once.
    """

    at = models.DateTimeField(primary_key=True, help_text="start of the call")
    seen_in = models.BigIntegerField(
        null=True, help_text="the pass that read this list: see mirror.sync; null: no list"
    )
    wix_request_id = models.CharField(max_length=200, blank=True)
    wix_status = models.PositiveSmallIntegerField(null=True)
    wix_answered_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()

    @classmethod
    def attach(cls, packages: Iterable[Package]) -> None:
        """Have each of these packages know its confirmation; one statement."""
        packages = list(packages)
        times = {package.last_confirmed_at for package in packages} - {None}
        answers = cls.objects.in_bulk(times) if times else {}
        for package in packages:
            at = package.last_confirmed_at
            package.__dict__.update(_confirmed_at=at, _confirmation=answers.get(at) or cls())
