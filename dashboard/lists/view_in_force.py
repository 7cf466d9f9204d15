"""The saved view that a list is opened with, and how an address says so.

`view=7` alone asks for what that view asks. With anything beside it, that is asked for instead,
and the view only says from where one came. `view=all` asks for none, whatever opens by default.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .declaration import List

LAYOUT = ("sort", "columns", "per_page", "density")  # how a list is shown
ALL = "all"
Said = str | Sequence[str]


def view_parameters(list_: "List") -> tuple[str, ...]:
    """The parameters that a view keeps: every filter, and how the list is shown."""
    return (*(item.name for item in list_.filters), *LAYOUT)


@dataclass(frozen=True)
class ViewInForce:
    """A view's number, "" for none; what it asks for; whether a bare address opens one."""

    number: str = ""
    asks: Mapping[str, Sequence[str]] = field(default_factory=dict)
    is_one_default: bool = False
    by_default: bool = False  # a bare address opened it
    names: tuple[str, ...] = ()

    @property
    def parameter(self) -> str:
        """What a form has to send with the filters so that it is known where one came from."""
        return self.number or (ALL if self.is_one_default else "")

    def is_changed(self, state: Mapping[str, Said]) -> bool:
        """Whether something else is asked for than the view asks."""
        return bool(self.number) and not self._is_meant_by(state)

    def in_address(self, state: Mapping[str, Said]) -> dict[str, Said]:
        """The parameters of an address that asks for this: for just a view, its number."""
        said = {name: text for name, text in state.items() if text and name != "view"}
        is_anything = any(name in self.names for name in said)
        if not self.number and (is_anything or not self.is_one_default):
            return said
        if not is_anything:
            return ({"view": ALL} if self.is_one_default else {}) | said
        if self._is_meant_by(said):
            said = {name: text for name, text in said.items() if name not in self.names}
        return {"view": self.number, **said}

    def _is_meant_by(self, state: Mapping[str, Said]) -> bool:
        asked = {name: _all(state[name]) for name in self.names if state.get(name)}
        return asked == {name: _all(texts) for name, texts in self.asks.items()}


def _all(said: Said) -> list[str]:
    return sorted([said] if isinstance(said, str) else said)
