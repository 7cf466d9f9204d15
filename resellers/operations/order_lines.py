"""An order's lines: one a product that Wix is asked for, many of which a person may ask at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, groupby, islice
from uuid import UUID

from resellers import wix
from resellers.billing_cycles import BillingCycle
from resellers.countries import country_words
from resellers.models import Account, CatalogProduct, ProductInstance, Site

from .namesakes import names_of
from .wish import ADDED

MOST_SERVICES = wix.MOST_PRODUCTS  # of one order
DISCOUNT_MEANS = (
    "A discount code says that a service is sold in a sale. Wix does not promise that it lowers the"
    " price, even when it is valid: ask Wix B2B."
)


@dataclass(frozen=True, slots=True)
class LineWish:
    """One product of an order: on that site, else floating; free with the reference service.

    `again_of` is the failed service that it is ordered in place of.
    """

    product_id: UUID
    site_id: UUID | None
    cycle: BillingCycle
    country: str
    discount_code: str = ""
    reference_id: UUID | None = None
    again_of: UUID | None = field(default=None, metadata=ADDED)


@dataclass(frozen=True, slots=True)
class OrderItem:
    """How many neighbouring lines somebody asked for at once: floating, or one on each site that
    could take it."""

    count: int
    on_each_site: bool


ONE = OrderItem(1, on_each_site=False)

Items = Sequence[tuple[OrderItem, Sequence[LineWish]]]


def items_of(lines: Sequence[LineWish], items: Sequence[OrderItem]) -> Items:
    """The lines of each item; without items, or with others' ones, each line is its own."""
    if sum(item.count for item in items) != len(lines):
        return [(ONE, [line]) for line in lines]
    rest = iter(lines)
    return [(item, list(islice(rest, item.count))) for item in items]


def without_items(items: Items) -> tuple[tuple[LineWish, ...], tuple[OrderItem, ...]]:
    """The lines of all, and the items where they say anything: `items_of` the other way round."""
    sizes = tuple(item for item, _ in items)
    lines = tuple(chain.from_iterable(lines for _, lines in items))
    return lines, () if all(item == ONE for item in sizes) else sizes


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One product of an order, with the records that its ids mean; None for unknown ones.

    `number` is that of the item that it was asked for with, from 0.
    """

    number: int
    wish: LineWish
    product: CatalogProduct | None
    site: Site | None
    reference: ProductInstance | None
    failed: ProductInstance | None = None  # what it is ordered in place of

    def field(self, name: str) -> str:
        """The name of one of its item's fields in a form of several."""
        return f"lines-{self.number}-{name}"

    @property
    def new_product(self) -> wix.NewProduct:
        """The line as Wix takes it."""
        wish = self.wish
        return wix.NewProduct(
            catalog_product_id=str(wish.product_id),
            country_code=wish.country,
            billing=wix.BillingInfo(*wish.cycle.as_billing_info()),
            site_id=str(wish.site_id) if wish.site_id else None,
            discount_code=wish.discount_code or None,
            reference_instance_id=str(wish.reference_id) if wish.reference_id else None,
        )


def lines_of(wishes: Sequence[LineWish], items: Sequence[OrderItem] = ()) -> list[OrderLine]:
    """The order's lines, in four queries however many they are; without items each is its own."""
    return lines_of_each([(wishes, items)])[0]


def lines_of_each(
    orders: Sequence[tuple[Sequence[LineWish], Sequence[OrderItem]]],
) -> list[list[OrderLine]]:
    """The lines of each of these orders, in four queries for all of them."""
    every = [line for wishes, _ in orders for line in wishes]
    products = CatalogProduct.objects.in_bulk({line.product_id for line in every})
    sites = Site.objects.in_bulk({line.site_id for line in every if line.site_id})
    known = ProductInstance.objects.select_related("product", "package", "site")
    references = known.in_bulk({line.reference_id for line in every if line.reference_id})
    failed = known.in_bulk({line.again_of for line in every if line.again_of})

    def of_order(wishes: Sequence[LineWish], items: Sequence[OrderItem]) -> list[OrderLine]:
        return [
            OrderLine(
                number,
                line,
                products.get(line.product_id),
                sites.get(line.site_id) if line.site_id else None,
                references.get(line.reference_id) if line.reference_id else None,
                failed.get(line.again_of) if line.again_of else None,
            )
            for number, (_, lines) in enumerate(items_of(wishes, items))
            for line in lines
        ]

    return [of_order(*order) for order in orders]


def items_in_words(lines: Sequence[OrderLine]) -> list[str]:
    """The order as people read it, item by item."""
    names = names_of([line.failed for line in lines if line.failed])
    return [_words(list(item), names) for _, item in groupby(lines, key=lambda line: line.number)]


def _words(lines: Sequence[OrderLine], names: Mapping[UUID, str]) -> str:
    first = lines[0]
    sites = [line.site for line in lines if line.site]
    where = "floating"
    if sites:
        where = f"on {sites[0]}" if len(lines) == 1 else f"one on each of {listed(sites)}"
    product = str(first.product or first.wish.product_id)
    parts = [f"{len(lines):,} of {product}" if len(lines) > 1 else product]
    parts += [first.wish.cycle.words, where, f"for {country_words(first.wish.country)}"]
    if first.wish.discount_code:
        parts.append(f"with discount code {first.wish.discount_code}")
    if first.reference:
        where = f" on {first.reference.site}" if first.reference.site else ""
        parts.append(f"free with {first.reference.product}{where}")
    if first.failed:
        name, package = names[first.failed.pk], first.failed.package
        parts.append(f"in place of {name} that failed in {package}")
    return ", ".join(parts)


def listed(things: Sequence[object]) -> str:
    """`a, b and c`."""
    *others, last = map(str, things)
    return f"{', '.join(others)} and {last}" if others else last


def failed_of(account: Account, lines: Sequence[OrderLine]) -> list[ProductInstance]:
    """The failed services of that account that these lines are in place of."""
    named = {line.failed.pk: line.failed for line in lines if line.failed}
    own = (one for one in named.values() if one.account_id == account.pk and one.is_failed)
    return sorted(own, key=lambda one: one.pk)
