"""A new package: for one account, one line a product."""

import secrets
from functools import cached_property
from typing import Any, Self

from django import forms
from django.urls import reverse
from django.utils import timezone

from dashboard.components.products import voucher_words
from resellers.durations import ago
from resellers.models import Account, Operation, ProductInstance
from resellers.operations.essential_first import EssentialFirst, essential_first
from resellers.operations.foreseen import Foreseen
from resellers.operations.kinds.external_id import LONGEST
from resellers.operations.namesakes import attach_distinctions
from resellers.operations.order_lines import MOST_SERVICES
from resellers.operations.order_wish import CreatePackageWish
from resellers.operations.reorders import how_it_went, order_name

from .external_id import ExternalIdField
from .order_again import OrderedBefore, line_again_of
from .order_choices import Choices
from .order_line import LineForm
from .order_second import THEN, UNREADABLE, divided, first_order, second_of, wish_of_second
from .wish_form import WishForm, refusal_sentence

MOST_LINES = 50  # of a form: each has a list of countries, products, sites and references


class NewPackageForm(WishForm[Account, CreatePackageWish]):
    """An order; `lines` are the forms of its products, one or more."""

    kind = "create_package"
    aside_template = "actions/_account.html"
    changes_words = "What is ordered"
    leave_words = "Order nothing"
    makes_new = True
    is_long = True
    redraws = ("add_line", "remove_line", "plan_first", "leave_out", "redraw")
    besides_template = "actions/create_package.html#besides"
    url_name = "package_new"
    button = "New package"
    tone = "primary"
    look_at: int | None = None  # the line that somebody goes on with after a redraw
    left_over = 0  # how many that failed are too many for this form

    external_id = ExternalIdField(
        label="External id",
        required=False,
        help_text=f"Your own reference, {LONGEST} characters at most. Left empty, one is made.",
    )
    one_more = forms.IntegerField(
        label="Order one more",
        required=False,
        min_value=1,
        max_value=2**63 - 1,
        help_text="Beside what was ordered already: only where the customer shall have both.",
    )

    after = forms.IntegerField(
        required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, thing: Account, **kwargs: Any) -> None:
        super().__init__(*args, thing=thing, **kwargs)
        # Named for the whole order, it is what the first line is in place of.
        if (named := self.data.get("again_of")) and "lines-0-again_of" not in self.data:
            self.data = dict(self.data.items()) | {"lines-0-again_of": named}
        self.choices = Choices(thing, self.data if self.is_bound else self.initial)
        self.lines = [self._line(number) for number in range(self._count())]
        self.then = [self._line(number, THEN) for number in range(self._count(THEN, least=0))]

    @classmethod
    def path(cls, thing: Account) -> str:
        return reverse(cls.url_name, query={"account": str(thing.pk)})

    @classmethod
    def prefilled(cls, wish: CreatePackageWish) -> dict[str, str]:
        """The fields that order the same anew: under an external id of its own."""
        initial = {"after": str(wish.after or "")}
        for place, items in (("lines", wish.by_item()), (THEN, wish.then_by_item())):
            initial[place] = str(len(items) or "")
            for number, (item, lines) in enumerate(items):
                for name, text in LineForm.prefilled(item, lines[0]).items():
                    initial[f"{place}-{number}-{name}"] = text
        return {name: text for name, text in initial.items() if text}

    def wish(self) -> CreatePackageWish:
        data = self.cleaned_data
        items, then = ([line.item for line in lines] for lines in (self.lines, self.then))
        return CreatePackageWish.of_items(
            data["external_id"],
            items,
            then=then,
            one_more_than=data["one_more"],
            after=data["after"],
        )

    def clean(self) -> dict[str, Any]:
        """Refuse more lines than this form takes, whatever they hold."""
        cleaned = super().clean() or self.cleaned_data
        number = self._number(str(self.data.get("lines", "")))
        if number > MOST_LINES:
            raise forms.ValidationError(
                f"This form takes {MOST_LINES} products, and this order has {number}. Order more"
                f" of one product by its quantity, {MOST_SERVICES:,} services in all, or the others"
                " as a package of their own."
            )
        return cleaned

    def is_valid(self) -> bool:
        then = [line.is_valid() for line in self.then]
        valid = [super().is_valid(), *(line.is_valid() for line in self.lines), *then]
        if not all(then):
            self.add_error(None, UNREADABLE)
        return all(valid) and self._is_of_possible_size()

    def _is_of_possible_size(self) -> bool:
        """Whether Wix takes so many services in one request; else said at the last quantity."""
        number, second = (
            sum(line.item[0].count for line in lines) for lines in (self.lines, self.then)
        )
        most = f"An order has {MOST_SERVICES:,} services at most"
        if number > MOST_SERVICES:
            words = f"{most}, and this one has {number:,}. Order the rest as a package of its own."
            self.lines[-1].add_error("quantity", words)
        if second > MOST_SERVICES:
            self.add_error(
                None, f"{most}, and {second:,} are to be ordered second: leave them out."
            )
        return max(number, second) <= MOST_SERVICES

    def clean_after(self) -> int | None:
        """The number of the order that this one comes second to."""
        number: int | None = self.cleaned_data["after"]
        if number and first_order(self.thing, str(number)) is None:
            raise forms.ValidationError("This comes second to no order of this customer.")
        return number

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
                line.add_error(name, refusal_sentence(refusal, self.thing))
        super().refuse(mine)

    @property
    def hidden_values(self) -> list[tuple[str, str]]:
        fields = [*super().hidden_values, ("lines", str(len(self.lines)))]
        fields += [(THEN, str(len(self.then)))] if self.then else []
        for line in [*self.lines, *self.then]:
            values = {name: line.cleaned_data.get(name) for name in line.fields}
            fields += [(f"{line.prefix}-{n}", str(v)) for n, v in values.items() if v]
        return fields

    def redrawn(self) -> Self:
        """The form with what was typed and nothing checked, a line more or less if one was asked
        for by `add_line` or `remove_line`; what needs a plan first, by `plan_first`, goes second.

        What cannot be read cannot be kept for later: then it is the form with what is wrong.
        """
        data = {name: str(text) for name, text in self.data.items()}
        if "leave_out" in data:
            data = {name: text for name, text in data.items() if not name.startswith(THEN)}
        if "plan_first" in data and self.essential_first:
            later = self.essential_first.later
            if not all(self.lines[number].is_valid() for number in later):
                return self
            return self._unchecked(divided(data, self.lines, self.then, set(later)))
        removed = str(data.pop("remove_line", ""))
        numbers = [n for n in range(len(self.lines)) if str(n) != removed]
        numbers = numbers or [0]
        initial = {name: text for name, text in data.items() if not name.startswith("lines")}
        for place, number in enumerate(numbers):
            for name in LineForm.base_fields:
                initial[f"lines-{place}-{name}"] = data.get(f"lines-{number}-{name}", "")
        more = 1 if "add_line" in data and len(numbers) < MOST_LINES else 0
        initial["lines"] = str(len(numbers) + more)
        form = self._unchecked(initial)
        if more or removed:
            form.look_at = len(numbers) if more else min(self._number(removed), len(numbers) - 1)
        return form

    @cached_property
    def essential_first(self) -> EssentialFirst | None:
        """Whether some of it needs a Premium plan that the customer has to be sold first."""
        return essential_first(self.thing, [(line.product, line.site) for line in self.lines])

    @cached_property
    def comes_after(self) -> Operation | None:
        """The order that this one comes second to."""
        return first_order(self.thing, str(self["after"].value() or ""))

    @cached_property
    def failed(self) -> list[ProductInstance]:
        """The failed services of this account that lines are in place of."""
        failed = [line.failed for line in self.lines if line.failed]
        attach_distinctions(failed)
        return failed

    @cached_property
    def ordered_before(self) -> OrderedBefore:
        """What was ordered already for the same."""
        number = str(self["retry_of"].value() or "")
        past = None
        if number.isascii() and number.isdecimal() and len(number) < 19:
            past = Operation.objects.filter(pk=int(number), kind=self.kind).first()
        return OrderedBefore(self.failed, past)

    @property
    def wants_one_more(self) -> bool:
        """Whether who asks has ticked so, knowing of the newest order there is."""
        newest = self.ordered_before.newest
        return newest is not None and str(self["one_more"].value() or "") == str(newest)

    @property
    def remarks(self) -> list[str]:
        """What was ordered before, what was free then and is paid for this time, and vouchers."""
        second = second_of(self.comes_after) if self.comes_after else None
        remarks = [_asked_before(second.made)] if second and second.made else []
        remarks += [*self.ordered_before.remarks, *filter(None, map(_paid_this_time, self.lines))]
        remarks += filter(None, map(_voucher, self.lines))
        if self.left_over > 0:
            remarks.append(
                f"This form takes {MOST_LINES} products: {self.left_over} more that failed in this"
                " package are left. Come back for them once these are ordered."
            )
        return remarks

    @property
    def most_services(self) -> int:
        return MOST_SERVICES

    @property
    def may_add(self) -> bool:
        return len(self.lines) < MOST_LINES

    def _count(self, place: str = "lines", *, least: int = 1) -> int:
        """How many lines are asked for; above the most, no more than were really sent."""
        source = self.data if self.is_bound else self.initial
        number = max(self._number(str(source.get(place, least)), least), least)
        if number <= MOST_LINES:
            return number
        sent = {name.split("-")[1] for name in source if name.startswith(f"{place}-")}
        return min(number, max(len(sent), least))

    @staticmethod
    def _number(text: str, otherwise: int = 0) -> int:
        return int(text[:4]) if text.isdecimal() and text.isascii() else otherwise

    def _line(self, number: int, place: str = "lines") -> LineForm:
        about: dict[str, Any] = {"choices": self.choices, "number": number, "place": place}
        if self.is_bound:
            return LineForm(self.data, **about)
        initial = {
            name: self.initial.get(f"{place}-{number}-{name}", "") for name in LineForm.base_fields
        }
        initial["country"] = initial["country"] or self.choices.country
        return LineForm(initial=initial, **about)

    def _line_of(self, refusal: Foreseen) -> tuple[LineForm | None, str]:
        for line in self.lines:
            name = refusal.field.removeprefix(f"{line.prefix}-")
            if name != refusal.field and name in line.fields:
                return line, name
        return None, ""


def _asked_before(order: Operation) -> str:
    """That what was to be ordered second was asked for already."""
    asked, how = ago(order.requested_at), how_it_went(order)
    return f"This was asked for already as {order_name(order)}, {asked}, {how}."


def _voucher(line: LineForm) -> str:
    """The voucher that comes with what is ordered, and where it can be claimed; else nothing."""
    if line.product is None:
        return ""
    return voucher_words(line.product, str(line["country"].value() or "").upper())


def _paid_this_time(line: LineForm) -> str:
    """That what failed was free, where what is ordered in its place is paid for; else nothing."""
    failed = line.failed
    if failed is None or failed.reference_instance_id is None or not line.is_paid_for:
        return ""
    if str(failed.product_id) != str(line["target_product"].value()):
        return ""
    services = ProductInstance.objects.select_related("product", "site")
    reference = services.filter(pk=failed.reference_instance_id).first()
    with_what = str(reference.product) if reference else "a service that is not known here"
    if reference and reference.site:
        with_what += f" on {reference.site}"
    return f"{failed.product} was free with {with_what}; this one is paid."


def order_again_initial(*failed: ProductInstance) -> dict[str, str]:
    """The fields that order failed services anew, each as it was meant."""
    return NewPackageForm.prefilled(CreatePackageWish("", tuple(map(line_again_of, failed))))


def second_order_initial(first: Operation) -> dict[str, str]:
    """The fields that ask for what waits to be ordered after that order, free with its plan."""
    second = second_of(first)
    return NewPackageForm.prefilled(wish_of_second(first, second)) if second else {}
