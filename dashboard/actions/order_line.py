"""One product of an order."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django import forms

from dashboard.frame.id_field import WixIdField
from dashboard.lists.filters import InvalidQuery, clean_text
from resellers.billing_cycles import BillingCycle
from resellers.countries import NAMES as COUNTRIES
from resellers.models import CatalogProduct, ProductInstance, Site
from resellers.operations.order_lines import MOST_SERVICES, LineWish, OrderItem
from resellers.operations.order_preflight import NOT_FAILED

from .cycles import CycleField, CycleOption, cycle_options, cycles_of
from .order_choices import MOST_REFERENCES, Choices, LineOption

EACH = "each"  # the value of the site that stands for each that could take the product
NO_COUNTRY = "No country has this code officially. Choose the customer's country from the list."
NO_LINK = f"{NOT_FAILED} Show the plan again to order without a link to it."


class SiteField(WixIdField):
    """A site, or each that could take the product."""

    def to_python(self, value: Any) -> Any:
        return EACH if value == EACH else super().to_python(value)


class LineForm(forms.Form):
    """One product of an order, one or more of it. `choices` is what the account may choose from.

    `place` is `then` for what goes second, once Wix has delivered this order.
    """

    target_product = WixIdField(
        label="Product",
        error_messages={
            "required": "Choose a product.",
            "invalid": "This is not a product's id. Choose one from the list.",
        },
    )
    cycle = CycleField()
    quantity = forms.IntegerField(
        label="Quantity",
        required=False,
        min_value=1,
        max_value=MOST_SERVICES,
        error_messages={
            "invalid": "Write the quantity as a whole number.",
            "min_value": "Order one at least, or remove the product.",
            "max_value": f"An order has {MOST_SERVICES:,} services at most.",
        },
    )
    target_site = SiteField(
        label="Site",
        required=False,
        error_messages={"invalid": "This is not a site's id. Choose one from the list."},
    )
    country = forms.CharField(
        label="Country",
        error_messages={
            "required": "Choose the customer's country: Wix wants it with every product.",
        },
    )
    discount_code = forms.CharField(
        label="Discount code",
        required=False,
        max_length=25,
        error_messages={"max_length": "A discount code has 25 characters at most."},
    )
    reference = WixIdField(
        label="Free with",
        required=False,
        error_messages={"invalid": "This is not a service's id. Choose one from the list."},
    )

    find_reference = forms.CharField(label="Find a service it is free with", required=False)
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

    @property
    def product(self) -> CatalogProduct | None:
        """The product chosen so far."""
        return self.choices.product(self["target_product"].value())

    @property
    def site(self) -> Site | None:
        """The site chosen so far."""
        return self.choices.site(self["target_site"].value())

    @property
    def goes_to_each_site(self) -> bool:
        """Whether one on each site is wanted."""
        return bool(self["target_site"].value() == EACH)

    @property
    def words(self) -> str:
        """The line as people read it, with what was chosen so far."""
        cycle = str(self["cycle"].value() or "")
        offered = self.product.billing_cycles if self.product else []
        chosen = [option.words for option in offered if str(option) == cycle]
        where = f"on {self.site}" if self.site else "floating"
        if self.goes_to_each_site:
            where = "one on each site that can take it"
        number = str(self["quantity"].value() or "1")
        product = str(self.product or "A product")
        return ", ".join([product if number == "1" else f"{number} of {product}", *chosen, where])

    @property
    def cycles(self) -> list[CycleOption]:
        """The product's own cycles, or all while none is chosen; and whatever else was sent."""
        chosen = str(self["cycle"].value() or "")
        if self.product:
            return cycles_of(self.product, chosen, is_sent=self.is_bound and bool(chosen))
        return cycle_options(self.choices.cycles, chosen)

    @property
    def lost_product(self) -> str:
        """The id that was sent for a product and is none of the catalogue's; else empty."""
        return "" if self.product else str(self["target_product"].value() or "")

    @property
    def is_paid_for(self) -> bool:
        """Whether it names no service that it would be free with."""
        return not self["reference"].value()

    @property
    def failed(self) -> ProductInstance | None:
        """The failed service of the account that it is in place of."""
        return self.choices.failed(self["again_of"].value())

    @property
    def sites(self) -> list[LineOption]:
        """Each site at once, the account's sites, and whatever else was chosen."""
        each = [LineOption(EACH, "One on each site that can take it", True)]
        return self._offered("target_site", [*each, *self.choices.sites])

    @property
    def countries(self) -> list[LineOption]:
        """Every country by its name, and whatever else was sent."""
        chosen = str(self["country"].value() or "").strip().upper()
        found = [LineOption(code, name, True, code == chosen) for code, name in COUNTRIES.items()]
        if chosen and chosen not in COUNTRIES:
            found.append(LineOption(chosen, f"{chosen[:20]} (no country's code)", False, True))
        return found

    @property
    def references(self) -> list[LineOption]:
        """The services it may be free with, as far as the words mean them, and what was chosen."""
        return self._offered("reference", self.choices.references(self._words_of_reference))

    @property
    def may_find_reference(self) -> bool:
        """Whether there are more services than its list holds, so that words have to find some."""
        return self.choices.references_in_all > MOST_REFERENCES

    @property
    def references_words(self) -> str:
        """How many of them the list holds."""
        number, of = len(self.choices.references(self._words_of_reference)), MOST_REFERENCES
        if self._words_of_reference:
            return f"{number} found{', the first of them' if number >= of else ''}"
        return f"The {of} newest of {self.choices.references_in_all:,}: find others by words"

    @property
    def _words_of_reference(self) -> str:
        try:
            return clean_text(str(self["find_reference"].value() or ""))
        except InvalidQuery:
            return ""

    def _offered(self, name: str, offered: Iterable[LineOption]) -> list[LineOption]:
        chosen = str(self[name].value() or "").strip()
        found = [replace(choice, chosen=choice.value == chosen.lower()) for choice in offered]
        if chosen and not any(choice.chosen for choice in found):
            found.append(LineOption(chosen, f"{chosen[:8]} (cannot be chosen here)", False, True))
        return found

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
            raise forms.ValidationError(f"No site of this account can take {self.product} now.")
        return site

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("target_site") == EACH and cleaned.get("quantity", 1) > 1:
            self.add_error("quantity", "Each site gets one: leave the quantity at 1.")
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
