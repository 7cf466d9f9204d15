"""Text that every database holds: what comes from outside is made so here, before it is kept."""

import json
import re
from typing import Any, TypeVar

T = TypeVar("T")

# PostgreSQL refuses NUL, and no encoding has halves of surrogate pairs.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(value: T) -> T:
    """The text, or the JSON value, with U+FFFD in place of each character that cannot be stored."""
    if isinstance(value, dict | list):
        # To look for what is hardly ever there takes less in the text of the whole.
        text = json.dumps(value)
        if "\\u0000" not in text and "\\ud" not in text:
            return value
    return _storable(value)  # type: ignore[no-any-return]


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return _UNSTORABLE.sub("\ufffd", value)
    if isinstance(value, dict):
        return {_storable(key): _storable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_storable(item) for item in value]
    return value
