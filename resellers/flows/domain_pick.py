"""Steps at which a domain is chosen: by us, or by the site's owner, who is asked by mail."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellers.domain_names import readable
from resellers.models import CatalogProduct, DomainProposal, Flow, FlowStep

from . import domain_proposals
from .outcomes import Finished, Unanswerable
from .paid_domains import unused_services
from .steps import Choices, Question, QuestionStep
from .typed_domain import AGAIN, not_sold, product_for, read_words

if TYPE_CHECKING:
    from django.contrib.auth.models import User

ASK = "ask"  # of the button that has the owner asked


class Choose(QuestionStep):
    """Which of them it shall be, or what else to look for; the owner may be asked in between."""

    template = "pages/flows/_domains_found.html"

    def __init__(self, number: int) -> None:
        super().__init__(f"pick_{number}", gettext_lazy("Choose the domain"))
        self.number = number
        self.asked = f"asked_{number}"  # the proposal that was mailed, in the flow's data

    def ahead(self, flow: Flow) -> str:
        return _("You or the site's owner choose among what is free.")

    def shows(self, flow: Flow, row: FlowStep) -> Mapping[str, Any]:
        free = self._free(flow)
        if not free or flow.site is None or flow.account is None:
            return {"said": flow.data.get(f"said_{self.number}", "")}
        proposal = DomainProposal(site=flow.site, domains=free)
        return {
            "text": domain_proposals.text_for_owner(proposal),
            "mail_address": domain_proposals.mail_address(proposal),
            "can_mail": domain_proposals.can_mail(flow.account),
        }

    def questions(self, flow: Flow) -> Sequence[Question]:
        again = Question("words", gettext_lazy("Or look for"), required=False, help_text=AGAIN)
        if not self._free(flow):
            asked = readable(flow.data[f"words_{self.number}"])
            return [replace(again, label=gettext_lazy("Look for"), initial=asked)]
        by_owner = gettext_lazy("The site's owner has chosen it")
        return [
            Question("domain", gettext_lazy("Free just now"), self._choices, required=False),
            Question("by_owner", by_owner, required=False, is_tick=True),
            again,
            Question(ASK, "", is_button=True),
        ]

    def take(self, flow: Flow, answers: dict[str, Any]) -> Finished:
        if answers.get(ASK):
            if flow.account is None or not domain_proposals.can_mail(flow.account):
                raise Unanswerable({"": str(domain_proposals.CANNOT_MAIL)})
            return Finished(_("The owner is asked by mail."))
        domain, words = str(answers.get("domain") or ""), str(answers["words"])
        if words and not domain:
            number = self.number + 1
            looked_for = read_words(words)
            said = _("Looked for %(words)s instead.") % {"words": readable(looked_for)}
            data = {"rounds": number, f"words_{number}": looked_for, self.asked: 0}
            return Finished(said, data)
        if not domain:
            field = "domain" if self._free(flow) else "words"
            raise Unanswerable({field: _("Choose a domain, or write what else to look for.")})
        if product_for(domain) is None:
            raise Unanswerable({"domain": not_sold(domain)})
        return Finished(readable(domain), {"domain": domain, self.asked: 0})

    def decided(self, flow: Flow, answers: dict[str, Any], *, by: "User") -> dict[str, Any]:
        asks, chosen = answers.get(ASK), answers.get("by_owner") and answers.get("domain")
        if flow.site is None or not (asks or chosen):
            return {}
        proposal = domain_proposals.propose(flow.site, self._free(flow), by=by)
        if asks:
            domain_proposals.mail(proposal, by=by)
            return {self.asked: proposal.pk}
        domain_proposals.choose(proposal, str(chosen), by=by)
        return {}

    def _free(self, flow: Flow) -> list[str]:
        found: list[str] = flow.data.get(f"free_{self.number}", [])
        return found

    def _choices(self, flow: Flow) -> Choices:
        """Each with what the customer has of its ending, or lacks; two statements."""
        free = self._free(flow)
        paid = {one.product.tld: one.product for one in unused_services(flow.account_id)}
        sold: dict[str, CatalogProduct] = {}
        for product in CatalogProduct.objects.named().exclude(tld="").order_by("-sort_name"):
            sold[product.tld.lower()] = product
        dear = flow.data.get(f"dear_{self.number}", [])
        return [
            (domain, _option(domain, _of_ending(domain, paid, sold), is_dear=domain in dear))
            for domain in free
        ]


class OwnersChoice(Choose):
    """What the owner who was asked by mail has chosen."""

    template = "pages/flows/_owner_asked.html"

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.name, self.label = f"owner_{number}", gettext_lazy("Note what the owner chose")

    def ahead(self, flow: Flow) -> str:
        return _("The owner answers you by mail.")

    def shows(self, flow: Flow, row: FlowStep) -> Mapping[str, Any]:
        proposal = DomainProposal.objects.get(pk=flow.data[self.asked])
        mailed = domain_proposals.mailed([proposal]).get(proposal.pk)
        values = {
            **super().shows(flow, row),
            "asked": proposal,
            "mailed": mailed,
            "can_mail": False,
        }
        return values if mailed and mailed.came_to_nothing else {**values, "mail_address": ""}

    def questions(self, flow: Flow) -> Sequence[Question]:
        left_out = ("by_owner", ASK)
        asked = [one for one in super().questions(flow) if one.name not in left_out]
        return [replace(asked[0], label=gettext_lazy("The owner chose")), *asked[1:]]

    def take(self, flow: Flow, answers: dict[str, Any]) -> Finished:
        finished = super().take(flow, answers)
        # That the owner was asked stays so, and this step with it.
        data = {name: value for name, value in finished.data.items() if name != self.asked}
        return replace(finished, data=data)

    def decided(self, flow: Flow, answers: dict[str, Any], *, by: "User") -> dict[str, Any]:
        if domain := answers.get("domain"):
            proposal = DomainProposal.objects.get(pk=flow.data[self.asked])
            domain_proposals.choose(proposal, str(domain), by=by)
        return {}


def _option(domain: str, of_ending: str, *, is_dear: bool) -> str:
    words = [readable(domain), of_ending]
    if is_dear:
        words.append(_("a premium name: ask Wix B2B for its price first"))
    return " · ".join(words)


def _of_ending(
    domain: str, paid: Mapping[str, CatalogProduct], sold: Mapping[str, CatalogProduct]
) -> str:
    ending = domain.partition(".")[2]
    if ending in paid:
        return _("%(product)s is paid and unused") % {"product": paid[ending]}
    if ending in sold:
        return _("%(product)s has to be ordered") % {"product": sold[ending]}
    return _("nothing in the catalogue for .%(ending)s") % {"ending": ending}
