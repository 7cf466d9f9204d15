"""A site's owner chooses a domain: Wix suggests, staff send the names, and note what was chosen.

Source: Resellers, Sample Flows, Purchase a domain. Owners have no page and no key of ours: they are
mailed a text, by the agency's server where there is one, and staff write down what they answer.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellers import audit
from resellers.connection import wix_client
from resellers.domain_names import readable
from resellers.models import Account, Delivery, DomainProposal, Site
from resellers.notify import outbox
from resellers.refusals import explain
from resellers.wix import WixError

if TYPE_CHECKING:
    from django.contrib.auth.models import User

KIND = outbox.PROPOSAL
CANNOT_MAIL = gettext_lazy(
    "There is no mail server, or no address of the customer: copy the text instead."
)
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


def can_mail(account: Account) -> bool:
    """Whether there is a mail server, and an address of that customer."""
    return bool(settings.MAIL_IS_ON and account.email)


def mail(proposal: DomainProposal, *, by: "User") -> None:
    """Have the text mailed to the site's owner, once, who answers this person.

    The customer has an address, and there is a server: see `can_mail`. Neither the mail that waits
    nor the trail holds the address.
    """
    key = f"{KIND}:{proposal.pk}"
    subject, text = subject_for_owner(proposal), text_for_owner(proposal)
    with transaction.atomic():
        DomainProposal.objects.select_for_update(no_key=True).get(pk=proposal.pk)
        if Delivery.objects.filter(key=key).exists():
            return
        account = proposal.site.account
        outbox.post([outbox.mail_to_customer(account, key, subject, text, reply_to=by)])
        _record("domains.mailed", proposal, by)


def mailed(proposals: Iterable[DomainProposal]) -> dict[int, Delivery]:
    """The mails of these proposals by their keys, as far as they are kept; one statement."""
    by_key = {f"{KIND}:{one.pk}": one.pk for one in proposals}
    found = Delivery.objects.filter(key__in=by_key).select_related("reply_to")
    return {by_key[one.key]: one for one in found}


def mail_address(proposal: DomainProposal) -> str:
    """The `mailto:` address by which somebody mails the text from a program of their own."""
    body = text_for_owner(proposal).replace("\n", "\r\n")
    query = urlencode({"subject": subject_for_owner(proposal), "body": body}, quote_via=quote)
    return f"mailto:{quote(proposal.site.account.email, safe='@')}?{query}"


def subject_for_owner(proposal: DomainProposal) -> str:
    return _("A domain for %(site)s") % {"site": proposal.site}


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
