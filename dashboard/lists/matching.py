"""What typed text finds: one matcher a kind of record, for the search box and lists alike."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import Exists, Model, Q, QuerySet

from resellers.folding import is_visible
from resellers.models import Account, CatalogProduct, Package, ProductInstance, Site
from resellers.models.instance_querysets import DISCOUNTED
from resellers.wix_ids import id_range, pasted_id

from .holders import Holders, Named, Ways, having_all, within

SHORT_ID_LENGTH = 8  # letters, wherever an id is shown short
MOST_WORDS = 8

# A site's address, however it was copied.
_ADDRESS = re.compile(
    r"(?P<front>https?://(?:www\.)?|www\.)?(?P<host>[^/?#:]+)(?::\d+)?"
    r"(?P<path>/[^?#]*)?(?:[?#].*)?",
    re.IGNORECASE,
)
_WORD = re.compile(r'"(?:[^"]|"")*"(?=\s|$)|\S+')  # several in quotation marks are one
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
    ways: Ways | None = None  # to what words name, of records that have no texts of their own

    def narrow(self, rows: QuerySet, text: str) -> QuerySet:
        """The rows that the text means."""
        return rows.filter(self.condition(text))

    def condition(self, text: str) -> Q:
        """Which rows the text means."""
        words = [text] if pasted_id(text) else words_of(text)[:MOST_WORDS]
        return reduce(and_, (self._has(word) for word in filter(is_visible, words)), Q())

    def condition_within(self, text: str) -> Q:
        """The same rows, with nothing looked up before: where many texts are asked for at once."""
        ways = self.ways
        if ways is None:
            return self.condition(text)
        return replace(self, find=lambda word: within(named_by(word), ways)).condition(text)

    def few(
        self, rows: QuerySet, text: str, most: int, look_up: Callable[[str], Holders]
    ) -> list[Model]:
        """At most so many of the rows that the text means.

        Where a word names very many things, the records of some of them are looked at first.
        """
        ways = self.ways
        if ways is None:
            return list(self.narrow(rows, text)[:most])
        named: dict[str, Holders] = {}

        def exactly(word: str) -> Q:
            named[word] = look_up(word)
            return named[word].records(ways)

        steps = [replace(self, find=exactly).condition(text)]
        if any(one.are_more for one in named.values()):
            some = replace(self, find=lambda word: named[word].some_records(ways))
            steps.insert(0, some.condition(text))
            if len(named) > 1:
                steps.insert(0, having_all(named.values()).some_records(ways))
        found: dict[Any, Model] = {}
        for step in steps:
            found |= {row.pk: row for row in rows.filter(step)[:most]}
            if len(found) >= most:
                break
        return list(found.values())[:most]

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


def words_of(text: str) -> list[str]:
    """The words of the text. In quotation marks several are one, as they stand there."""
    return [unquoted(part) for part in _WORD.findall(text)]


def quoted(word: str, *, always: bool = False) -> str:
    """The word, in quotation marks where it would else be read as several."""
    is_one = word and not any(letter.isspace() or letter in '",' for letter in word)
    return word if is_one and not always else '"' + word.replace('"', '""') + '"'


def unquoted(part: str) -> str:
    """What stands between quotation marks; the text itself where it stands in none."""
    inner = part[1:-1]
    is_quoted = len(part) > 2 and part[0] == part[-1] == '"'
    return inner.replace('""', '"') if is_quoted else part


def in_own_texts(word: str) -> Q:
    """The records whose own texts hold the word, however it is written: see `search_text`."""
    return Q(search_text__has=word)


def by_name(word: str) -> Q:
    """The customers or products whose name holds it: so what is theirs is found."""
    return Q(search_name__has=word)


def site(word: str) -> Q:
    return in_own_texts(word) | address(word)


def product(word: str) -> Q:
    return in_own_texts(word) | Q(tld__iexact=word)


OF_SERVICE = {
    **{kind: kind for kind in ("product", "account", "site", "package")},
    "discount": "pk",
}
OF_PACKAGE = {"package": "pk", "account": "account"}


def named_by(word: str) -> Named:
    """All that the word names, by kind."""
    return {
        "product": CatalogProduct.objects.filter(by_name(word)),
        "account": Account.objects.filter(by_name(word)),
        "site": Site.objects.filter(site(word)),
        "package": Package.objects.filter(in_own_texts(word)),
        "discount": ProductInstance.objects.filter(DISCOUNTED, discount_code__iexact=word),
    }


def look_up(word: str) -> Holders:
    """What the word names, each kind by itself; one statement."""
    return Holders.of(named_by(word))


def package(word: str) -> Q:
    """The packages that it names, and those of customers whom it names."""
    return look_up(word).records(OF_PACKAGE)


def service(word: str) -> Q:
    """The services whose product, customer, site or package it names, or which were ordered with
    that discount code."""
    return look_up(word).records(OF_SERVICE)


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
        for end in ("", "/") if host else ():
            found |= _any_url("is", _FRONTS, host + path + end)
    return found


def beginning(text: str) -> Q:
    """Those of which the first name begins so."""
    return Q(search_text__starts=text)


ACCOUNTS = Matcher(in_own_texts)
SITES = Matcher(site, ("pk", "account_id"))
PACKAGES = Matcher(package, ("pk", "account_id"), OF_PACKAGE)
SERVICES = Matcher(service, ("pk", "package_id", "account_id", "site_id", "product_id"), OF_SERVICE)
PRODUCTS = Matcher(product)
_BY_MODEL: dict[type[Model], Matcher] = {
    Account: ACCOUNTS,
    Site: SITES,
    Package: PACKAGES,
    ProductInstance: SERVICES,
    CatalogProduct: PRODUCTS,
}


def of_model(model: type[Model]) -> Matcher:
    """The one matcher of that kind of record."""
    return _BY_MODEL[model]
