"""What stands around the lines of an order: what came before it, what it may be free with."""

from collections.abc import Sequence
from functools import cached_property

from resellers.models import Account, Operation, PackageTemplate, ProductInstance
from resellers.operations.essential_first import EssentialFirst, essential_first
from resellers.operations.namesakes import attach_distinctions
from resellers.operations.order_wish import CreatePackageWish

from .order_again import OrderedBefore
from .order_choices import Choices, LineOption
from .order_line import LineForm
from .order_remarks import order_remarks
from .order_second import first_order, second_of
from .wish_form import WishForm

MOST_TEMPLATES = 12  # of a form; the others are found on their own page


class OrderSurroundings(WishForm[Account, CreatePackageWish]):
    """An order, less the reading and writing of its lines."""

    lines: Sequence[LineForm]
    choices: Choices
    left_over = 0  # how many that failed are too many for this form

    @cached_property
    def unused_reference(self) -> LineOption | None:
        """A service that another may be had free with, and that no line names yet."""
        named = {str(line["reference"].value() or "") for line in self.lines}
        return next((one for one in self.choices.unused if one.value not in named), None)

    @cached_property
    def templates(self) -> list[PackageTemplate]:
        """What it may begin with, while nothing was filled in."""
        is_begun = self.is_bound or any(line["target_product"].value() for line in self.lines)
        return [] if is_begun else list(PackageTemplate.objects.all()[:MOST_TEMPLATES])

    @property
    def template_path(self) -> str:
        """Where the form begins with a template; its number goes behind."""
        return f"{self.path(self.thing)}&template="

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
        second = second_of(self.comes_after) if self.comes_after else None
        again = self.ordered_before.remarks
        return order_remarks(self.lines, second, again, left_over=self.left_over)
