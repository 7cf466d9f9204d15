"""Choosing a billing cycle: the field of a form, and what it offers."""

from collections.abc import Iterable
from typing import Any

from django import forms

from resellers.billing_cycles import BillingCycle


class CycleField(forms.CharField):
    """A billing cycle as the catalogue spells it; ONCE where nothing was typed."""

    default_error_messages = {"invalid": "This is not a billing cycle. Write it as 1 YEAR."}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label="Billing cycle", required=False, max_length=40, **kwargs)

    def clean(self, value: Any) -> BillingCycle:
        try:
            return BillingCycle.parse(super().clean(value))
        except ValueError:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None


def cycle_options(offered: Iterable[BillingCycle], chosen: str) -> list[tuple[str, str, bool]]:
    """These cycles by their length, with their words and whether each is the chosen one.

    What was chosen and is none of them comes last, so that a browser sends it again.
    """
    told = [(str(cycle), cycle.words, str(cycle) == chosen) for cycle in sorted(offered)]
    if chosen and not any(is_chosen for *_, is_chosen in told):
        told.append((chosen, f"{chosen} (not offered)", True))
    return told
