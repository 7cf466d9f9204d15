"""What the list of services may be asked."""

from collections.abc import Mapping
from functools import reduce
from operator import or_

from django.db.models import Q
from django.utils.translation import gettext_lazy

from dashboard.components import values
from dashboard.lists import matching
from dashboard.lists.filters import (
    Absence,
    ChoiceFilter,
    Filter,
    FlagFilter,
    TypedFilter,
    WordFilter,
    WordsFilter,
)
from dashboard.lists.found_filters import FoundWordFilter, IdFilter
from dashboard.lists.spans import SpanFilter, age_filter
from dashboard.pages.accounts.list import known_groups, looked_after_filter
from dashboard.pages.reports.services import FILTERS as OF_REPORTS
from resellers.billing_cycles import BillingCycle
from resellers.models import Account, CatalogProduct, InstanceStatus, Package, Site
from resellers.models.instance_querysets import (
    ACCESSIBLE,
    FAILED,
    FLOATING,
    FREE,
    NO_SITE,
    REFERABLE,
    expired,
    expiring,
    expiring_after,
    expiring_within,
    used_as_reference,
)
from resellers.models.querysets import GONE
from resellers.refusals import FAILURES, explain_status

# Cycles that nearly all services have, as the catalogue spells them.
CYCLES = {
    str(cycle): cycle.words.capitalize()
    for cycle in (
        BillingCycle(1, "MONTH"),
        BillingCycle(1, "YEAR"),
        BillingCycle(2, "YEAR"),
        BillingCycle(3, "YEAR"),
    )
} | {"once": gettext_lazy("Once")}


def _in_cycle(choice: str) -> Q:
    """The services of that cycle; of `other` those of none of the others."""
    if choice == "once":
        return Q(cycle_unit="")
    if choice == "other":
        return ~reduce(or_, (_in_cycle(one) for one in CYCLES))
    cycle = BillingCycle.parse(choice)
    counted = Q(cycle_count=cycle.count)
    if cycle.count == 1:  # which a unit without a count means, too
        counted |= Q(cycle_count=None) | Q(cycle_count=0)
    return Q(cycle_unit=cycle.unit) & counted


class StatusFilter(WordFilter):
    """A status, in its colour."""

    def tone(self, value: str) -> str:
        return explain_status(value).tone


class GroupFilter(FoundWordFilter):
    """A group of customers: typed by any of those there are, chosen from those of the rows."""

    @property
    def offered(self) -> Mapping[str, str]:
        return known_groups()


class TypeFilter(FoundWordFilter):
    """A type of services, in Wix's words made plain."""

    def read(self, word: str) -> str:
        return values.type_words(word) if word else str(self.absent)

    def words(self, value: str | Absence) -> str:
        return str(self.absent) if isinstance(value, Absence) else values.type_words(value)


def _by_reference(word: str) -> Q:
    if word == "free":
        return FREE
    return used_as_reference() if word == "used" else REFERABLE & ~used_as_reference()


FILTERS: tuple[Filter, ...] = (
    WordsFilter(
        "q",
        gettext_lazy("Words in service, customer, site, external id, a discount code, or an id"),
        matching.SERVICES,
    ),
    StatusFilter("status", gettext_lazy("Status"), "status", dict(InstanceStatus.choices)),
    IdFilter("product", gettext_lazy("Product"), "product", CatalogProduct),
    IdFilter("account", gettext_lazy("Customer"), "account", Account),
    GroupFilter(
        "group", gettext_lazy("Group"), "account__group", {}, absent=gettext_lazy("No group")
    ),
    IdFilter("site", gettext_lazy("Site"), "site", Site),
    SpanFilter(
        "expiring",
        gettext_lazy("Expires"),
        {
            "30": gettext_lazy("Within 30 days"),
            "60": gettext_lazy("Within 60 days"),
            "90": gettext_lazy("Within 90 days"),
            "past": gettext_lazy("Has expired"),
        },
        lambda word: expired() if word == "past" else expiring(int(word)),
        lambda span: (expiring_after if span.is_more else expiring_within)(span.length),
        gettext_lazy("In over {}"),
        gettext_lazy("Within {}"),
    ),
    FlagFilter("floating", gettext_lazy("Floating"), FLOATING),
    TypeFilter(
        "type",
        gettext_lazy("Service type"),
        "product__service_type",
        {},
        absent=gettext_lazy("No type"),
    ),
    looked_after_filter("account__looked_after_by"),
    ChoiceFilter(
        "cycle", gettext_lazy("Cycle"), {**CYCLES, "other": gettext_lazy("Any other")}, _in_cycle
    ),
    WordFilter(
        "failure_code",
        gettext_lazy("Failure code"),
        "failure_code",
        {code: code for code in FAILURES},
        absent=gettext_lazy("No code"),
        among=FAILED,
    ),
    age_filter("created", gettext_lazy("Created"), "created_at"),
    age_filter("age", gettext_lazy("Changed at Wix"), "updated_at"),
    *OF_REPORTS,
    FlagFilter("no_site", gettext_lazy("On no site, also failed or canceled"), NO_SITE),
    FlagFilter("accessible", gettext_lazy("Usable: enabled and on a site"), ACCESSIBLE),
    ChoiceFilter(
        "reference",
        gettext_lazy("Free services and references"),
        {
            "free": gettext_lazy("Free with another service"),
            "used": gettext_lazy("Another is free with it"),
            "unused": gettext_lazy("Another may be ordered free with it"),
        },
        _by_reference,
    ),
    TypedFilter("discount_code", gettext_lazy("Discount code"), "discount_code", {}),
    FlagFilter("gone", gettext_lazy("No longer at Wix"), GONE),
    IdFilter("package", gettext_lazy("Package"), "package", Package),
)
