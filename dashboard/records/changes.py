"""What a plan changes, as people read it: field by field, before and after."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field before and after, in words, with ids where these are records."""

    label: str
    before: str
    after: str
    before_id: str = ""
    after_id: str = ""


def field_changes(
    rows: Any, before: Mapping[str, Any], wish: Mapping[str, Any], keys: Mapping[str, str]
) -> list[FieldChange]:
    """A plan's rows, each `(field, label, before, after)`.

    `keys` are those by which wish and values before name a field's record by its id.
    """
    changes = []
    for field, label, old, new in rows:
        key = keys.get(field, "")
        changes.append(
            FieldChange(label, old, new, str(before.get(key) or ""), str(wish.get(key) or ""))
        )
    return changes
