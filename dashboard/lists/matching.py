"""What typed text finds: one matcher a kind of record, for the search box and lists alike."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Exists, Model, Q, QuerySet

from resellers.folding import is_visible
from resellers.models import Account, CatalogProduct, Package, ProductInstance, Site
from resellers.models.querysets import DISCOUNTED
from resellers.wix_ids import id_range, pasted_id

SHORT_ID_LENGTH = 8  # letters, wherever an id is shown short
MOST_WORDS = 8

# A site's address, however it was copied.
_ADDRESS = re.compile(
    r"(?P<front>https?://(?:www\.)?|www\.)?(?P<host>[^/?#:]+)(?::\d+)?"
    r"(?P<path>/[^?#]*)?(?:[?#].*)?",
    re.IGNORECASE,
)
_FRONTS = ("https://", "https://www.")


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
        for word in filter(is_visible, words):
            rows = rows.filter(self._has(word))
        return rows

    def _has(self, word: str) -> Q:
        if id_ := pasted_id(word):
            return reduce(or_, (Q(**{field: id_}) for field in self.ids), self.find(word))
        begun = id_range(word)
        if not begun:
            return self.find(word)
        fields = self.ids if len(word) >= SHORT_ID_LENGTH else {"pk"} & set(self.ids)
        lowest, highest = begun
        within = (Q(**{f"{field}__gte": lowest, f"{field}__lte": highest}) for field in fields)
        return reduce(or_, within, self.find(word))


def in_own_texts(word: str) -> Q:
    """The records whose own texts hold the word, however it is written: see `search_text`."""
    return Q(search_text__has=word)


def by_name(word: str) -> Q:
    """The customers or products whose name holds it: so what is theirs is found."""
    return Q(search_name__has=word)


def site(word: str) -> Q:
    return in_own_texts(word) | address(word)


def package(word: str) -> Q:
    return in_own_texts(word) | Q(account__in=Account.objects.filter(by_name(word)))


def product(word: str) -> Q:
    return in_own_texts(word) | Q(tld__iexact=word)


def service(word: str) -> Q:
    """By ids from each table: an OR over joined columns would use no index of any of them."""
    return (
        Q(product__in=CatalogProduct.objects.filter(by_name(word)))
        | Q(account__in=Account.objects.filter(by_name(word)))
        | Q(site__in=Site.objects.filter(site(word)))
        | Q(package__in=Package.objects.filter(in_own_texts(word)))
        | discounted(word)
    )


def discounted(word: str) -> Q:
    """The services that were ordered with this discount code."""
    services = ProductInstance.objects.filter(DISCOUNTED, discount_code__iexact=word)
    return Q(pk__in=services.order_by().values("pk"))


def operation(word: str) -> Q:
    """By the customer and the product that it is about."""
    return Q(account__in=Account.objects.filter(by_name(word))) | Q(
        instance__product__in=CatalogProduct.objects.filter(by_name(word))
    )


def address(word: str) -> Q:
    """Sites by address, with or without scheme, www. and final slash.

    Where no site has all of it, those of its host: a customer's link leads to some page of theirs.
    """
    host, path, starts = _parts(word)
    if not host:
        return in_own_texts(word)
    of_host = _any_url("has", starts, host)
    if not path:
        return of_host
    whole = _any_url("has", starts, host + path)
    return whole | (of_host & ~Q(Exists(Site.objects.filter(whole))))


def _parts(word: str) -> tuple[str, str, tuple[str, ...]]:
    """Host and path as the word spells them, and what may stand before; empty where it does not."""
    found = _ADDRESS.fullmatch(word)
    if not found or not (found["front"] or "." in found["host"]):
        return "", "", ("",)
    starts = ("://", "://www.") if found["front"] else ("",)
    return found["host"], (found["path"] or "").rstrip("/"), starts


def _any_url(lookup: str, starts: tuple[str, ...], rest: str) -> Q:
    return reduce(or_, (Q(**{f"search_text__{lookup}": start + rest}) for start in starts))


def named(model: type[Model], text: str) -> Q:
    """Those that are called exactly so, in any case."""
    found = Q(search_text__is=text)
    if model is Site:
        host, path, _ = _parts(text)
        for end in ("", "/"):
            found |= _any_url("is", _FRONTS, (host + path or text) + end)
    return found


def beginning(model: type[Model], text: str) -> Q:
    """Those of which a name begins so."""
    found = Q(search_text__begins=text)
    if model is Site:
        host, path, _ = _parts(text)
        found |= _any_url("begins", _FRONTS, host + path or text)
    return found


ACCOUNTS = Matcher(in_own_texts)
SITES = Matcher(site, ("pk", "account_id"))
PACKAGES = Matcher(package, ("pk", "account_id"))
SERVICES = Matcher(service, ("pk", "package_id", "account_id", "site_id", "product_id"))
PRODUCTS = Matcher(product)
