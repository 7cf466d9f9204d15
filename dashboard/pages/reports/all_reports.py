"""Reports: figures counted now, each leading to the rows it counts, each to be taken away."""

from collections.abc import Callable, Mapping

from . import operations as asked
from . import services as held
from . import troubles
from .report import Report

REPORTS: Mapping[str, Callable[[], Report]] = {
    "instances": held.by_status,
    "products": held.by_product,
    "accounts": held.by_account,
    "failures": troubles.failures,
    "floating": troubles.floating,
    "expiring": troubles.expiring,
    "operations": asked.by_kind,
    "people": asked.by_person,
    "outcomes": asked.by_outcome,
}

__all__ = ["REPORTS", "Report"]
