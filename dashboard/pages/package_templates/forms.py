"""A template of a package: a name, and a line a product."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellers.billing_cycles import BillingCycle
from resellers.folding import is_one_line, tidy
from resellers.models import CatalogProduct
from resellers.operations.order_lines import MOST_SERVICES
from resellers.operations.package_templates import MOST_LINES, TemplateLine

SPARE = 3  # empty lines below those that are filled in


def offered() -> list[tuple[str, Any]]:
    """Each product of the catalogue with each of its cycles; one statement."""
    products = CatalogProduct.objects.named().order_by("sort_type", "sort_name")
    return [
        ("", gettext_lazy("Nothing")),
        *(
            (f"{product.pk}|{cycle}", f"{product}, {cycle.words}")
            for product in products
            for cycle in product.billing_cycles or [BillingCycle.from_json("")]
        ),
    ]


class LineForm(forms.Form):
    """One product of a template."""

    product = forms.ChoiceField(label=gettext_lazy("Product and cycle"), required=False)
    quantity = forms.IntegerField(
        label=gettext_lazy("Quantity"), required=False, min_value=1, max_value=MOST_SERVICES
    )
    on_site = forms.BooleanField(label=gettext_lazy("On the site of the order"), required=False)

    def __init__(
        self, data: Any, *, prefix: str, initial: dict[str, Any], choices: list[tuple[str, Any]]
    ) -> None:
        super().__init__(data, prefix=prefix, initial=initial, auto_id="%s")
        held = str(initial.get("product", ""))
        is_lost = data is None and all(held != value for value, _words in choices)
        lost = [(held, _("Gone from the catalogue"))] if is_lost and held else []
        self.fields["product"].choices = [*choices, *lost]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("on_site") and (cleaned.get("quantity") or 1) > 1:
            self.add_error("quantity", _("A site gets a product once: leave the quantity at 1."))
        return cleaned

    @property
    def line(self) -> TemplateLine | None:
        """What it asks for; None where nothing was chosen. The form must be valid."""
        data = self.cleaned_data
        product_id, _bar, cycle = data["product"].partition("|")
        if not product_id:
            return None
        return TemplateLine(product_id, cycle, data["quantity"] or 1, data["on_site"])


class TemplateForm(forms.Form):
    """A name with its lines."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=100,
        help_text=gettext_lazy("As colleagues know it, such as Starter shop."),
        error_messages={"required": gettext_lazy("Give it a name.")},
    )

    def __init__(
        self, data: Any = None, *, name: str = "", lines: Sequence[TemplateLine] = ()
    ) -> None:
        super().__init__(data, initial={"name": name}, auto_id="%s")
        choices, number = offered(), min(len(lines) + SPARE, MOST_LINES)
        if data is not None:
            number = sum(f"line-{at}-product" in data for at in range(MOST_LINES))
        held = [
            {
                "product": f"{line.product_id}|{line.cycle}",
                "quantity": line.quantity,
                "on_site": line.on_site,
            }
            for line in lines
        ]
        self.lines = [
            LineForm(
                data,
                prefix=f"line-{at}",
                choices=choices,
                initial=held[at] if at < len(held) else {"quantity": 1},
            )
            for at in range(number)
        ]

    def clean_name(self) -> str:
        name = tidy(self.cleaned_data["name"])
        if not name or not is_one_line(name):
            raise forms.ValidationError(_("Give it a name in one line."))
        return str(name)

    def is_valid(self) -> bool:
        valid = [super().is_valid(), *(line.is_valid() for line in self.lines)]
        if all(valid) and not self.chosen:
            self.add_error(None, _("Choose one product at least."))
            return False
        return all(valid)

    @property
    def chosen(self) -> list[TemplateLine]:
        """The lines that were filled in; the forms must be valid."""
        return [line for form in self.lines if (line := form.line)]
