"""Search: one box for everything that has a name or an id.

Each kind is asked for by itself and with its own limit: one question with OR over several tables
would use no index of any of them.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from dashboard.components import addresses
from dashboard.frame.htmx import asks_for_part
from dashboard.lists import matching
from dashboard.lists.declaration import List
from dashboard.lists.filters import InvalidQuery, clean_text
from dashboard.lists.matching import Matcher
from dashboard.lists.query import ListQuery
from dashboard.pages.accounts.list import ACCOUNTS
from dashboard.pages.catalog.list import CATALOG
from dashboard.pages.instances.list import INSTANCES
from dashboard.pages.packages.list import PACKAGES
from dashboard.pages.sites.list import SITES
from resellers.domain_names import readable
from resellers.models import Account, CatalogProduct, Operation, Package, ProductInstance, Site
from resellers.operations.namesakes import distinctions
from resellers.operations.reorders import NOTHING, OrderedAgain, ordered_again, reordered_words
from resellers.refusals import explain_state, explain_status
from resellers.wix_ids import id_range, pasted_id

LIMIT = 8
COUNTED = 1000  # of what is not shown; the list itself counts further
SHORTEST_WORD = 2
SHORTEST_OF_SERVICE = 3  # letters: less is in the name of every other service


@dataclass(frozen=True, slots=True)
class Hit:
    """One record that was found: its name, what tells it apart, and where it is."""

    title: str
    detail: str
    link: str


@dataclass(frozen=True, slots=True)
class Further:
    """The way to what is not shown: how much, and the list that has it."""

    words: str
    link: str


@dataclass(frozen=True, slots=True)
class FoundKind:
    """What was found of one kind, and the way to the rest of it."""

    label: str
    hits: tuple[Hit, ...]
    more: Further | None = None


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Results by kind. The whole id of a record leads straight to it."""
    typed = request.GET.get("q", "")
    as_part = asks_for_part(request, "found")
    error, kinds = "", []
    try:
        text = clean_text(typed)
    except InvalidQuery as invalid:
        text, error = "", str(invalid)
    if not as_part and (record := whole_id(text)):
        return redirect(_hit(record).link)
    if text and not error:
        kinds = [kind for kind in find(text) if kind.hits]
    # `#3` may be a customer's reference too: then both are shown.
    if not as_part and len(kinds) == 1 and (operation := numbered(text)):
        return redirect(_hit(operation).link)
    context = {
        "typed": typed if len(typed) <= 200 else "",
        "text": text,
        "error": error,
        "kinds": kinds,
        "total": sum(len(kind.hits) for kind in kinds),
        "too_short": bool(text) and len(text) < SHORTEST_WORD,
    }
    template = "pages/search/_results.html" if as_part else "pages/search/page.html"
    answer = render(request, template, context, status=422 if error else 200)
    patch_vary_headers(answer, ["HX-Request"])
    return answer


def whole_id(text: str) -> Model | None:
    """The record whose whole id this is, of any kind, however the id was copied."""
    id_ = pasted_id(text)
    if id_ is None:
        return None
    for model in (ProductInstance, Package, Account, Site, CatalogProduct):
        if found := model._default_manager.filter(pk=id_).first():
            return found
    return None


def numbered(text: str) -> Operation | None:
    """The operation that `#12` means; a bare number may be the beginning of an id."""
    digits = text.removeprefix("#")
    if digits == text or not digits.isascii() or not digits.isdecimal() or len(digits) > 18:
        return None
    operations = Operation.objects.select_related("account", "instance__product", "requested_by")
    return operations.filter(pk=int(digits)).first()


@dataclass(frozen=True, slots=True)
class SearchedKind:
    """Where one kind is looked for: its list, its rows with what a hit tells, and how text is met.

    Services have no name of their own, so that only their words and ids can be met.
    """

    label: str
    list: List
    rows: Callable[[], QuerySet]
    matcher: Matcher
    is_named: bool = True


def _services() -> QuerySet[ProductInstance]:
    services = ProductInstance.objects.select_related("product", "account", "site")
    return services.defer("raw", "account__raw", "site__raw")


SEARCHED = (
    SearchedKind("Accounts", ACCOUNTS, lambda: Account.objects.defer("raw"), matching.ACCOUNTS),
    SearchedKind(
        "Sites",
        SITES,
        lambda: Site.objects.select_related("account").defer("raw", "account__raw"),
        matching.SITES,
    ),
    SearchedKind(
        "Packages",
        PACKAGES,
        lambda: Package.objects.select_related("account").defer("raw", "account__raw"),
        matching.PACKAGES,
    ),
    SearchedKind("Instances", INSTANCES, _services, matching.SERVICES, is_named=False),
    SearchedKind("Products", CATALOG, CatalogProduct.objects.all, matching.PRODUCTS),
)


def find(text: str) -> Iterator[FoundKind]:
    """What the text finds, kind by kind: exact names, the start of an id, words of names."""
    for source in SEARCHED:
        found: dict[Any, Model] = {}
        for rows in _tiers(source, text):
            found |= {row.pk: row for row in rows[: LIMIT + 1] if row.pk not in found}
            if len(found) > LIMIT:
                break
        records = list(found.values())[:LIMIT]
        more = _more(source, text, records) if len(found) > LIMIT else None
        services = [row for row in records if isinstance(row, ProductInstance)]
        ordered, apart = ordered_again(services), distinctions(services, ("place", "status"))
        yield FoundKind(source.label, tuple(_hit(row, ordered, apart) for row in records), more)
    number = text if text.startswith("#") else f"#{text}"
    operation = numbered(number)
    yield FoundKind("Operations", (_hit(operation),) if operation else ())


def _tiers(source: SearchedKind, text: str) -> Iterator[QuerySet]:
    """The rows that come first, then those that come next; some may come twice."""
    rows, is_long = source.rows(), len(text) >= SHORTEST_WORD
    if source.is_named and is_long:
        yield rows.filter(matching.named(rows.model, text))
    if begun := id_range(text):
        yield rows.filter(pk__range=begun)
    if source.is_named and is_long:
        yield rows.filter(matching.beginning(rows.model, text))
    if not source.is_named:
        # In no order: asked for the newest, the database would look up one service after another.
        rows, is_long = rows.order_by(), len(text) >= SHORTEST_OF_SERVICE
    if is_long:
        yield source.matcher.narrow(rows, text)


def _more(source: SearchedKind, text: str, records: list[Model]) -> Further:
    """What the list has beyond the rows shown here; those gone from Wix are a list of their own."""
    query = ListQuery(source.list, QueryDict(urlencode({"q": text})))
    count = query.rows().order_by()[: COUNTED + 1].count()
    present = [row for row in records if getattr(row, "gone_at", None) is None]
    noun = source.label.lower()
    if count > COUNTED:
        return Further(f"All {noun}, more than {COUNTED:,}", query.address)
    if count > len(present):
        return Further(f"{count - len(present):,} more {noun}", query.address)
    return Further(f"More {noun} that are gone", query.url(gone="1"))


def _hit(
    row: Model,
    ordered: Mapping[UUID, OrderedAgain] = MappingProxyType({}),
    apart: Mapping[UUID, str] = MappingProxyType({}),
) -> Hit:
    """The record; of a service what tells it from its namesakes, and of a failed one what was
    ordered in its place."""
    match row:
        case ProductInstance():
            where = row.place if row.site else row.place.lower()
            status = explain_status(row.status).word
            order = ordered.get(row.pk, NOTHING).relevant
            again = reordered_words(order) if order else ""
            title, details = str(row.product), [str(row.account), where, status, again]
            details.append(apart.get(row.pk, ""))
        case Package():
            title, details = str(row), [str(row.account)]
        case Site():
            title, details = str(row), [row.display_name, str(row.account)]
        case Account():
            title, details = str(row), [readable(row.email) or row.short_id + "…"]
        case CatalogProduct():
            link = addresses.INSTANCES_OF_PRODUCT(row.pk)
            return Hit(str(row), row.service_type or "Product", link)
        case Operation():
            about = str(row.instance.product) if row.instance else str(row.account)
            state = explain_state(row.state, row.ending).word
            detail = f"{about}, {state}, asked by {row.requested_by.get_username()}"
            return Hit(str(row), detail, row.get_absolute_url())
        case _:
            raise TypeError(f"no page for {row!r}")
    if row.gone_at:
        details.append("gone from Wix")
    return Hit(title, ", ".join(dict.fromkeys(filter(None, details))), row.get_absolute_url())
