"""The site and the customer that a flow is about: which there are, and why one is barred."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellers.models import Account, Flow, Site
from resellers.operations.foreseen import unusable

from .outcomes import Stops
from .steps import Many, Question

CUSTOMER_GONE = gettext_lazy("Wix no longer has this customer: choose another one.")


def sites(flow: Flow) -> QuerySet[Site]:
    """Every site that Wix has shown, those of the agency's own account first."""
    found = Site.objects.exclude(last_confirmed_at=None).select_related("account")
    order = ("-account__is_main", "account__sort_name", "sort_name", "pk")
    return found.defer("raw", "account__raw").order_by(*order)


def customers(flow: Flow) -> QuerySet[Account]:
    """Every customer, those who left as well."""
    return Account.objects.filter(is_main=False).defer("raw")


def why_not(site: Site) -> str:
    """Why nothing can be done for that site; empty where something can."""
    if words := unusable(site):
        return _("%(why)s Choose another one.") % {"why": words}
    return str(CUSTOMER_GONE) if site.account.gone_at else ""


def is_gone(account: Account) -> str:
    """That Wix no longer has the customer; empty where it has."""
    return str(CUSTOMER_GONE) if account.gone_at else ""


ANY_SITE = Many(sites, lambda site: str(site.account), why_not)


def site_of_domain(initial: str = "") -> Question:
    """Which site gets the domain."""
    words = gettext_lazy("Choose the site that gets the domain.")
    label = gettext_lazy("Site")
    return Question("site", label, many=ANY_SITE, required_words=words, initial=initial)


def moved_away(flow: Flow) -> Stops | None:
    """That the site is another customer's than the flow's by now."""
    site = Site.objects.select_related("account").get(pk=str(flow.site_id))
    if site.account_id == flow.account_id:
        return None
    words = _("The site belongs to %(owner)s by now: begin a flow anew.") % {"owner": site.account}
    return Stops(words, "SITE_MOVED")
