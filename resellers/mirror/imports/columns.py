"""What each column of the two files takes, and how it is written back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.utils.translation import gettext as _

from resellers.billing_cycles import ONCE, BillingCycle
from resellers.folding import is_one_line, tidy
from resellers.models import Account, CatalogProduct
from resellers.storable import storable

from .problems import Wrong, quoted

FLAGS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
MOST = 2**31 - 1  # what every database keeps as a whole number
LONGEST_CYCLES = 200
LONGEST_FEATURES = 2000

Read = Callable[[str], Any]


def text(column: str, model: type[models.Model]) -> Read:
    """A reader of text that fits the model's field; what nobody can see is none."""
    longest: int | None = getattr(model._meta.get_field(column), "max_length", None)

    def read(text: str) -> str:
        text = tidy(text)
        if longest and len(text) > longest:
            raise Wrong(
                "too_long",
                _("%(column)s is longer than %(longest)s characters")
                % {"column": column, "longest": longest},
            )
        if text != storable(text):
            raise Wrong("nul", _("%(column)s holds a NUL character") % {"column": column})
        return text

    return read


def line(column: str, model: type[models.Model]) -> Read:
    """A reader of text that lists are filtered by, which is one line in every address."""
    as_text = text(column, model)

    def read(text: str) -> str:
        read: str = as_text(text)
        if not is_one_line(read):
            raise Wrong(
                "not_one_line",
                _("%(column)s holds a line break or a tab: write it in one line")
                % {"column": column},
            )
        return read

    return read


_feature = line("features", CatalogProduct)


def email(text: str) -> str:
    """One e-mail address, or none. Raises Wrong."""
    read: str = _email(text)
    try:
        if read:
            validate_email(read)
    except ValidationError:
        words = _("email is no e-mail address: %(quoted)s. Write it as name@host.example") % {
            "quoted": quoted(read)
        }
        raise Wrong("no_email", words) from None
    return read


_email = text("email", Account)


def flag(column: str) -> Read:
    def read(text: str) -> bool:
        if text and text.lower() not in FLAGS:
            raise Wrong(
                "no_flag",
                _("%(column)s must be true or false, not %(quoted)s")
                % {"column": column, "quoted": quoted(text)},
            )
        return FLAGS.get(text.lower(), False)

    return read


def said(column: str) -> Read:
    """A reader of a flag that may be left open: None for an empty cell."""
    read_flag = flag(column)
    return lambda text: read_flag(text) if text else None


def features(text: str) -> list[str]:
    """Words divided by `|`, each once. Raises Wrong."""
    if len(text) > LONGEST_FEATURES:
        words = _("features is longer than %(longest)s characters") % {
            "longest": f"{LONGEST_FEATURES:,}"
        }
        raise Wrong("too_long", words)
    return list(dict.fromkeys(filter(None, map(_feature, text.split("|")))))


def cycles(text: str) -> list[str]:
    """Billing cycles, `1 YEAR|1 MONTH`, each once. Raises Wrong."""
    if len(text) > LONGEST_CYCLES:
        raise Wrong(
            "no_cycle",
            _("cycles is longer than %(longest_cycles)s characters")
            % {"longest_cycles": LONGEST_CYCLES},
        )
    found = [_cycle(part) for part in text.split("|") if part.strip()]
    return list(dict.fromkeys(cycle.as_json() for cycle in found))


def _cycle(part: str) -> BillingCycle:
    try:
        cycle = BillingCycle.parse(part)
    except ValueError:
        cycle = ONCE
    if not cycle.is_known:
        words = _("cycles must look like `1 YEAR|1 MONTH`, not %(quoted)s") % {
            "quoted": quoted(part.strip().upper())
        }
        raise Wrong("no_cycle", words)
    return cycle


def tld(text: str) -> str:
    """A top-level domain as `com`, however it is written. Raises Wrong."""
    read: str = _tld(text.strip().lower().lstrip("."))
    return read


_tld = text("tld", CatalogProduct)


def limit(text: str) -> int | None:
    """A whole number, None for an empty cell. Raises Wrong."""
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 10 and int(text) <= MOST):
        raise Wrong(
            "no_number",
            _("limit must be a whole number, not %(quoted)s") % {"quoted": quoted(text)},
        )
    return int(text)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file of one kind: what its rows are, which columns it may have, what each column takes.

    `aliases` are other names for columns; `ignored` are those of our own files that say nothing
    to import.
    """

    name: str
    model: type[Account] | type[CatalogProduct]
    key: str
    columns: Mapping[str, Read]
    event: str
    aliases: Mapping[str, str] = field(default_factory=dict)
    ignored: frozenset[str] = frozenset()
    name_wanted: bool = False  # a new row wants a name; one that is there is never taken away


OF_ERRORS = ("error_code", "error_message")  # what the file of failing rows has beside its rows

CATALOG = Sheet(
    name="catalog",
    model=CatalogProduct,
    key="product_id",
    columns={
        "name": text("name", CatalogProduct),
        "service_type": line("service_type", CatalogProduct),
        "cycles": cycles,
        "one_per_site": flag("one_per_site"),
        "needs_premium": flag("needs_premium"),
        "tld": tld,
        "adjustable": flag("adjustable"),
        "limit": limit,
        "premium": said("premium"),
        "reference": said("reference"),
        "voucher": line("voucher", CatalogProduct),
        "features": features,
    },
    event="catalog.imported",
    ignored=frozenset(OF_ERRORS),
    name_wanted=True,
)
CUSTOMERS = Sheet(
    name="customers",
    model=Account,
    key="account_id",
    columns={
        "name": text("name", Account),
        "email": email,
        "group": line("group", Account),
        "reference": text("reference", Account),
    },
    event="customers.imported",
    # So that the list's own file may come back as it is.
    aliases={"account_name": "name"},
    ignored=frozenset(
        {
            *OF_ERRORS,
            *("is_main", "packages", "services", "sites", "checked_at_utc", "gone_at_utc"),
            *("checked_at_local", "gone_at_local", "looked_after_by"),
        }
    ),
)
