"""How many records are alike in what the dashboard asks of them, kept as the records change.

A tally is an entry of a ledger: so many records of these values more, or fewer. How many there are
is the sum of the entries. The database itself writes one with each row that changes, in the same
transaction, whoever changes it; nobody waits for anybody with that, since entries are only added.
"""

from typing import Self, TypeVar

from django.db import models
from django.db.models import Q, Sum
from django.db.models.functions import Coalesce

from .scope import Scope, ScopedQuerySet

ModelT = TypeVar("ModelT", bound=models.Model)


def number(which: Q | None = None) -> Coalesce:
    """How many records those tallies stand for that answer to the condition."""
    return Coalesce(Sum("number", filter=which), 0)


class TallyQuerySet(ScopedQuerySet[ModelT]):
    """Tallies."""

    def within(self, scope: Scope) -> Q:
        """Of each customer's own by the customer, of all others by the group."""
        return Q(account=None, group__in=scope.groups) | Q(account__in=scope.customers)

    def of(self, *what: str) -> Self:
        """Those of these sorts of records, in no order."""
        return self.filter(of__in=what).order_by()

    def total(self) -> int:
        """How many records they stand for."""
        found: int = self.aggregate(n=number())["n"]
        return found


class Tally(models.Model):
    """So many records of one customers' group more, or fewer, that are alike.

    Its columns are called as those of the records, so that one condition narrows both. Of some it
    only matters whether the record has anything there: then they hold one and the same value.
    """

    class Of(models.TextChoices):
        """What is counted, and by what beside the group."""

        SERVICES = "services"  # by status, place, cycle and what failed
        PRODUCTS = "products"  # services by product, status and place
        CUSTOMERS = "customers"  # services by customer
        PACKAGES = "packages"
        SITES = "sites"  # by the state they are in
        ACCOUNTS = "accounts"  # by whether they are named

    of = models.CharField(max_length=20, choices=Of)
    group = models.CharField(max_length=100, default="")
    number = models.BigIntegerField(help_text="records more, or with a minus fewer")
    # Without constraints: what is counted holds the rows that it names.
    product = models.ForeignKey(
        "CatalogProduct",
        models.DO_NOTHING,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    account = models.ForeignKey(
        "Account",
        models.DO_NOTHING,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    status = models.CharField(max_length=60, null=True)
    failure_code = models.CharField(max_length=200, null=True)
    cycle_unit = models.CharField(max_length=60, null=True)
    cycle_count = models.PositiveIntegerField(null=True)
    published = models.BooleanField(null=True)
    blocked = models.BooleanField(null=True)
    # Of these only whether there is one.
    gone_at = models.DateTimeField(null=True)
    trashed_at = models.DateTimeField(null=True)
    last_confirmed_at = models.DateTimeField(null=True)
    site = models.UUIDField(null=True)
    reference_instance_id = models.UUIDField(null=True)
    name = models.CharField(max_length=1, null=True)
    folding = models.BooleanField(db_default=False, help_text="seen by who brings them together")

    objects = TallyQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = [
            # every page: a few sorts among which each customer is not
            models.Index(fields=["of"], name="tally_by_what"),
            # /catalog/: how many services each product of the page has
            models.Index(
                fields=["product"], name="tally_by_product", condition=Q(product__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number:+} {self.of} of {self.group or 'no group'}"


class TallyCheck(models.Model):
    """When the tallies were last held against the records, and what that found: one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    checked_at = models.DateTimeField(null=True)
    wrong = models.PositiveBigIntegerField(default=0, help_text="records counted wrongly, mended")
    wrong_at = models.DateTimeField(null=True, help_text="when a check last found any")
    found = models.JSONField(default=list, help_text="what it found then, a line each, the first")
    folded_to = models.BigIntegerField(default=0, help_text="the last tally as it was last folded")

    class Meta:
        default_permissions = ()
