"""Hand a site over to another account. Source: B2B Site Management, Transfer Site.

Wix gives no transfer a number and takes no idempotency key: whether it is through shows when the
site is found under its new account.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellers import wix
from resellers.models import Account, Operation, OperationAttempt, Site

from ..conflicts import Conflicts
from ..dependants import Dependant
from ..facts import Facts
from ..foreseen import Foreseen, account_refusals, foreseen, own
from ..kind import Effect
from ..namesakes import names_of
from ..planned import About, PlanRow
from ..sentences import Sentences
from ..site_kind import SiteKind
from ..steps import Back, Decision, Done, Reading, Refused, Send, Sent, Stuck, Wait
from ..wish import JsonObject, Thing, Wish


@dataclass(frozen=True, slots=True)
class SiteSeen:
    """Whose site it is."""

    found: bool
    account_id: str = ""

    def as_json(self) -> JsonObject:
        return asdict(self)


@dataclass(frozen=True)
class TransferSiteWish(Wish[Site]):
    account_id: UUID


class TransferSite(SiteKind[TransferSiteWish, SiteSeen]):
    name = "transfer_site"
    label = gettext_lazy("Transfer site")
    doing = "handing over"
    done = {"transfer": "Transferred"}
    wish_class = TransferSiteWish
    noun = "site"
    seen_as = {"account_id": "Customer"}
    writes = "Transfers sites"
    wix_permission = "Manage B2B Sites"
    ladder = "CREATE_LADDER"
    changes = ("account_id",)
    reads = "the site"
    keys = {"account": "account_id"}

    def about(self, thing: Site, wish: TransferSiteWish) -> About:
        return About(f"site:{thing.pk}", thing.account, site_id=thing.pk)

    def holders(self, thing: Site) -> Conflicts:
        return Conflicts(subject=f"site:{thing.pk}", site_id=thing.pk)

    def in_mirror(self, thing: Site, wish: TransferSiteWish) -> SiteSeen:
        return SiteSeen(thing.gone_at is None, str(thing.account_id))

    def rows(self, thing: Site, wish: TransferSiteWish) -> Sequence[PlanRow]:
        target = target_account(wish.account_id)
        return [PlanRow("account", "Customer", str(thing.account), str(target))]

    def sentences(self, operation: Operation) -> Sentences:
        name, (old, new) = self.name_of(operation), self.sides(operation, "account")
        return Sentences(
            waits=_("%(name)s waits to go to %(new)s") % {"name": name, "new": new},
            under_way=_("%(name)s is going to %(new)s") % {"name": name, "new": new},
            done=_("%(name)s now belongs to %(new)s") % {"name": name, "new": new},
            was_done=_("%(name)s was handed to %(new)s") % {"name": name, "new": new},
            no_more=_("%(name)s no longer belongs to %(new)s") % {"name": name, "new": new},
            not_done=_("%(name)s was not handed to %(new)s") % {"name": name, "new": new},
            as_before=_("%(name)s still belongs to %(old)s") % {"name": name, "old": old},
            in_doubt=_("We cannot say whose %(name)s is") % {"name": name},
            neither=_("%(name)s belongs neither to %(new)s nor to %(old)s")
            % {"name": name, "new": new, "old": old},
        )

    def steps(self, thing: Site, wish: TransferSiteWish) -> dict[str, str]:
        return {"transfer": f"Transfer {thing} to {target_account(wish.account_id)}"}

    def obstacles(self, thing: Site, facts: Facts) -> Sequence[Foreseen]:
        if found := account_refusals(thing.account):
            return found
        if not thing.usable:
            return [
                foreseen("SITE_NOT_FOUND", field="", detail=_("It is gone, trashed or blocked."))
            ]
        paid = facts.carried[thing.pk]
        if not paid:
            return []
        names = ", ".join(names_of(paid).values())
        return [
            foreseen(
                "SITE_TRANSFER_NOT_SUPPORTED",
                field="",
                detail=_("It carries %(names)s.") % {"names": names},
            )
        ]

    def foresee(self, thing: Site, wish: TransferSiteWish) -> Sequence[Foreseen]:
        target = target_account(wish.account_id)
        if not isinstance(target, Account) or target.gone_at:
            return [foreseen("TARGET_ACCOUNT_ID_NOT_FOUND", field="target_account")]
        if target.pk == thing.account_id:
            words = "The site belongs to this customer."
            return [own("target_account", "SAME_ACCOUNT", words, _("Choose another customer."))]
        return []

    def dependants(self, thing: Site, wish: TransferSiteWish) -> Sequence[Dependant]:
        if not thing.domain_connected:
            return ()
        return (Dependant(f"The domain connected to {thing} may have to be connected again"),)

    def read(self, operation: Operation, client: wix.WixClient) -> Reading[SiteSeen]:
        reading = _look(operation, client, str(self.wish_of(operation).account_id))
        return (
            reading if reading.seen.found else _look(operation, client, str(operation.account_id))
        )

    def has_moved(self, operation: Operation, seen: SiteSeen) -> bool:
        return bool(seen.account_id != operation.before["account_id"])

    def decide(self, operation: Operation, seen: SiteSeen, refused: Refused | None) -> Decision:
        if not seen.found:
            return Stuck("Wix shows the site with neither of the two customers.")
        if seen.account_id == str(self.wish_of(operation).account_id):
            return Done()
        if seen.account_id != operation.before["account_id"]:
            return Stuck("The site belongs to a third customer, whom nobody here asked for.")
        if refused:
            return Back()
        if _was_accepted(operation):
            return Wait("Wix has accepted the transfer, and does not show it yet.")
        return Send("transfer")

    def touched(self, operation: Operation) -> Sequence[Thing]:
        target = target_account(self.wish_of(operation).account_id)
        accounts = [target] if isinstance(target, Account) else []
        return [*super().touched(operation), operation.account, *accounts]

    def effect(self, operation: Operation, step: str) -> Effect:
        wished = str(self.wish_of(operation).account_id)
        return {str(operation.site_id): {"account": [wished]}}

    def send(
        self, operation: Operation, step: str, client: wix.WixClient, idempotency_key: str
    ) -> Sent:
        answer = client.transfer_site(
            site_id=str(operation.site_id),
            source_account_id=operation.before["account_id"],
            target_account_id=str(self.wish_of(operation).account_id),
        )
        return Sent(answer.call)


def _was_accepted(operation: Operation) -> bool:
    """Whether Wix has answered that it takes the site over, since a person last had it go on."""
    answered = operation.attempts.filter(state=OperationAttempt.State.ANSWERED, writes=True)
    return answered.filter(pk__gt=operation.resumed_after).exists()


def _look(operation: Operation, client: wix.WixClient, account_id: str) -> Reading[SiteSeen]:
    """The site as one of the two accounts shows it."""
    only = {"id": {"$eq": str(operation.site_id)}}
    page = client.query_sites(account_id=account_id, filter=only)
    for site in page.items:
        if UUID(site.id) == operation.site_id:
            seen = SiteSeen(True, site.account_id or account_id)
            return Reading(seen, page.call, sites=(site,))
    return Reading(SiteSeen(False), page.call)


def target_account(account_id: UUID) -> Account | UUID:
    """The account wished for; its id where the mirror does not have it."""
    return Account.objects.filter(pk=account_id).first() or account_id
