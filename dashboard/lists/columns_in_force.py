"""Which columns a list has: those its address names, else the person's own, else the usual."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from .declaration import Column, List


class ColumnsInForce:
    """The columns that are in force (`columns`), of a list whose filters `filtered` are in force.

    `saved` are those that the person keeps, and `sets` the others that are kept under names.
    `error` says what is wrong with those that the address names.
    """

    def __init__(
        self,
        list_: "List",
        named: Sequence[str],
        saved_sets: Mapping[str, Sequence[str]],
        filtered: Iterable[str],
    ) -> None:
        self._known = {column.key: column for column in list_.columns}
        self._filtered = set(filtered)
        # A column that is no more is passed over, and so is a set that has no other.
        sets = {
            name: [key for key in keys if key in self._known] for name, keys in saved_sets.items()
        }
        self.saved = sets.pop("", [])
        self.sets = {name: keys for name, keys in sets.items() if keys}
        keys = [key for text in named for key in text.split(",") if key]
        self.error = ""
        if not self._known.keys() >= set(keys):
            self.error = _("Choose from: %(known)s.") % {"known": ", ".join(self._known)}
            keys = []
        self.are_named = bool(keys)
        self.columns = self._chosen(keys)

    def _chosen(self, named: Sequence[str]) -> tuple["Column", ...]:
        if self.error:
            return self.usual
        if not named and self.saved:
            called_for = (key for key, item in self._known.items() if self._calls_for(item))
            named = [*self.saved, *called_for]
        return tuple(self._known[key] for key in dict.fromkeys(named)) or self.usual

    def _calls_for(self, column: "Column") -> bool:
        return column.with_filter in self._filtered

    @property
    def usual(self) -> tuple["Column", ...]:
        """The standard columns, and those that the filters in force call for."""
        return tuple(
            item for item in self._known.values() if item.is_default or self._calls_for(item)
        )

    @property
    def are_usual(self) -> bool:
        """Whether these are the standard columns, in whatever order."""
        return set(self.columns) == set(self.usual)
