"""Writing many rows at once, each with values of its own, at a fraction of what the ORM takes: its
statements grow with the rows, these are one that is carried out for each."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import DatabaseDefault

from resellers.models.derived import DerivedField

PLAIN = (str, int, bool, type(None))  # what every driver takes as it is


def insert_each(
    model: type[models.Model], rows: Sequence[Any], *, ignore_conflicts: bool = False
) -> None:
    """Insert these rows, all with values for the same columns; their keys of ours are not set.

    On PostgreSQL by COPY, which knows no conflicts: with `ignore_conflicts` row by row in one go.
    """
    if not rows:
        return
    connection = connections[DEFAULT_DB_ALIAS]
    fields = list(_inserted(model, rows[0]))
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    columns = ", ".join(quote(field.column) for field in fields)
    made = [field for field in fields if isinstance(field, DerivedField)]
    for row in rows:
        for field in made:
            field.pre_save(row, add=True)
    values = _prepared(fields, rows, connection)
    if connection.vendor == "postgresql" and not ignore_conflicts:
        _copy(connection, f"COPY {table} ({columns}) FROM STDIN", values)
        return
    places = ", ".join(["%s"] * len(fields))
    unless = " ON CONFLICT DO NOTHING" if ignore_conflicts else ""
    statement = f"INSERT INTO {table} ({columns}) VALUES ({places}){unless}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.executemany(statement, list(values))


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
    ways: list[tuple[str, Callable[..., Any], tuple[type, ...]]] = [
        (
            field.attname,
            field.get_db_prep_save,
            () if isinstance(field, models.JSONField) else PLAIN,
        )
        for field in fields
    ]
    for row in rows:
        found = [(getattr(row, name), prepare, plain) for name, prepare, plain in ways]
        yield [
            value if isinstance(value, plain) else prepare(value, connection)
            for value, prepare, plain in found
        ]


def _inserted(model: type[models.Model], row: models.Model) -> Iterator[Any]:
    """The columns that have a value; the database gives the others theirs."""
    for field in model._meta.local_concrete_fields:
        value = getattr(row, field.attname)
        is_given = isinstance(value, DatabaseDefault) or (field.primary_key and value is None)
        if not is_given:
            yield field


def _copy(connection: BaseDatabaseWrapper, statement: str, rows: Iterable[Sequence[Any]]) -> None:
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(statement) as copy,
    ):
        for row in rows:
            copy.write_row(row)
