"""What a plan changes, as people read it: field by field, before and after."""

from dataclasses import dataclass
from typing import Any

# Of a plan's rows: the ids by which wish and values before name the same record.
IDS = {"site": "site_id", "product": "product_id"}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field before and after, in words, with ids where these are records."""

    label: str
    before: str
    after: str
    before_id: str = ""
    after_id: str = ""


def field_changes(rows: Any, before: dict[str, Any], wish: dict[str, Any]) -> list[FieldChange]:
    """A plan's rows, each `(field, label, before, after)`, with the ids of sites and products."""
    told = []
    for field, label, old, new in rows:
        key = IDS.get(field, "")
        told.append(
            FieldChange(label, old, new, str(before.get(key) or ""), str(wish.get(key) or ""))
        )
    return told
