"""What typed text finds, kind by kind.

Each kind is asked for by itself and with its own limit: one question with OR over several tables
would use no index of any of them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import Case, IntegerField, Model, Q, QuerySet, Value, When
from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.lists import matching
from dashboard.lists.declaration import List
from dashboard.lists.holders import Holders
from dashboard.lists.matching import Matcher
from dashboard.lists.query import ListQuery
from dashboard.lists.query_words import literal
from dashboard.pages.accounts.list import ACCOUNTS
from dashboard.pages.catalog.list import CATALOG
from dashboard.pages.instances.list import INSTANCES
from dashboard.pages.packages.list import PACKAGES
from dashboard.pages.sites.list import SITES
from resellers import formats
from resellers.models import Account, CatalogProduct, Operation, Package, ProductInstance, Site
from resellers.texts import Text
from resellers.wix_ids import id_range, pasted_id

from .hits import Hit, Standing, hits_of

COUNTED = 1000  # of what is not shown; the list itself counts further
MOST_CALLED = 500  # rows that are called the same
SHORTEST_WORD = 2
SHORTEST_OF_SERVICE = 3  # letters: less is in the name of every other service


@dataclass(frozen=True, slots=True)
class Further:
    """The way to what is not shown: how much, and the list that has it."""

    words: str
    link: str


@dataclass(frozen=True, slots=True)
class FoundKind:
    """What was found of one kind, and the way to the rest of it."""

    label: Text
    hits: tuple[Hit, ...]
    more: Further | None = None
    rows: tuple[Model, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchedKind:
    """Where one kind is looked for: its list, its rows with what a hit tells, and how text is met.

    Services have no name of their own, so that only their words and ids can be met.
    """

    label: Text
    list: List
    rows: Callable[[], QuerySet]
    matcher: Matcher
    is_named: bool = True


def services() -> QuerySet[ProductInstance]:
    """Services with all that a result and preflight look at."""
    rows = ProductInstance.objects.select_related("product", "account", "site", "package")
    return rows.defer("raw", "account__raw", "site__raw", "package__raw")


def packages() -> QuerySet[Package]:
    return Package.objects.select_related("account").defer("raw", "account__raw")


def sites() -> QuerySet[Site]:
    return Site.objects.select_related("account").defer("raw", "account__raw")


def accounts() -> QuerySet[Account]:
    return Account.objects.defer("raw")


def operations() -> QuerySet[Operation]:
    return Operation.objects.select_related("account", "instance__product", "requested_by")


SEARCHED = (
    SearchedKind(gettext_lazy("Customers"), ACCOUNTS, accounts, matching.ACCOUNTS),
    SearchedKind(gettext_lazy("Sites"), SITES, sites, matching.SITES),
    SearchedKind(gettext_lazy("Services"), INSTANCES, services, matching.SERVICES, is_named=False),
    SearchedKind(gettext_lazy("Packages"), PACKAGES, packages, matching.PACKAGES),
    SearchedKind(gettext_lazy("Products"), CATALOG, CatalogProduct.objects.all, matching.PRODUCTS),
)


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
    return operations().filter(pk=int(digits)).first()


def find(text: str, limit: int, *, counts_rest: bool) -> list[FoundKind]:
    """What the text finds, kind by kind: exact names, the start of an id, words of names.

    At most two queries a kind, one a word, and three for all that stands beside them; where the
    rest of what is cut is counted, one more for each kind that is.
    """
    look_up = cache(matching.look_up)
    found = [(kind, _rows(kind, text, limit, look_up)) for kind in SEARCHED]
    operation = numbered(text if text.startswith("#") else f"#{text}")
    standing = Standing(row for _kind, rows in found for row in rows[:limit])
    kinds = []
    for kind, rows in found:
        best = rows[:limit]
        more = _more(kind, text, best, counts_rest) if len(rows) > limit else None
        kinds.append(FoundKind(kind.label, tuple(hits_of(best, standing)), more, tuple(best)))
    if operation:
        [hit] = hits_of([operation], standing)
        kinds.append(FoundKind(_("Operations"), (hit,), rows=(operation,)))
    return [kind for kind in kinds if kind.hits]


def _rows(
    kind: SearchedKind, text: str, limit: int, look_up: Callable[[str], Holders]
) -> list[Model]:
    """The rows to show, those that are called so first, and one more where there are more."""
    rows, is_long = kind.rows(), len(text) >= SHORTEST_WORD
    begun = id_range(text)
    found: dict[Any, Model] = {}
    if not kind.is_named:
        # In no order: asked for the newest, the database would look up one service after another.
        rows, is_long = rows.order_by(), len(text) >= SHORTEST_OF_SERVICE
    if is_long and kind.is_named:
        _add(found, _nearest(rows, text, begun, limit), limit)
    elif begun:
        _add(found, rows.filter(pk__range=begun), limit)
    if is_long and len(found) <= limit:
        _add(found, kind.matcher.few(rows, text, limit + 1, look_up), limit)
    return list(found.values())


def _nearest(rows: Any, text: str, begun: tuple[UUID, UUID] | None, limit: int) -> list[Model]:
    """What is called so, then what has such an id, then what begins so, by their names."""
    called, every = matching.named(rows.model, text), rows.model._default_manager.order_by()
    by_id = Q(pk__range=begun) if begun else Q(pk__in=[])
    # By their keys, which are found by an index each: asked for a few rows in some order that are
    # either, the database would read one row after another.
    exact = every.filter(called | by_id).values("pk")[:MOST_CALLED]
    begins = every.filter(matching.beginning(text)).values("pk")[: limit + 1]
    keys = every.filter(pk__in=exact).values("pk").union(every.filter(pk__in=begins).values("pk"))
    nearness = Case(
        When(called, then=Value(0)),
        When(by_id, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    near = rows.filter(pk__in=keys).annotate(nearness=nearness)
    return list(near.order_by("nearness", *rows.model._meta.ordering)[: limit + 1])


def _add(found: dict[Any, Model], rows: QuerySet | Sequence[Model], limit: int) -> None:
    for row in rows[: limit + 1]:
        found.setdefault(row.pk, row)


def _more(kind: SearchedKind, text: str, records: list[Model], counts_rest: bool) -> Further:
    """What the list has beyond the rows shown here; those gone from Wix are a list of their own."""
    query = ListQuery(kind.list, QueryDict(urlencode({"q": literal(text)})))
    noun = str(kind.label).lower()
    if not counts_rest:
        return Further(_("All %(noun)s that match") % {"noun": noun}, query.address)
    count = query.rows().order_by()[: COUNTED + 1].count()
    present = [row for row in records if getattr(row, "gone_at", None) is None]
    if count > COUNTED:
        return Further(
            _("All %(noun)s, more than %(counted)s")
            % {"noun": noun, "counted": formats.number(COUNTED)},
            query.address,
        )
    if count > len(present):
        return Further(
            _("%(count)s more %(noun)s")
            % {"count": formats.number(count - len(present)), "noun": noun},
            query.address,
        )
    return Further(_("More %(noun)s that are gone") % {"noun": noun}, query.url(gone="1"))
