"""What a report is made of: lines of figures, and the list behind each figure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.safestring import SafeString

from dashboard.components.charts import Bar, bars
from dashboard.lists.spans import AGES, aged
from resellers.texts import Text


@dataclass(frozen=True, slots=True)
class ReportCell:
    """A figure and the list of what it counts."""

    value: int
    link: str


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One row of a report: what it is about, in raw and in plain words, and its figures."""

    raw: str
    label: Text
    meaning: Text
    cells: tuple[ReportCell, ...]
    link: str = ""  # the page of what the line is about, where it has one


@dataclass(frozen=True, slots=True)
class Report:
    """A table of figures with a chart of its first column."""

    name: str
    title: str
    sentence: str
    head: tuple[Text, ...]  # over the label and over each figure
    headers: tuple[str, ...]  # the same in the file; one more where lines are told by ids
    lines: tuple[ReportLine, ...]
    chart: SafeString
    nothing: Text

    @property
    def rows(self) -> list[list[Any]]:
        """The lines as the file has them; where they begin with an id, its name ends them."""
        named = len(self.headers) > len(self.head)
        return [
            [line.raw, *(cell.value for cell in line.cells), *([line.label] if named else ())]
            for line in self.lines
        ]

    @property
    def body(self) -> list[tuple[ReportLine, list[tuple[Text, ReportCell]]]]:
        """Each line with its figures, each beside the words that stand over it."""
        heads = self.head[1:]
        return [(line, list(zip(heads, line.cells, strict=True))) for line in self.lines]

    @property
    def is_empty(self) -> bool:
        return not any(cell.value for line in self.lines for cell in line.cells)


def rows_link(list_name: str, **query: str) -> str:
    """The address of the list that holds what a figure counts, by the name of its address."""
    return reverse(list_name, query={name: text for name, text in query.items() if text})


def by_age(field: str) -> dict[str, Count]:
    """Counts for each of the ages, by how long ago `field` was."""
    return {step: Count("pk", filter=aged(field)(step)) for step in AGES}


def first_column(title: str, lines: Sequence[ReportLine], tone: str = "") -> SafeString:
    """A chart of each line's first figure."""
    return bars(title, [bar_of(line, tone) for line in lines])


def bar_of(line: ReportLine, tone: str = "") -> Bar:
    """The line's first figure as a bar that leads to its rows."""
    return Bar(str(line.label), line.cells[0].value, tone, line.cells[0].link)


def total(lines: Sequence[ReportLine]) -> int:
    """The sum of the lines' first figures."""
    return sum(line.cells[0].value for line in lines)
