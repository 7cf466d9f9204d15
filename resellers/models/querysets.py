"""What the domain's words mean: each is said once, here.

A word in capitals is a condition on a row's own columns, for a count that needs several at once
(`Count("pk", filter=FLOATING)`); the method of the same name narrows a queryset by it. What
depends on the time of day is a function. Rows answer to the same words by their properties.
"""

from datetime import datetime, timedelta
from typing import Any, Self, TypeVar

from django.apps import apps
from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from .scope import Scope, ScopedQuerySet

ModelT = TypeVar("ModelT", bound=Model)

# --- all that is mirrored ------------------------------------------------------------------------

PRESENT = Q(gone_at=None)
GONE = Q(gone_at__isnull=False)


class MirroredQuerySet(ScopedQuerySet[ModelT]):
    """Records that exist at Wix, or did."""

    def present(self) -> Self:
        """Those that Wix still has, as far as we know."""
        return self.filter(PRESENT)


def _present_of(rows: QuerySet[Any], name: str) -> Coalesce:
    """How many of a row's records of that related name Wix still has, as a column of the row."""
    relation = rows.model._meta.get_field(name)
    field = relation.field.name
    held = relation.related_model._default_manager.filter(PRESENT, **{field: OuterRef("pk")})
    number = held.order_by().values(field).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(number), 0)


# --- customers and products: Wix gives them no names ---------------------------------------------

UNNAMED = Q(name="")
# So long a reading of Wix has to show a customer whose id was written here.
APPEARS_WITHIN = timedelta(days=1)


def unknown_to_wix() -> Q:
    """The customers of whom Wix has shown nothing, though it was read in full since they are here.

    Somebody wrote their ids, in a file or a form, and may have mistyped them.
    """
    models = apps.get_app_config("resellers")
    figures, packages, sites = (
        models.get_model(name)._default_manager for name in ("Figures", "Package", "Site")
    )
    read_since = figures.filter(mirror_whole_at__gt=OuterRef("first_seen_at"))
    held = {"account": OuterRef("pk")}
    return (
        PRESENT
        & Q(listed_at=None, last_confirmed_at=None)
        & Q(first_seen_at__lt=timezone.now() - APPEARS_WITHIN)
        & Q(Exists(read_since))
        & ~Q(Exists(packages.filter(**held)))
        & ~Q(Exists(sites.filter(**held)))
    )


class AccountQuerySet(MirroredQuerySet[ModelT]):
    """Customers."""

    def within(self, scope: Scope) -> Q:
        return Q(group__in=scope.groups)

    def unknown_to_wix(self) -> Self:
        """Those whose ids were written here and were never shown by Wix since."""
        return self.filter(unknown_to_wix())

    def with_doubts(self) -> Self:
        """Each with `is_unknown`, whether it is one of those."""
        doubtful = ExpressionWrapper(unknown_to_wix(), output_field=BooleanField())
        return self.annotate(is_unknown=doubtful)

    def with_holdings(self) -> Self:
        """Each with `packages_held`, `services`, `sites_held`: how many of them Wix still has."""
        return self.annotate(
            packages_held=_present_of(self, "packages"),
            services=_present_of(self, "instances"),
            sites_held=_present_of(self, "sites"),
        )

    def not_refused_since(self, moment: datetime, part: str) -> Self:
        """Less those of whose `part`, such as `sites`, Wix did not let us read then or later."""
        refusals: Any = self.model._meta.get_field("unreadable").related_model
        lately = refusals.objects.standing().filter(
            last_at__gte=moment, part=part, account=OuterRef("pk")
        )
        return self.filter(~Exists(lately))


# As the catalogue says; where it does not, the product's type is what there is to go by.
PREMIUM_PLAN = Q(premium=True) | Q(premium=None, service_type__icontains="premium")


class CatalogProductQuerySet(QuerySet[ModelT]):
    """Products of the catalogue."""

    def premium_plans(self) -> Self:
        """Those that give a site Premium."""
        return self.filter(PREMIUM_PLAN)

    def named(self) -> Self:
        return self.exclude(UNNAMED)

    def unnamed(self) -> Self:
        return self.filter(UNNAMED)

    def refused(self) -> Self:
        """Those against which a refusal of Wix stands."""
        refusals: Any = self.model._meta.get_field("refusals").related_model
        return self.filter(pk__in=refusals.objects.standing().values("product"))

    def with_services(self) -> Self:
        """Each with `services`, how many of it Wix still has."""
        tallies: Any = apps.get_app_config("resellers").get_model("Tally")._default_manager
        of_it = tallies.of("products").filter(PRESENT, product=OuterRef("pk"))
        numbers = of_it.values("product").annotate(n=Sum("number")).values("n")
        return self.annotate(services=Coalesce(Subquery(numbers), 0))


STANDING = Q(cleared_at=None)


class ProductRefusalQuerySet(ScopedQuerySet[ModelT]):
    """What Wix refused of products."""

    def within(self, scope: Scope) -> Q:
        """Those learned of their customers, and those of nobody's."""
        mine = scope.customers
        of_order = Q(operation=None) | Q(operation__account__in=mine)
        return of_order & (Q(site=None) | Q(site__account__in=mine))

    def standing(self) -> Self:
        return self.filter(STANDING)

    def cleared(self) -> Self:
        return self.exclude(STANDING)


# --- packages ------------------------------------------------------------------------------------


# Of the clocks: what is dated so little ahead of Wix's own is not ahead.
CLOCKS_DIFFER = timedelta(seconds=60)


def ahead_of(moment: datetime) -> Q:
    """The packages whose last change Wix dates later than that, when its own clock shows that."""
    return Q(updated_at__gt=moment + CLOCKS_DIFFER)


def dated_ahead() -> Q:
    """The packages that Wix still has and whose last change it dates ahead of now."""
    return PRESENT & ahead_of(timezone.now())


class PackageQuerySet(MirroredQuerySet[ModelT]):
    """Packages."""

    def with_services(self) -> Self:
        """Each with `services`, how many of them Wix still has."""
        return self.annotate(services=_present_of(self, "instances"))

    def not_refused_since(self, moment: datetime) -> Self:
        """Less those that Wix did not let us read then or later."""
        refusals: Any = self.model._meta.get_field("unreadable").related_model
        lately = refusals.objects.standing().filter(last_at__gte=moment, package=OuterRef("pk"))
        return self.filter(~Exists(lately))

    def ahead_of(self, moment: datetime) -> Self:
        """Those whose last change Wix dates later than that, when its own clock shows that."""
        return self.filter(ahead_of(moment))


# --- sites: a site of several states is in the first of them -------------------------------------

TRASHED = Q(trashed_at__isnull=False)
BLOCKED = Q(trashed_at=None, blocked=True)
_IN_PLACE = Q(trashed_at=None, blocked=False)
NEVER_READ = _IN_PLACE & Q(last_confirmed_at=None)
PUBLISHED = _IN_PLACE & Q(last_confirmed_at__isnull=False, published=True)
UNPUBLISHED = _IN_PLACE & Q(last_confirmed_at__isnull=False, published=False)
USABLE = PRESENT & _IN_PLACE


class SiteQuerySet(MirroredQuerySet[ModelT]):
    """Sites."""

    def usable(self) -> Self:
        """Those on which a service may be put, as far as the mirror knows."""
        return self.filter(USABLE)

    def premium(self) -> Self:
        """Those that have Premium: by Wix's own word, or by an enabled plan of ours on them."""
        return self.filter(self._premium())

    def with_premium(self) -> Self:
        """Each with `has_premium`, whether it is one of those."""
        is_one = ExpressionWrapper(self._premium(), output_field=BooleanField())
        return self.annotate(has_premium=is_one)

    def _premium(self) -> Q:
        services: Any = self.model._meta.get_field("instances").related_model
        plans = services.objects.giving_premium().filter(site=OuterRef("pk"))
        return Q(premium=True) | Q(Exists(plans))

    def with_services(self) -> Self:
        """Each with `services`, how many of those on it Wix still has."""
        return self.annotate(services=_present_of(self, "instances"))
