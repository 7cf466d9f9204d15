"""Choosing a billing cycle: the field of a form, and what it offers."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellers.billing_cycles import BillingCycle
from resellers.models import CatalogProduct


class CycleField(forms.CharField):
    """A billing cycle as the catalogue spells it; ONCE where nothing was typed."""

    default_error_messages = {
        "invalid": gettext_lazy("This is not a billing cycle. Write it as 1 YEAR.")
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=_("Billing cycle"), required=False, max_length=40, **kwargs)

    def clean(self, value: Any) -> BillingCycle:
        try:
            return BillingCycle.parse(super().clean(value))
        except ValueError:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None


CycleOption = tuple[str, str, bool]  # its value, its words, whether it is the chosen one


def cycle_options(offered: Iterable[BillingCycle], chosen: str) -> list[CycleOption]:
    """These cycles by their length.

    What was chosen and is none of them comes last, so that a browser sends it again.
    """
    options = [(str(cycle), cycle.words, str(cycle) == chosen) for cycle in sorted(offered)]
    if chosen and not any(is_chosen for *_, is_chosen in options):
        options.append((chosen, _("%(chosen)s (not offered)") % {"chosen": chosen}, True))
    return options


def cycles_of(product: CatalogProduct, chosen: str, *, is_sent: bool) -> list[CycleOption]:
    """The cycles of the chosen product.

    What was sent stays. What was only chosen before the product was gives way to the product's one
    cycle, or to none.
    """
    cycles = product.billing_cycles
    if not is_sent and chosen not in map(str, cycles):
        chosen = str(cycles[0]) if len(cycles) == 1 else ""
    return cycle_options(cycles, chosen)
