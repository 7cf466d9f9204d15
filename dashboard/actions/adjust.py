"""What a service shall become."""

import re
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms

from resellers.models import CatalogProduct, OperationKind
from resellers.operations.kind import Wish
from resellers.operations.order_lines import in_words
from resellers.refusals import explain

from .wish_form import InstanceForm, TargetOption

UNITS = {"DAY": 1, "WEEK": 7, "MONTH": 30, "YEAR": 365}


class AdjustForm(InstanceForm):
    """Another product of the same type, another billing cycle, or both."""

    kind = OperationKind.ADJUST
    slug = "adjust"
    target = "target_product"
    doing = "adjusting"

    target_product = forms.UUIDField(
        label="Target product",
        error_messages={
            "required": f"{explain('MISSING_PRODUCT_DETAILS').words} Choose the product the"
            " service shall become.",
            "invalid": "This is not a product's id. Choose one of the products below.",
        },
    )
    cycle = forms.CharField(label="Billing cycle", required=False, max_length=40)

    field_order = ["target_product", "cycle", "reason"]

    @classmethod
    def prefilled(cls, wish: Wish) -> dict[str, str]:
        return {"target_product": wish["product_id"], "cycle": wish["cycle"]}

    def clean_cycle(self) -> str:
        cycle: str = self.cleaned_data["cycle"].upper()
        if cycle and not re.fullmatch(r"[1-9][0-9]{0,3} [A-Z_]{1,30}", cycle):
            raise forms.ValidationError("This is not a billing cycle. Write it as 1 YEAR.")
        return cycle

    def clean(self) -> dict[str, Any]:
        """Settle a cycle left open: the present one if the product has it, or its only one."""
        cleaned = super().clean() or self.cleaned_data
        target: UUID | None = cleaned.get("target_product")
        product = CatalogProduct.objects.filter(pk=target).first() if target else None
        if product and cleaned.get("cycle") == "":
            cleaned["cycle"] = self._usual_cycle(product)
            if product.cycles and not cleaned["cycle"]:
                known = explain("MISSING_BILLING_CYCLE")
                offered = " or ".join(in_words(cycle) for cycle in product.cycles)
                self.add_error("cycle", f"{known.words} {product} has {offered}.")
        return cleaned

    def wish(self) -> Wish:
        cleaned = self.cleaned_data
        return {"product_id": str(cleaned["target_product"]), "cycle": cleaned["cycle"]}

    def wish_for(self, value: UUID) -> Wish:
        """With a cycle that speaks for the product: one that would change something, if it can."""
        product = next((product for product in self.products if product.pk == value), None)
        cycle = ""
        if product and value == self.instance.product_id:
            others = [cycle for cycle in product.cycles if cycle != self.instance.cycle]
            cycle = others[0] if others else self.instance.cycle
        elif product and product.cycles:
            cycle = self._usual_cycle(product) or product.cycles[0]
        return {"product_id": str(value), "cycle": cycle}

    @property
    def present(self) -> UUID:
        return self.instance.product_id

    @property
    def products(self) -> list[CatalogProduct]:
        """Products of the service's type that Wix lets become one another, and its own."""
        if not hasattr(self, "_products"):
            own = self.instance.product
            same = CatalogProduct.objects.filter(service_type=own.service_type, adjustable=True)
            others = same.exclude(pk=own.pk) if own.service_type else same.none()
            self._products = [own, *others]
        return self._products

    @property
    def options(self) -> list[TargetOption]:
        options = [
            self._option(
                product.pk,
                str(product),
                ", ".join(in_words(cycle) for cycle in product.cycles) or "once",
                self.rules.foresee(self.instance, self.wish_for(product.pk)),
            )
            for product in self.products
        ]
        return self._with_chosen(options)

    @property
    def cycles(self) -> list[tuple[str, str, bool]]:
        """Every cycle that one of the products has."""
        found = {cycle for product in self.products for cycle in product.cycles}
        chosen = str(self["cycle"].value() or "").strip().upper()
        return cycle_options(found, chosen)

    def _usual_cycle(self, product: CatalogProduct) -> str:
        if self.instance.cycle in product.cycles:
            return self.instance.cycle
        return str(product.cycles[0]) if len(product.cycles) == 1 else ""


def cycle_options(found: Iterable[str], chosen: str) -> list[tuple[str, str, bool]]:
    """These cycles by their length, with their words and whether each is the chosen one.

    One that was chosen and is none of them comes last, so that a browser sends it again.
    """
    offered = sorted(found, key=_length)
    told = [(cycle, in_words(cycle), cycle == chosen) for cycle in offered]
    if chosen and chosen not in offered:
        told.append((chosen, f"{chosen} (not offered)", True))
    return told


def _length(cycle: str) -> tuple[int, str]:
    """Sorts cycles by their length in days."""
    count, _, unit = cycle.partition(" ")
    return int(count) * UNITS.get(unit, 0) if count.isdecimal() else 0, cycle
