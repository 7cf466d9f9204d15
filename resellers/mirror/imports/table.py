"""A file's bytes become rows of cleaned values, beside everything that is wrong with them."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellers.folding import is_visible, tidy
from resellers.formulas import restore
from resellers.wix_ids import as_wix_id

from .columns import Sheet
from .problems import Problem, Wrong, quoted

MAX_ROWS = 5000
MAX_COLUMNS = 50
COUNTED = 100_000  # rows beyond this are not even counted
MAX_BYTES = 10 * 2**20
# So that a huge cell is told with its row and column, not by the parser.
csv.field_size_limit(MAX_BYTES)

# How files begin that people take for CSV, and what they are.
NO_CSV = {
    b"\xff\xfe": gettext_lazy("it is UTF-16"),
    b"\xfe\xff": gettext_lazy("it is UTF-16"),
    b"PK\x03\x04": gettext_lazy("it is a workbook"),
    b"\x89PNG": gettext_lazy("it is a picture"),
}
SAVE_AS = gettext_lazy("Save the table as “CSV UTF-8”.")
BOM = "\ufeff"  # a program that adds one to a file that has one leaves two
# By which some spreadsheets say how they divide the file: a line before the table.
_SEPARATOR_LINE = re.compile(r'"?sep=([^\w"\r\n])"?[,;\t|]*(?:\r\n|\r|\n|\Z)', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Row:
    """One row that can be read: where it stands, what it is about, what it says.

    `refused` are cells that cannot be taken, with what is wrong: no fault where they say what is
    held already.
    """

    number: int
    key: UUID
    values: dict[str, Any]
    refused: dict[str, tuple[str, Problem]]


@dataclass(slots=True)
class Table:
    """What a file says. `cells` holds each row as it was written, by number."""

    columns: list[str] = field(default_factory=list)  # those that it gives, beside the key
    header: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    cells: dict[int, list[str]] = field(default_factory=dict)


class _NoTable(Exception):
    def __init__(self, *problems: Problem) -> None:
        super().__init__()
        self.problems = list(problems)


def read(sheet: Sheet, content: bytes) -> Table:
    """The file's rows, and every problem that it has by itself."""
    table = Table()
    try:
        records = _records(_decode(content))
        table.header = _header(records, sheet)
    except _NoTable as error:
        table.problems = error.problems
        return table
    table.columns = [name for name in sheet.columns if name in table.header]
    seen: dict[UUID, int] = {}
    count = 0
    for number, cells in records:
        if isinstance(cells, list) and _is_blank(cells):
            continue
        count += 1
        if count > COUNTED:
            break
        if count > MAX_ROWS:
            continue
        if isinstance(cells, Problem):
            table.problems.append(cells)
            continue
        table.cells[number] = cells[: len(table.header)]
        row = _row(number, cells, sheet, table)
        if row is None:
            continue
        if row.key in seen:
            words = _("%(column)s %(value)s stands in line %(line)s too") % {
                "column": sheet.key,
                "value": row.key,
                "line": seen[row.key],
            }
            table.problems.append(Problem("key_twice", words, number, sheet.key))
        seen.setdefault(row.key, number)
        table.rows.append(row)
    if not count:
        table.problems.append(Problem("no_rows", _("no rows below the header")))
    if count > MAX_ROWS:
        words = _("%(number)s rows: %(most)s at most. Divide the file.")
        if count > COUNTED:
            words = _("over %(number)s rows: %(most)s at most. Divide the file.")
        words %= {"number": f"{min(count, COUNTED):,}", "most": f"{MAX_ROWS:,}"}
        table.problems.append(Problem("too_many_rows", words))
    return table


def _decode(content: bytes) -> str:
    if len(content) > MAX_BYTES:
        words = _("larger than %(max_bytes)s MiB. Divide the file.") % {
            "max_bytes": MAX_BYTES // 2**20
        }
        raise _NoTable(Problem("too_large", words))
    what = next((words for start, words in NO_CSV.items() if content.startswith(start)), "")
    try:
        text = content.decode().lstrip(BOM)
    except UnicodeDecodeError as error:
        words = _("not UTF-8 text: %(what)s. %(save_as)s") % {
            "what": what or _("see byte %(number)s") % {"number": f"{error.start + 1:,}"},
            "save_as": SAVE_AS,
        }
        raise _NoTable(Problem("not_utf8", words)) from error
    if what:
        raise _NoTable(
            Problem(
                "no_csv",
                _("not a CSV file: %(what)s. %(save_as)s") % {"what": what, "save_as": SAVE_AS},
            )
        )
    if "\0" in (_first_line(text) or text):
        raise _NoTable(
            Problem(
                "no_csv",
                _("not a CSV file: it holds NUL characters. %(save_as)s") % {"save_as": SAVE_AS},
            )
        )
    if not is_visible(text):
        words = _("the file is empty; its first line must name the columns")
        raise _NoTable(Problem("empty_file", words))
    return text


def _first_line(text: str) -> str:
    """The first line that says something; a row of blanks may stand before it."""
    return next((line for line in io.StringIO(text, newline="") if re.search(r"\w", line)), "")


def _records(text: str) -> Iterator[tuple[int, list[str] | Problem]]:
    """Each record with its number, or what is wrong with it.

    They are numbered as a spreadsheet shows them, which hides a line that only names the separator.
    """
    if named := _SEPARATOR_LINE.match(text):
        text, delimiter = text[named.end() :].lstrip(BOM), named[1]
    else:
        delimiter = max(",;\t|", key=_first_line(text).count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            yield number, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            words = _("not a CSV file here: its quotation marks do not pair (%(error)s)") % {
                "error": error
            }
            yield number, Problem("broken_quotes", words, number)


def _header(records: Iterator[tuple[int, list[str] | Problem]], sheet: Sheet) -> list[str]:
    """The columns' names, each as the sheet knows it. Raises _NoTable."""
    number, cells = next(
        (
            (number, cells)
            for number, cells in records
            if isinstance(cells, Problem) or not _is_blank(cells)
        ),
        (1, []),
    )
    if isinstance(cells, Problem):
        raise _NoTable(cells)
    while cells and not is_visible(cells[-1]):
        cells.pop()
    if len(cells) > MAX_COLUMNS:
        words = _("%(number)s columns: %(most)s at most") % {
            "number": f"{len(cells):,}",
            "most": MAX_COLUMNS,
        }
        raise _NoTable(Problem("too_many_columns", words, number))
    header = [tidy(name).strip().lower() for name in cells]
    header = [sheet.aliases.get(name, name) for name in header]
    known = {sheet.key, *sheet.columns, *sheet.ignored}
    problems = []
    for place, name in enumerate(header, start=1):
        words = (
            _("unknown column %(quoted)s") % {"quoted": quoted(name)}
            if name
            else _("column %(place)s has no name") % {"place": place}
        )
        if name not in known:
            problems.append(Problem("unknown_column", words, number, name[:40]))
        elif header.index(name) < place - 1:
            problems.append(
                Problem("column_twice", _("column %(name)r twice") % {"name": name}, number, name)
            )
    if sheet.key not in header:
        words = _("the column %(name)r is missing") % {"name": sheet.key}
        problems.append(Problem("column_missing", words, number, sheet.key))
    if problems:
        raise _NoTable(*problems)
    return header


def _row(number: int, cells: list[str], sheet: Sheet, table: Table) -> Row | None:
    """The row's values, None where it has no key to go by; what is wrong goes to the table."""
    header = table.header
    if not _is_blank(cells[len(header) :]):
        words = _("%(number)s cells where the header has %(expected)s") % {
            "number": f"{len(cells):,}",
            "expected": len(header),
        }
        table.problems.append(Problem("cells", words, number))
        return None
    # A spreadsheet leaves out the empty cells at the end of a row.
    cells = [*cells[: len(header)], *[""] * (len(header) - len(cells))]
    texts = {name: restore(cell.strip(" ")) for name, cell in zip(header, cells, strict=True)}
    key = as_wix_id(tidy(texts[sheet.key]).strip())
    if key is None:
        words = _("%(key)s is not an id: %(quoted)s") % {
            "key": sheet.key,
            "quoted": quoted(texts[sheet.key]),
        }
        table.problems.append(Problem("no_id", words, number, sheet.key))
    values, refused = {}, {}
    for name in table.columns:
        try:
            values[name] = sheet.columns[name](texts[name])
        except Wrong as wrong:
            refused[name] = (texts[name], Problem(wrong.code, str(wrong), number, name))
    if key is None:
        table.problems += [problem for _, problem in refused.values()]
        return None
    return Row(number, key, values, refused)


def _is_blank(cells: list[str]) -> bool:
    return not is_visible("".join(cells))
