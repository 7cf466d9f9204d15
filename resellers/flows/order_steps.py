"""Steps that order a package and see it delivered, for any flow that ends in one."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellers.billing_cycles import BillingCycle
from resellers.countries import NAMES as COUNTRIES
from resellers.models import (
    CatalogProduct,
    Flow,
    FlowStep,
    InstanceStatus,
    Operation,
    Package,
    ProductInstance,
)
from resellers.operations.order_again import new_external_id
from resellers.operations.order_lines import LineWish
from resellers.operations.order_wish import CreatePackageWish
from resellers.operations.wish import Thing, Wish
from resellers.refusals import explain_failure

from .outcomes import Finished, Outcome, Skipped, Stops, Unanswerable, Waits
from .steps import CheckStep, Choices, OperationStep, Question, QuestionStep

MOST_PRODUCTS = 4
LOOK_SECONDS = 30
# Wix delivers most within minutes; what takes longer than this is not coming by itself.
DELIVERED_WITHIN = timedelta(days=3)


class WhatToOrder(QuestionStep):
    """Which products the package has; none, where nothing is to be ordered."""

    button = gettext_lazy("Show the plan")

    def __init__(self) -> None:
        super().__init__("package", gettext_lazy("Choose what to order on it"))

    def ahead(self, flow: Flow) -> str:
        return _("Products, their cycles, and the country; you see the plan before it is ordered.")

    def questions(self, flow: Flow) -> Sequence[Question]:
        first = Question(
            "line_1",
            gettext_lazy("Product"),
            choices=_products,
            required=False,
            help_text=gettext_lazy("Left empty, nothing is ordered."),
        )
        more = [
            Question(f"line_{number}", gettext_lazy("One more product"), _products, required=False)
            for number in range(2, MOST_PRODUCTS + 1)
        ]
        country = Question(
            "country",
            gettext_lazy("Country"),
            choices=_countries,
            required_words=gettext_lazy("Choose the customer's country."),
            initial=last_country(flow),
        )
        return [first, *more, country]

    def take(self, flow: Flow, answers: dict[str, Any]) -> Finished:
        chosen = [answers[f"line_{number}"] for number in range(1, MOST_PRODUCTS + 1)]
        chosen = [line for line in chosen if line]
        if len(chosen) != len(set(chosen)):
            raise Unanswerable({"": _("The same product is chosen twice.")})
        names = dict(_products(flow))
        words = "; ".join(str(names[line]) for line in chosen) or _("Nothing is to be ordered.")
        parted = [line.partition("|") for line in chosen]
        lines = [order_line(id_, cycle, answers["country"]) for id_, _bar, cycle in parted]
        return Finished(words, {"order": order_of(lines)})


class Order(OperationStep):
    """The package is ordered for the customer, its products on the flow's site."""

    def __init__(self) -> None:
        super().__init__("order", gettext_lazy("Order its services"))

    def ahead(self, flow: Flow) -> str:
        return _("You see the plan before anything is ordered.")

    def wanted(self, flow: Flow) -> tuple[Thing, Wish[Any]] | Skipped | Stops:
        order = flow.data["order"]
        if not order["lines"]:
            return Skipped(_("Nothing is to be ordered."))
        account = flow.account
        if account is None:
            return Stops(_("Nobody knows for which customer."), "ACCOUNT_NOT_FOUND")
        return account, wish_of(order, flow.site_id)

    def is_confirmed(self, flow: Flow) -> bool:
        return bool(flow.data.get("agreed"))

    def otherwise(self, flow: Flow) -> str:
        return _(
            "If Wix does not show the package in 15 minutes, the flow stops here and asks you."
            " Nothing is ordered twice."
        )

    def finished(self, flow: Flow, operation: Operation) -> Finished:
        package = operation.package or Package.objects.get(
            account=operation.account_id, external_id=flow.data["order"]["external_id"]
        )
        words = _("Ordered as %(package)s.") % {"package": package}
        return Finished(words, {"package": str(package.pk)})


class Delivered(CheckStep):
    """Every service of the package is enabled."""

    def __init__(self) -> None:
        super().__init__("delivered", gettext_lazy("See it delivered"))

    def ahead(self, flow: Flow) -> str:
        return _("Closes when all that was ordered is enabled.")

    def look(self, flow: Flow, row: FlowStep) -> Outcome:
        if "package" not in flow.data:
            return Skipped(_("Nothing was ordered."))
        services = list(
            Package.objects.get(pk=flow.data["package"])
            .instances.present()
            .select_related("product")
        )
        failed = [one for one in services if one.status == InstanceStatus.FAILED]
        if failed:
            first = failed[0]
            known = explain_failure(first.failure_code)
            words = _("%(service)s could not be delivered. %(why)s %(step)s") % {
                "service": first.product,
                "why": known.words,
                "step": known.next_step,
            }
            return Stops(words, first.failure_code or "FAILED")
        awaited = [one for one in services if not one.is_ended and one.status != "ENABLED"]
        if services and not awaited:
            return Finished(_("Everything that was ordered is enabled."))
        names = ", ".join(str(one.product) for one in awaited) or _("the package")
        return Waits(
            _("Wix delivers %(names)s.") % {"names": names},
            LOOK_SECONDS,
            at_most=DELIVERED_WITHIN,
            otherwise=_("If it is not delivered in 3 days, the flow stops here and asks you."),
        )


def order_line(product_id: object, cycle: object, country: str) -> dict[str, str]:
    """One product of an order, as a flow keeps it."""
    return {"product": str(product_id), "cycle": str(cycle), "country": country}


def order_of(lines: Sequence[dict[str, str]]) -> dict[str, Any]:
    """The order, as a flow keeps it, under an external id that nobody has."""
    return {"lines": list(lines), "external_id": new_external_id()}


def wish_of(order: dict[str, Any], site_id: UUID | None) -> CreatePackageWish:
    """What an order that a flow keeps is for: all of it on that site, but for domains."""
    lines = order["lines"]
    products = CatalogProduct.objects.in_bulk([UUID(line["product"]) for line in lines])
    return CreatePackageWish(
        order["external_id"],
        tuple(
            LineWish(
                product_id=UUID(line["product"]),
                # A domain is ordered floating: it is registered for the site later.
                site_id=None if products[UUID(line["product"])].is_domain else site_id,
                cycle=BillingCycle.from_json(line["cycle"]),
                country=line["country"],
            )
            for line in lines
        ),
    )


def _products(flow: Flow) -> Choices:
    products = CatalogProduct.objects.named().order_by("sort_type", "sort_name")
    return [
        (f"{product.pk}|{cycle}", f"{product}, {cycle.words}")
        for product in products
        for cycle in product.billing_cycles or [BillingCycle.from_json("")]
    ]


def _countries(flow: Flow) -> Choices:
    return sorted(COUNTRIES.items(), key=lambda item: item[1])


def last_country(flow: Flow) -> str:
    """The country of the customer's last order, empty where there is none."""
    services = ProductInstance.objects.filter(account=flow.account_id, country_code__in=COUNTRIES)
    return services.order_by("-created_at").values_list("country_code", flat=True).first() or ""
