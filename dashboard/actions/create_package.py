"""A new package: for one account, one line a product."""

import secrets
from typing import Any, Self
from uuid import UUID

from django import forms
from django.urls import reverse
from django.utils import timezone

from dashboard.frame.id_field import WixIdField
from resellers.models import Account, ProductInstance
from resellers.operations.foreseen import Foreseen
from resellers.operations.kinds.create_package import CreatePackageWish
from resellers.operations.kinds.external_id import ALLOWED, ALLOWED_WORDS
from resellers.operations.order_lines import LineWish
from resellers.wix_ids import as_wix_id

from .order_choices import Choices
from .order_line import LineForm
from .wish_form import WishForm, refusal_sentence

MOST_LINES = 50


class NewPackageForm(WishForm[Account, CreatePackageWish]):
    """An order; `lines` are the forms of its products, one or more."""

    kind = "create_package"
    aside_template = "actions/_account.html"
    changes_words = "What is ordered"
    leave_words = "Order nothing"
    makes_new = True
    is_long = True
    redraws = ("add_line", "remove_line", "redraw")
    url_name = "package_new"
    button = "New package"
    tone = "primary"
    look_at: int | None = None  # the line that somebody goes on with after a redraw

    external_id = forms.RegexField(
        rf"\A{ALLOWED.pattern}\Z",
        label="External id",
        required=False,
        max_length=100,
        help_text=f"Your own reference, {ALLOWED_WORDS}. Left empty, one is made.",
        error_messages={"invalid": f"Use {ALLOWED_WORDS}."},
    )
    again_of = WixIdField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, thing: Account, **kwargs: Any) -> None:
        super().__init__(*args, thing=thing, **kwargs)
        self.choices = Choices(thing, self.data if self.is_bound else self.initial)
        self.lines = [self._line(number) for number in range(self._count())]

    @classmethod
    def path(cls, thing: Account) -> str:
        return reverse(cls.url_name, query={"account": str(thing.pk)})

    @classmethod
    def prefilled(cls, wish: CreatePackageWish) -> dict[str, str]:
        """The fields that order the same anew: under an external id of its own."""
        told = {"lines": str(len(wish.lines)), "again_of": str(wish.again_of or "")}
        for number, line in enumerate(wish.lines):
            for name, text in LineForm.prefilled(line).items():
                told[f"lines-{number}-{name}"] = text
        return {name: text for name, text in told.items() if text}

    def wish(self) -> CreatePackageWish:
        told = self.cleaned_data
        lines = tuple(line.line for line in self.lines)
        return CreatePackageWish(told["external_id"], lines, told["again_of"])

    def clean_again_of(self) -> UUID | None:
        """The failed service of this account that the order is for once more."""
        id_: UUID | None = self.cleaned_data["again_of"]
        if id_ and self.ordered_again is None:
            raise forms.ValidationError(
                "Only a failed service of this account is ordered again. Show the plan again to"
                " order without a link to it."
            )
        return id_

    def clean(self) -> dict[str, Any]:
        """Refuse more lines than one order may have, whatever they hold."""
        cleaned = super().clean() or self.cleaned_data
        number = self._number(str(self.data.get("lines", "")))
        if number > MOST_LINES:
            raise forms.ValidationError(
                f"A package has {MOST_LINES} products at most, and this order has {number}. Remove"
                " some, or order them as a package of their own."
            )
        return cleaned

    def is_valid(self) -> bool:
        valid = [super().is_valid(), *(line.is_valid() for line in self.lines)]
        return all(valid)

    def clean_external_id(self) -> str:
        """The external id; a new one, which nobody has, where none was typed."""
        typed: str = self.cleaned_data["external_id"]
        return typed or f"ord-{timezone.now():%Y%m%d}-{secrets.token_hex(4)}"

    def refuse(self, refusals: Any) -> None:
        mine = []
        for refusal in refusals:
            line, name = self._line_of(refusal)
            if line is None:
                mine.append(refusal)
            else:
                line.add_error(name, refusal_sentence(refusal))
        super().refuse(mine)

    @property
    def hidden_values(self) -> list[tuple[str, str]]:
        told = [*super().hidden_values, ("lines", str(len(self.lines)))]
        for line in self.lines:
            values = {name: line.cleaned_data.get(name) for name in line.fields}
            told += [(f"{line.prefix}-{n}", str(v)) for n, v in values.items() if v]
        return told

    def redrawn(self) -> Self:
        """The form with what was typed and nothing checked, a line more or less if one was asked
        for by `add_line` or `remove_line`."""
        told = {name: str(text) for name, text in self.data.items()}
        removed = str(told.pop("remove_line", ""))
        kept = [n for n in range(len(self.lines)) if str(n) != removed]
        kept = kept or [0]
        initial = {name: text for name, text in told.items() if not name.startswith("lines")}
        for place, number in enumerate(kept):
            for name in LineForm.base_fields:
                initial[f"lines-{place}-{name}"] = told.get(f"lines-{number}-{name}", "")
        more = 1 if "add_line" in told and len(kept) < MOST_LINES else 0
        initial["lines"] = str(len(kept) + more)
        form = self._unchecked(initial)
        if more or removed:
            form.look_at = len(kept) if more else min(self._number(removed), len(kept) - 1)
        return form

    @property
    def ordered_again(self) -> ProductInstance | None:
        """The failed service of this account that the order is for once more."""
        id_ = as_wix_id(str(self["again_of"].value() or ""))
        if id_ is None:
            return None
        failed = self.thing.instances.failed().filter(pk=id_)
        found: ProductInstance | None = failed.select_related("product").first()
        return found

    @property
    def remarks(self) -> list[str]:
        """That what failed was free, where its product is paid for this time."""
        failed = self.ordered_again
        if failed is None or failed.reference_instance_id is None:
            return []
        paid_for = {str(line["target_product"].value()) for line in self.lines if line.is_paid_for}
        if str(failed.product_id) not in paid_for:
            return []
        services = ProductInstance.objects.select_related("product", "site")
        reference = services.filter(pk=failed.reference_instance_id).first()
        with_what = str(reference.product) if reference else "a service that is not known here"
        if reference and reference.site:
            with_what += f" on {reference.site}"
        return [f"{failed.product} was free with {with_what}; this one is paid."]

    @property
    def may_add(self) -> bool:
        return len(self.lines) < MOST_LINES

    def _count(self) -> int:
        """How many lines were told; above the most, no more than were really sent."""
        source = self.data if self.is_bound else self.initial
        number = max(self._number(str(source.get("lines", "1")), 1), 1)
        if number <= MOST_LINES:
            return number
        sent = {name.split("-")[1] for name in source if name.startswith("lines-")}
        return min(number, max(len(sent), 1))

    @staticmethod
    def _number(text: str, otherwise: int = 0) -> int:
        return int(text[:4]) if text.isdecimal() and text.isascii() else otherwise

    def _line(self, number: int) -> LineForm:
        if self.is_bound:
            return LineForm(self.data, choices=self.choices, number=number)
        told = {
            name: self.initial.get(f"lines-{number}-{name}", "") for name in LineForm.base_fields
        }
        told["country"] = told["country"] or self.choices.country
        return LineForm(initial=told, choices=self.choices, number=number)

    def _line_of(self, refusal: Foreseen) -> tuple[LineForm | None, str]:
        for line in self.lines:
            name = refusal.field.removeprefix(f"{line.prefix}-")
            if name != refusal.field and name in line.fields:
                return line, name
        return None, ""


def order_again_initial(failed: ProductInstance) -> dict[str, str]:
    """The fields that order a failed service anew: the same product, site and cycle."""
    line = LineWish(
        product_id=failed.product_id,
        site_id=_last_site(failed),
        cycle=failed.cycle,
        country=failed.country_code,
        discount_code=failed.discount_code,
    )
    return NewPackageForm.prefilled(CreatePackageWish("", (line,), failed.pk))


def _last_site(failed: ProductInstance) -> UUID | None:
    """The site it stood on or was meant for: Wix shows a failed service without one."""
    if failed.site_id:
        return failed.site_id
    moves = failed.changes.filter(field="site").exclude(old="")
    last = as_wix_id(moves.order_by("-at").values_list("old", flat=True).first() or "")
    site = failed.account.sites.usable().filter(pk=last).first() if last else None
    return site.pk if site else None
