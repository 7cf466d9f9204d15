"""What one product of an order may be made of, as far as its line was filled in."""

from collections.abc import Iterable
from dataclasses import replace

from django import forms
from django.utils.translation import gettext as _

from dashboard.lists.filters import InvalidQuery, clean_text
from resellers.countries import NAMES as COUNTRIES
from resellers.models import CatalogProduct, ProductInstance, Site

from .cycles import CycleOption, cycle_options, cycles_of
from .order_choices import MOST_REFERENCES, Choices, LineOption

EACH = "each"  # the value of the site that stands for each that could take the product


class LineOptions(forms.Form):
    """The options of a line's fields; `choices` is what the account may choose from."""

    choices: Choices

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
        where = _("on %(site)s") % {"site": self.site} if self.site else _("floating")
        if self.goes_to_each_site:
            where = _("one on each site that can take it")
        number = str(self["quantity"].value() or "1")
        product = str(self.product or _("A product"))
        return ", ".join(
            [
                product
                if number == "1"
                else _("%(number)s of %(product)s") % {"number": number, "product": product},
                *chosen,
                where,
            ]
        )

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
        each = [LineOption(EACH, _("One on each site that can take it"), True)]
        return self._offered("target_site", [*each, *self.choices.sites_for(self.product)])

    @property
    def countries(self) -> list[LineOption]:
        """Every country by its name, and whatever else was sent."""
        chosen = str(self["country"].value() or "").strip().upper()
        found = [LineOption(code, name, True, code == chosen) for code, name in COUNTRIES.items()]
        if chosen and chosen not in COUNTRIES:
            found.append(
                LineOption(
                    chosen,
                    _("%(chosen)s (no country's code)") % {"chosen": chosen[:20]},
                    False,
                    True,
                )
            )
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
            words = (
                _("%(number)s found, the first of them") if number >= of else _("%(number)s found")
            )
            return words % {"number": number}
        return _("The %(some)s newest of %(all)s: find others by words") % {
            "some": of,
            "all": f"{self.choices.references_in_all:,}",
        }

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
            found.append(
                LineOption(
                    chosen,
                    _("%(chosen)s (cannot be chosen here)") % {"chosen": chosen[:8]},
                    False,
                    True,
                )
            )
        return found
