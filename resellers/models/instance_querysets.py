"""What is said of services, each word once.

As in `querysets`: a word in capitals is a condition, the method of the same name narrows by it.
"""

from datetime import timedelta
from typing import Any, Self

from django.apps import apps
from django.db.models import Case, Exists, F, Q, When
from django.utils import timezone

from .querysets import PRESENT, MirroredQuerySet, ModelT
from .states import ENDED_STATUSES, REFERABLE_STATUSES, UNSETTLED_STATUSES, InstanceStatus

ENABLED = Q(status=InstanceStatus.ENABLED)
FAILED = Q(status=InstanceStatus.FAILED)
CANCELED = Q(status=InstanceStatus.CANCELED)
UNSETTLED = Q(status__in=UNSETTLED_STATUSES)
ENDED = Q(status__in=ENDED_STATUSES)
LIVE = PRESENT & ~ENDED
NO_SITE = Q(site=None)
FLOATING = LIVE & NO_SITE
ACCESSIBLE = PRESENT & ENABLED & Q(site__isnull=False)
# Where the catalogue does not say it of the product, only Wix knows.
_MAY_BE_REFERENCE = Q(product__reference=True) | Q(product__reference=None)
REFERABLE = PRESENT & Q(status__in=REFERABLE_STATUSES) & _MAY_BE_REFERENCE
FREE = Q(reference_instance_id__isnull=False)
DISCOUNTED = ~Q(discount_code="")


def used_as_reference() -> Q:
    """The services with which another is, or was, free: Wix allows that once."""
    services = apps.get_app_config("resellers").get_model("ProductInstance")._default_manager
    return Q(pk__in=services.filter(FREE).order_by().values("reference_instance_id"))


# So long afloat, a service is paid for and forgotten.
LONG_FLOATING = timedelta(days=14)


def floating_long() -> Q:
    """The services that have been floating for over 14 days."""
    return FLOATING & Q(floating_since__lt=timezone.now() - LONG_FLOATING)


def floating_lately() -> Q:
    """All others that float: of what never said since when, nobody knows for how long."""
    lately = Q(floating_since__gte=timezone.now() - LONG_FLOATING) | Q(floating_since=None)
    return FLOATING & lately


def expiring(days: int) -> Q:
    """The live services that end within so many days, by Wix's date."""
    return expiring_within(timedelta(days=days))


def expiring_within(time: timedelta) -> Q:
    """The live services that end within that time, by Wix's date."""
    now = timezone.now()
    return LIVE & Q(expires_at__gte=now, expires_at__lt=now + time)


def expiring_after(time: timedelta) -> Q:
    """The live services that end later than that, by Wix's date."""
    return LIVE & Q(expires_at__gte=timezone.now() + time)


# What Wix cancels so soon after its end was canceled by that end.
ENDS_WITHIN = timedelta(days=1)


def expired() -> Q:
    """The services whose end has passed: Wix canceled them then, or shows them still.

    What Wix canceled at that end or later has expired by Wix's own clock, whatever ours says.
    """
    passed = Q(expires_at__lte=timezone.now())
    by_then = Q(status_since=None) | Q(status_since__gte=F("expires_at") - ENDS_WITHIN)
    canceled = passed & by_then | Q(status_since__gte=F("expires_at"))
    return PRESENT & (passed & ~ENDED | Q(status=InstanceStatus.CANCELED) & canceled)


OF_PREMIUM_PLAN = Q(product__premium=True) | Q(
    product__premium=None, product__service_type__icontains="premium"
)
# What waits for somebody comes before what runs by itself, and the plan before what rests on it.
URGENCY = Case(
    When(status=InstanceStatus.FAILED, then=0),
    When(status=InstanceStatus.AWAITING_ACTION, then=1),
    When(status=InstanceStatus.PENDING, then=2),
    When(OF_PREMIUM_PLAN, then=3),
    default=4,
)


# As `CatalogProduct.is_domain` says it.
OF_DOMAIN = ~Q(product__tld="")


class ProductInstanceQuerySet(MirroredQuerySet[ModelT]):
    """Services."""

    def urgent_first(self) -> Self:
        """Those that wait for somebody come first, then plans, and of each the newest."""
        return self.order_by(URGENCY, "-created_at", "-id")

    def of_domains(self) -> Self:
        """Those that a domain is paid by."""
        return self.filter(OF_DOMAIN)

    def live(self) -> Self:
        """Those that Wix still has and that have not ended."""
        return self.filter(LIVE)

    def ended(self) -> Self:
        """Those that failed or were canceled."""
        return self.filter(ENDED)

    def failed(self) -> Self:
        return self.filter(FAILED)

    def unsettled(self) -> Self:
        """Those that Wix, or somebody outside, has yet to deliver."""
        return self.filter(UNSETTLED)

    def without_site(self) -> Self:
        """Those on no site, whether that matters to anybody or not."""
        return self.filter(NO_SITE)

    def floating(self) -> Self:
        """The live ones on no site: they are paid for, and wait to be put on one."""
        return self.filter(FLOATING)

    def accessible(self) -> Self:
        """Those that customers can use: to one that floats they have no access."""
        return self.filter(ACCESSIBLE)

    def floating_long(self) -> Self:
        """Those that have been floating for over 14 days."""
        return self.filter(floating_long())

    def expiring(self, days: int) -> Self:
        """The live ones that end within so many days, by Wix's date."""
        return self.filter(expiring(days))

    def expired(self) -> Self:
        """Those whose end has passed: Wix canceled them then, or shows them still."""
        return self.filter(expired())

    def giving_premium(self) -> Self:
        """The enabled Premium plans. One that Wix has yet to deliver gives nothing."""
        products: Any = self.model._meta.get_field("product").related_model
        plans = products.objects.premium_plans().values("pk")
        return self.filter(PRESENT & ENABLED, product__in=plans)

    def referable(self) -> Self:
        """Those with reference to which a free product may be ordered, as far as is known."""
        return self.filter(REFERABLE)

    def unused_first(self) -> Self:
        """Those with which something is free come last, and of each the newest first."""
        is_used = Case(When(used_as_reference(), then=1), default=0)
        return self.order_by(is_used, "-created_at", "-id")

    def ordered_again(self) -> Self:
        """The failed ones in place of which something was ordered since that is in effect."""
        reorders: Any = self.model._meta.get_field("reorders").related_model
        return self.failed().filter(Exists(reorders.objects.in_effect().since_outer_failed()))
