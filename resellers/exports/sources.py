"""Where the rows of a file come from: said by who keeps lists, which stand on floors above."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime

from django.utils.translation import gettext

from resellers.models import ExportFile


class CannotMake(Exception):
    """The file cannot be made; str() says why, to who asked for it."""


class Source(ABC):
    """The rows of one file, as the person who asked for it may see them."""

    @abstractmethod
    def keys(self) -> Iterator[str]:
        """The keys of all rows in their order, as they are now: one question."""

    @abstractmethod
    def checked(self) -> tuple[datetime | None, datetime | None]:
        """Between when and when these rows were last read from Wix; None where that means
        nothing."""

    @abstractmethod
    def head(self) -> bytes:
        """What the file begins with."""

    @abstractmethod
    def chunk(self, keys: Sequence[str]) -> tuple[bytes, int]:
        """The rows with these keys as the file has them, and how many that are."""

    @abstractmethod
    def name(self, rows: int, at: datetime) -> str:
        """What the file is called that holds so many rows as they were then."""


Opener = Callable[[ExportFile], AbstractContextManager[Source]]
_openers: list[Opener] = []


def use(opener: Opener) -> None:
    """Have files made of what this gives, from now on: it raises CannotMake where it gives none."""
    _openers[:] = [opener]


def opened(export: ExportFile) -> AbstractContextManager[Source]:
    """The source of that file, to be used within `with`. Raises CannotMake."""
    if not _openers:
        raise CannotMake(gettext("This process knows no lists."))
    return _openers[0](export)
