"""Register a domain against a floating domain service. Source: Registered Domains, Create.

Wix takes no idempotency key here: after a lost answer the domain is asked for, and sent again only
where Wix says that there is none. That it becomes active, within 48 hours, is no part of the
operation: it is asked for again after its success. Wix has withdrawn these calls from its public
pages, so a setting opens them.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellers import contacts, wix
from resellers.models import (
    Operation,
    ProductInstance,
    RegistrantContact,
    SyncRun,
)
from resellers.wix import WixAnswer

from ..conflicts import Conflicts
from ..domain_preflight import (
    CONTACT_GONE,
    contact_of,
    contact_refusals,
    no_contact,
    service_refusals,
    site_of,
    site_refusals,
    wanted_name_refusals,
)
from ..facts import Facts
from ..foreseen import (
    Foreseen,
    account_refusals,
    live_on,
    own,
)
from ..kind import Kind
from ..planned import About, Freshness, PlanRow
from ..premium import premium_warnings
from ..sentences import Sentences
from ..steps import Back, Decision, Done, Reading, Refused, Send, Sent, Stuck
from ..wish import JsonObject, Thing, Wish

DOMAIN = "domain:"  # of the subject
UNKNOWN_DOMAIN = "REGISTERED_DOMAIN_NOT_FOUND"


@dataclass(frozen=True, slots=True)
class DomainSeen:
    """The registered domain of that name, if there is one."""

    found: bool
    instance_id: str = ""
    status: str = ""

    def as_json(self) -> JsonObject:
        return asdict(self)


@dataclass(frozen=True)
class RegisterDomainWish(Wish[ProductInstance]):
    """That domain for that contact, connected to the site if one is named.

    Of the person the id alone stands here, and so in rows, plans and the audit trail.
    """

    domain: str
    contact_id: UUID
    site_id: UUID | None = None


class RegisterDomain(Kind[ProductInstance, RegisterDomainWish, DomainSeen]):
    name = "register_domain"
    label = gettext_lazy("Register domain")
    doing = "registering a domain with"
    done = {"register": "Registered"}
    wish_class = RegisterDomainWish
    permission = "resellers.approve"
    noun = "domain"
    writes = "Registers domains"
    wix_permission = "Manage Domains"
    ladder = "CREATE_LADDER"
    reads = "the domain"

    def called(self, thing: ProductInstance) -> str:
        return str(thing.product)

    def title(self, operation: Operation) -> str:
        return f"{self.label} {operation.subject.removeprefix(DOMAIN)}"

    def sentences(self, operation: Operation) -> Sentences:
        name = operation.subject.removeprefix(DOMAIN)
        return Sentences(
            waits=_("%(name)s waits to be registered") % {"name": name},
            under_way=_("%(name)s is being registered") % {"name": name},
            done=_("%(name)s is registered") % {"name": name},
            was_done=_("%(name)s was registered") % {"name": name},
            no_more=_("%(name)s is no longer registered as asked") % {"name": name},
            not_done=_("%(name)s was not registered by us") % {"name": name},
            as_before=_("%(name)s was not registered") % {"name": name},
            in_doubt=_("We cannot say whether %(name)s is registered") % {"name": name},
            neither=_("%(name)s is not registered as asked") % {"name": name},
        )

    def switched_off(self) -> str:
        return "" if settings.WIX_REGISTERED_DOMAINS else "WIX_REGISTERED_DOMAINS is false."

    def load(self, pk: UUID) -> ProductInstance:
        related = ("package", "account", "product", "site")
        return ProductInstance.objects.select_related(*related).get(pk=pk)

    def guard(self, thing: ProductInstance) -> Thing:
        return thing.package

    def about(self, thing: ProductInstance, wish: RegisterDomainWish) -> About:
        subject = f"{DOMAIN}{wish.domain}"
        return About(subject, thing.account, thing.package, thing, wish.site_id)

    def thing_of(self, operation: Operation) -> ProductInstance | None:
        return operation.instance

    def conflicts(self, about: About | Operation) -> Conflicts:
        of_service = {"package_id": about.package_id, "instance_id": about.instance_id}
        return Conflicts(subject=about.subject, **of_service)

    def holders(self, thing: ProductInstance) -> Conflicts:
        return Conflicts(package_id=thing.package_id, instance_id=thing.pk)

    def freshness(self, thing: ProductInstance) -> Freshness:
        package, account = thing.package, thing.account
        of_account = Freshness(account.sites_checked_at, SyncRun.Kind.ACCOUNT, account)
        if not of_account.is_fresh:
            return of_account
        return Freshness(package.last_confirmed_at, SyncRun.Kind.PACKAGE, account, package)

    def in_mirror(self, thing: ProductInstance, wish: RegisterDomainWish) -> DomainSeen:
        # The mirror holds no registered domains: Wix is asked before anything is sent.
        return DomainSeen(found=False)

    def rows(self, thing: ProductInstance, wish: RegisterDomainWish) -> Sequence[PlanRow]:
        return [PlanRow("domain", "Domain", "not registered by us", wish.domain)]

    def steps(self, thing: ProductInstance, wish: RegisterDomainWish) -> dict[str, str]:
        return {"register": f"Register {wish.domain} with {thing.product}"}

    def obstacles(self, thing: ProductInstance, facts: Facts) -> Sequence[Foreseen]:
        return [
            *self._of_switch(),
            *(account_refusals(thing.account) or service_refusals(thing)),
        ]

    def foresee(self, thing: ProductInstance, wish: RegisterDomainWish) -> Sequence[Foreseen]:
        contact = contact_of(thing.account_id, wish.contact_id)
        found = [
            *wanted_name_refusals(wish.domain, thing),
            *site_refusals(thing.account_id, wish.site_id),
        ]
        if contact is None:
            return [*found, no_contact()]
        return [*found, *contact_refusals(contact)]

    def warnings(self, thing: ProductInstance, wish: RegisterDomainWish) -> Sequence[str]:
        site = site_of(wish.site_id)
        return premium_warnings(thing.product, site, live_on([site])[site.pk]) if site else ()

    def _of_switch(self) -> list[Foreseen]:
        if not self.switched_off():
            return []
        words = "This account may not register domains by API."
        step = "Once Wix has opened it, set WIX_REGISTERED_DOMAINS."
        return [own("", "DOMAINS_CLOSED", words, step)]

    def read(self, operation: Operation, client: wix.WixClient) -> Reading[DomainSeen]:
        try:
            answer = client.get_registered_domain(
                account_id=str(operation.account_id), domain=self.wish_of(operation).domain
            )
        except WixAnswer as error:
            if error.code != UNKNOWN_DOMAIN or error.call is None:
                raise
            return Reading(DomainSeen(found=False), error.call)
        domain = answer.registered_domain
        seen = DomainSeen(True, domain.product_instance_id or "", domain.status)
        return Reading(seen, answer.call)

    def has_moved(self, operation: Operation, seen: DomainSeen) -> bool:
        return seen.found

    def decide(self, operation: Operation, seen: DomainSeen, refused: Refused | None) -> Decision:
        if not seen.found:
            if refused:
                return Back()
            contact_id = self.wish_of(operation).contact_id
            if contact_of(operation.account_id, contact_id) is None:
                return Stuck("The contact it was to be registered for was erased.", CONTACT_GONE)
            return Send("register")
        if seen.instance_id != str(operation.instance_id):
            return Stuck("The domain is registered with another service of this customer.")
        if seen.status == "FAILED_REGISTRATION":
            return Stuck("The registry refused the domain: look at the contact data.", "refused")
        return Done()

    def success_words(self, seen: DomainSeen) -> str:
        words = f"Wix shows it: the domain is {_words(seen.status)}."
        return f"{words} It is asked for until it is active." if self.is_awaited(seen) else words

    def is_awaited(self, seen: DomainSeen) -> bool:
        return seen.status.startswith("PENDING")

    def send(
        self, operation: Operation, step: str, client: wix.WixClient, idempotency_key: str
    ) -> Sent:
        wish = self.wish_of(operation)
        contact = RegistrantContact.objects.get(pk=wish.contact_id, account=operation.account_id)
        answer = client.create_registered_domain(
            account_id=str(operation.account_id),
            domain=wish.domain,
            product_instance_id=str(operation.instance_id),
            registrant=contacts.for_wix(contact),
            site_id=str(wish.site_id) if wish.site_id else None,
        )
        return Sent(answer.call)

    def describe_reading(self, operation: Operation, seen: dict[str, Any]) -> str:
        if not seen.get("found"):
            return "no registered domain of this name"
        return f"the domain, {_words(str(seen.get('status', '')))}"


def _words(status: str) -> str:
    return status.replace("_", " ").lower()
