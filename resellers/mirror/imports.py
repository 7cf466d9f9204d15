"""Names for ids: the agency's catalogue and customers, read from CSV, all of it or nothing."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone

from resellers.models import Account, CatalogProduct

MAX_ROWS = 5000
UNITS = ("DAY", "WEEK", "MONTH", "YEAR")
# The last four are the full-width forms of the first four.
TRIGGERS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"


class ImportRefused(Exception):
    """The file was not imported. `errors` lists every problem with its line."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__("; ".join(errors))
        self.errors = errors


@dataclass
class Imported:
    """What an import did, in rows."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0


@dataclass
class _Line:
    number: int
    key: UUID
    values: dict[str, Any] = field(default_factory=dict)


def import_catalog(path: Path) -> Imported:
    """Take the product catalogue from a CSV file.

    Columns: product_id, name, service_type, cycles (`1 YEAR|1 MONTH`), one_per_site, needs_premium,
    tld, adjustable, limit. A column that is left out keeps what is held.
    Raises ImportRefused with every problem of the file.
    """
    return _import(path, CatalogProduct, "product_id", CATALOG_COLUMNS)


def import_customers(path: Path) -> Imported:
    """Take the customers' names from a CSV file.

    Columns: account_id, name, email, group, reference. Raises ImportRefused as `import_catalog`.
    """
    return _import(path, Account, "account_id", CUSTOMER_COLUMNS)


def _text(column: str, model: type[models.Model]) -> Callable[[str], str]:
    longest: int | None = getattr(model._meta.get_field(column), "max_length", None)

    def read(text: str) -> str:
        if longest and len(text) > longest:
            raise ValueError(f"{column} is longer than {longest} characters")
        if "\0" in text:
            raise ValueError(f"{column} holds a NUL character")
        return text

    return read


def _flag(text: str) -> bool:
    words = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    if text.lower() not in words and text:
        raise ValueError(f"must be true or false, not {text!r}")
    return words.get(text.lower(), False)


def _cycles(text: str) -> list[str]:
    cycles = []
    for part in filter(None, (part.strip().upper() for part in text.split("|"))):
        count, _, unit = part.partition(" ")
        if not count.isdecimal() or int(count) < 1 or unit not in UNITS:
            raise ValueError(f"cycles must look like `1 YEAR|1 MONTH`, not {part!r}")
        cycles.append(f"{int(count)} {unit}")
    return cycles


def _limit(text: str) -> int | None:
    if text and not text.isdecimal():
        raise ValueError(f"limit must be a whole number, not {text!r}")
    return int(text) if text else None


def _named(text: str) -> str:
    if not text:
        raise ValueError("name is empty")
    return _text("name", CatalogProduct)(text)


CATALOG_COLUMNS: dict[str, Callable[[str], Any]] = {
    "name": _named,
    "service_type": _text("service_type", CatalogProduct),
    "cycles": _cycles,
    "one_per_site": _flag,
    "needs_premium": _flag,
    "tld": _text("tld", CatalogProduct),
    "adjustable": _flag,
    "limit": _limit,
}
CUSTOMER_COLUMNS: dict[str, Callable[[str], Any]] = {
    name: _text(name, Account) for name in ("name", "email", "group", "reference")
}


def _import(
    path: Path,
    model: type[Account] | type[CatalogProduct],
    key: str,
    columns: dict[str, Callable[[str], Any]],
) -> Imported:
    lines = _read(path, key, columns)
    result = Imported()
    manager: Any = model._default_manager
    with transaction.atomic():
        held: dict[UUID, Any] = {
            row.pk: row
            for row in manager.select_for_update().filter(pk__in=[line.key for line in lines])
        }
        fresh, changed = [], []
        for line in lines:
            row = held.get(line.key)
            if row is None:
                fresh.append(model(id=line.key, **line.values))
            elif any(getattr(row, name) != value for name, value in line.values.items()):
                for name, value in line.values.items():
                    setattr(row, name, value)
                changed.append(row)
            else:
                result.unchanged += 1
        if model is CatalogProduct:
            for row in fresh + changed:
                row.imported_at = timezone.now()
        manager.bulk_create(fresh)
        given = list(lines[0].values) + (["imported_at"] if model is CatalogProduct else [])
        manager.bulk_update(changed, given, batch_size=200)
    result.created, result.changed = len(fresh), len(changed)
    return result


def _read(path: Path, key: str, columns: dict[str, Callable[[str], Any]]) -> list[_Line]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ImportRefused([f"{path}: not UTF-8 text"]) from error
    except OSError as error:
        raise ImportRefused([f"{path}: {error.strerror}"]) from error
    table = list(_table(text))
    if not table or not table[0]:
        raise ImportRefused([f"{path}: the file is empty; its first line must name the columns"])
    header = [name.strip().lower() for name in table[0]]
    problems = [
        f"line 1: unknown column {name!r}" for name in header if name not in (key, *columns)
    ]
    problems += [f"line 1: column {n!r} twice" for n in set(header) if header.count(n) > 1]
    if key not in header:
        problems.append(f"line 1: the column {key!r} is missing")
    if problems:
        raise ImportRefused(sorted(problems))
    lines: list[_Line] = []
    seen: dict[UUID, int] = {}
    for number, cells in enumerate(table[1:], start=2):
        if not any(cells):
            continue
        line, wrong = _line(number, header, cells, key, columns)
        problems += [f"line {number}: {words}" for words in wrong]
        if line is None:
            continue
        if line.key in seen:
            problems.append(f"line {number}: {key} {line.key} stands in line {seen[line.key]} too")
        seen.setdefault(line.key, number)
        lines.append(line)
    if not lines and not problems:
        problems.append(f"{path}: no rows below the header")
    if len(lines) > MAX_ROWS:
        problems.append(f"{len(lines)} rows: {MAX_ROWS} at most")
    if problems:
        raise ImportRefused(problems)
    return lines


def _table(text: str) -> Iterator[list[str]]:
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    try:
        yield from csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True)
    except csv.Error as error:
        raise ImportRefused([f"not a CSV file: {error}"]) from error


def _line(
    number: int,
    header: list[str],
    cells: list[str],
    key: str,
    columns: dict[str, Callable[[str], Any]],
) -> tuple[_Line | None, list[str]]:
    if len(cells) != len(header):
        return None, [f"{len(cells)} cells where the header has {len(header)}"]
    row = {name: _plain(cell) for name, cell in zip(header, cells, strict=True)}
    wrong: list[str] = []
    try:
        id_ = UUID(row[key])
    except ValueError:
        return None, [f"{key} is not an id: {row[key]!r}"]
    line = _Line(number, id_)
    for name, read in columns.items():
        if name not in row:
            continue
        try:
            line.values[name] = read(row[name])
        except ValueError as error:
            wrong.append(str(error) if name in str(error) else f"{name} {error}")
    return line, wrong


def _plain(cell: str) -> str:
    """The cell without the apostrophe that our own exports put before a formula's first letter."""
    cell = cell.strip(" ")
    return cell[1:] if cell[:1] == "'" and cell[1:].lstrip(" ")[:1] in tuple(TRIGGERS) else cell
