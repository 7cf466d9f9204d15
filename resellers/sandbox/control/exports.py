"""The tables that an agency has from elsewhere: Wix's catalogue, and its own customers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from ..world.entities import Account, Product

CATALOG = (
    "product_id", "name", "service_type", "cycles", "one_per_site", "needs_premium", "tld",
    "adjustable", "limit", "premium", "reference", "voucher", "features",
)  # fmt: skip
CUSTOMERS = ("account_id", "name", "email", "group", "reference")


def catalog_csv(products: Iterable[Product]) -> str:
    """The catalogue as Wix's B2B department would hand it over, header first."""
    return _csv(
        CATALOG,
        (
            (
                product.id,
                product.name,
                product.service_type,
                "|".join(str(cycle) for cycle in product.cycles),
                _true_or_false(product.one_per_site),
                _true_or_false(product.needs_premium),
                product.tld,
                _true_or_false(product.adjustable),
                "" if product.limit is None else product.limit,
                _true_or_false(product.premium),
                _true_or_false(product.reference),
                product.voucher,
                "|".join(product.features),
            )
            for product in products
        ),
    )


def customers_csv(accounts: Iterable[Account]) -> str:
    """What the agency itself knows of its customers; Wix has no names. Header first."""
    return _csv(
        CUSTOMERS, ((one.id, one.name, one.email, one.group, one.reference) for one in accounts)
    )


def _csv(header: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Rows as CSV with CRLF, quoted where needed."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return written.getvalue()


def _true_or_false(value: bool) -> str:
    return "true" if value else "false"
