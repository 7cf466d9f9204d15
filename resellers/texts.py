"""The type of what people read, where it may have been written down before anybody asked for it."""

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

# A text, or one that is looked up in the catalogue each time it is shown.
Text: TypeAlias = "str | _StrPromise"
