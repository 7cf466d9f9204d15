"""The same file by PostgreSQL's COPY, byte for byte: the database writes the cells itself.

What `csv_file` does with times, true and false in Python is said here as SQL; the guard against
formulas and what becomes of line breaks stand in `csv_guard`. Only columns of known types can be
written so; a file with any other is left to `csv_file`.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from psycopg import Copy
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus

from dashboard.models import DELIMITERS

from .csv_cells import asked, kind_of
from .csv_file import Dialect, Field
from .csv_guard import Guard

ROWS_A_CHUNK = 1000
LONGEST = "30min"  # as long as the slowest line may take for it
SORTED_IN = "128MB"  # of memory, in each of its processes; beyond that on disk
UTC = 'FMYYYY-MM-DD"T"HH24:MI:SS"Z"'
LOCAL = "FMYYYY-MM-DD HH24:MI:SS"


def can_write(rows: QuerySet, fields: Sequence[Field]) -> bool:
    """Whether the database can write exactly these columns."""
    return (
        connection.vendor == "postgresql"
        and len(fields) > 1
        and not rows.query.is_empty()
        and all(kind_of(rows, field) for field in fields)
        and _knows(timezone.get_current_timezone_name())
    )


def write(rows: QuerySet, fields: Sequence[Field], dialect: Dialect) -> Iterator[tuple[bytes, int]]:
    """The rows as CSV in chunks, each with how many rows it is; without the headers."""
    statement, values = _statement(rows, fields, dialect)
    guard = Guard(dialect, [kind_of(rows, field) == "text" for field in fields])
    # What the driver raises within is Django's error, as of any other statement.
    with connection.wrap_database_errors, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('statement_timeout', %s, true), set_config('work_mem', %s, true)",
            [LONGEST, SORTED_IN],
        )
        with cursor.copy(_with(statement, values)) as copy:
            finished: list[bytes] = []
            number = 0
            for lines in _lines(copy):
                finished.append(guard.finish(lines))
                number += len(lines)
                if number >= ROWS_A_CHUNK:
                    yield b"".join(finished), number
                    finished, number = [], 0
            if finished:
                yield b"".join(finished), number


def _lines(copy: Copy) -> Iterator[list[Any]]:
    """The lines as they come: a message is a row, and ends with a line feed.

    The driver waits for one; what has come with it is taken at once, since asking it for each costs
    more than all else that is done here with a row.
    """
    take = copy.connection.pgconn.get_copy_data
    while line := copy.read():
        lines = [line]
        size, more = take(1)
        while size > 0:
            lines.append(more)
            size, more = take(1)
        yield lines
        if size < 0:
            _end(copy)
            return


def _end(copy: Copy) -> None:
    """Read how it ended. Raises the driver's error where that was none well."""
    connected = copy.connection.pgconn
    while result := connected.get_result():
        if result.status != ExecStatus.COMMAND_OK:
            raise error_from_result(result)


def _with(statement: str, values: Sequence[Any]) -> str:
    """The statement with its values, since COPY takes none beside it."""
    operations: Any = connection.ops
    return str(operations.compose_sql(statement, values))


def _statement(
    rows: QuerySet, fields: Sequence[Field], dialect: Dialect
) -> tuple[str, tuple[Any, ...]]:
    paths, query, values = asked(rows, fields)
    cells, of_cells = [], []
    for field in fields:
        sql, parameters = _written(kind_of(rows, field), paths[field.path])
        cells.append(sql)
        of_cells += parameters
    delimiter = DELIMITERS[dialect.delimiter].replace("\t", "\\t")
    # Rows are sorted as they are read, which is narrower than as they are written.
    names = ", ".join(paths.values())
    return (
        f"COPY (SELECT {', '.join(cells)} FROM ({query} OFFSET 0) AS asked ({names}))"  # noqa: S608
        f" TO STDOUT (FORMAT csv, DELIMITER E'{delimiter}')",
        (*of_cells, *values),
    )


def _written(kind: str, column: str) -> tuple[str, list[str]]:
    """The cell as SQL; what is empty is NULL, which no quotation marks are put around."""
    match kind:
        case "utc":
            return f"to_char({column} AT TIME ZONE 'UTC', %s)", [UTC]
        case "local":
            zone = timezone.get_current_timezone_name()
            return f"to_char({column} AT TIME ZONE %s, %s)", [zone, LOCAL]
        case "truth":
            return f"CASE {column} WHEN true THEN 'true' WHEN false THEN 'false' END", []
        case "text":
            return f"NULLIF({column}, '')", []
    return column, []


@cache
def _knows(zone: str) -> bool:
    """Whether the database knows this time zone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_timezone_names WHERE name = %s)", [zone])
        return bool(cursor.fetchone()[0])
