"""The step in which a registered domain is followed until it works, or is told why it does not."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellers.connection import wix_client
from resellers.models import Flow, FlowStep

from .outcomes import Finished, Outcome, Stops, Waits
from .steps import CheckStep

# It takes up to 48 hours: looked at soon at first, then less and less often.
WITHIN = timedelta(hours=48)
LOOKS = (60, 300, 900, 3600)


class Active(CheckStep):
    """It is registered, confirmed and found in the net."""

    def __init__(self) -> None:
        super().__init__("active", gettext_lazy("See it active"))

    def ahead(self, flow: Flow) -> str:
        return _("Registration, ICANN's mail and the DNS take up to 48 hours.")

    def look(self, flow: Flow, row: FlowStep) -> Outcome:
        with wix_client("sync") as wix:
            seen = wix.get_registered_domain(
                account_id=str(flow.account_id), domain=flow.data["domain"]
            ).registered_domain
        if stops := _failed(seen.status, seen.icann_status, seen.dns_status):
            return stops
        awaited = _awaited(seen.status, seen.icann_status, seen.dns_status)
        if not awaited:
            return Finished(_("It is registered, confirmed, and found in the net."))
        parts = ", ".join(part for part, _step in awaited)
        too_late = _("It is not active after 48 hours: it waits for %(parts)s. %(steps)s")
        waits_on = _("Retry waits another 48 hours.")
        steps = " ".join([*(step for _part, step in awaited), _goes_on(), waits_on])
        return Waits(
            _("Waits for %(parts)s.") % {"parts": parts},
            LOOKS[min(row.looks, len(LOOKS) - 1)],
            at_most=WITHIN,
            otherwise=_("If it is not active within 48 hours, the flow stops here and asks you."),
            too_late=too_late % {"parts": parts, "steps": steps},
        )


def _failed(status: str, icann: str, dns: str) -> Stops | None:
    """What keeps the domain from ever working by itself, with what can be done."""
    if status == "FAILED_REGISTRATION":
        words = _(
            "The registry refused the domain: look at the contact's address. Put it right, then"
            " have Wix B2B register the domain with it; Wix takes no second order for the name."
        )
        return _stops(words, "FAILED_REGISTRATION")
    if status == "CANCELED":
        words = _("The domain was canceled at Wix: ask Wix B2B whether it can be redeemed.")
        return _stops(words, "DOMAIN_CANCELED")
    if icann == "EXPIRED":
        words = _(
            "Nobody answered ICANN's mail in time, and the domain does not work without: have Wix"
            " B2B send it once more, and the registrant answer it."
        )
        return _stops(words, "ICANN_EXPIRED")
    if dns == "FAILED":
        words = _("The domain is not found in the net: ask Wix B2B what is wrong with its DNS.")
        return _stops(words, "DNS_FAILED")
    return None


def _stops(words: str, code: str) -> Stops:
    return Stops(f"{words} {_goes_on()}", code, LOOKS[-1])


def _goes_on() -> str:
    return _("The flow goes on by itself once the domain is active.")


def _awaited(status: str, icann: str, dns: str) -> list[tuple[str, str]]:
    """What is still to come before the domain works, and what to do where it does not come."""
    registrant = _("Have the registrant answer ICANN's mail; it may lie among the junk.")
    parts = (
        (status != "ACTIVE", _("the registry"), _("Ask Wix B2B what the registry says.")),
        (icann != "CONFIRMED_BY_ALL", _("the registrant's answer to ICANN's mail"), registrant),
        (dns != "COMPLETED", _("the DNS"), _("Ask Wix B2B about its DNS.")),
    )
    return [(words, step) for is_awaited, words, step in parts if is_awaited]
