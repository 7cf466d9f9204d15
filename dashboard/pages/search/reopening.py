"""The records that a person opened last, as results."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet

from dashboard.frame.recent import recent

from . import find

ROWS: Mapping[str, Callable[[], QuerySet]] = {
    "account": find.accounts,
    "site": find.sites,
    "package": find.packages,
    "instance": find.services,
    "operation": find.operations,
}


def reopened(person_id: int | None, limit: int) -> list[Model]:
    """What this person opened last and is still there, the last first; a query a kind."""
    wanted: dict[str, list[Any]] = {}
    order = []
    for subject in recent(person_id)[:limit]:
        noun, _, key = subject.partition(":")
        if noun in ROWS:
            pk: Any = int(key) if noun == "operation" else UUID(key)
            wanted.setdefault(noun, []).append(pk)
            order.append((noun, pk))
    rows = {
        (noun, row.pk): row
        for noun, keys in wanted.items()
        for row in ROWS[noun]().filter(pk__in=keys).order_by()
    }
    return [rows[one] for one in order if one in rows]
