"""The agency's catalogue: what Wix sells, by the names that staff read everywhere else."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dashboard import ages, cells, lists
from dashboard.exports import Field
from dashboard.filters import Choice, Word, Words
from dashboard.forms.records import NewProductForm, ProductForm
from dashboard.lists import Chip, Column, List, Sort
from dashboard.staff import StaffRequest
from resellers.mirror import learned, naming
from resellers.models import CatalogProduct, ProductInstance, ProductRefusal
from resellers.operations.order import in_words
from resellers.refusals import explain

RIGHT = "resellers.approve"
NOT_YOURS = "Managers and admins write the catalogue. You may read it and take it away as CSV."
STATES = {"unnamed": "Waits for a name", "refused": "Refused by Wix"}
FLAGS = {
    "one_per_site": "one per site",
    "needs_premium": "needs Premium",
    "adjustable": "adjustable",
}


class Types(Word):
    """A type of products, of those that the catalogue has."""

    @property
    def options(self) -> list[tuple[str, str]]:
        return [(name, cells.type_words(name)) for name in known_types()]


def known_types() -> list[str]:
    """Every type there is; one query."""
    types = CatalogProduct.objects.order_by("service_type").values_list("service_type", flat=True)
    return [name for name in types.distinct() if name]


def _pick(state: str) -> Q:
    if state == "unnamed":
        return Q(name="")
    return Q(pk__in=ProductRefusal.objects.filter(cleared_at=None).values("product"))


def _dress(products: QuerySet[CatalogProduct]) -> QuerySet[CatalogProduct]:
    held = ProductInstance.objects.filter(product=OuterRef("pk"), gone_at=None)
    number = held.order_by().values("product").annotate(n=Count("pk")).values("n")
    standing = ProductRefusal.objects.filter(cleared_at=None)
    return products.annotate(services=Coalesce(Subquery(number), 0)).prefetch_related(
        Prefetch("refusals", standing, to_attr="standing")
    )


def _name(product: CatalogProduct) -> SafeString:
    return format_html(
        '<a href="/catalog/{}/">{}</a><small>{}</small>',
        product.pk,
        product,
        cells.short_id(product.pk),
    )


def _cycles(product: CatalogProduct) -> str:
    return ", ".join(in_words(cycle) for cycle in product.cycles) or "once"


def _flags(product: CatalogProduct) -> str:
    told = [words for name, words in FLAGS.items() if getattr(product, name)]
    return ", ".join(told) or ages.NOTHING


def _services(product: Any) -> SafeString:
    return format_html(
        '<a href="/instances/?product={}">{}</a>', product.pk, cells.number(product.services)
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
        return format_html(
            '<span class="badge bad">Refused by Wix</span><small>{}, {}</small>',
            explain(product.standing[0].code).words.split(". ")[0].rstrip("."),
            ages.age(product.standing[0].at),
        )
    if not product.is_named:
        return mark_safe('<span class="badge look">Waits for a name</span>')
    return ages.NOTHING


CATALOG = List(
    noun="catalog",
    title="Catalogue",
    one="product",
    many="products",
    rows=CatalogProduct.objects.all,
    dress=_dress,
    columns=(
        Column("product", "Product", _name, ("name",), kind="main", sort="name"),
        Column(
            "type",
            "Type",
            lambda row: cells.type_words(row.service_type) or ages.NOTHING,
            ("service_type",),
            sort="type",
        ),
        Column("cycles", "Cycles", _cycles, ("cycles",)),
        Column("flags", "Rules", _flags, ("one_per_site", "needs_premium", "adjustable")),
        Column("tld", "TLD", lambda row: row.tld or ages.NOTHING, ("tld",), shown=False),
        Column("limit", "Limit", lambda row: cells.number(row.limit), ("limit",), kind="number"),
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
    ),
    filters=(
        Words(
            "q",
            "Words in name or type, or an id",
            lambda word: (
                Q(name__icontains=word) | Q(service_type__icontains=word) | Q(tld__iexact=word)
            ),
        ),
        Types("type", "Type", "service_type", {}),
        Choice("state", "State", STATES, _pick),
    ),
    sorts={
        "name": Sort("Name", "name"),
        "type": Sort("Type", "service_type"),
        "known": Sort("Known since", "first_seen_at"),
    },
    default_sort="name",
    chips=(
        Chip(
            STATES["unnamed"], {"state": "unnamed"}, lambda counts: counts.get("unnamed_products")
        ),
        Chip(STATES["refused"], {"state": "refused"}),
    ),
    actions="catalog/_actions.html",
    nothing="No products yet",
    nothing_template="catalog/_nothing.html",
)


@require_safe
def product_list(request: HttpRequest) -> HttpResponse:
    """Every product, those without a name first."""
    return lists.show(request, CATALOG)


@require_safe
def product_export(request: HttpRequest) -> HttpResponseBase:
    return lists.export(request, CATALOG)


@require_http_methods(["GET", "HEAD", "POST"])
def product_page(request: StaffRequest, wix_id: UUID) -> HttpResponse:
    """One product: what the catalogue says, to be written by who may, and what Wix refused."""
    product = CatalogProduct.objects.filter(pk=wix_id).first()
    if product is None:
        raise Http404(f"Nothing of id {wix_id}")
    if request.method != "POST":
        return _page(request, product, ProductForm.of(product))
    if not request.user.has_perm(RIGHT):
        raise PermissionDenied(NOT_YOURS)
    form = ProductForm(request.POST)
    if not form.is_valid():
        return _page(request, product, form, status=422)
    was_named = product.is_named
    address = request.META.get("REMOTE_ADDR")
    if naming.change_product(product, form.values, by=request.user, address=address):
        messages.success(request, f"{product} is saved.")
    else:
        messages.info(request, "Nothing was changed.")
    others = CatalogProduct.objects.filter(name="")
    return redirect("/catalog/?state=unnamed" if not was_named and others.exists() else product)


def _page(
    request: StaffRequest, product: CatalogProduct, form: ProductForm, *, status: int = 200
) -> HttpResponse:
    held = ProductInstance.objects.filter(product=product, gone_at=None)
    past = ProductRefusal.objects.filter(product=product).exclude(cleared_at=None)
    context = {
        "product": product,
        "form": form,
        "may_write": request.user.has_perm(RIGHT),
        "types": known_types(),
        "cycles": _cycles(product),
        "flags": _flags(product),
        "services": held.count(),
        "refusals": [
            (refusal, explain(refusal.code)) for refusal in learned.standing([product])[product.pk]
        ],
        "cleared": list(past.select_related("cleared_by", "site")[:10]),
    }
    return render(request, "catalog/product.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def product_new(request: StaffRequest) -> HttpResponse:
    """A product that the mirror has not met yet."""
    if not request.user.has_perm(RIGHT):
        raise PermissionDenied(NOT_YOURS)
    posted = request.method == "POST"
    form = NewProductForm(request.POST) if posted else NewProductForm(initial={"adjustable": True})
    if posted and form.is_valid():
        id_, address = form.cleaned_data["product_id"], request.META.get("REMOTE_ADDR")
        try:
            product = naming.add_product(id_, form.values, by=request.user, address=address)
        except naming.AlreadyHeld as error:
            form.add_error("product_id", str(error))
        else:
            messages.success(request, f"{product} is in the catalogue.")
            return redirect(product)
    context = {"form": form, "types": known_types()}
    return render(request, "catalog/new.html", context, status=422 if posted else 200)


@require_POST
@permission_required(RIGHT, raise_exception=True)
def refusal_clear(request: StaffRequest, pk: int) -> HttpResponse:
    """Let what Wix once refused stand against the product no longer."""
    refusal = get_object_or_404(ProductRefusal.objects.select_related("product"), pk=pk)
    if learned.clear(refusal, by=request.user, address=request.META.get("REMOTE_ADDR")):
        messages.success(request, "Cleared: nobody is warned of it any more.")
    else:
        messages.info(request, "It was cleared already.")
    return redirect(refusal.product)
