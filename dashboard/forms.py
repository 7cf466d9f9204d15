"""What people may submit: the wish of each kind of operation, and what is decided about its row.

A form checks what was typed. Whether the wish is possible is the plan's to say, and `refuse` puts
the plan's refusals beside the fields they belong to.
"""

import re
from abc import abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urlencode
from uuid import NAMESPACE_URL, UUID, uuid5

from django import forms

from resellers.models import (
    CatalogProduct,
    Operation,
    OperationKind,
    OperationState,
    ProductInstance,
    SyncRun,
)
from resellers.operations.foresight import refusals_by_site
from resellers.operations.kind import Foreseen, Wish
from resellers.operations.kinds import kind_of
from resellers.operations.kinds.adjust import in_words
from resellers.operations.undo import can_be_undone
from resellers.refusals import explain

REPEATABLE = (OperationState.FAILED, OperationState.ROLLED_BACK, OperationState.CANCELED)
NOWHERE = uuid5(NAMESPACE_URL, "nowhere.example")
UNITS = {"DAY": 1, "WEEK": 7, "MONTH": 30, "YEAR": 365}


@dataclass(frozen=True, slots=True)
class Option:
    """Something to choose, and why it cannot be where `refusals` has any."""

    value: str
    label: str
    detail: str
    refusals: tuple[Foreseen, ...]
    is_current: bool
    chosen: bool


class WishForm(forms.Form):
    """What a person wants of one service. One subclass a kind."""

    kind: ClassVar[OperationKind]
    target: ClassVar[str]  # the field that names the target
    doing: ClassVar[str]  # what to say somebody is doing who asked for this

    reason = forms.CharField(
        label="Reason",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Kept with the operation. Optional.",
    )
    retry_of = forms.IntegerField(
        required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput
    )

    undo_of = forms.IntegerField(
        required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, instance: ProductInstance, **kwargs: Any) -> None:
        self.instance = instance
        super().__init__(*args, **kwargs)

    @classmethod
    @abstractmethod
    def prefilled(cls, wish: Wish) -> dict[str, str]:
        """The fields that ask for this wish."""

    @abstractmethod
    def wish(self) -> Wish:
        """The wish as the kind spells it; the form must be valid."""

    @abstractmethod
    def wish_for(self, value: UUID) -> Wish:
        """The wish if this target were chosen."""

    @property
    @abstractmethod
    def present(self) -> UUID:
        """The target the service has already, or one that exists nowhere."""

    @property
    @abstractmethod
    def options(self) -> list[Option]:
        """The targets to choose from."""

    @property
    def obstacles(self) -> list[Foreseen]:
        """What is refused whatever is chosen: it belongs to no field."""
        wish = self.wish_for(self.present)
        foreseen = kind_of(self.kind).foresee(self.instance, wish)
        return [refusal for refusal in foreseen if not refusal.field]

    def clean_retry_of(self) -> Operation | None:
        """The operation that is tried again: an ended one of the same kind and service."""
        number = self.cleaned_data["retry_of"]
        if number is None:
            return None
        past = Operation.objects.filter(
            pk=number, kind=self.kind, instance=self.instance, state__in=REPEATABLE
        ).first()
        if past is None:
            raise forms.ValidationError("Only an ended operation of this service is tried again.")
        return past

    def clean_undo_of(self) -> Operation | None:
        """The operation that is taken back: a succeeded one whose work still stands."""
        number = self.cleaned_data["undo_of"]
        if number is None:
            return None
        past = Operation.objects.filter(pk=number, instance=self.instance).first()
        if past is None or not can_be_undone(past, self.instance):
            raise forms.ValidationError(
                "This can no longer be undone: the service has changed since. Look at it as it is."
            )
        return past

    def refuse(self, refusals: Iterable[Foreseen]) -> None:
        """Put each refusal beside its field, or above the form where it has none."""
        for refusal in refusals:
            field = refusal.field if refusal.field in self.fields else None
            self.add_error(field, f"{refusal.words} {refusal.next_step}")

    @property
    def carried(self) -> list[tuple[str, str]]:
        """The valid form as hidden fields of the next one."""
        values = {name: self.cleaned_data.get(name) for name in self.fields}
        for name in ("retry_of", "undo_of"):
            values[name] = past.pk if (past := values[name]) else None
        return [(name, str(value)) for name, value in values.items() if value not in (None, "")]

    @property
    def as_query(self) -> str:
        """The valid form as an address's query, which fills the form in again."""
        return urlencode(self.carried)

    @property
    def fields_template(self) -> str:
        """The part of the kind's template with its own fields."""
        return f"actions/{self.kind}.html#fields"

    def _option(self, value: UUID, label: str, detail: str, foreseen: Iterable[Foreseen]) -> Option:
        return Option(
            str(value),
            label,
            detail,
            tuple(refusal for refusal in foreseen if refusal.field == self.target),
            value == self.present,
            str(self[self.target].value() or "").strip().lower() == str(value),
        )


class SiteForm(WishForm):
    """A site for a service."""

    target = "target_site"

    target_site = forms.UUIDField(
        label="Target site",
        error_messages={
            "required": "Choose the site the service shall go to.",
            "invalid": "This is not a site's id. Choose one of the sites below.",
        },
    )

    field_order = ["target_site", "reason"]

    @classmethod
    def prefilled(cls, wish: Wish) -> dict[str, str]:
        return {"target_site": wish["site_id"]}

    def wish(self) -> Wish:
        return self.wish_for(self.cleaned_data["target_site"])

    def wish_for(self, value: UUID) -> Wish:
        return {"site_id": str(value)}

    @property
    def present(self) -> UUID:
        return self.instance.site_id or NOWHERE

    @property
    def options(self) -> list[Option]:
        """The account's sites: first those that can take the service."""
        sites = list(self.instance.account.sites.filter(gone_at=None))
        refusals = refusals_by_site(self.instance, sites)
        options = [
            self._option(
                site.pk,
                site.display_name or site.name or f"Site {site.short_id}",
                site.host or "not published",
                refusals[site.pk],
            )
            for site in sites
        ]
        return sorted(options, key=lambda option: bool(option.refusals))


class ReassignForm(SiteForm):
    """Another site than the present one."""

    kind = OperationKind.REASSIGN
    doing = "moving"


class AssignForm(SiteForm):
    """A site for a floating service."""

    kind = OperationKind.ASSIGN
    doing = "assigning"


class UnassignForm(WishForm):
    """No site any more; there is nothing to choose."""

    kind = OperationKind.UNASSIGN
    target = ""
    doing = "unassigning"

    @classmethod
    def prefilled(cls, wish: Wish) -> dict[str, str]:
        return {}

    def wish(self) -> Wish:
        return {}

    def wish_for(self, value: UUID) -> Wish:
        return {}

    @property
    def present(self) -> UUID:
        return NOWHERE

    @property
    def options(self) -> list[Option]:
        return []


class AdjustForm(WishForm):
    """Another product of the same type, another billing cycle, or both."""

    kind = OperationKind.ADJUST
    target = "target_product"
    doing = "adjusting"

    target_product = forms.UUIDField(
        label="Target product",
        error_messages={
            "required": "Choose the product the service shall become.",
            "invalid": "This is not a product's id. Choose one of the products below.",
        },
    )
    cycle = forms.CharField(label="Billing cycle", required=False, max_length=40)

    field_order = ["target_product", "cycle", "reason"]

    @classmethod
    def prefilled(cls, wish: Wish) -> dict[str, str]:
        return {"target_product": wish["product_id"], "cycle": wish["cycle"]}

    def clean_cycle(self) -> str:
        cycle: str = self.cleaned_data["cycle"].upper()
        if cycle and not re.fullmatch(r"[1-9][0-9]{0,3} [A-Z_]{1,30}", cycle):
            raise forms.ValidationError("This is not a billing cycle. Write it as 1 YEAR.")
        return cycle

    def clean(self) -> dict[str, Any]:
        """Settle a cycle left open: the present one if the product has it, or its only one."""
        cleaned = super().clean() or self.cleaned_data
        target: UUID | None = cleaned.get("target_product")
        product = CatalogProduct.objects.filter(pk=target).first() if target else None
        if product and cleaned.get("cycle") == "":
            cleaned["cycle"] = self._usual_cycle(product)
            if product.cycles and not cleaned["cycle"]:
                known = explain("MISSING_BILLING_CYCLE")
                offered = " or ".join(in_words(cycle) for cycle in product.cycles)
                self.add_error("cycle", f"{known.words} {product} has {offered}.")
        return cleaned

    def wish(self) -> Wish:
        cleaned = self.cleaned_data
        return {"product_id": str(cleaned["target_product"]), "cycle": cleaned["cycle"]}

    def wish_for(self, value: UUID) -> Wish:
        """With a cycle that speaks for the product: one that would change something, if it can."""
        product = next((product for product in self.products if product.pk == value), None)
        cycle = ""
        if product and value == self.instance.product_id:
            others = [cycle for cycle in product.cycles if cycle != self.instance.cycle]
            cycle = others[0] if others else self.instance.cycle
        elif product and product.cycles:
            cycle = self._usual_cycle(product) or product.cycles[0]
        return {"product_id": str(value), "cycle": cycle}

    @property
    def present(self) -> UUID:
        return self.instance.product_id

    @property
    def products(self) -> list[CatalogProduct]:
        """Products of the service's type that Wix lets become one another, and its own."""
        if not hasattr(self, "_products"):
            own = self.instance.product
            same = CatalogProduct.objects.filter(service_type=own.service_type, adjustable=True)
            others = same.exclude(pk=own.pk) if own.service_type else same.none()
            self._products = [own, *others]
        return self._products

    @property
    def options(self) -> list[Option]:
        return [
            self._option(
                product.pk,
                str(product),
                ", ".join(in_words(cycle) for cycle in product.cycles) or "once",
                kind_of(self.kind).foresee(self.instance, self.wish_for(product.pk)),
            )
            for product in self.products
        ]

    @property
    def cycles(self) -> list[tuple[str, str, bool]]:
        """Every cycle that one of the products has, with its words and whether it is chosen."""
        found = {cycle for product in self.products for cycle in product.cycles}
        chosen = str(self["cycle"].value() or "").strip().upper()
        return [(cycle, in_words(cycle), cycle == chosen) for cycle in sorted(found, key=_days)]

    def _usual_cycle(self, product: CatalogProduct) -> str:
        if self.instance.cycle in product.cycles:
            return self.instance.cycle
        return str(product.cycles[0]) if len(product.cycles) == 1 else ""


WISH_FORMS: dict[str, type[WishForm]] = {
    form.kind: form for form in (AssignForm, UnassignForm, ReassignForm, AdjustForm)
}


class ConfirmForm(forms.Form):
    """A plan as it was shown, confirmed by one click."""

    plan = forms.RegexField(r"\A[0-9a-f]{64}\Z")
    request_id = forms.UUIDField()


class FinishForm(forms.Form):
    """A person's word on how an operation ended."""

    succeeded = forms.TypedChoiceField(
        label="What is true at Wix",
        choices=[("yes", "The wish is true"), ("no", "The wish is not true")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether the wish is true."},
    )
    note = forms.CharField(
        label="Note",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Write what you found, for whoever reads this later."},
    )


class SyncForm(forms.Form):
    """Which reading of Wix is wanted."""

    kind = forms.ChoiceField(
        label="What to read",
        choices=[
            (SyncRun.Kind.INCREMENTAL, "What changed since the last reading"),
            (SyncRun.Kind.FULL, "Everything"),
        ],
        error_messages={
            "required": "Choose what to read: full or incremental.",
            "invalid_choice": "There is no such reading. Choose full or incremental.",
        },
    )


def _days(cycle: str) -> tuple[int, str]:
    count, _, unit = cycle.partition(" ")
    return int(count) * UNITS.get(unit, 0) if count.isdecimal() else 0, cycle
