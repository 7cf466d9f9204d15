"""What typed text finds: one matcher a kind of record, for the search box and lists alike."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Exists, Model, Q, QuerySet

from resellers.models import Account, CatalogProduct, Package, Site
from resellers.wix_ids import id_range, pasted_id

SHOWN_OF_ID = 8  # letters, wherever an id is shown short
MOST_WORDS = 8

# A site's address, however it was copied.
_ADDRESS = re.compile(
    r"(?P<front>https?://(?:www\.)?|www\.)?(?P<host>[^/?#:]+)(?::\d+)?"
    r"(?P<path>/[^?#]*)?(?:[?#].*)?",
    re.IGNORECASE,
)
_FRONTS = ("https://", "https://www.")
# The fields by which people call a record; see `named` and `beginning`.
_NAMES: dict[type[Model], tuple[str, ...]] = {
    Account: ("name", "reference", "email"),
    Site: ("display_name", "name"),
    Package: ("external_id",),
    CatalogProduct: ("name",),
}


@dataclass(frozen=True, slots=True)
class Matcher:
    """What typed text means of one kind of record, wherever it is typed.

    Each of its words has to be found by `find`, or to be an id. A whole id, or eight letters of
    one, is looked for in the fields `ids`; less of one is a row's own. What looks like an id may
    be a name all the same: an external id is whatever a partner chose.
    """

    find: Callable[[str], Q]
    ids: tuple[str, ...] = ("pk",)

    def narrow(self, rows: QuerySet, text: str) -> QuerySet:
        """The rows that the text means."""
        words = [text] if pasted_id(text) else text.split()[:MOST_WORDS]
        for word in words:
            rows = rows.filter(self._has(word))
        return rows

    def _has(self, word: str) -> Q:
        if id_ := pasted_id(word):
            return reduce(or_, (Q(**{field: id_}) for field in self.ids), self.find(word))
        begun = id_range(word)
        if not begun:
            return self.find(word)
        fields = self.ids if len(word) >= SHOWN_OF_ID else {"pk"} & set(self.ids)
        lowest, highest = begun
        within = (Q(**{f"{field}__gte": lowest, f"{field}__lte": highest}) for field in fields)
        return reduce(or_, within, self.find(word))


def account(word: str) -> Q:
    return Q(name__icontains=word) | Q(email__icontains=word) | Q(reference__icontains=word)


def site(word: str) -> Q:
    return Q(display_name__icontains=word) | Q(name__icontains=word) | address(word)


def package(word: str) -> Q:
    of_account = Account.objects.filter(name__icontains=word)
    return Q(external_id__icontains=word) | Q(account__in=of_account)


def product(word: str) -> Q:
    return Q(name__icontains=word) | Q(service_type__icontains=word) | Q(tld__iexact=word)


def service(word: str) -> Q:
    """By ids from each table: an OR over joined columns would use no index of any of them."""
    return (
        Q(product__in=CatalogProduct.objects.filter(name__icontains=word))
        | Q(account__in=Account.objects.filter(name__icontains=word))
        | Q(site__in=Site.objects.filter(Q(display_name__icontains=word) | address(word)))
        | Q(package__in=Package.objects.filter(external_id__icontains=word))
    )


def address(word: str) -> Q:
    """Sites by address, with or without scheme, www. and final slash.

    Where no site has all of it, those of its host: a customer's link leads to some page of theirs.
    """
    host, path, starts = _parts(word)
    if not host:
        return Q(url__icontains=word)
    of_host = _any_url("icontains", starts, host)
    if not path:
        return of_host
    whole = _any_url("icontains", starts, host + path)
    return whole | (of_host & ~Q(Exists(Site.objects.filter(whole))))


def _parts(word: str) -> tuple[str, str, tuple[str, ...]]:
    """Host and path as the word spells them, and what may stand before; empty where it does not."""
    found = _ADDRESS.fullmatch(word)
    if not found or not (found["front"] or "." in found["host"]):
        return "", "", ("",)
    starts = ("://", "://www.") if found["front"] else ("",)
    return found["host"], (found["path"] or "").rstrip("/"), starts


def _any_url(lookup: str, starts: tuple[str, ...], rest: str) -> Q:
    return reduce(or_, (Q(**{f"url__{lookup}": start + rest}) for start in starts))


def named(model: type[Model], text: str) -> Q:
    """Those that are called exactly so, in any case."""
    found = _any_name(model, "iexact", text)
    if model is Site:
        host, path, _ = _parts(text)
        for end in ("", "/"):
            found |= _any_url("iexact", _FRONTS, (host + path or text) + end)
    return found


def beginning(model: type[Model], text: str) -> Q:
    """Those of which a name begins so."""
    found = _any_name(model, "istartswith", text)
    if model is Site:
        host, path, _ = _parts(text)
        found |= _any_url("istartswith", _FRONTS, host + path or text)
    return found


def _any_name(model: type[Model], lookup: str, text: str) -> Q:
    return reduce(or_, (Q(**{f"{name}__{lookup}": text}) for name in _NAMES[model]))


ACCOUNTS = Matcher(account)
SITES = Matcher(site, ("pk", "account_id"))
PACKAGES = Matcher(package, ("pk", "account_id"))
SERVICES = Matcher(service, ("pk", "package_id", "account_id", "site_id", "product_id"))
PRODUCTS = Matcher(product)
