"""The agency's catalogue as a list: what Wix sells, by the names that staff read."""

from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from dashboard import lists
from dashboard.components import addresses, ages, ids, values
from dashboard.lists import matching
from dashboard.lists.csv_file import Field
from dashboard.lists.declaration import Chip, Column, List, SortOption
from dashboard.lists.filters import ChoiceFilter, WordFilter, WordsFilter
from resellers.billing_cycles import ONCE
from resellers.folding import sort_key
from resellers.models import CatalogProduct, ProductRefusal
from resellers.models.querysets import UNNAMED, CatalogProductQuerySet
from resellers.refusals import explain

STATES = {"unnamed": "Waits for a name", "refused": "Refused by Wix"}
FLAGS = {
    "one_per_site": "one per site",
    "needs_premium": "needs Premium",
    "adjustable": "adjustable",
    "reference": "may be a reference",
}


class Types(WordFilter):
    """A type of products, of those that the catalogue has."""

    @property
    def offered(self) -> dict[str, str]:
        return {name: values.type_words(name) for name in known_types()}


def known_types() -> list[str]:
    """Every type there is; one query."""
    types = CatalogProduct.objects.order_by("service_type").values_list("service_type", flat=True)
    return sorted((name for name in types.distinct() if name), key=sort_key)


def _pick(state: str) -> Q:
    return UNNAMED if state == "unnamed" else Q(pk__in=CatalogProduct.objects.refused())


def _for_list(products: CatalogProductQuerySet[CatalogProduct]) -> QuerySet[CatalogProduct]:
    standing = Prefetch("refusals", ProductRefusal.objects.standing(), to_attr="standing")
    return products.with_services().prefetch_related(standing)


def _name(product: CatalogProduct) -> SafeString:
    return format_html(
        '<a href="{}">{}</a><small>{}</small>',
        addresses.PRODUCT(product.pk),
        product,
        ids.short_id(product.pk),
    )


def cycles_words(product: CatalogProduct) -> str:
    return ", ".join(cycle.words for cycle in product.billing_cycles) or ONCE.words


def flags_words(product: CatalogProduct) -> str:
    flags = [words for name, words in FLAGS.items() if getattr(product, name)]
    if product.is_premium_plan:
        flags.insert(0, "Premium plan" if product.premium else "Premium plan (guessed)")
    return ", ".join(flags) or values.NOTHING


def premium_words(product: CatalogProduct) -> str:
    """Whether it is a Premium plan, and whether the catalogue says so or it is a guess."""
    words = "Yes" if product.is_premium_plan else "No"
    return f"{words}, guessed from its type" if product.premium is None else words


def features_words(product: CatalogProduct) -> str:
    return ", ".join(product.features) or values.NOTHING


def _services(product: Any) -> SafeString:
    return format_html(
        '<a href="{}">{}</a>',
        addresses.INSTANCES_OF_PRODUCT(product.pk),
        values.number(product.services),
    )


def _known(product: CatalogProduct) -> SafeString:
    if product.imported_at:
        return format_html("{}<small>imported</small>", ages.day(product.imported_at))
    return format_html("{}<small>met in the mirror</small>", ages.day(product.first_seen_at))


def _standing(product: Any) -> SafeString:
    if unknown := [past for past in product.standing if past.code == "PRODUCT_NOT_FOUND"]:
        return format_html(
            '<span class="badge bad">Unknown to Wix</span><small>since {}</small>',
            ages.day(unknown[0].at),
        )
    if product.standing:
        newest = product.standing[0]
        meaning = explain(newest.code, None, newest.message).words
        return format_html(
            '<span class="badge bad">Refused by Wix</span><small>{}, {}</small>',
            meaning.split(". ")[0].rstrip("."),
            ages.age(newest.at),
        )
    if not product.is_named:
        return mark_safe('<span class="badge look">Waits for a name</span>')
    return values.NOTHING


CATALOG = List(
    noun="catalog",
    url_name="product_list",
    title="Catalogue",
    one="product",
    many="products",
    rows=CatalogProduct.objects.all,
    for_list=_for_list,
    columns=(
        Column("product", "Product", _name, ("name",), kind="main", sort="name"),
        Column(
            "type",
            "Type",
            lambda row: values.type_words(row.service_type) or values.NOTHING,
            ("service_type",),
            sort="type",
        ),
        Column("cycles", "Cycles", cycles_words, ("cycles",)),
        Column(
            "flags",
            "Rules",
            flags_words,
            ("one_per_site", "needs_premium", "adjustable", "premium", "reference"),
        ),
        Column("tld", "TLD", lambda row: row.tld or values.NOTHING, ("tld",), is_default=False),
        Column(
            "voucher",
            "Voucher",
            lambda row: row.voucher or values.NOTHING,
            ("voucher",),
            is_default=False,
        ),
        Column("features", "Features", features_words, ("features",), is_default=False),
        Column("limit", "Limit", lambda row: values.number(row.limit), ("limit",), kind="number"),
        Column("services", "Services", _services, kind="number"),
        Column("known", "Known since", _known, kind="time", sort="known"),
        Column("standing", "Lately", _standing, kind="status"),
    ),
    # Exactly the columns of the import: what is taken away comes back as no change.
    fields=(
        Field("product_id", "id"),
        Field("name", "name"),
        Field("service_type", "service_type"),
        Field("cycles", "cycles"),
        Field("one_per_site", "one_per_site"),
        Field("needs_premium", "needs_premium"),
        Field("tld", "tld"),
        Field("adjustable", "adjustable"),
        Field("limit", "limit"),
        Field("premium", "premium"),
        Field("reference", "reference"),
        Field("voucher", "voucher"),
        Field("features", "features"),
    ),
    filters=(
        WordsFilter(
            "q",
            "Words in name or type, or an id",
            matching.PRODUCTS,
        ),
        Types("type", "Type", "service_type", {}),
        ChoiceFilter("state", "State", STATES, _pick),
    ),
    sorts={
        "name": SortOption("Name", "sort_name"),
        "type": SortOption("Type", "sort_type"),
        "known": SortOption("Known since", "first_seen_at"),
    },
    default_sort="name",
    chips=(
        Chip(
            STATES["unnamed"], {"state": "unnamed"}, lambda counts: counts.get("unnamed_products")
        ),
        Chip(STATES["refused"], {"state": "refused"}),
    ),
    actions="pages/catalog/_actions.html",
    empty_title="No products yet",
    empty_template="pages/catalog/_nothing.html",
)


@require_safe
def product_list(request: HttpRequest) -> HttpResponse:
    """Every product, those without a name first."""
    return lists.show(request, CATALOG)
