"""Steps that order a package and see it delivered, for any flow that ends in one."""

from collections.abc import Sequence
from dataclasses import replace
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
from resellers.operations.order_lines import LineWish, items_in_words, lines_of
from resellers.operations.order_wish import CreatePackageWish
from resellers.operations.plan import make_plan
from resellers.operations.wish import Thing, Wish
from resellers.refusals import explain_failure

from .outcomes import Finished, Outcome, Skipped, Stops, Unanswerable, Waits
from .steps import CheckStep, OperationStep, Question, QuestionStep, latest, refused_with

AGREED = "order_agreed"  # of a flow's data: the order was confirmed with a step before it
ORDER_FORM = "order"  # of a step: it is asked by the form of a new package
LOOK_SECONDS = 30
# Wix delivers most within minutes; what takes longer than this is not coming by itself.
DELIVERED_WITHIN = timedelta(days=3)


class WhatToOrder(QuestionStep):
    """What is ordered, asked by the form of a new package; nothing, where nothing is to be.

    Its one answer, `order`, is that order as rows store it, or None. What was agreed to before is
    not asked anew, unless Wix refused it.
    """

    button = gettext_lazy("Show the plan")
    form = ORDER_FORM

    def __init__(self) -> None:
        super().__init__("package", gettext_lazy("Choose what to order on it"))

    def ahead(self, flow: Flow) -> str:
        return _("Products, their cycles, and the country; you see the plan before it is ordered.")

    def questions(self, flow: Flow) -> Sequence[Question]:
        return []

    def look(self, flow: Flow, row: FlowStep) -> Outcome:
        if flow.data.get(AGREED) and row.tries == 1:
            return Skipped(_("As agreed."))
        return super().look(flow, row)

    def take(self, flow: Flow, answers: dict[str, Any]) -> Finished:
        chosen = {AGREED: False}
        if answers["order"] is None:
            return Finished(_("Nothing is to be ordered."), {"order": order_of([]), **chosen})
        wish = CreatePackageWish.from_json(answers["order"])
        assert flow.account is not None
        errors: dict[str, str] = {}
        for refusal in make_plan(flow.account, wish).refusals:
            words = f"{refusal.words} {refusal.next_step}"
            errors[refusal.field] = f"{errors.get(refusal.field, '')} {words}".strip()
        if errors:
            raise Unanswerable(errors)
        words = "; ".join(items_in_words(lines_of(wish.lines, wish.items)))
        return Finished(words, {"order": wish.as_json(), **chosen})


class Order(OperationStep):
    """The package is ordered for the customer, its products on the flow's site.

    Where a step asked what to order, `asked_at` is its name: there it is chosen anew.
    """

    def __init__(self, asked_at: str = "") -> None:
        super().__init__("order", gettext_lazy("Order its services"))
        self._asked_at = asked_at

    def begins_again_at(self, flow: Flow, row: FlowStep) -> str:
        operation = latest(row)
        refusal = refused_with(operation) if operation else None
        if operation is None or (refusal and not refusal.retry):
            return self._asked_at or super().begins_again_at(flow, row)
        return super().begins_again_at(flow, row)

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
        return bool(flow.data.get(AGREED))

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


def order_line(product_id: object, cycle: object, country: str) -> LineWish:
    """One product of an order, on no site yet."""
    return LineWish(UUID(str(product_id)), None, BillingCycle.from_json(str(cycle)), country)


def order_of(lines: Sequence[LineWish]) -> dict[str, Any]:
    """The order as a flow keeps it, under an external id that nobody has: all of it is for the
    flow's site."""
    return {**CreatePackageWish(new_external_id(), tuple(lines)).as_json(), "on_site": True}


def wish_of(order: dict[str, Any], site_id: UUID | None) -> CreatePackageWish:
    """What an order that a flow keeps is for, on that site where nobody chose otherwise."""
    wish = CreatePackageWish.from_json(order)
    if not order.get("on_site"):
        return wish
    products = CatalogProduct.objects.in_bulk({line.product_id for line in wish.lines})
    # A domain is ordered floating: it is registered for the site later.
    placed = [
        line if products[line.product_id].is_domain else replace(line, site_id=site_id)
        for line in wish.lines
    ]
    return replace(wish, lines=tuple(placed))


def last_country(flow: Flow) -> str:
    """The country of the customer's last order, empty where there is none."""
    services = ProductInstance.objects.filter(account=flow.account_id, country_code__in=COUNTRIES)
    return services.order_by("-created_at").values_list("country_code", flat=True).first() or ""
