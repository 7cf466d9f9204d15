"""Buy a domain: found with Wix, chosen, paid for, registered once, followed until it works.

Source: Resellers, Sample Flows, Purchase a domain. Where Wix has not opened registering by API,
somebody registers it at Wix; all else is the same.
"""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellers.domain_names import readable
from resellers.models import Flow

from .domain_activation import Active
from .domain_choice import ChooseSite, Suggest
from .domain_order import ChooseContact, HowToPay, Register, RegisterByHand
from .domain_pick import Choose, OwnersChoice
from .flow_kind import Fact, FlowKind
from .order_steps import Delivered, Order
from .steps import QuestionStep, Step


class DomainPurchase(FlowKind):
    name = "domain_purchase"
    label = gettext_lazy("Buy a domain")
    caption = gettext_lazy("Find one that is free, order it, have it registered")
    icon = "globe"

    def first(self) -> QuestionStep:
        return ChooseSite()

    def steps(self, flow: Flow) -> Sequence[Step]:
        rounds = range(1, flow.data.get("rounds", 1) + 1)
        found = [step for number in rounds for step in self._round(flow, number)]
        paid: list[Step] = [ChooseSite(), *found, HowToPay(), Order(), Delivered()]
        if flow.data.get("by_api"):
            return [*paid, ChooseContact(), Register(), Active()]
        return [*paid, RegisterByHand()]

    def _round(self, flow: Flow, number: int) -> Sequence[Step]:
        steps: list[Step] = [Suggest(number), Choose(number)]
        return [*steps, OwnersChoice(number)] if flow.data.get(f"asked_{number}") else steps

    def title(self, flow: Flow) -> str:
        if "domain" in flow.data:
            return _("Buy %(domain)s") % {"domain": readable(flow.data["domain"])}
        return _("Buy a domain for %(site)s") % {"site": flow.site}

    def under(self, flow: Flow) -> str:
        return _("For %(site)s of %(customer)s.") % {"site": flow.site, "customer": flow.account}

    def facts(self, flow: Flow) -> Sequence[Fact]:
        domain = readable(flow.data["domain"]) if "domain" in flow.data else _("not chosen yet")
        return [
            Fact(_("Customer"), str(flow.account), flow.account),
            Fact(_("Site"), str(flow.site), flow.site),
            Fact(_("Domain"), domain),
        ]

    def done_words(self, flow: Flow) -> str:
        return _("%(domain)s is registered.") % {"domain": readable(flow.data["domain"])}

    def left_words(self, flow: Flow) -> str:
        return _("What was ordered stays ordered, and what was registered stays registered.")
