"""One product of an order."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.frame.id_field import WixIdField
from resellers.billing_cycles import BillingCycle
from resellers.countries import NAMES as COUNTRIES
from resellers.operations.order_lines import MOST_SERVICES, LineWish, OrderItem
from resellers.operations.order_preflight import NOT_FAILED

from .cycles import CycleField
from .order_choices import Choices
from .order_line_options import EACH, LineOptions

MOST_LINES = 50  # of a form: each has a list of countries, products, sites and references
NO_COUNTRY = gettext_lazy(
    "No country has this code officially. Choose the customer's country from the list."
)
NO_LINK = format_lazy(
    gettext_lazy("{why} Show the plan again to order without a link to it."), why=NOT_FAILED
)


class SiteField(WixIdField):
    """A site, or each that could take the product."""

    def to_python(self, value: Any) -> Any:
        return EACH if value == EACH else super().to_python(value)


class LineForm(LineOptions):
    """One product of an order, one or more of it. `choices` is what the account may choose from.

    `place` is `then` for what goes second, once Wix has delivered this order.
    """

    target_product = WixIdField(
        label=gettext_lazy("Product"),
        error_messages={
            "required": gettext_lazy("Choose a product."),
            "invalid": gettext_lazy("This is not a product's id. Choose one from the list."),
        },
    )
    cycle = CycleField()
    quantity = forms.IntegerField(
        label=gettext_lazy("Quantity"),
        required=False,
        min_value=1,
        max_value=MOST_SERVICES,
        error_messages={
            "invalid": gettext_lazy("Write the quantity as a whole number."),
            "min_value": gettext_lazy("Order one at least, or remove the product."),
            "max_value": format_lazy(
                gettext_lazy("An order has {number} services at most."), number=f"{MOST_SERVICES:,}"
            ),
        },
    )
    target_site = SiteField(
        label=gettext_lazy("Site"),
        required=False,
        error_messages={
            "invalid": gettext_lazy("This is not a site's id. Choose one from the list.")
        },
    )
    country = forms.CharField(
        label=gettext_lazy("Country"),
        error_messages={
            "required": gettext_lazy(
                "Choose the customer's country: Wix wants it with every product."
            ),
        },
    )
    discount_code = forms.CharField(
        label=gettext_lazy("Discount code"),
        required=False,
        max_length=25,
        error_messages={"max_length": gettext_lazy("A discount code has 25 characters at most.")},
    )
    reference = WixIdField(
        label=gettext_lazy("Free with"),
        required=False,
        error_messages={
            "invalid": gettext_lazy("This is not a service's id. Choose one from the list.")
        },
    )

    find_reference = forms.CharField(
        label=gettext_lazy("Find a service it is free with"), required=False
    )
    again_of = WixIdField(
        required=False, widget=forms.HiddenInput, error_messages={"invalid": NO_LINK}
    )

    def __init__(
        self, *args: Any, choices: Choices, number: int, place: str = "lines", **kwargs: Any
    ) -> None:
        kwargs["prefix"] = f"{place}-{number}"
        super().__init__(*args, **{"auto_id": "%s"} | kwargs)
        self.choices = choices
        self.number = number

    def clean_cycle(self) -> BillingCycle:
        """The cycle; a product's only one where none was chosen."""
        cycle: BillingCycle = self.cleaned_data["cycle"]
        product = self.choices.product(self.cleaned_data.get("target_product"))
        offered = product.billing_cycles if product else []
        return offered[0] if not cycle and len(offered) == 1 else cycle

    def clean_again_of(self) -> UUID | None:
        """The failed service of this account that the line is in place of."""
        if self.cleaned_data["again_of"] and self.failed is None:
            raise forms.ValidationError(NO_LINK)
        return self.failed.pk if self.failed else None

    def clean_country(self) -> str:
        code: str = self.cleaned_data["country"].upper()
        if code not in COUNTRIES:
            raise forms.ValidationError(NO_COUNTRY)
        return code

    def clean_quantity(self) -> int:
        """How many are ordered: one where nothing was said."""
        return self.cleaned_data["quantity"] or 1

    def clean_target_site(self) -> UUID | str | None:
        """The site, or EACH where at least one could take the product."""
        site: UUID | str | None = self.cleaned_data["target_site"]
        if site == EACH and self.product and not self.choices.able_sites(self.product):
            raise forms.ValidationError(
                _("No site of this customer can take %(product)s now.") % {"product": self.product}
            )
        return site

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("target_site") == EACH and cleaned.get("quantity", 1) > 1:
            self.add_error("quantity", _("Each site gets one: leave the quantity at 1."))
        return cleaned

    @classmethod
    def prefilled(cls, item: OrderItem, line: LineWish) -> dict[str, str]:
        """The fields that ask for this item, whose first line this is."""
        return {
            "target_product": str(line.product_id),
            "quantity": "1" if item.on_each_site else str(item.count),
            "target_site": EACH if item.on_each_site else str(line.site_id or ""),
            "cycle": str(line.cycle),
            "country": line.country,
            "discount_code": line.discount_code,
            "reference": str(line.reference_id or ""),
            "again_of": str(line.again_of or ""),
        }

    @property
    def item(self) -> tuple[OrderItem, Sequence[LineWish]]:
        """What is wished with it, and its lines; the form must be valid.

        Of several, the first is in place of the failed service.
        """
        data = self.cleaned_data
        on_each_site = data["target_site"] == EACH
        sites = [None if on_each_site else data["target_site"]] * data["quantity"]
        if on_each_site and self.product:
            sites = [site.pk for site in self.choices.able_sites(self.product)]
        first = LineWish(
            product_id=data["target_product"],
            site_id=sites[0],
            cycle=data["cycle"],
            country=data["country"],
            discount_code=data["discount_code"],
            reference_id=data["reference"],
            again_of=data["again_of"],
        )
        others = [replace(first, site_id=site, again_of=None) for site in sites[1:]]
        return OrderItem(len(sites), on_each_site), [first, *others]
