"""What people may write into the catalogue."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from dashboard.frame.id_field import WixIdField
from dashboard.pages.imports.forms import SheetForm
from resellers.mirror.imports import CATALOG
from resellers.mirror.imports.columns import LONGEST_FEATURES
from resellers.models import CatalogProduct

YES_NO_UNSET = (
    ("", gettext_lazy("Not said")),
    ("true", gettext_lazy("Yes")),
    ("false", gettext_lazy("No")),
)
_WRITTEN = {value: text for text, value in (("", None), ("true", True), ("false", False))}


class ProductForm(SheetForm):
    """A product's row of the catalogue."""

    sheet = CATALOG

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=300,
        error_messages={
            "required": gettext_lazy("Write the product's name, as staff shall read it.")
        },
    )
    service_type = forms.CharField(
        label=gettext_lazy("Type"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Products of one type can become one another."),
        widget=forms.TextInput(attrs={"list": "known-types"}),
    )
    cycles = forms.CharField(
        label=gettext_lazy("Billing cycles"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("As 1 YEAR|1 MONTH. Empty: sold once."),
    )
    tld = forms.CharField(
        label=gettext_lazy("Top-level domain"),
        required=False,
        max_length=63,
        help_text=gettext_lazy("Of a domain product, without the dot."),
    )
    limit = forms.CharField(
        label=gettext_lazy("Limit"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("How many Wix allows the agency. Empty: not known."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    premium = forms.ChoiceField(
        label=gettext_lazy("Premium plan"),
        required=False,
        choices=YES_NO_UNSET,
        help_text=gettext_lazy("Whether it gives a site Premium. Not said: guessed from its type."),
    )
    reference = forms.ChoiceField(
        label=gettext_lazy("Reference service"),
        required=False,
        choices=YES_NO_UNSET,
        help_text=gettext_lazy("Whether something may be free with it. Not said: Wix decides."),
    )
    voucher = forms.CharField(
        label=gettext_lazy("Voucher"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("What comes with it for a time, such as a domain for 1 year."),
    )
    features = forms.CharField(
        label=gettext_lazy("Features"),
        required=False,
        help_text=gettext_lazy("What it brings, as Online payments|10 GB storage."),
        max_length=LONGEST_FEATURES,
    )
    one_per_site = forms.BooleanField(
        label=gettext_lazy("Only one of its type on a site"), required=False
    )
    needs_premium = forms.BooleanField(
        label=gettext_lazy("Needs a Premium plan on the site"), required=False
    )
    adjustable = forms.BooleanField(
        label=gettext_lazy("Can become another product"), required=False
    )

    @classmethod
    def of(cls, product: CatalogProduct) -> "ProductForm":
        """The form as it stands for this product."""
        values = {name: getattr(product, name) for name in cls.base_fields if name != "product_id"}
        values |= {name: "|".join(values[name]) for name in ("cycles", "features")}
        values |= {name: _WRITTEN[values[name]] for name in ("premium", "reference")}
        return cls(initial=values)

    @property
    def values(self) -> dict[str, Any]:
        """The columns as they are kept; the form must be valid."""
        return {name: self.cleaned_data[name] for name in ProductForm.base_fields}

    @property
    def written(self) -> list[forms.BoundField]:
        """The fields to type into."""
        return [field for field in self if not isinstance(field.field, forms.BooleanField)]

    @property
    def ticked(self) -> list[forms.BoundField]:
        return [field for field in self if isinstance(field.field, forms.BooleanField)]


class NewProductForm(ProductForm):
    """A product that the mirror has not met yet."""

    product_id = WixIdField(
        label=gettext_lazy("Product id"),
        help_text=gettext_lazy("Wix's catalogProductId, from the list of Wix B2B."),
        error_messages={
            "required": gettext_lazy("Paste the product's id at Wix."),
            "invalid": gettext_lazy(
                "This is not an id of Wix: 32 letters and digits with four hyphens."
            ),
        },
    )
    field_order = ["product_id"]
