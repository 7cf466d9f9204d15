"""The site and the customer that a flow is about: which are offered, and why another one is not."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellers.models import Account, Flow, Site
from resellers.operations.foreseen import unusable

from .outcomes import Stops
from .steps import Choices

CUSTOMER_GONE = gettext_lazy("Wix no longer has this customer: choose another one.")


def sites_for_domains(flow: Flow) -> Choices:
    """Every site that may have a domain, of customers that Wix still has."""
    customers = Account.objects.present()
    sites = Site.objects.usable().filter(account__in=customers).select_related("account")
    return [
        (str(site.pk), f"{site} · {site.account}") for site in sites.defer("raw", "account__raw")
    ]


def why_not(site: Site) -> str:
    """Why nothing can be done for that site; empty where something can."""
    if words := unusable(site):
        return _("%(why)s Choose another one.") % {"why": words}
    return str(CUSTOMER_GONE) if site.account.gone_at else ""


def why_not_offered(flow: Flow, site_id: str) -> str:
    """The same of a site by its id; empty of one that the person may not see, or nobody can."""
    try:
        site = Site.objects.select_related("account").filter(pk=site_id).first()
    except ValidationError:
        return ""
    return why_not(site) if site else ""


def moved_away(flow: Flow) -> Stops | None:
    """That the site is another customer's than the flow's by now."""
    site = Site.objects.select_related("account").get(pk=str(flow.site_id))
    if site.account_id == flow.account_id:
        return None
    words = _("The site belongs to %(owner)s by now: begin a flow anew.") % {"owner": site.account}
    return Stops(words, "SITE_MOVED")
