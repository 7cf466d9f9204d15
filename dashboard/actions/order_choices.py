"""What the order of an account may be made of."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from dashboard.lists import matching
from resellers.billing_cycles import BillingCycle
from resellers.countries import NAMES as COUNTRIES
from resellers.models import Account, CatalogProduct, ProductInstance, Site
from resellers.models.querysets import PRESENT
from resellers.operations.namesakes import distinctions
from resellers.operations.order_preflight import able_sites
from resellers.operations.references import used_by
from resellers.wix_ids import as_wix_id

MOST_REFERENCES = 50  # of a list; others are found by words


@dataclass(frozen=True, slots=True)
class LineOption:
    """One option of a line's select; one that is not usable says so in its label.

    Browsers do not send a disabled option, so what was chosen stays enabled even where it cannot
    be had: sent again it is refused again, and never becomes an order without it.
    """

    value: str
    label: str
    usable: bool
    chosen: bool = False


class Choices:
    """What an account's order may be made of; each part is read once.

    `asked` are the form's fields: what they name stays on offer, however much else there is.
    """

    def __init__(self, account: Account, asked: Mapping[str, Any]) -> None:
        self.account = account
        self._able_sites: dict[UUID, list[Site]] = {}
        self._references: dict[str, list[LineOption]] = {}
        lines = [(name, as_wix_id(str(text))) for name, text in asked.items() if _is_of_line(name)]
        self._failed = {id_ for name, id_ in lines if id_ and name.endswith("-again_of")}
        self._named = {id_ for name, id_ in lines if id_ and not name.endswith("-again_of")}

    @cached_property
    def products(self) -> list[CatalogProduct]:
        return list(CatalogProduct.objects.named().order_by("sort_type", "sort_name"))

    @cached_property
    def cycles(self) -> set[BillingCycle]:
        return {cycle for product in self.products for cycle in product.billing_cycles}

    @cached_property
    def sites(self) -> list[LineOption]:
        return [LineOption(str(site.pk), _site_words(site), site.usable) for site in self._sites]

    @cached_property
    def _sites(self) -> list[Site]:
        return list(self.account.sites.filter(PRESENT | Q(pk__in=self._named)))

    def sites_for(self, product: CatalogProduct | None) -> list[LineOption]:
        """The account's sites; those that could not take the product today say so."""
        if product is None:
            return self.sites
        able = {str(site.pk) for site in self.able_sites(product)}
        return [
            one
            if one.value in able or not one.usable
            else replace(one, label=_("%(site)s (cannot take it now)") % {"site": one.label})
            for one in self.sites
        ]

    def able_sites(self, product: CatalogProduct) -> list[Site]:
        """The account's sites that could take that product today."""
        if product.pk not in self._able_sites:
            self._able_sites[product.pk] = able_sites(self.account, product)
        return self._able_sites[product.pk]

    def references(self, text: str = "") -> list[LineOption]:
        """The services that a free one may be ordered with, those that nothing has used first.

        Of many, those that the words mean. What was chosen already is always among them.
        """
        if text not in self._references:
            self._references[text] = self._find_references(text)
        return self._references[text]

    def _find_references(self, text: str) -> list[LineOption]:
        services = self.account.instances.select_related("product", "site").defer("raw")
        wanted = matching.SERVICES.narrow(services.referable().unused_first(), text)
        found = list(wanted[:MOST_REFERENCES])
        missing = self._named - {service.pk for service in found}
        found += services.filter(pk__in=missing) if missing else []
        used, apart = used_by(one.pk for one in found), distinctions(found, beside=("place",))
        return [_reference(one, used.get(one.pk), apart.get(one.pk, "")) for one in found]

    @property
    def unused(self) -> list[LineOption]:
        """The services that nothing is free with yet and that the catalogue calls references."""
        known = {str(one.pk) for one in self._references_by_catalogue}
        return [one for one in self.references() if one.usable and one.value in known]

    @cached_property
    def _references_by_catalogue(self) -> list[ProductInstance]:
        services = self.account.instances.referable().filter(product__reference=True)
        return list(services.only("pk").order_by("pk")[:MOST_REFERENCES])

    @cached_property
    def references_in_all(self) -> int:
        """How many services there are that a free one may be ordered with."""
        return self.account.instances.referable().count()

    @cached_property
    def country(self) -> str:
        """The country of the account's last order, empty where it has none."""
        services = self.account.instances.filter(country_code__in=COUNTRIES)
        return services.order_by("-created_at").values_list("country_code", flat=True).first() or ""

    def failed(self, value: Any) -> ProductInstance | None:
        """The failed service of the account that has this id."""
        return self._failures.get(as_wix_id(str(value or "")))

    @cached_property
    def _failures(self) -> Mapping[UUID | None, ProductInstance]:
        services = self.account.instances.failed().select_related("product", "package")
        return {one.pk: one for one in services.filter(pk__in=self._failed)}

    def site(self, value: Any) -> Site | None:
        return next((s for s in self._sites if str(s.pk) == str(value or "").lower()), None)

    def product(self, value: Any) -> CatalogProduct | None:
        return next((p for p in self.products if str(p.pk) == str(value or "").lower()), None)


def _is_of_line(name: str) -> bool:
    return name.startswith(("lines-", "then-"))


def _site_words(site: Site) -> str:
    name = f", {site.display_name}" if site.display_name else ""
    return f"{site}{name}{'' if site.usable else _(' (not usable)')}"


def _reference(
    service: ProductInstance, user: ProductInstance | None, distinction: str
) -> LineOption:
    where = _("on %(site)s") % {"site": service.site} if service.site else service.place.lower()
    words = f"{service.product} {where}{f', {distinction}' if distinction else ''}"
    if user:
        return LineOption(
            str(service.pk),
            _("%(words)s (used by %(product)s in %(package)s)")
            % {"words": words, "product": user.product, "package": user.package},
            False,
        )
    usable = service.is_referable
    why = "" if usable else _(" (not usable)")
    if service.product.reference is False:
        why = _(" (by the catalogue, it cannot be a reference)")
    return LineOption(str(service.pk), f"{words}{why}", usable)
