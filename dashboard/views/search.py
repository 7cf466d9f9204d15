"""Search: one box for everything that has a name or an id.

Each kind is asked for by itself and with its own limit: one question with OR over several tables
would use no index of any of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from dashboard.addresses import as_wix_id
from dashboard.filters import Nonsense, plain
from dashboard.lists import asks_for_part
from resellers.models import Account, CatalogProduct, Package, ProductInstance, Site
from resellers.refusals import explain_status

LIMIT = 8
SHORTEST_ID = 4
SHORTEST_WORD = 2


@dataclass(frozen=True, slots=True)
class Hit:
    """One record that was found: its name, what tells it apart, and where it is."""

    title: str
    detail: str
    link: str


@dataclass(frozen=True, slots=True)
class Kind:
    """What was found of one kind; `more` when there is more than is shown."""

    label: str
    hits: tuple[Hit, ...]
    more: str = ""


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Results by kind. The whole id of a record leads straight to it."""
    typed = request.GET.get("q", "")
    as_part = asks_for_part(request, "found")
    error, kinds = "", []
    try:
        text = plain(typed)
    except Nonsense as nonsense:
        text, error = "", str(nonsense)
    if not as_part and (record := whole_id(text)):
        return redirect(_hit(record).link)
    if text and not error:
        kinds = [kind for kind in find(text) if kind.hits]
    context = {
        "typed": typed if len(typed) <= 200 else "",
        "text": text,
        "error": error,
        "kinds": kinds,
        "total": sum(len(kind.hits) for kind in kinds),
        "too_short": bool(text) and len(text) < SHORTEST_WORD,
    }
    template = "search/_results.html" if as_part else "search/page.html"
    answer = render(request, template, context, status=422 if error else 200)
    patch_vary_headers(answer, ["HX-Request"])
    return answer


def whole_id(text: str) -> Model | None:
    """The record whose whole id this is, of whatever kind."""
    id_ = as_wix_id(text.lower().strip("{}"))
    if id_ is None and len(text) == 32 and _is_hex(text):
        id_ = UUID(text)
    if id_ is None:
        return None
    for model in (ProductInstance, Package, Account, Site, CatalogProduct):
        if found := model._default_manager.filter(pk=id_).first():
            return found
    return None


def find(text: str) -> Iterator[Kind]:
    """What the text finds, kind by kind: by words of names, external id, the start of an id."""
    ids = id_range(text)
    words = text.split()[:6] if len(text) >= SHORTEST_WORD else []
    yield _kind(
        "Accounts", Account.objects.defer("raw"), ids, words, _account_has, "/accounts/", text
    )
    sites = Site.objects.select_related("account").defer("raw", "account__raw")
    yield _kind("Sites", sites, ids, words, _site_has, "/sites/", text)
    packages = Package.objects.select_related("account").defer("raw", "account__raw")
    yield _kind("Packages", packages, ids, words, _package_has, "/packages/", text)
    instances = ProductInstance.objects.select_related("product", "account", "site")
    instances = instances.defer("raw", "account__raw", "site__raw")
    yield _kind("Instances", instances, ids, [], None, "", text)
    yield _kind("Products", CatalogProduct.objects.all(), ids, words, _product_has, "", text)


def _account_has(word: str) -> Q:
    return Q(name__icontains=word) | Q(email__icontains=word) | Q(reference__icontains=word)


def _site_has(word: str) -> Q:
    return Q(display_name__icontains=word) | Q(url__icontains=word)


def _package_has(word: str) -> Q:
    return Q(external_id__icontains=word)


def _product_has(word: str) -> Q:
    return Q(name__icontains=word)


def _kind(
    label: str,
    rows: QuerySet,
    ids: tuple[UUID, UUID] | None,
    words: list[str],
    has: object,
    path: str,
    text: str,
) -> Kind:
    found: dict[UUID, Model] = {}
    if ids:
        lowest, highest = ids
        found |= {row.pk: row for row in rows.filter(pk__gte=lowest, pk__lte=highest)[: LIMIT + 1]}
    if words and callable(has):
        named = rows
        for word in words:
            named = named.filter(has(word))
        found |= {row.pk: row for row in named[: LIMIT + 1]}
    hits = tuple(_hit(row) for row in list(found.values())[:LIMIT])
    return Kind(label, hits, path if len(found) > LIMIT else "")


def id_range(text: str) -> tuple[UUID, UUID] | None:
    """The lowest and highest id that begin with this text; None for less than four hex digits."""
    digits = text.replace("-", "").strip("{}").lower()
    if not SHORTEST_ID <= len(digits) <= 32 or not _is_hex(digits):
        return None
    return UUID(digits.ljust(32, "0")), UUID(digits.ljust(32, "f"))


def _is_hex(text: str) -> bool:
    return text.isascii() and all(letter in "0123456789abcdefABCDEF" for letter in text)


def _hit(row: Model) -> Hit:
    match row:
        case ProductInstance():
            where = str(row.site) if row.site else "floating"
            status = explain_status(row.status).word
            return Hit(
                str(row.product), f"{row.account}, {where}, {status}", row.get_absolute_url()
            )
        case Package():
            return Hit(str(row), str(row.account), row.get_absolute_url())
        case Site():
            names = dict.fromkeys((row.display_name, str(row.account)))
            return Hit(str(row), ", ".join(filter(None, names)), row.get_absolute_url())
        case Account():
            return Hit(str(row), row.email or row.short_id + "…", row.get_absolute_url())
        case CatalogProduct():
            return Hit(str(row), row.service_type or "Product", f"/instances/?product={row.pk}")
    raise TypeError(f"no page for {row!r}")
