"""What the attacks tell: a line an item, what came through in full, counts at the end."""

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

MOST_TOLD = 12


@dataclass
class Item:
    """One kind of attack: what was tried, and what of it came through."""

    name: str
    came_through: list[str] = field(default_factory=list)

    def hold(self, stood: bool, words: object) -> None:
        """Note a try; where it was not fended off, `words` say what it was."""
        if not stood:
            self.came_through.append(" ".join(str(words).split())[:300])


class Enough(Exception):
    """The item in hand has nothing more to prove."""


class Report:
    """The lines of one run, with the requests that each item took.

    With `proving`, the beginnings of names, it is about these items alone, and each is over as soon
    as something came through: to prove that it can.
    """

    def __init__(self, proving: Sequence[str] = ()) -> None:
        self.sent = 0
        self._proving = tuple(proving)
        self._in_hand: Item | None = None
        self.items: list[Item] = []
        self._began = time.monotonic()

    @contextmanager
    def item(self, name: str) -> Iterator[Item]:
        """An item with its line; one that could not be tried to its end counts as come through."""
        item, before = Item(name), self.sent
        self._in_hand = item
        try:
            yield item
        except Enough:
            pass
        except Exception as error:  # noqa: BLE001  (the other items are tried all the same)
            item.came_through.append(f"could not be tried: {error!r:.300}")
        self._in_hand = None
        if not self._is_wanted(item):
            return
        if self.sent == before:
            item.came_through.append("nothing was sent")
        self.items.append(item)
        number = len(item.came_through)
        words = "WRONG" if number else "right"
        say(f"{words}  {name:<58} {self.sent - before:>5} requests  {number:>3} succeeded")
        for one in item.came_through[:MOST_TOLD]:
            say(f"         {one}")
        if number > MOST_TOLD:
            say(f"         and {number - MOST_TOLD} more")

    def note_sent(self) -> None:
        """Count a request that is about to go. Raises Enough where the item needs none any more."""
        item = self._in_hand
        if self._proving and item and (item.came_through or not self._is_wanted(item)):
            raise Enough
        self.sent += 1

    def _is_wanted(self, item: Item) -> bool:
        return not self._proving or item.name.startswith(self._proving)

    def conclude(self) -> int:
        """Print the counts; the exit status, which is 1 where anything came through."""
        wrong = [item for item in self.items if item.came_through]
        seconds = time.monotonic() - self._began
        say("")
        say(
            f"{len(self.items)} items, {self.sent} requests in {seconds:.0f} s:"
            f" {len(wrong)} items with attacks that succeeded"
        )
        return 1 if wrong or not self.items else 0


def say(line: str) -> None:
    """A line, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
