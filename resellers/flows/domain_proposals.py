"""A site's owner chooses a domain: Wix suggests, staff send the names, and note what was chosen.

Source: Resellers, Sample Flows, Purchase a domain. Nothing is sent from here: owners have no page
and no key of ours, so staff mail them the text, and write down what they answer.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from resellers import audit
from resellers.connection import wix_client
from resellers.domain_names import readable
from resellers.models import DomainProposal, Site
from resellers.refusals import explain
from resellers.wix import WixError

if TYPE_CHECKING:
    from django.contrib.auth.models import User

MOST_DOMAINS = 20
# A person waits for it, and the page's worker with them.
SECONDS = 5.0


class NoSuggestions(Exception):
    """Wix suggested nothing: the words say why, and what to do."""


class NotProposed(ValueError):
    """This domain is none of those that were proposed."""


def suggest(words: str) -> list[str]:
    """Domains that Wix says are free for these words, at most `MOST_DOMAINS`.

    Asks Wix at once and waits a few seconds at most. Raises NoSuggestions.
    """
    try:
        with wix_client("people", deadline=SECONDS) as wix:
            found = wix.suggest_domains(query=words, limit=MOST_DOMAINS).items
    except ValueError as error:
        raise NoSuggestions(_("Wix cannot look for this: %(error)s.") % {"error": error}) from error
    except WixError as error:
        if error.status is None:
            raise NoSuggestions(_("Wix did not answer in time. Ask again.")) from error
        known = explain(error.code or "", error.status, error.said)
        raise NoSuggestions(f"{known.words} {known.next_step}") from error
    if not found:
        raise NoSuggestions(_("Wix suggests nothing for these words. Try others."))
    return [suggestion.domain for suggestion in found]


def propose(site: Site, domains: Sequence[str], *, by: "User") -> DomainProposal:
    """Note that these domains are put before the site's owner."""
    with transaction.atomic():
        proposal = DomainProposal.objects.create(site=site, domains=list(domains), by=by)
        _record("domains.proposed", proposal, by, domains=proposal.domains)
    return proposal


def choose(proposal: DomainProposal, domain: str, *, by: "User") -> bool:
    """Note which of them the owner chose; False where that is noted already.

    Raises NotProposed.
    """
    if domain not in proposal.domains:
        raise NotProposed(domain)
    with transaction.atomic():
        rows = DomainProposal.objects.filter(pk=proposal.pk).exclude(chosen=domain)
        if not rows.update(chosen=domain, chosen_at=Now(), chosen_by=by):
            return False
        _record("domains.chosen", proposal, by, domain=domain)
    return True


def text_for_owner(proposal: DomainProposal) -> str:
    """What staff send to the owner, who need not know anything of Wix."""
    names = "\n".join(f"- {readable(domain)}" for domain in proposal.domains)
    return _(
        "Hello,\n\nthese addresses are free for %(site)s:\n\n%(names)s\n\nWhich one shall it "
        "be? Somebody else may take any of them until we have registered it, so an early "
        "answer is best.\n"
    ) % {"site": proposal.site, "names": names}


def _record(event: str, proposal: DomainProposal, by: "User", **body: object) -> None:
    about = {"proposal": proposal.pk, "site": str(proposal.site_id), **body}
    audit.record(event, by=by, account_id=proposal.site.account_id, body=about)
