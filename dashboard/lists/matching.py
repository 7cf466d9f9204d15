"""What a typed word finds of each kind of record, for search and for every list alike."""

import re
from functools import reduce
from operator import or_

from django.db.models import Exists, Model, Q

from resellers.models import Account, CatalogProduct, Package, Site

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


def account(word: str) -> Q:
    return Q(name__icontains=word) | Q(email__icontains=word) | Q(reference__icontains=word)


def site(word: str) -> Q:
    return Q(display_name__icontains=word) | Q(name__icontains=word) | address(word)


def package(word: str) -> Q:
    return Q(external_id__icontains=word)


def product(word: str) -> Q:
    return Q(name__icontains=word)


def service(word: str) -> Q:
    """By ids from each table: an OR over joined columns would use no index of any of them."""
    return (
        Q(product__in=CatalogProduct.objects.filter(product(word)))
        | Q(account__in=Account.objects.filter(name__icontains=word))
        | Q(site__in=Site.objects.filter(Q(display_name__icontains=word) | address(word)))
        | Q(package__in=Package.objects.filter(package(word)))
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
