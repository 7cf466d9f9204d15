"""The refusals and warnings that mirror and catalogue can tell before Wix is asked."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from django.db.models import Count
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from resellers.countries import NAMES as COUNTRIES
from resellers.mirror.learned_refusals import standing
from resellers.models import (
    Account,
    CatalogProduct,
    InstanceStatus,
    Package,
    ProductInstance,
    ProductRefusal,
    Site,
    scope,
)
from resellers.refusals import Explanation, explain, explain_status

from .premium import has_premium, plan_to_come, premium_warnings

GONE_FROM_WIX = "Wix no longer shows it."
ONLY_MET = "It was met at Wix, and never imported."
# What Wix refuses of a product whoever wants it, once it has said so.
NOT_SOLD = ("PRODUCT_NOT_FOUND", "INVALID_PRODUCTS", "PRODUCT_SETTINGS_NOT_FOUND")


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A refusal that can be told without asking Wix."""

    field: str
    code: str
    words: str
    next_step: str


def foreseen(code: str, *, field: str | None = None, detail: str = "") -> Foreseen:
    """A documented refusal in words of our own, since Wix was not asked, and what makes us
    expect it."""
    return _of(explain(code).unasked, field, detail)


def _of(known: Explanation, field: str | None, detail: str) -> Foreseen:
    words = f"{known.words} {detail}".strip()
    return Foreseen(
        known.field if field is None else field, known.code, words, str(known.next_step)
    )


def own(field: str, code: str, words: str, next_step: str) -> Foreseen:
    """A refusal of our own, for what Wix would not refuse but nobody can mean."""
    return Foreseen(field, code, words, next_step)


def live_on(sites: Iterable[Site]) -> dict[UUID, list[ProductInstance]]:
    """The services that have not ended, by the id of the site that carries them; one query."""
    carried: dict[UUID, list[ProductInstance]] = defaultdict(list)
    for instance in (
        ProductInstance.objects.live()
        .filter(site__in=list(sites))
        .select_related("product", "package", "account")
        .order_by("id")
    ):
        if instance.site_id:
            carried[instance.site_id].append(instance)
    return carried


def account_refusals(account: Account) -> list[Foreseen]:
    """Refused because Wix no longer has the customer, of whom nothing can be changed then."""
    if account.gone_at is None:
        return []
    return [foreseen("ACCOUNT_NOT_FOUND", field="", detail=GONE_FROM_WIX)]


def package_refusals(package: Package) -> list[Foreseen]:
    """Refused because Wix no longer has the package or its account."""
    if found := account_refusals(package.account):
        return found
    if package.gone_at is None:
        return []
    return [foreseen("PACKAGE_NOT_FOUND", detail=GONE_FROM_WIX)]


def service_refusals(instance: ProductInstance) -> list[Foreseen]:
    """Refused because Wix no longer has the service or its account, or because it has ended."""
    if found := account_refusals(instance.account):
        return found
    if instance.gone_at:
        return [foreseen("PRODUCT_INSTANCE_NOT_FOUND", detail=GONE_FROM_WIX)]
    return [_ended(instance.status, get_language())] if instance.is_ended else []


@cache
def _ended(status: str, language: str | None) -> Foreseen:
    """That nothing can be done with what has ended so: the same of every service of a page."""
    known = explain_status(status)
    words = f"{known.word}: {known.meaning} Nothing can be done with it."
    return own("", "INCOMPATIBLE_PRODUCT_INSTANCE_STATUS", words, _("It is final at Wix."))


def site_refusals(instance: ProductInstance, site_id: UUID) -> list[Foreseen]:
    """Why the service cannot go to that site; empty where nothing speaks against it."""
    site = Site.objects.filter(pk=site_id).first()
    if site is None:
        detail = "It was never seen at Wix."
        return [foreseen("SITE_NOT_FOUND", field="target_site", detail=detail)]
    return refusals_by_site(instance, [site])[site.pk]


def refusals_by_site(
    instance: ProductInstance, sites: Iterable[Site]
) -> dict[UUID, list[Foreseen]]:
    """For each of these sites why the service cannot go there; one query for all of them."""
    sites = list(sites)
    carried = live_on(sites)
    return {site.pk: _refusals(instance, site, carried[site.pk]) for site in sites}


def _refusals(
    instance: ProductInstance, site: Site, carried: list[ProductInstance]
) -> list[Foreseen]:
    if site.account_id == instance.account_id and site.pk == instance.site_id:
        words = "The service is on this site."
        return [own("target_site", "SAME_SITE", words, _("Choose another site."))]
    others = [other for other in carried if other.pk != instance.pk]
    return place_refusals(instance.product, instance.account_id, site, others)


def place_refusals(
    product: CatalogProduct, account_id: UUID, site: Site, others: Iterable[ProductInstance]
) -> list[Foreseen]:
    """Why a product of that account cannot stand on that site, which carries these others."""
    if site.account_id != account_id:
        detail = f"It belongs to {site.account}."
        return [foreseen("SITE_NOT_FOUND", field="target_site", detail=detail)]
    if words := unusable(site):
        return [own("target_site", "SITE_NOT_USABLE", words, _("Choose another site."))]
    return neighbour_refusals(product, site, list(others))


def unusable(site: Site) -> str:
    """Why nothing can be put on that site; empty where something may be."""
    if site.usable:
        return ""
    if site.gone_at:
        return _("Wix no longer has this site.")
    return _("The site is in the trash.") if site.trashed_at else _("Wix has blocked the site.")


def neighbour_refusals(
    product: CatalogProduct, site: Site, others: Sequence[ProductInstance]
) -> list[Foreseen]:
    """Why a product cannot stand on that site beside these services."""
    found = []
    same_type = [o for o in others if o.product.service_type == product.service_type]
    if product.one_per_site and product.service_type and same_type:
        detail = f"It is {same_type[0].product}."
        found.append(foreseen("PRODUCT_TYPE_ALREADY_ASSIGNED", detail=detail))
    if product.needs_premium and not (has_premium(site, others) or plan_to_come(site, others)):
        found.append(
            foreseen("PRODUCT_NOT_SUPPORTED_ON_SITE", detail=_("The site has no Premium plan."))
        )
    return found


def premium_awaited(
    instance: ProductInstance, product: CatalogProduct, site: Site | None
) -> list[str]:
    """That the service would be such a product on a site whose Premium plan is yet to come."""
    if site is None or not product.needs_premium:
        return []
    others = [other for other in live_on([site])[site.pk] if other.pk != instance.pk]
    return premium_warnings(product, site, others)


@scope.everything()
def in_use(products: Iterable[CatalogProduct]) -> dict[UUID, int]:
    """How many of each product that has a limit have not ended; one query, or none."""
    limited = {product.pk for product in products if product.limit is not None}
    if not limited:
        return {}
    living = ProductInstance.objects.live().filter(product__in=limited).order_by()
    return dict(living.values_list("product").annotate(Count("pk")))


def limit_refusals(
    product: CatalogProduct, *, more: int = 1, known: Mapping[UUID, int] | None = None
) -> list[Foreseen]:
    """Whether the agency may not have so many more of a product, as the catalogue says.

    `known` are the numbers in use of it and others, where they were read already.
    """
    if product.limit is None:
        return []
    used = (in_use([product]) if known is None else known).get(product.pk, 0)
    if used + more <= product.limit:
        return []
    detail = f"{used} of {product.limit} are in use."
    return [foreseen("PRODUCT_LIMIT_EXCEEDED", detail=detail)]


def country_refusals(code: str, *, field: str) -> list[Foreseen]:
    """Whether Wix is told a country that ISO 3166-1 has, as it wants."""
    if code in COUNTRIES:
        return []
    words = f"{code or 'Nothing'} is no code that is officially assigned to a country."
    return [own(field, "COUNTRY_NOT_ASSIGNED", words, _("Choose the customer's country."))]


Past = Mapping[UUID, Sequence[ProductRefusal]]


def learned_refusals(
    product: CatalogProduct, *codes: str, as_target: bool = False, known: Past | None = None
) -> list[Foreseen]:
    """What Wix has refused of a product lately and would again, until a manager clears it.

    `as_target`: what it refused to let become this product. `known` is what stands against it and
    others, where that was read already.
    """
    return [
        _of(explain(past.code, None, past.message), None, _when(past))
        for past in (known or standing([product]))[product.pk]
        if past.code in codes and past.as_target == as_target
    ]


def learned_warnings(
    product: CatalogProduct, site_id: UUID | None, *, known: Past | None = None
) -> list[str]:
    """What Wix has refused of a product lately, and may not refuse any more."""
    return [
        f"{explain(past.code, None, past.message).words} {_when(past)}"
        for past in (known or standing([product]))[product.pk]
        if past.code == "PRODUCT_LIMIT_EXCEEDED"
        or (past.code == "PRODUCT_NOT_SUPPORTED_ON_SITE" and site_id and past.site_id == site_id)
    ]


def _when(past: ProductRefusal) -> str:
    request = f", request {past.wix_request_id}" if past.wix_request_id else ""
    return (
        f"Wix said so of {past.product} on {past.at:%d %b %Y}{request}; a manager clears it in"
        " the catalogue once it is mended."
    )


def words_of_ending(instance: ProductInstance) -> tuple[str, str]:
    """The service's status and place before it is canceled, and what it is afterwards."""
    where = f"on {instance.site}" if instance.site else instance.place.lower()
    before = f"{explain_status(instance.status).word}, {where}"
    return before, str(explain_status(InstanceStatus.CANCELED).word)


def product_of(product_id: UUID) -> CatalogProduct | None:
    """The catalogue's product of that id; None for an unknown one."""
    return CatalogProduct.objects.filter(pk=product_id).first()
