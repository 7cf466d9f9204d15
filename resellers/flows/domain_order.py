"""Steps by which a domain is paid for and registered."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellers import contacts
from resellers.billing_cycles import BillingCycle
from resellers.countries import NAMES as COUNTRIES
from resellers.models import (
    CatalogProduct,
    Flow,
    FlowStep,
    ProductInstance,
    RegistrantContact,
    Site,
)
from resellers.operations.domain_preflight import CONTACT_GONE, contact_refusals
from resellers.operations.kinds.register_domain import RegisterDomainWish
from resellers.operations.wish import Thing, Wish
from resellers.texts import Text

from .order_steps import last_country, order_line, order_of
from .outcomes import Finished, Skipped, Stops, Unanswerable
from .paid_domains import REGISTERED_WITH, unused_services
from .steps import Choices, OperationStep, Question, QuestionStep

LONGEST_TERM = 3  # years that a domain is registered for
NO_PLAN, PAID = "none", "paid:"


class HowToPay(QuestionStep):
    """By which service the domain is paid, and which plan the site gets where it has none."""

    button = gettext_lazy("Show the plan")

    def __init__(self) -> None:
        super().__init__("pay", gettext_lazy("Choose what to order"))

    def ahead(self, flow: Flow) -> str:
        return _("What the customer has paid for is used; you see the plan before an order.")

    def questions(self, flow: Flow) -> Sequence[Question]:
        asked = [Question("paid_by", gettext_lazy("The domain is paid by"), _ways_to_pay)]
        if _lacks_plan(flow):
            plan = gettext_lazy("Without a plan the domain cannot be put on the site.")
            label = gettext_lazy("Plan for the site")
            asked.append(Question("plan", label, _plans, help_text=plan))
        country = Question(
            "country", gettext_lazy("Country"), _countries, initial=last_country(flow)
        )
        return [*asked, country]

    def take(self, flow: Flow, answers: dict[str, Any]) -> Finished:
        paid_by, plan = str(answers["paid_by"]), str(answers.get("plan") or "")
        chosen = [line.partition("|") for line in (plan, paid_by) if "|" in line]
        country = str(answers["country"])
        lines = [order_line(id_, cycle, country) for id_, _bar, cycle in chosen]
        data = {
            "order": order_of(lines),
            "on_site": plan != NO_PLAN,
            "service": paid_by.removeprefix(PAID) if paid_by.startswith(PAID) else "",
        }
        names = {**dict(_ways_to_pay(flow)), **dict(_plans(flow))}
        words = [str(names[one]) for one in (paid_by, plan) if one]
        return Finished("; ".join(words), data)


class ChooseContact(QuestionStep):
    """In whose name it is registered; the flow keeps the contact's id, and no word of it."""

    template = "pages/flows/_domain_contact.html"

    def __init__(self) -> None:
        super().__init__("contact", gettext_lazy("Choose the registrant"))

    def ahead(self, flow: Flow) -> str:
        return _("In whose name it is registered: one of the customer's contacts.")

    def shows(self, flow: Flow, row: FlowStep) -> Mapping[str, Any]:
        return {"account": flow.account}

    def questions(self, flow: Flow) -> Sequence[Question]:
        words = gettext_lazy("Choose a contact, or write one down first.")
        return [
            Question(
                "contact",
                gettext_lazy("Registrant"),
                _contacts,
                why_not=lambda flow, contact_id: _no_such_contact(),
                required_words=words,
            )
        ]

    def take(self, flow: Flow, answers: dict[str, Any]) -> Finished:
        contact_id = str(answers["contact"])
        contact = RegistrantContact.objects.filter(pk=contact_id, erased_at=None).first()
        if contact is None:
            raise Unanswerable({"contact": _no_such_contact()})
        if refused := contact_refusals(contact):
            raise Unanswerable({"contact": f"{refused[0].words} {refused[0].next_step}"})
        return Finished(_("Contact %(id)s") % {"id": contact_id[:8]}, {"contact": contact_id})


class Register(OperationStep):
    """The domain is registered once, whatever becomes of an answer."""

    def __init__(self) -> None:
        super().__init__("register", gettext_lazy("Register the domain"))

    def ahead(self, flow: Flow) -> str:
        return _("You see the plan before anything is sent.")

    def chosen_at(self, flow: Flow) -> Mapping[str, str]:
        suggested = f"suggest_{flow.data['rounds']}"
        return {"domain": suggested, "instance": HowToPay().name, "contact": ChooseContact().name}

    def begins_again_at(self, flow: Flow, row: FlowStep) -> str:
        if row.code == CONTACT_GONE:
            return ChooseContact().name
        return super().begins_again_at(flow, row)

    def wanted(self, flow: Flow) -> tuple[Thing, Wish[Any]] | Skipped | Stops:
        contact = RegistrantContact.objects.filter(pk=flow.data["contact"], erased_at=None)
        if not contact.exists():
            words = _("The contact it was to be registered for was erased: choose another one.")
            return Stops(words, CONTACT_GONE)
        service = _paying_service(flow)
        if service is None:
            words = _("The service that was to pay for the domain is not there.")
            return Stops(words, "PRODUCT_INSTANCE_NOT_FOUND")
        site_id = flow.site_id if flow.data["on_site"] else None
        wish = RegisterDomainWish(flow.data["domain"], UUID(flow.data["contact"]), site_id)
        return service, wish

    def otherwise(self, flow: Flow) -> str:
        return _(
            "If Wix does not say what became of it, the flow stops here and asks you. It is never"
            " registered again before Wix says that it is not."
        )


class RegisterByHand(QuestionStep):
    """Where Wix has not opened the call, somebody registers it at Wix and says so."""

    button = gettext_lazy("It is registered")

    def __init__(self) -> None:
        super().__init__("by_hand", gettext_lazy("Register the domain at Wix"))

    def ahead(self, flow: Flow) -> str:
        return _("Wix has not opened registering by API to this account: do it at Wix.")

    def questions(self, flow: Flow) -> Sequence[Question]:
        label = gettext_lazy("I have registered it in the customer's account at Wix")
        words = gettext_lazy("Register it at Wix first, then tick this.")
        return [Question("registered", label, is_tick=True, required_words=words)]

    def take(self, flow: Flow, answers: dict[str, Any]) -> Finished:
        service = _paying_service(flow)
        return Finished(
            _("Registered at Wix."), {REGISTERED_WITH: service.pk.hex} if service else {}
        )


def _no_such_contact() -> str:
    return _("This customer has no such contact, or it was erased: choose another one.")


def _paying_service(flow: Flow) -> ProductInstance | None:
    services = ProductInstance.objects.select_related("package", "account", "product", "site")
    if flow.data.get("service"):
        return services.filter(pk=flow.data["service"]).first()
    ending = flow.data["domain"].partition(".")[2]
    ordered = services.filter(package=flow.data.get("package"), product__tld__iexact=ending)
    return ordered.order_by("id").first()


def _lacks_plan(flow: Flow) -> bool:
    return not Site.objects.premium().filter(pk=str(flow.site_id)).exists()


def _ways_to_pay(flow: Flow) -> Choices:
    """What the customer has of the ending, then what can be ordered: a year to three."""
    ending = flow.data["domain"].partition(".")[2]
    paid: list[tuple[str, Text]] = [
        (
            f"{PAID}{one.pk}",
            _("%(product)s, paid and unused (%(id)s)")
            % {"product": one.product, "id": one.short_id},
        )
        for one in unused_services(flow.account_id)
        if one.product.tld == ending
    ]
    products = CatalogProduct.objects.named().filter(tld__iexact=ending).order_by("sort_name")
    return [*paid, *_orders(products, _is_term)]


def _plans(flow: Flow) -> Choices:
    plans = CatalogProduct.objects.named().premium_plans().order_by("sort_name")
    none = (NO_PLAN, _("No plan now: the domain is put on no site"))
    return [*_orders(plans, lambda cycle: True), none]


def _is_term(cycle: BillingCycle) -> bool:
    return cycle.unit == "YEAR" and 1 <= (cycle.count or 1) <= LONGEST_TERM


def _orders(products: Any, fits: Any) -> list[tuple[str, Text]]:
    return [
        (
            f"{product.pk}|{cycle}",
            _("%(what)s, to be ordered") % {"what": f"{product}, {cycle.words}"},
        )
        for product in products
        for cycle in product.billing_cycles
        if fits(cycle)
    ]


def _countries(flow: Flow) -> Choices:
    return sorted(COUNTRIES.items(), key=lambda item: item[1])


def _contacts(flow: Flow) -> Choices:
    if flow.account is None:
        return []
    held = contacts.of_account(flow.account)
    return [(str(one.pk), f"{one.full_name}, {one.city} ({one.country_code})") for one in held]
