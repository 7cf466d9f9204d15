"""The same file by PostgreSQL's COPY, byte for byte: the database writes the cells itself.

What `csv_file` does with each value in Python is said here as SQL: times, true and false, the guard
against formulas, line breaks. Only columns of known types can be written so; a file with any other
is left to `csv_file`.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from django.core.exceptions import FieldError
from django.db import connection, models, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from dashboard.models import DELIMITERS
from resellers.mirror.imports.formulas import BEGINNERS, FORMULAS, SKIPPED, TRIGGERS

from .csv_file import Dialect, Field, local

ROWS_A_CHUNK = 1000
LONGEST = "30min"  # as long as the slowest line may take for it
SORTED_IN = "64MB"  # of memory; beyond that on disk
BREAKS = "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"  # as Python has them
UTC = 'FMYYYY-MM-DD"T"HH24:MI:SS"Z"'
LOCAL = "FMYYYY-MM-DD HH24:MI:SS"
TEXTS = (models.CharField, models.TextField)
BARE = (models.UUIDField, models.IntegerField, models.AutoField)


def _class(letters: Sequence[str]) -> str:
    """A class of these letters, as PostgreSQL reads it."""
    return "[" + "".join(f"\\u{ord(letter):04x}" for letter in letters) + "]"


_AT_FIRST = f"'*{_class(SKIPPED)}*{_class(TRIGGERS)}"
_WITHIN = f"'*{_class(SKIPPED)}*{_class(FORMULAS)}"
_RISKY = f"(?:^|{_class(BEGINNERS)}){_AT_FIRST}"
_BREAK = f"\\r\\n|{_class(BREAKS)}"


def can_write(rows: QuerySet, fields: Sequence[Field]) -> bool:
    """Whether the database can write exactly these columns."""
    return (
        connection.vendor == "postgresql"
        and len(fields) > 1
        and not rows.query.is_empty()
        and all(_cell(rows, field) for field in fields)
        and _knows(timezone.get_current_timezone_name())
    )


def write(rows: QuerySet, fields: Sequence[Field], dialect: Dialect) -> Iterator[tuple[bytes, int]]:
    """The rows as CSV in chunks, each with how many rows it is; without the headers."""
    statement, values = _statement(rows, fields, dialect)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('statement_timeout', %s, true), set_config('work_mem', %s, true)",
            [LONGEST, SORTED_IN],
        )
        with cursor.copy(_with(statement, values)) as copy:
            lines: list[Any] = []
            for line in copy:
                # A message is a row; it ends with a line feed, whatever stands within its cells.
                lines.append(line[:-1])
                if len(lines) == ROWS_A_CHUNK:
                    yield b"\r\n".join(lines) + b"\r\n", ROWS_A_CHUNK
                    lines.clear()
            if lines:
                yield b"\r\n".join(lines) + b"\r\n", len(lines)


def _with(statement: str, values: Sequence[Any]) -> str:
    """The statement with its values, since COPY takes none beside it."""
    operations: Any = connection.ops
    return str(operations.compose_sql(statement, values))


def _statement(
    rows: QuerySet, fields: Sequence[Field], dialect: Dialect
) -> tuple[str, tuple[Any, ...]]:
    names = [f"cell_{number}" for number in range(len(fields))]
    paths: dict[Any, str] = {}
    for name, field in zip(names, fields, strict=True):
        paths.setdefault(field.path, name)
    columns = {name: F(path) if isinstance(path, str) else path for path, name in paths.items()}
    asked = rows.select_related(None).prefetch_related(None).only("pk").annotate(**columns)
    query, values = asked.values_list(*columns).query.sql_with_params()
    texts = [paths[field.path] for field in fields if _cell(rows, field) == "text"]
    joined = f"concat_ws(',', {', '.join(dict.fromkeys(texts))})" if texts else "''"
    is_single = "true" if dialect.breaks == "kept" else f"NOT {joined} ~ %s"
    inner = (
        f"SELECT asked.*, {joined} ~ %s AS is_risky, {is_single} AS is_single"  # noqa: S608
        f" FROM ({query}) AS asked ({', '.join(columns)}) OFFSET 0"
    )
    tests = [_RISKY] if dialect.breaks == "kept" else [_RISKY, _class(BREAKS)]
    cells, of_cells = [], []
    for field in fields:
        sql, parameters = _written(_cell(rows, field), paths[field.path], dialect)
        cells.append(sql)
        of_cells += parameters
    delimiter = DELIMITERS[dialect.delimiter].replace("\t", "\\t")
    return (
        f"COPY (SELECT {', '.join(cells)} FROM ({inner}) AS cells)"  # noqa: S608
        f" TO STDOUT (FORMAT csv, DELIMITER E'{delimiter}')",
        (*of_cells, *tests, *values),
    )


def _written(kind: str, column: str, dialect: Dialect) -> tuple[str, list[str]]:
    """The cell as SQL; what is empty is NULL, which no quotation marks are put around."""
    match kind:
        case "utc":
            return f"to_char({column} AT TIME ZONE 'UTC', %s)", [UTC]
        case "local":
            zone = timezone.get_current_timezone_name()
            return f"to_char({column} AT TIME ZONE %s, %s)", [zone, LOCAL]
        case "bare":
            return f"{column}", []
        case "truth":
            return f"CASE {column} WHEN true THEN 'true' WHEN false THEN 'false' END", []
    guarded = f"regexp_replace(regexp_replace({column}, %s, '\\1''', 'g'), %s, '''')"
    values = [f"({_class(BEGINNERS)})(?={_WITHIN})", f"^(?={_AT_FIRST})"]
    cell = f"CASE WHEN is_risky THEN {guarded} ELSE {column} END"
    if dialect.breaks != "kept":
        single = f"regexp_replace(regexp_replace({cell}, %s, ''), %s, ' ', 'g')"
        cell = f"CASE WHEN is_single THEN {cell} ELSE {single} END"
        values = [*values, *values, f"(?:{_BREAK})$", _BREAK]
    return f"NULLIF({cell}, '')", values


def _cell(rows: QuerySet, field: Field) -> str:
    """How the column is written; empty where the database cannot do that."""
    if field.using not in (None, local):
        return ""
    output = _output(rows, field.path)
    if isinstance(output, models.DateTimeField):
        return "local" if field.using else "utc"
    if field.using:
        return ""
    if isinstance(output, models.BooleanField):
        return "truth"
    if isinstance(output, BARE):
        return "bare"
    return "text" if isinstance(output, TEXTS) else ""


def _output(rows: QuerySet, path: Any) -> models.Field | None:
    found: Any
    if not isinstance(path, str):
        try:
            found = path.resolve_expression(rows.query.chain()).output_field
        except FieldError:
            return None
        return found if isinstance(found, models.Field) else None
    if path in rows.query.annotations:
        return rows.query.annotations[path].output_field
    model: Any = rows.model
    for name in path.split("__"):
        found = model._meta.pk if name == "pk" else model._meta.get_field(name)
        model = found.related_model or model
    return found.target_field if isinstance(found, models.ForeignKey) else found


@cache
def _knows(zone: str) -> bool:
    """Whether the database knows this time zone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_timezone_names WHERE name = %s)", [zone])
        return bool(cursor.fetchone()[0])
