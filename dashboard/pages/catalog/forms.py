"""What people may write into the catalogue."""

from typing import Any

from django import forms

from dashboard.frame.id_field import WixIdField
from dashboard.pages.imports.forms import SheetForm
from resellers.mirror.imports import CATALOG
from resellers.mirror.imports.columns import LONGEST_FEATURES
from resellers.models import CatalogProduct

YES_NO_UNSET = (("", "Not said"), ("true", "Yes"), ("false", "No"))
_WRITTEN = {value: text for text, value in (("", None), ("true", True), ("false", False))}


class ProductForm(SheetForm):
    """A product's row of the catalogue."""

    sheet = CATALOG

    name = forms.CharField(
        label="Name",
        max_length=300,
        error_messages={"required": "Write the product's name, as staff shall read it."},
    )
    service_type = forms.CharField(
        label="Type",
        required=False,
        max_length=200,
        help_text="Products of one type can become one another.",
        widget=forms.TextInput(attrs={"list": "known-types"}),
    )
    cycles = forms.CharField(
        label="Billing cycles",
        required=False,
        max_length=200,
        help_text="As 1 YEAR|1 MONTH. Empty: sold once.",
    )
    tld = forms.CharField(
        label="Top-level domain",
        required=False,
        max_length=63,
        help_text="Of a domain product, without the dot.",
    )
    limit = forms.CharField(
        label="Limit",
        required=False,
        max_length=20,
        help_text="How many Wix allows the agency. Empty: not known.",
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    premium = forms.ChoiceField(
        label="Premium plan",
        required=False,
        choices=YES_NO_UNSET,
        help_text="Whether it gives a site Premium. Not said: guessed from its type.",
    )
    reference = forms.ChoiceField(
        label="Reference service",
        required=False,
        choices=YES_NO_UNSET,
        help_text="Whether something may be free with it. Not said: Wix decides.",
    )
    voucher = forms.CharField(
        label="Voucher",
        required=False,
        max_length=300,
        help_text="What comes with it for a time, such as a domain for 1 year.",
    )
    features = forms.CharField(
        label="Features",
        required=False,
        help_text="What it brings, as Online payments|10 GB storage.",
        max_length=LONGEST_FEATURES,
    )
    one_per_site = forms.BooleanField(label="Only one of its type on a site", required=False)
    needs_premium = forms.BooleanField(label="Needs a Premium plan on the site", required=False)
    adjustable = forms.BooleanField(label="Can become another product", required=False)

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
        label="Product id",
        help_text="Wix's catalogProductId, from the list of Wix B2B.",
        error_messages={
            "required": "Paste the product's id at Wix.",
            "invalid": "This is not an id of Wix: 32 letters and digits with four hyphens.",
        },
    )
    field_order = ["product_id"]
