"""A package's external id."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from resellers.folding import is_visible
from resellers.models import Package
from resellers.operations.kinds.external_id import LONGEST, ExternalIdWish, form_refusals

from .wish_form import WishForm


class ExternalIdField(forms.CharField):
    """Whatever text Wix takes for an external id; what nobody can see is nothing."""

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value) or ""
        return typed if is_visible(typed) else ""

    def validate(self, value: str) -> None:
        super().validate(value)
        for refusal in form_refusals(value) if value else ():
            raise ValidationError(f"{refusal.words} {refusal.next_step}")


class ExternalIdForm(WishForm[Package, ExternalIdWish]):
    """Another external id for a package."""

    kind = "external_id"
    under = "packages"
    aside_template = "actions/_package.html"
    slug = "external-id"
    url_name = "package_external_id"
    button = gettext_lazy("Change")
    is_in_place = True

    external_id = ExternalIdField(
        label=gettext_lazy("External id"),
        strip=False,
        help_text=format_lazy(
            gettext_lazy("Any text of {longest} characters at most. Wix keeps none unique; we do."),
            longest=LONGEST,
        ),
        error_messages={
            "required": gettext_lazy("Type the new external id. Wix cannot take one away.")
        },
    )

    field_order = ["external_id", "reason"]

    @classmethod
    def prefilled(cls, wish: ExternalIdWish) -> dict[str, str]:
        return {"external_id": wish.external_id}

    def clean_external_id(self) -> str:
        """What was typed, without blanks around; an old one is put back to the letter."""
        typed: str = self.cleaned_data["external_id"]
        return typed if self["undo_of"].value() else typed.strip()

    def wish(self) -> ExternalIdWish:
        return ExternalIdWish(self.cleaned_data["external_id"])
