"""The same file on SQLite, byte for byte: it tells ids and times as the file has them, and its rows
go to the writer as they come, without ever being Python's ids and times."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from dashboard.models import DELIMITERS

from .csv_cells import asked, kind_of
from .csv_file import ROWS_A_FETCH, Dialect, Field, cell_value, local, single_line
from .csv_guard import Guard

ROWS_A_LOOK = 50  # that the guard looks through at once
# An id is stored without its dashes.
DASHES = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))


def can_write(rows: QuerySet, fields: Sequence[Field]) -> bool:
    """Whether exactly these columns can be written so."""
    return (
        connection.vendor == "sqlite"
        and len(fields) > 1
        and not rows.query.is_empty()
        and all(kind_of(rows, field) for field in fields)
    )


def write(rows: QuerySet, fields: Sequence[Field], dialect: Dialect) -> Iterator[tuple[bytes, int]]:
    """The rows as CSV in chunks, each with how many rows it is; without the headers."""
    kinds = [kind_of(rows, field) for field in fields]
    paths, inner, values = asked(rows, fields)
    cells = ", ".join(
        _cell_sql(kind, paths[field.path]) for kind, field in zip(kinds, fields, strict=True)
    )
    names = ", ".join(paths.values())
    lines = _Lines(dialect, kinds)
    with connection.chunked_cursor() as cursor:
        # Bounded, so that SQLite keeps its order.
        cursor.execute(
            f"WITH asked ({names}) AS ({inner} LIMIT -1 OFFSET 0) SELECT {cells} FROM asked",  # noqa: S608
            values,
        )
        while come := cursor.fetchmany(ROWS_A_FETCH):
            looks = range(0, len(come), ROWS_A_LOOK)
            yield b"".join(lines.of(come[at : at + ROWS_A_LOOK]) for at in looks), len(come)


class _Lines:
    """Writes rows of these kinds of cells as lines."""

    def __init__(self, dialect: Dialect, kinds: Sequence[str]) -> None:
        self._buffer = io.StringIO()
        delimiter = DELIMITERS[dialect.delimiter]
        # The guard counts line feeds; what it finds is quoted by how the file's own lines end.
        self._looked_at = csv.writer(self._buffer, delimiter=delimiter, lineterminator="\n")
        self._final = csv.writer(self._buffer, delimiter=delimiter, lineterminator="\r\n")
        self._guard = Guard(dialect, [kind == "text" for kind in kinds])
        guarded = cell_value if dialect.breaks == "kept" else single_line
        self._by_kind: list[Callable[[Any], Any]] = [
            guarded if kind == "text" else _as_it_is for kind in kinds
        ]
        self._local = [place for place, kind in enumerate(kinds) if kind == "local"]

    def of(self, rows: Sequence[Sequence[Any]]) -> bytes:
        """These rows as the file has them."""
        if self._local:
            rows = [self._with_local(row) for row in rows]
        written = self._write(self._looked_at, rows)
        if self._guard.may_need(written, len(rows)):
            guarded = [
                [tell(cell) for tell, cell in zip(self._by_kind, row, strict=True)] for row in rows
            ]
            return self._write(self._final, guarded)
        return written.replace(b"\n", b"\r\n")

    def _write(self, writer: Any, rows: Sequence[Sequence[Any]]) -> bytes:
        writer.writerows(rows)
        written = self._buffer.getvalue().encode()
        self._buffer.seek(0)
        self._buffer.truncate()
        return written

    def _with_local(self, row: Sequence[Any]) -> list[Any]:
        cells = list(row)
        for place in self._local:
            if cells[place]:
                cells[place] = local(datetime.fromisoformat(cells[place]).replace(tzinfo=UTC))
        return cells


def _cell_sql(kind: str, column: str) -> str:
    match kind:
        case "utc":
            return f"ltrim(replace(substr({column}, 1, 19), ' ', 'T'), '0') || 'Z'"
        case "local":
            return f"substr({column}, 1, 19)"
        case "truth":
            return f"CASE {column} WHEN true THEN 'true' WHEN false THEN 'false' END"
        case "id":
            return " || '-' || ".join(f"substr({column}, {at}, {size})" for at, size in DASHES)
    return column


def _as_it_is(cell: Any) -> Any:
    return cell
