"""Connect a domain that was bought elsewhere to a site. Source: Connected Domains, Create.

Wix takes no idempotency key here: after a lost answer the domain is asked for, and sent again only
where Wix says that it is not connected. That it is found in the net, within 48 hours of its records
being set, is no part of the operation.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellers import wix
from resellers.domain_names import readable
from resellers.models import Operation, Site
from resellers.wix import WixNotFound

from ..conflicts import Conflicts
from ..domain_preflight import name_refusals
from ..facts import Facts
from ..foreseen import Foreseen, account_refusals, foreseen, live_on, own, unusable
from ..planned import About, PlanRow
from ..premium import has_premium, plan_to_come
from ..sentences import Sentences
from ..site_kind import SiteKind
from ..steps import Back, Decision, Done, Reading, Refused, Send, Sent, Stuck
from ..wish import JsonObject, Wish
from .register_domain import DOMAIN

# How the domain leads to Wix; a subdomain does by an alias, and names no way.
WAYS = ("NAMESERVERS", "POINTING")


@dataclass(frozen=True, slots=True)
class ConnectedSeen:
    """Where the domain is connected, if it is."""

    found: bool
    site_id: str = ""

    def as_json(self) -> JsonObject:
        return asdict(self)


@dataclass(frozen=True)
class ConnectDomainWish(Wish[Site]):
    """That domain on the site; `way` is one of WAYS, or empty for a subdomain."""

    domain: str
    way: str = ""


class ConnectDomain(SiteKind[ConnectDomainWish, ConnectedSeen]):
    name = "connect_domain"
    label = gettext_lazy("Connect domain")
    doing = "connecting a domain to"
    done = {"connect": "Connected"}
    wish_class = ConnectDomainWish
    noun = "domain"
    writes = "Connects domains"
    wix_permission = "Manage Domains"
    ladder = "CREATE_LADDER"
    reads = "the domain"

    def title(self, operation: Operation) -> str:
        return f"{self.label} {operation.subject.removeprefix(DOMAIN)}"

    def sentences(self, operation: Operation) -> Sentences:
        name = operation.subject.removeprefix(DOMAIN)
        return Sentences(
            waits=_("%(name)s waits to be connected") % {"name": name},
            under_way=_("%(name)s is being connected") % {"name": name},
            done=_("%(name)s is connected") % {"name": name},
            was_done=_("%(name)s was connected") % {"name": name},
            no_more=_("%(name)s is no longer connected as asked") % {"name": name},
            not_done=_("%(name)s was not connected by us") % {"name": name},
            as_before=_("%(name)s was not connected") % {"name": name},
            in_doubt=_("We cannot say whether %(name)s is connected") % {"name": name},
            neither=_("%(name)s is not connected as asked") % {"name": name},
        )

    def about(self, thing: Site, wish: ConnectDomainWish) -> About:
        return About(f"{DOMAIN}{wish.domain}", thing.account, site_id=thing.pk)

    def holders(self, thing: Site) -> Conflicts:
        return Conflicts(site_id=thing.pk)

    def in_mirror(self, thing: Site, wish: ConnectDomainWish) -> ConnectedSeen:
        # The mirror holds no connected domains: Wix is asked before anything is sent.
        return ConnectedSeen(found=False)

    def rows(self, thing: Site, wish: ConnectDomainWish) -> Sequence[PlanRow]:
        return [PlanRow("domain", "Domain", "not connected by us", readable(wish.domain))]

    def steps(self, thing: Site, wish: ConnectDomainWish) -> dict[str, str]:
        return {"connect": f"Connect {wish.domain} to {thing}"}

    def obstacles(self, thing: Site, facts: Facts) -> Sequence[Foreseen]:
        if found := account_refusals(thing.account):
            return found
        if words := unusable(thing):
            return [own("", "SITE_NOT_USABLE", words, _("Restore it at Wix, or choose another."))]
        return ()

    def foresee(self, thing: Site, wish: ConnectDomainWish) -> Sequence[Foreseen]:
        found = name_refusals(wish.domain)
        is_subdomain = wish.domain.count(".") > 1
        if not found and wish.way not in (("",) if is_subdomain else WAYS):
            found = [foreseen("Invalid connection type")]
        carried = live_on([thing])[thing.pk]
        if not has_premium(thing, carried) and not plan_to_come(thing, carried):
            found = [*found, foreseen("NON_PREMIUM_SITE")]
        return found

    def read(self, operation: Operation, client: wix.WixClient) -> Reading[ConnectedSeen]:
        try:
            answer = client.get_connected_domain(
                account_id=str(operation.account_id), domain=self.wish_of(operation).domain
            )
        except WixNotFound as error:
            if error.call is None:
                raise
            return Reading(ConnectedSeen(found=False), error.call)
        return Reading(ConnectedSeen(True, answer.connected_domain.site_id or ""), answer.call)

    def has_moved(self, operation: Operation, seen: ConnectedSeen) -> bool:
        return seen.found

    def decide(
        self, operation: Operation, seen: ConnectedSeen, refused: Refused | None
    ) -> Decision:
        if not seen.found:
            return Back() if refused else Send("connect")
        if seen.site_id == str(operation.site_id):
            return Done()
        return Stuck("The domain is connected to another site of this customer, or to none.")

    def send(
        self, operation: Operation, step: str, client: wix.WixClient, idempotency_key: str
    ) -> Sent:
        wish = self.wish_of(operation)
        answer = client.create_connected_domain(
            account_id=str(operation.account_id),
            domain=wish.domain,
            connection_type=wish.way or None,
            site_id=str(operation.site_id),
        )
        return Sent(answer.call)

    def describe_reading(self, operation: Operation, seen: dict[str, Any]) -> str:
        if not seen.get("found"):
            return "no connected domain of this name"
        return "the domain, connected"
