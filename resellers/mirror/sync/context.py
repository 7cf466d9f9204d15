"""What a phase of a reading works with, and where it goes on."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from resellers.models import SyncRun
from resellers.wix import Call, WixClient

MOST_PHASES = 16


class Standstill(Exception):
    """A list of Wix does not go on; the message says so to staff."""

    def __init__(self, what: str, pages: int) -> None:
        where = f"{pages} pages one after another" if pages > 1 else "its last page"
        super().__init__(
            f"Wix's list of {what} does not go on: {where} held nothing new. What was read before"
            " that is kept."
        )


@dataclass
class SyncContext:
    """The run, Wix, the database's clock, and how to keep how far the run has come."""

    run: SyncRun
    wix: WixClient
    now: Callable[[], datetime]
    save: Callable[[], None]
    phase_number: int = 0

    @property
    def pass_number(self) -> int:
        """With what the pages are marked that this phase of this run has read."""
        return self.run.pk * MOST_PHASES + self.phase_number

    def go_on(self, **position: Any) -> None:
        """Say where the phase goes on; what is still to be read alone stays."""
        alone = self.run.position.get("alone")
        self.run.position = position | ({"alone": alone} if alone else {})

    def read_alone(self, ids: Iterable[UUID]) -> None:
        """Have these packages read by a Get each, before the phase goes on."""
        held = self.run.position.get("alone", [])
        wanted = dict.fromkeys([*held, *map(str, ids)])
        if wanted:
            self.run.position = self.run.position | {"alone": list(wanted)}

    def hear(self, call: Call) -> None:
        """Note what time it is at Wix by this answer."""
        self.run.wix_date = call.wix_date or self.run.wix_date

    @property
    def wix_now(self) -> datetime:
        """What time it is at Wix, as far as its answers tell, else by our own clock."""
        return self.run.wix_date or self.now()
