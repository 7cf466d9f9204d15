"""An order's lines, and what mirror and catalogue can tell of them before Wix is asked."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from resellers import wix
from resellers.billing_cycles import BillingCycle
from resellers.countries import country_words
from resellers.mirror.learned_refusals import standing
from resellers.models import Account, CatalogProduct, ProductInstance, Site

from .foreseen import (
    NOT_SOLD,
    ONLY_MET,
    Foreseen,
    Past,
    country_refusals,
    foreseen,
    learned_refusals,
    learned_warnings,
    limit_refusals,
    live_on,
    own,
    place_refusals,
)
from .premium import premium_warnings
from .wish import ADDED

NOT_FAILED = "Only a failed service of this account is ordered again."


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
class OrderLine:
    """One product of an order, with the records that its ids mean; None for unknown ones."""

    number: int
    wish: LineWish
    product: CatalogProduct | None
    site: Site | None
    reference: ProductInstance | None
    failed: ProductInstance | None = None  # what it is ordered in place of

    def field(self, name: str) -> str:
        """The name of one of the line's fields in a form of several lines."""
        return f"lines-{self.number}-{name}"

    @property
    def words(self) -> str:
        """The line as people read it."""
        where = f"on {self.site}" if self.site else "floating"
        parts = [str(self.product or self.wish.product_id), self.wish.cycle.words, where]
        parts.append(f"for {country_words(self.wish.country)}")
        if self.reference:
            parts.append(f"free with {self.reference.product}")
        if self.failed:
            parts.append(f"in place of what failed in {self.failed.package}")
        return ", ".join(parts)

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


def lines_of(wishes: Sequence[LineWish]) -> list[OrderLine]:
    """The order's lines, in four queries however many they are."""
    products = CatalogProduct.objects.in_bulk({line.product_id for line in wishes})
    sites = Site.objects.in_bulk({line.site_id for line in wishes if line.site_id})
    known = ProductInstance.objects.select_related("product", "package")
    references = known.in_bulk({line.reference_id for line in wishes if line.reference_id})
    failed = known.in_bulk({line.again_of for line in wishes if line.again_of})
    return [
        OrderLine(
            number,
            line,
            products.get(line.product_id),
            sites.get(line.site_id) if line.site_id else None,
            references.get(line.reference_id) if line.reference_id else None,
            failed.get(line.again_of) if line.again_of else None,
        )
        for number, line in enumerate(wishes)
    ]


def foresee_order(account: Account, lines: Sequence[OrderLine]) -> list[Foreseen]:
    """What Wix would refuse, each beside its line's field."""
    carried = live_on({line.site for line in lines if line.site})
    used = _used_references(lines)
    known = standing_against(lines)
    found: list[Foreseen] = []
    for line in lines:
        refusals = [*_of_product(line, known), *_of_reference(line, account, used)]
        refusals += country_refusals(line.wish.country, field="country")
        refusals += _of_failed(line, account, lines)
        if line.wish.site_id and line.site is None:
            refusals.append(foreseen("SITE_NOT_FOUND", detail="It is not in the mirror."))
        elif line.site and line.product:
            others = carried[line.site.pk]
            refusals += place_refusals(line.product, account.pk, line.site, others)
        found += [replace(r, field=line.field(r.field)) if r.field else r for r in refusals]
    return [*found, *_together(lines), *_limits(lines)]


def warn_of_order(lines: Sequence[OrderLine]) -> list[str]:
    """What may be refused, and what Wix has yet to deliver first."""
    carried = live_on({line.site for line in lines if line.site})
    known = standing_against(lines)
    warnings: list[str] = []
    for line in lines:
        if line.product and line.product.needs_premium and line.site:
            warnings += premium_warnings(line.product, line.site, carried[line.site.pk])
        if line.product:
            warnings += learned_warnings(line.product, line.wish.site_id, known=known)
    return list(dict.fromkeys(warnings))


def standing_against(lines: Sequence[OrderLine]) -> Past:
    """What Wix has refused of the lines' products and nobody has cleared; one query."""
    return standing([line.product for line in lines if line.product])


def used_by(reference_ids: Sequence[UUID]) -> dict[UUID, ProductInstance]:
    """The service that used each of these as its reference, where one did: Wix allows one."""
    users = ProductInstance.objects.filter(reference_instance_id__in=reference_ids)
    return {
        user.reference_instance_id: user
        for user in users.select_related("product", "package")
        if user.reference_instance_id
    }


def cycle_refusals(product: CatalogProduct, cycle: BillingCycle) -> list[Foreseen]:
    """Why a product cannot be had with this billing cycle."""
    cycles = product.billing_cycles
    offered = ", ".join(one.words for one in cycles)
    if cycles and not cycle:
        return [foreseen("MISSING_BILLING_CYCLE", detail=f"It has: {offered}.")]
    if cycle and not cycles:
        return [foreseen("INVALID_BILLING_CYCLE", detail="It is paid once.")]
    if cycle and cycle not in cycles:
        return [foreseen("INCOMPATIBLE_BILLING_CYCLE", detail=f"It has: {offered}.")]
    return []


def _of_product(line: OrderLine, known: Past) -> Iterator[Foreseen]:
    if line.product is None:
        yield foreseen("PRODUCT_NOT_FOUND")
    elif not line.product.is_named:
        yield foreseen("INVALID_PRODUCTS", detail=ONLY_MET)
    else:
        yield from cycle_refusals(line.product, line.wish.cycle)
        yield from learned_refusals(line.product, *NOT_SOLD, known=known)


def _of_reference(
    line: OrderLine, account: Account, used: dict[UUID, ProductInstance]
) -> Iterator[Foreseen]:
    code, reference = "INVALID_REFERENCE_PRODUCT_INSTANCE_ID", line.reference
    if not line.wish.reference_id:
        return
    if reference is None or reference.account_id != account.pk:
        yield foreseen(code, detail="This account has no such service.")
    elif reference.product.reference is False:
        yield foreseen(code, detail=f"By the catalogue, {reference.product} cannot be one.")
    elif not reference.is_referable:
        yield foreseen(code, detail=f"It is {reference.status}.")
    elif user := used.get(reference.pk):
        yield foreseen(code, detail=f"{user.product} in {user.package} has used it.")


def _of_failed(line: OrderLine, account: Account, lines: Sequence[OrderLine]) -> Iterator[Foreseen]:
    """Why a line is no order in place of the service that it names."""
    failed, step = line.failed, "Order it without a link to one."
    if line.wish.again_of is None:
        return
    if failed is None or failed.account_id != account.pk or not failed.is_failed:
        yield own("again_of", "NOT_FAILED", NOT_FAILED, step)
    elif earlier := next((one for one in lines[: line.number] if one.failed == failed), None):
        words = f"Product {earlier.number + 1} is ordered in place of the same service."
        yield own("again_of", "AGAIN_TWICE", words, step)


def _used_references(lines: Sequence[OrderLine]) -> dict[UUID, ProductInstance]:
    return used_by([line.reference.pk for line in lines if line.reference])


def _together(lines: Sequence[OrderLine]) -> Iterator[Foreseen]:
    """What two lines of one order cannot both have."""
    for place, line in enumerate(lines):
        for other in lines[:place]:
            if _cannot_share(line, other):
                detail = f"Line {other.number + 1} has {other.product} for the same site."
                field = line.field("target_site")
                yield foreseen("MULTIPLE_PRODUCT_ASSIGNMENTS", field=field, detail=detail)
            if line.reference and line.reference == other.reference:
                words = f"Line {other.number + 1} uses this reference, and it counts once."
                step = "Choose another reference service, or order without one."
                yield own(line.field("reference"), "REFERENCE_TWICE", words, step)


def _cannot_share(line: OrderLine, other: OrderLine) -> bool:
    one, two = line.product, other.product
    if line.site is None or line.site != other.site or one is None or two is None:
        return False
    alone = one.one_per_site or two.one_per_site
    return one == two or (alone and one.service_type == two.service_type)


def _limits(lines: Sequence[OrderLine]) -> Iterator[Foreseen]:
    numbers = Counter(line.product for line in lines if line.product)
    checked = set()
    for line in lines:
        if line.product and line.product.pk not in checked:
            checked.add(line.product.pk)
            for refusal in limit_refusals(line.product, more=numbers[line.product]):
                yield replace(refusal, field=line.field(refusal.field))
