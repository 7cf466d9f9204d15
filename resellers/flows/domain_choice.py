"""Steps by which a domain is found: for which site, what is free at Wix, which one it shall be."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellers.connection import wix_client
from resellers.domain_names import readable
from resellers.models import CatalogProduct, DomainProposal, Flow, FlowStep, Site
from resellers.refusals import explain
from resellers.wix import WixRefused

from . import domain_proposals
from .outcomes import Finished, Outcome, Unanswerable
from .paid_domains import unused_services
from .site_choice import sites_for_domains, why_not, why_not_offered
from .steps import CheckStep, Choices, Question, QuestionStep
from .typed_domain import not_sold, product_for, read_domain_to_buy

SHORTEST, LONGEST = 3, 100  # characters that Wix looks for
AGAIN = gettext_lazy("Words, or a name with its ending such as bakery.example.")


class ChooseSite(QuestionStep):
    """For which site, and what to look for."""

    button = gettext_lazy("Ask Wix")

    def __init__(self) -> None:
        super().__init__("choose", gettext_lazy("Choose the site and what to look for"))

    def questions(self, flow: Flow) -> Sequence[Question]:
        return [
            Question(
                "site",
                gettext_lazy("Site"),
                choices=sites_for_domains,
                why_not=why_not_offered,
                required_words=gettext_lazy("Choose the site that gets the domain."),
            ),
            Question(
                "words",
                gettext_lazy("What to look for"),
                help_text=AGAIN,
                longest=LONGEST,
                required_words=gettext_lazy("Write what the business is called, or does."),
            ),
        ]

    def take(self, flow: Flow, answers: dict[str, Any]) -> Finished:
        site = Site.objects.select_related("account").get(pk=answers["site"])
        if words := why_not(site):
            raise Unanswerable({"site": words})
        looked_for = checked_words(str(answers["words"]))
        flow.site, flow.account, flow.subject = site, site.account, f"site:{site.pk}"
        return Finished(
            _("For %(site)s: %(words)s") % {"site": site, "words": readable(looked_for)},
            {"words_1": looked_for, "rounds": 1, "by_api": settings.WIX_REGISTERED_DOMAINS},
        )


class Suggest(CheckStep):
    """What Wix has for the words: names that are free, or whether the very name is."""

    def __init__(self, number: int) -> None:
        super().__init__(f"suggest_{number}", gettext_lazy("Ask Wix what is free"))
        self.number = number

    def look(self, flow: Flow, row: FlowStep) -> Outcome:
        looked_for = flow.data[f"words_{self.number}"]
        free: list[str] = []
        dear: list[str] = []
        try:
            with wix_client("people", deadline=domain_proposals.SECONDS) as wix:
                if "." in looked_for:
                    found = wix.check_domain_availability(domain=looked_for).availability
                    free = [found.domain] if found.available else []
                    dear = free if found.premium else []
                    said = _("%(name)s is taken.") % {"name": readable(looked_for)}
                else:
                    most = domain_proposals.MOST_DOMAINS
                    names = wix.suggest_domains(query=looked_for, limit=most).items
                    free = [one.domain for one in names]
                    dear = [one.domain for one in names if one.premium]
                    said = _("Wix suggests nothing for these words.")
        except WixRefused as error:
            if error.status != 400:  # what is typed is not to blame
                raise
            known = explain(error.code or "", error.status, error.said)
            said = f"{known.words} {known.next_step}"
        words = said if not free else ", ".join(map(readable, free[:3]))
        said = "" if free else said
        return Finished(
            words,
            {
                f"free_{self.number}": free,
                f"dear_{self.number}": dear,
                f"said_{self.number}": said,
            },
        )


class Choose(QuestionStep):
    """Which of them it shall be, or what else to look for; the owner may be asked in between."""

    template = "pages/flows/_domains_found.html"

    def __init__(self, number: int) -> None:
        super().__init__(f"pick_{number}", gettext_lazy("Choose the domain"))
        self.number = number

    def ahead(self, flow: Flow) -> str:
        return _("You or the site's owner choose among what is free.")

    def shows(self, flow: Flow, row: FlowStep) -> Mapping[str, Any]:
        free = self._free(flow)
        if not free or flow.site is None or flow.account is None:
            return {"said": flow.data.get(f"said_{self.number}", "")}
        text = domain_proposals.text_for_owner(DomainProposal(site=flow.site, domains=free))
        subject = _("A domain for %(site)s") % {"site": flow.site}
        query = urlencode({"subject": subject, "body": text.replace("\n", "\r\n")}, quote_via=quote)
        return {"text": text, "mail": f"mailto:{quote(flow.account.email, safe='@')}?{query}"}

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
        ]

    def take(self, flow: Flow, answers: dict[str, Any]) -> Finished:
        domain, words = str(answers.get("domain") or ""), str(answers["words"])
        if words and not domain:
            number = self.number + 1
            looked_for = checked_words(words)
            said = _("Looked for %(words)s instead.") % {"words": readable(looked_for)}
            return Finished(said, {"rounds": number, f"words_{number}": looked_for})
        if not domain:
            field = "domain" if self._free(flow) else "words"
            raise Unanswerable({field: _("Choose a domain, or write what else to look for.")})
        if product_for(domain) is None:
            raise Unanswerable({"domain": not_sold(domain)})
        if answers["by_owner"] and flow.site is not None:
            proposal = domain_proposals.propose(flow.site, self._free(flow), by=flow.owner)
            domain_proposals.choose(proposal, domain, by=flow.owner)
        return Finished(readable(domain), {"domain": domain})

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


def checked_words(text: str) -> str:
    """What Wix is asked for: words, or a domain in letters of ASCII. Raises Unanswerable."""
    text = " ".join(text.split())
    if "." not in text:
        if not SHORTEST <= len(text) <= LONGEST:
            raise Unanswerable({"words": _("Write 3 to 100 characters.")})
        return text
    return read_domain_to_buy(text, "words")
