"""What can be wrong with a file, each with its row, its column, a code and words."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

LONGEST_QUOTE = 60


class Wrong(ValueError):
    """A cell that cannot be taken; str() says what would be right."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code

    @property
    def sentence(self) -> str:
        """The words as they stand beside the field of a form."""
        words = str(self)
        return f"{words[0].upper()}{words[1:]}."


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: in which row and column, where it belongs to one."""

    code: str
    words: str
    row: int | None = None  # as a spreadsheet numbers them: the header is row 1
    column: str = ""

    def __str__(self) -> str:
        return (
            _("line %(row)s: %(what)s") % {"row": self.row, "what": self.words}
            if self.row
            else self.words
        )


class ImportRefused(Exception):
    """The file was not imported. `problems` lists all that is wrong with it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("; ".join(self.errors))

    @property
    def errors(self) -> list[str]:
        """The problems as lines of text."""
        return [str(problem) for problem in self.problems]


def quoted(text: str) -> str:
    """A cell as a message quotes it: short, whatever was in it."""
    return repr(text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE]}…")
