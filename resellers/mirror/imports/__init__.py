"""Names for ids: the agency's catalogue and customers, read from CSV, all of it or nothing.

A file becomes a table of cleaned rows (`table`), which becomes a plan of every change (`plan`),
which is shown and then done. What is wrong is told all at once, each with its row and column. What
was uploaded waits an hour for Confirm (`uploads`).
"""

from pathlib import Path

from .columns import CATALOG, CUSTOMERS, Sheet
from .plan import ImportMoved, ImportPlan, RowChange, apply, dry_run
from .problems import ImportRefused, Problem
from .table import MAX_BYTES, MAX_ROWS
from .uploads import forget_old_uploads, store_upload, stored_upload

__all__ = [
    "CATALOG",
    "CUSTOMERS",
    "MAX_BYTES",
    "MAX_ROWS",
    "ImportMoved",
    "ImportPlan",
    "ImportRefused",
    "Problem",
    "RowChange",
    "Sheet",
    "apply",
    "dry_run",
    "forget_old_uploads",
    "import_catalog",
    "import_customers",
    "store_upload",
    "stored_upload",
]


def import_catalog(path: Path) -> ImportPlan:
    """Take the product catalogue from a CSV file and return what it changed.

    Columns: product_id, name, service_type, cycles (`1 YEAR|1 MONTH`), one_per_site, needs_premium,
    tld, adjustable, limit and, optional, premium, reference, voucher, features (`one|another`).
    A column that is left out keeps what is held.
    Raises ImportRefused with every problem of the file.
    """
    return apply(CATALOG, _content(path), file=path.name)


def import_customers(path: Path) -> ImportPlan:
    """Take the customers' names from a CSV file and return what it changed.

    Columns: account_id, name, email, group, reference. Raises ImportRefused as `import_catalog`.
    """
    return apply(CUSTOMERS, _content(path), file=path.name)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ImportRefused([Problem("unreadable", f"{path}: {error.strerror}")]) from error
