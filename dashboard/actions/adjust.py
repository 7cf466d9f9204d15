"""What a service shall become."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.components.products import about_product
from dashboard.frame.id_field import WixIdField
from resellers.billing_cycles import ONCE, BillingCycle
from resellers.models import CatalogProduct
from resellers.operations.kinds.adjust import AdjustWish
from resellers.refusals import explain

from .cycles import CycleField, CycleOption, cycle_options, cycles_of
from .target_form import TargetForm, TargetOption


class AdjustForm(TargetForm[AdjustWish]):
    """Another product of the same type, another billing cycle, or both."""

    kind = "adjust"
    slug = "adjust"
    url_name = "instance_adjust"
    button = gettext_lazy("Adjust")
    icon = "sliders"
    caption = gettext_lazy("plan or cycle")
    target = "target_product"

    target_product = WixIdField(
        label=gettext_lazy("Target product"),
        error_messages={
            "required": explain("MISSING_PRODUCT_DETAILS").unasked.words,
            "invalid": gettext_lazy(
                "This is not a product's id. Choose one of the products below."
            ),
        },
    )
    cycle = CycleField()

    field_order = ["target_product", "cycle", "reason"]

    @classmethod
    def prefilled(cls, wish: AdjustWish) -> dict[str, str]:
        return {"target_product": str(wish.product_id), "cycle": str(wish.cycle)}

    def clean(self) -> dict[str, Any]:
        """Settle a cycle left open: the present one if the product has it, or its only one."""
        cleaned = super().clean() or self.cleaned_data
        target: UUID | None = cleaned.get("target_product")
        product = CatalogProduct.objects.filter(pk=target).first() if target else None
        if product and cleaned.get("cycle") == ONCE:
            cleaned["cycle"] = self._usual_cycle(product)
            if product.cycles and not cleaned["cycle"]:
                known = explain("MISSING_BILLING_CYCLE").unasked
                offered = " or ".join(cycle.words for cycle in product.billing_cycles)
                self.add_error(
                    "cycle",
                    _("%(known)s %(product)s has %(offered)s.")
                    % {"known": known.words, "product": product, "offered": offered},
                )
        return cleaned

    def wish(self) -> AdjustWish:
        cleaned = self.cleaned_data
        return AdjustWish(cleaned["target_product"], cleaned["cycle"])

    def wish_for(self, value: UUID) -> AdjustWish:
        """With a cycle that speaks for the product: one that would change something, if it can."""
        product = next((product for product in self.products if product.pk == value), None)
        offered = product.billing_cycles if product else []
        cycle = ONCE
        if product and value == self.instance.product_id:
            cycle = next((o for o in offered if o != self.instance.cycle), self.instance.cycle)
        elif product and offered:
            cycle = self._usual_cycle(product) or offered[0]
        return AdjustWish(value, cycle)

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
                _detail(product),
                self.rules.foresee(self.instance, self.wish_for(product.pk)),
            )
            for product in self.products
        ]
        return self._with_chosen(options)

    @property
    def product(self) -> CatalogProduct | None:
        """The product chosen so far, if it is one of those on offer."""
        chosen = self._chosen.lower()
        return next((product for product in self.products if str(product.pk) == chosen), None)

    @property
    def cycles(self) -> list[tuple[str, list[CycleOption]]]:
        """The cycles of the chosen product; while none is chosen, those of each under its name."""
        chosen = str(self["cycle"].value() or "").strip().upper()
        if product := self.product:
            # Where none was sent, the present one or the product's only one is meant.
            return [("", cycles_of(product, chosen, is_sent=self.is_bound))]
        groups = [(str(one), cycle_options(one.billing_cycles, "")) for one in self.products]
        groups.append(("", cycle_options((), chosen)))
        return [(name, options) for name, options in groups if options]

    @property
    def no_cycle_words(self) -> str:
        """What it means that no cycle is chosen."""
        now, product = self.instance.cycle.words, self.product
        if product is None:
            return _("Keep %(now)s if the product has it") % {"now": now}
        if not product.cycles:
            return _("Paid once")
        return (
            _("Keep %(now)s") % {"now": now}
            if self.instance.cycle in product.billing_cycles
            else _("Choose a cycle")
        )

    def _usual_cycle(self, product: CatalogProduct) -> BillingCycle:
        offered = product.billing_cycles
        if self.instance.cycle in offered:
            return self.instance.cycle
        return offered[0] if len(offered) == 1 else ONCE


def _detail(product: CatalogProduct) -> str:
    cycles = ", ".join(cycle.words for cycle in product.billing_cycles) or ONCE.words
    return " · ".join(filter(None, [about_product(product), cycles]))
