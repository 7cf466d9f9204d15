"""What an order is for, as rows store it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from resellers.models import Account

from .order_lines import Items, LineWish, OrderItem, items_of, without_items
from .wish import ADDED, JsonObject, UnreadableWish, Wish


@dataclass(frozen=True)
class CreatePackageWish(Wish[Account]):
    """A package of these products, some of them maybe in place of services that failed.

    Where such a one was ordered again already, `one_more_than` is the last operation of which who
    wants one more knew. `then` is what waits to be ordered second, once Wix has delivered this;
    `after` is the operation of the order that it came second to. `items` say which lines were asked
    for at once; none where each was by itself. They are for people alone: the lines are all that is
    ordered.
    """

    external_id: str
    lines: tuple[LineWish, ...]
    one_more_than: int | None = field(default=None, metadata=ADDED)
    then: tuple[LineWish, ...] = field(default=(), metadata=ADDED)
    after: int | None = field(default=None, metadata=ADDED)
    items: tuple[OrderItem, ...] = field(default=(), metadata=ADDED)
    then_items: tuple[OrderItem, ...] = field(default=(), metadata=ADDED)

    @classmethod
    def of_items(
        cls, external_id: str, items: Items, *, then: Items = (), **more: Any
    ) -> "CreatePackageWish":
        """The order of these items."""
        lines, sizes = without_items(items)
        then_lines, then_sizes = without_items(then)
        more |= {"items": sizes, "then_items": then_sizes}
        return cls(external_id, lines, then=then_lines, **more)

    def by_item(self) -> Items:
        """What is ordered, item by item."""
        return items_of(self.lines, self.items)

    def then_by_item(self) -> Items:
        """What waits to be ordered second, item by item."""
        return items_of(self.then, self.then_items)

    def as_json(self) -> JsonObject:
        """The wish as rows store it.

        What the first line is in place of stands where it stood when no other line could be.
        """
        values: dict[str, Any] = super().as_json()
        again_of = values["lines"][0].pop("again_of", "") if self.lines else ""
        return values | {"again_of": again_of}

    @classmethod
    def from_json(cls, stored: Mapping[str, object]) -> "CreatePackageWish":
        wish = super().from_json(stored)
        again_of = stored.get("again_of")
        if not again_of or not wish.lines:
            return wish
        try:
            first = replace(wish.lines[0], again_of=UUID(str(again_of)))
        except ValueError as error:
            raise UnreadableWish(f"no {cls.__name__}: {error}") from error
        return replace(wish, lines=(first, *wish.lines[1:]))

    @property
    def again_of(self) -> Sequence[UUID]:
        """The failed services that its lines are in place of."""
        return [line.again_of for line in self.lines if line.again_of]
