"""The ways that flows go: what begins each, what people answer on it, which steps write to Wix."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from resellers.flows.new_site import NEW
from resellers.flows.paid_services import AGAIN
from resellers.models import Account, CatalogProduct, Flow
from resellers.operations.order_again import new_external_id
from resellers.operations.order_lines import LineWish
from resellers.operations.order_wish import CreatePackageWish
from tests import worlds
from tests.chaos.others import DOMAIN

from .supplies import Supplies

Answers = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Route:
    """One way through a kind of flow. A step is named without what stands behind its colon."""

    kind: str
    # The steps after the first, in their order.
    steps: tuple[str, ...]
    # Those that are an operation: its kind, the step of it that writes, what a fault calls that.
    writes: Mapping[str, tuple[str, str, str]]
    # Those at which people act: they choose or confirm.
    people: frozenset[str]
    # Those that look at Wix again and again, by what a fault calls the reading.
    reads: Mapping[str, str]
    begin: Callable[[Supplies], Iterator[Answers]]
    answer: Callable[[Flow, str], Answers]


CANCEL = ("cancel_instance", "cancel", "cancel_instance")
TRANSFER = ("transfer_site", "transfer", "transfer")
DELIVERY = ("order", "delivered")
ORDER = ("create_package", "create", "create")


# --- a site is handed over -----------------------------------------------------------------------


def _paid_sites(supplies: Supplies) -> Iterator[Answers]:
    """Each with a plan, and a customer of whom it is not."""
    for site in supplies.free_sites():
        others = [one for one in supplies.customers if one != site.account_id]
        yield {"site": str(site.pk), "account": str(others[0])}


def _answer_chain(flow: Flow, step: str) -> Answers:
    if step == "package":  # where Wix has refused what was agreed to
        return _a_plan(flow)
    return {f"service_{number}": AGAIN for number in range(1, len(flow.data["paid"]) + 1)}


def _new_sites(supplies: Supplies) -> Iterator[Answers]:
    """A new one, for a customer who has no account yet."""
    yield {"site": NEW, "account": NEW}


def _answer_new_site(flow: Flow, step: str) -> Answers:
    new = str(uuid4())
    if step == "customer":
        name, email = f"chaos {new}", f"{new}@customer.example"
        return {"name": name, "email": email, "group": "", "reference": ""}
    if step == "describe":
        of = {"made_of": "blank", "template_id": "", "copy_of": ""}
        return {"site_name": f"chaos {new}", **of}
    if step == "package":
        return _a_plan(flow)
    return {}


def _a_plan(flow: Flow) -> Answers:
    plan = CatalogProduct.objects.named().premium_plans().order_by("sort_name").first()
    assert plan is not None
    line = LineWish(plan.pk, flow.site_id, plan.billing_cycles[0], "DE")
    return {"order": CreatePackageWish(new_external_id(), (line,)).as_json()}


# --- a domain ------------------------------------------------------------------------------------


def _new_name() -> str:
    return f"chaos-{uuid4().hex[:12]}.example"


def _sites_to_buy_for(supplies: Supplies) -> Iterator[Answers]:
    for site in supplies.free_sites():
        yield {"site": str(site.pk), "words": _new_name()}


def _answer_purchase(flow: Flow, step: str) -> Answers:
    if step == "pick_1":
        return {"domain": flow.data["free_1"][0], "by_owner": False, "words": ""}
    if step == "pay":
        product = CatalogProduct.objects.get(name=DOMAIN)
        return {"paid_by": f"{product.pk}|1 YEAR", "country": "DE"}
    account = Account.objects.get(pk=flow.account_id)
    contact = account.contacts.filter(erased_at=None).first() or worlds.contact(account)
    return {"contact": str(contact.pk)}


def _sites_to_connect(supplies: Supplies) -> Iterator[Answers]:
    for site in supplies.free_sites():
        yield {"site": str(site.pk), "domain": _new_name(), "way": "POINTING"}


ROUTES = {
    "chain": Route(
        "site_handover",
        ("agree", "cancel", "transfer", "package", *DELIVERY),
        {"cancel": CANCEL, "transfer": TRANSFER, "order": ORDER},
        frozenset({"agree"}),
        {},
        _paid_sites,
        _answer_chain,
    ),
    "new_site": Route(
        "site_handover",
        ("customer", "describe", "make", "finish", "account", "transfer", "package", *DELIVERY),
        {
            "make": ("create_site", "make", "projects"),
            "account": ("create_account", "create", "new_account"),
            "transfer": TRANSFER,
            "order": ORDER,
        },
        frozenset(
            {"customer", "describe", "make", "finish", "account", "transfer", "package", "order"}
        ),
        {},
        _new_sites,
        _answer_new_site,
    ),
    "purchase": Route(
        "domain_purchase",
        ("suggest_1", "pick_1", "pay", *DELIVERY, "contact", "register", "active"),
        {"order": ORDER, "register": ("register_domain", "register", "domains")},
        frozenset({"pick_1", "pay", "order", "contact", "register"}),
        {"suggest_1": "domains", "active": "domains"},
        _sites_to_buy_for,
        _answer_purchase,
    ),
    "connection": Route(
        "domain_connection",
        ("connect", "setup", "records", "found"),
        {"connect": ("connect_domain", "connect", "domains")},
        frozenset({"connect", "records"}),
        {"setup": "domains", "found": "domains"},
        _sites_to_connect,
        lambda flow, step: {},
    ),
}
