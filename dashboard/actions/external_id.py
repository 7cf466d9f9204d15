"""A package's external id."""

from django import forms

from resellers.models import Package
from resellers.operations.kinds.external_id import ALLOWED, ALLOWED_WORDS, ExternalIdWish

from .wish_form import WishForm


class ExternalIdForm(WishForm[Package, ExternalIdWish]):
    """Another external id for a package."""

    kind = "external_id"
    under = "packages"
    aside_template = "actions/_package.html"
    slug = "external-id"
    url_name = "package_external_id"
    button = "Change"
    is_in_place = True

    external_id = forms.RegexField(
        rf"\A{ALLOWED.pattern}\Z",
        label="External id",
        max_length=100,
        help_text=f"{ALLOWED_WORDS.capitalize()}. Wix keeps none unique; we do.",
        error_messages={
            "required": "Type the new external id. Wix cannot take one away.",
            "invalid": f"Wix takes it in an address: use {ALLOWED_WORDS}.",
        },
    )

    field_order = ["external_id", "reason"]

    @classmethod
    def prefilled(cls, wish: ExternalIdWish) -> dict[str, str]:
        return {"external_id": wish.external_id}

    def wish(self) -> ExternalIdWish:
        return ExternalIdWish(self.cleaned_data["external_id"])
