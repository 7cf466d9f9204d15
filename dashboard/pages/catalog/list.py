"""The agency's catalogue as a list: what Wix sells, by the names that staff read."""

from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from dashboard import lists
from dashboard.components import addresses, ages, ids, values
from dashboard.components.icons import service_icon
from dashboard.lists import matching
from dashboard.lists.csv_file import Field
from dashboard.lists.declaration import Chip, Column, List, SortOption
from dashboard.lists.filters import ChoiceFilter, WordFilter, WordsFilter
from dashboard.lists.row_actions import RowAction
from resellers.billing_cycles import ONCE
from resellers.folding import sort_key
from resellers.models import CatalogProduct, ProductRefusal
from resellers.models.querysets import UNNAMED, CatalogProductQuerySet
from resellers.refusals import explain

NOT_FOUND = "PRODUCT_NOT_FOUND"
STATES = {"unnamed": gettext_lazy("Waits for a name"), "refused": gettext_lazy("Refused by Wix")}
FLAGS = {
    "one_per_site": gettext_lazy("one per site"),
    "needs_premium": gettext_lazy("needs Premium"),
    "adjustable": "adjustable",
    "reference": gettext_lazy("may be a reference"),
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
    address = addresses.PRODUCT(product.pk)
    return format_html('<a class="name" href="{}">{}</a>', address, product)


def cycles_words(product: CatalogProduct) -> str:
    return ", ".join(cycle.words for cycle in product.billing_cycles) or ONCE.words


def flags_words(product: CatalogProduct) -> str:
    flags = [str(words) for name, words in FLAGS.items() if getattr(product, name)]
    if product.is_premium_plan:
        flags.insert(0, _("Premium plan") if product.premium else _("Premium plan (guessed)"))
    return ", ".join(flags) or values.NOTHING


def premium_words(product: CatalogProduct) -> str:
    """Whether it is a Premium plan, and whether the catalogue says so or it is a guess."""
    words = _("Yes") if product.is_premium_plan else _("No")
    return (
        _("%(words)s, guessed from its type") % {"words": words}
        if product.premium is None
        else words
    )


def features_words(product: CatalogProduct) -> str:
    return ", ".join(product.features) or values.NOTHING


def _services(product: Any) -> SafeString:
    return format_html(
        '<a href="{}">{}</a>',
        addresses.INSTANCES_OF_PRODUCT(product.pk),
        values.number(product.services),
    )


def _known(product: CatalogProduct) -> SafeString:
    return ages.day(product.imported_at or product.first_seen_at)


def _known_from(product: CatalogProduct) -> str:
    return "imported" if product.imported_at else _("met at Wix")


def _standing(product: Any) -> SafeString:
    if any(past.code == NOT_FOUND for past in product.standing):
        return _state("bad", _("Unknown to Wix"))
    if product.standing:
        return _state("bad", _("Refused by Wix"))
    if not product.is_named:
        return _state("look", _("Waits for a name"))
    return values.NOTHING


def _state(tone: str, words: str) -> SafeString:
    return format_html('<span class="status {}">{}</span>', tone, words)


def _standing_note(product: Any) -> SafeString | str:
    if unknown := [past for past in product.standing if past.code == NOT_FOUND]:
        return format_html(_("since {}"), ages.day(unknown[0].at))
    if not product.standing:
        return ""
    newest = product.standing[0]
    meaning = explain(newest.code, None, newest.message).words
    return format_html("{}, {}", meaning.split(". ")[0].rstrip("."), ages.age(newest.at))


CATALOG = List(
    noun="catalog",
    url_name="product_list",
    title=gettext_lazy("Products"),
    one="product",
    many="products",
    rows=CatalogProduct.objects.all,
    for_list=_for_list,
    columns=(
        Column(
            "product",
            gettext_lazy("Product"),
            _name,
            ("name",),
            "main",
            sort="name",
            second=lambda row: ids.short_id(row.pk),
            mark=lambda row: service_icon(row.service_type),
        ),
        Column(
            "type",
            gettext_lazy("Type"),
            lambda row: values.type_words(row.service_type) or values.NOTHING,
            ("service_type",),
            sort="type",
        ),
        Column("cycles", gettext_lazy("Cycles"), cycles_words, ("cycles",)),
        Column(
            "flags",
            gettext_lazy("Rules"),
            flags_words,
            ("one_per_site", "needs_premium", "adjustable", "premium", "reference"),
        ),
        Column(
            "tld",
            gettext_lazy("TLD"),
            lambda row: row.tld or values.NOTHING,
            ("tld",),
            is_default=False,
        ),
        Column(
            "voucher",
            gettext_lazy("Voucher"),
            lambda row: row.voucher or values.NOTHING,
            ("voucher",),
            is_default=False,
        ),
        Column(
            "features", gettext_lazy("Features"), features_words, ("features",), is_default=False
        ),
        Column(
            "limit",
            gettext_lazy("Limit"),
            lambda row: values.number(row.limit),
            ("limit",),
            kind="number",
        ),
        Column("services", gettext_lazy("Services"), _services, kind="number"),
        Column(
            "known",
            gettext_lazy("Known since"),
            _known,
            kind="time",
            sort="known",
            second=_known_from,
        ),
        Column("standing", gettext_lazy("Lately"), _standing, kind="status", second=_standing_note),
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
            gettext_lazy("Words in name or type, or an id"),
            matching.PRODUCTS,
        ),
        Types("type", gettext_lazy("Type"), "service_type", {}),
        ChoiceFilter("state", gettext_lazy("State"), STATES, _pick),
    ),
    sorts={
        "name": SortOption(gettext_lazy("Name"), "sort_name"),
        "type": SortOption(gettext_lazy("Type"), "sort_type"),
        "known": SortOption(gettext_lazy("Known since"), "first_seen_at"),
    },
    default_sort="name",
    chips=(
        Chip(
            STATES["unnamed"], {"state": "unnamed"}, lambda counts: counts.get("unnamed_products")
        ),
        Chip(STATES["refused"], {"state": "refused"}),
    ),
    actions="pages/catalog/_actions.html",
    row_actions=lambda row: [
        RowAction(_("Services"), "layers", addresses.INSTANCES_OF_PRODUCT(row.pk))
    ],
    row_ids=lambda row: [("product", row.pk)],
    empty_title=gettext_lazy("No products yet"),
    empty_template="pages/catalog/_nothing.html",
)


@require_safe
def product_list(request: HttpRequest) -> HttpResponse:
    """Every product, those without a name first."""
    return lists.show(request, CATALOG)
