"""A new package: for one account, one line a product."""

from typing import Any, ClassVar, Self

from django import forms
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellers.models import Account
from resellers.operations.kinds.external_id import LONGEST
from resellers.operations.order_again import new_external_id
from resellers.operations.order_lines import MOST_SERVICES
from resellers.operations.order_wish import CreatePackageWish
from resellers.wix_ids import as_wix_id

from .external_id import ExternalIdField
from .order_choices import Choices
from .order_line import MOST_LINES, LineForm
from .order_line_options import EACH
from .order_second import THEN, UNREADABLE, divided, first_order
from .order_surroundings import OrderSurroundings
from .wish_form import refusal_sentence

INHERITED = ("target_site", "country", "cycle")  # by a line from the one before


class NewPackageForm(OrderSurroundings):
    """An order; `lines` are the forms of its products, one or more."""

    kind = "create_package"
    aside_template = "actions/_account.html"
    changes_words = gettext_lazy("What is ordered")
    leave_words = gettext_lazy("Order nothing")
    makes_new = True
    is_long = True
    redraws: ClassVar[tuple[str, ...]] = (
        "add_line",
        "remove_line",
        "plan_first",
        "leave_out",
        "redraw",
    )
    besides_template = "actions/create_package.html#besides"
    url_name = "package_new"
    button = gettext_lazy("New package")
    icon = "plus"
    tone = "primary"
    look_at: int | None = None  # the line that somebody goes on with after a redraw

    external_id = ExternalIdField(
        label=gettext_lazy("External id"),
        required=False,
        help_text=format_lazy(
            gettext_lazy(
                "Your own reference, {longest} characters at most. Left empty, one is made."
            ),
            longest=LONGEST,
        ),
    )
    one_more = forms.IntegerField(
        label=gettext_lazy("Order one more"),
        required=False,
        min_value=1,
        max_value=2**63 - 1,
        help_text=gettext_lazy(
            "Beside what was ordered already: only where the customer shall have both."
        ),
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
                _(
                    "This form takes %(most)s products, and this order has %(number)s. Order more"
                    " of one product by its quantity, %(services)s services in all, or the others"
                    " as a package of their own."
                )
                % {"most": MOST_LINES, "number": number, "services": f"{MOST_SERVICES:,}"}
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
        if number > MOST_SERVICES:
            words = _(
                "An order has %(most)s services at most, and this one has %(number)s. Order the"
                " rest as a package of its own."
            ) % {"most": f"{MOST_SERVICES:,}", "number": f"{number:,}"}
            self.lines[-1].add_error("quantity", words)
        if second > MOST_SERVICES:
            words = _(
                "An order has %(most)s services at most, and %(number)s are to be ordered second:"
                " leave them out."
            ) % {"most": f"{MOST_SERVICES:,}", "number": f"{second:,}"}
            self.add_error(None, words)
        return max(number, second) <= MOST_SERVICES

    def clean_after(self) -> int | None:
        """The number of the order that this one comes second to."""
        number: int | None = self.cleaned_data["after"]
        if number and first_order(self.thing, str(number)) is None:
            raise forms.ValidationError(_("This comes second to no order of this customer."))
        return number

    def clean_external_id(self) -> str:
        """The external id; a new one, which nobody has, where none was typed."""
        typed: str = self.cleaned_data["external_id"]
        return typed or new_external_id()

    def refuse(self, refusals: Any) -> None:
        mine = []
        for refusal in refusals:
            line, name = self.line_of(refusal.field)
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
        if more:
            initial |= self._inherited(len(numbers), initial, data["add_line"])
        form = self._unchecked(initial)
        if more or removed:
            form.look_at = len(numbers) if more else min(self._number(removed), len(numbers) - 1)
        return form

    def _inherited(self, number: int, initial: dict[str, str], free_with: str) -> dict[str, str]:
        """What a new line has of the one before: site, country and cycle. One that is free with a
        service goes where that service is."""
        before, new = f"lines-{number - 1}", f"lines-{number}"
        held = {name: initial.get(f"{before}-{name}", "") for name in INHERITED}
        if held["target_site"] == EACH:
            held["target_site"] = ""
        if as_wix_id(free_with):
            held["reference"] = free_with
            reference = self.thing.instances.filter(pk=free_with).first()
            held["target_site"] = str(reference.site_id or "") if reference else ""
        return {f"{new}-{name}": text for name, text in held.items()}

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

    def line_of(self, field: str) -> tuple[LineForm | None, str]:
        """The line that has the field of that name, and what it is called there."""
        for line in self.lines:
            name = field.removeprefix(f"{line.prefix}-")
            if name != field and name in line.fields:
                return line, name
        return None, ""
