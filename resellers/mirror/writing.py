"""Writing many rows at once, each with values of its own, at a fraction of what the ORM takes: its
statements grow with the rows, these are one that is carried out for each."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import DatabaseDefault

from resellers.models.derived import DerivedField

PLAIN = (str, int, bool, type(None))  # what every driver takes as it is
MOST_VALUES = 10_000  # of a statement, where the database sets no limit


def insert_each(model: type[models.Model], rows: Sequence[Any]) -> None:
    """Insert these rows, all with values for the same columns; their keys of ours are not set."""
    if not rows:
        return
    connection = connections[DEFAULT_DB_ALIAS]
    fields, columns = _inserted(model, rows)
    values = _prepared(fields, rows, connection)
    if connection.vendor == "postgresql":
        _copy(connection, f"COPY {columns} FROM STDIN", values)
        return
    places = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {columns} VALUES ({places})"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.executemany(statement, list(values))


def insert_missing(model: type[models.Model], rows: Sequence[Any]) -> list[Any]:
    """Insert those of these rows, all with values for the same columns, of whose keys there is none
    yet, and return them: nobody else sees them before this transaction has ended.

    In one go, so that triggers of a statement run once.
    """
    if not rows:
        return []
    connection = connections[DEFAULT_DB_ALIAS]
    fields, columns = _inserted(model, rows)
    key: Any = model._meta.pk
    at_once = (connection.features.max_query_params or MOST_VALUES) // len(fields)
    places = f"({', '.join(['%s'] * len(fields))})"
    inserted: set[Any] = set()
    with connection.cursor() as cursor:
        for first in range(0, len(rows), at_once):
            some = rows[first : first + at_once]
            values = chain.from_iterable(_prepared(fields, some, connection))
            cursor.execute(
                f"INSERT INTO {columns} VALUES {', '.join([places] * len(some))}"  # noqa: S608
                f" ON CONFLICT DO NOTHING RETURNING {connection.ops.quote_name(key.column)}",
                list(values),
            )
            inserted.update(key.to_python(value) for (value,) in cursor.fetchall())
    return [row for row in rows if row.pk in inserted]


def update_each(model: type[models.Model], rows: Sequence[Any], names: Sequence[str]) -> None:
    """Write these columns of each row, by its key."""
    if not (rows and names):
        return
    connection = connections[DEFAULT_DB_ALIAS]
    key: Any = model._meta.pk
    fields: list[Any] = [*(model._meta.get_field(name) for name in names), key]
    quote = connection.ops.quote_name
    assignments = ", ".join(f"{quote(field.column)} = %s" for field in fields[:-1])
    table = quote(model._meta.db_table)
    statement = f"UPDATE {table} SET {assignments} WHERE {quote(key.column)} = %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.executemany(statement, list(_prepared(fields, rows, connection)))


def _prepared(
    fields: Sequence[Any], rows: Iterable[Any], connection: BaseDatabaseWrapper
) -> Iterator[list[Any]]:
    """The values of each row as the driver takes them. What it takes as it is goes no long way."""
    ways = [(field.attname, *_way(field, connection)) for field in fields]
    for row in rows:
        found = [(getattr(row, name), prepare, plain) for name, prepare, plain in ways]
        yield [
            value if isinstance(value, plain) else prepare(value) for value, prepare, plain in found
        ]


def _way(
    field: Any, connection: BaseDatabaseWrapper
) -> tuple[Callable[[Any], Any], tuple[type, ...]]:
    """How a value of the column is prepared, and the types of what is taken as it is."""
    while field.is_relation:
        field = field.target_field

    def prepare(value: Any) -> Any:
        return field.get_db_prep_save(value, connection)

    if isinstance(field, models.JSONField):
        return prepare, ()
    if connection.vendor == "postgresql":
        return prepare, (*PLAIN, UUID, datetime)
    if isinstance(field, models.UUIDField):
        return attrgetter("hex"), PLAIN
    return prepare, PLAIN


def _inserted(model: type[models.Model], rows: Sequence[models.Model]) -> tuple[list[Any], str]:
    """The columns that have a value, the database gives the others theirs; and how a statement
    names them with their table. What is made of other columns is set in the rows."""
    fields: list[Any] = []
    for field in model._meta.local_concrete_fields:
        value = getattr(rows[0], field.attname)
        is_given = isinstance(value, DatabaseDefault) or (field.primary_key and value is None)
        if not is_given:
            fields.append(field)
    for field in fields:
        if isinstance(field, DerivedField):
            for row in rows:
                field.pre_save(row, add=True)
    quote = connections[DEFAULT_DB_ALIAS].ops.quote_name
    names = ", ".join(quote(field.column) for field in fields)
    return fields, f"{quote(model._meta.db_table)} ({names})"


def _copy(connection: BaseDatabaseWrapper, statement: str, rows: Iterable[Sequence[Any]]) -> None:
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(statement) as copy,
    ):
        for row in rows:
            copy.write_row(row)
