"""What mirror and catalogue can tell of an order before Wix is asked."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self
from uuid import UUID

from django.utils.translation import gettext as _

from resellers.billing_cycles import BillingCycle
from resellers.mirror.learned_refusals import standing
from resellers.models import Account, CatalogProduct, ProductInstance, Site

from .foreseen import (
    NOT_SOLD,
    ONLY_MET,
    Foreseen,
    Past,
    country_refusals,
    foreseen,
    in_use,
    learned_refusals,
    learned_warnings,
    limit_refusals,
    live_on,
    own,
    place_refusals,
)
from .order_lines import DISCOUNT_MEANS, OrderLine
from .premium import premium_warnings
from .references import used_by

NOT_FAILED = "Only a failed service of this customer is ordered again."


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the lines of some orders meet: the services on their sites, the references that are
    used, what Wix has refused of their products, and how many of these are in use."""

    carried: Mapping[UUID, Sequence[ProductInstance]]
    used: Mapping[UUID, ProductInstance]
    known: Past
    in_use: Mapping[UUID, int]

    @classmethod
    def of(cls, lines: Sequence[OrderLine]) -> Self:
        """Read for all these lines, of however many orders, in four queries."""
        return cls(
            live_on({line.site for line in lines if line.site}),
            used_by([line.reference.pk for line in lines if line.reference]),
            standing_against(lines),
            in_use([line.product for line in lines if line.product]),
        )


def foresee_order(
    account: Account, lines: Sequence[OrderLine], around: Surroundings
) -> list[Foreseen]:
    """What Wix would refuse, each once beside its item's field; no query."""
    found: list[Foreseen] = []
    for line in lines:
        refusals = [*_of_product(line, around.known)]
        refusals += _of_reference(line, account, around.used)
        refusals += country_refusals(line.wish.country, field="country")
        refusals += _of_failed(line, account, lines)
        if line.wish.site_id and line.site is None:
            refusals.append(foreseen("SITE_NOT_FOUND", detail=_("It was never seen at Wix.")))
        elif line.site and line.product:
            others = around.carried.get(line.site.pk, ())
            refusals += place_refusals(line.product, account.pk, line.site, others)
        found += [replace(r, field=line.field(r.field)) if r.field else r for r in refusals]
    return list(dict.fromkeys([*found, *_together(lines), *_limits(lines, around.in_use)]))


def able_sites(account: Account, product: CatalogProduct) -> list[Site]:
    """The account's sites that could take the product today, by their names; two queries."""
    sites = list(account.sites.usable().order_by("sort_name", "id"))
    carried = live_on(sites)
    return [
        site
        for site in sites
        if not place_refusals(product, account.pk, site, carried[site.pk])
        and not (product.needs_premium and premium_warnings(product, site, carried[site.pk]))
    ]


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
    if any(line.wish.discount_code for line in lines):
        warnings.append(DISCOUNT_MEANS)
    return list(dict.fromkeys(warnings))


def standing_against(lines: Sequence[OrderLine]) -> Past:
    """What Wix has refused of the lines' products and nobody has cleared; one query."""
    return standing([line.product for line in lines if line.product])


def cycle_refusals(product: CatalogProduct, cycle: BillingCycle) -> list[Foreseen]:
    """Why a product cannot be had with this billing cycle."""
    cycles = product.billing_cycles
    offered = ", ".join(one.words for one in cycles)
    if cycles and not cycle:
        return [
            foreseen(
                "MISSING_BILLING_CYCLE", detail=_("It has: %(offered)s.") % {"offered": offered}
            )
        ]
    if cycle and not cycles:
        return [foreseen("INVALID_BILLING_CYCLE", detail=_("It is paid once."))]
    if cycle and cycle not in cycles:
        return [
            foreseen(
                "INCOMPATIBLE_BILLING_CYCLE",
                detail=_("It has: %(offered)s.") % {"offered": offered},
            )
        ]
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
    line: OrderLine, account: Account, used: Mapping[UUID, ProductInstance]
) -> Iterator[Foreseen]:
    code, reference = "INVALID_REFERENCE_PRODUCT_INSTANCE_ID", line.reference
    if not line.wish.reference_id:
        return
    if reference is None or reference.account_id != account.pk:
        yield foreseen(code, detail=_("This customer has no such service."))
    elif reference.product.reference is False:
        yield foreseen(
            code,
            detail=_("By the catalogue, %(product)s cannot be one.")
            % {"product": reference.product},
        )
    elif not reference.is_referable:
        yield foreseen(code, detail=_("It is %(status)s.") % {"status": reference.status})
    elif user := used.get(reference.pk):
        yield foreseen(
            code,
            detail=_("%(product)s in %(package)s has used it.")
            % {"product": user.product, "package": user.package},
        )


def _of_failed(line: OrderLine, account: Account, lines: Sequence[OrderLine]) -> Iterator[Foreseen]:
    """Why a line is no order in place of the service that it names."""
    failed, step = line.failed, "Order it without a link to one."
    if line.wish.again_of is None:
        return
    if failed is None or failed.account_id != account.pk or not failed.is_failed:
        yield own("again_of", "NOT_FAILED", NOT_FAILED, step)
    elif (first := next(one for one in lines if one.failed == failed)) is not line:
        words = f"Product {first.number + 1} is ordered in place of the same service."
        yield own("again_of", "AGAIN_TWICE", words, step)


def _together(lines: Sequence[OrderLine]) -> Iterator[Foreseen]:
    """What two lines of one order cannot both have."""
    on_sites: dict[UUID, list[OrderLine]] = defaultdict(list)
    referring: dict[UUID, OrderLine] = {}
    for line in lines:
        if line.site:
            there = on_sites[line.site.pk]
            yield from (
                _share_refusal(line, other) for other in there if _cannot_share(line, other)
            )
            if not there or there[-1].number != line.number:
                there.append(line)
        if line.reference:
            other = referring.setdefault(line.reference.pk, line)
            if other is not line:
                yield _reference_refusal(line, other)


def _share_refusal(line: OrderLine, other: OrderLine) -> Foreseen:
    code = "MULTIPLE_PRODUCT_ASSIGNMENTS"
    if other.number == line.number:
        detail = "Order more than one floating, or one on each site."
        return foreseen(code, field=line.field("quantity"), detail=detail)
    detail = f"Product {other.number + 1} has {other.product} for the same site."
    return foreseen(code, field=line.field("target_site"), detail=detail)


def _reference_refusal(line: OrderLine, other: OrderLine) -> Foreseen:
    words = f"Product {other.number + 1} uses this reference, and it counts once."
    step = "Choose another reference service, or order without one."
    if other.number == line.number:
        words = "Only one can be free with this reference, and more than one is ordered."
        step = "Order one with it, and the others as a product of their own."
    return own(line.field("reference"), "REFERENCE_TWICE", words, step)


def _cannot_share(line: OrderLine, other: OrderLine) -> bool:
    one, two = line.product, other.product
    if one is None or two is None:
        return False
    alone = one.one_per_site or two.one_per_site
    return one == two or (alone and one.service_type == two.service_type)


def _limits(lines: Sequence[OrderLine], used: Mapping[UUID, int]) -> Iterator[Foreseen]:
    numbers = Counter(line.product for line in lines if line.product)
    checked = set()
    for line in lines:
        if line.product and line.product.pk not in checked:
            checked.add(line.product.pk)
            for refusal in limit_refusals(line.product, more=numbers[line.product], known=used):
                yield replace(refusal, field=line.field(refusal.field))
