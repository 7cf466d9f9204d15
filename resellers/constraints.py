"""Which rule of the tables a refused statement broke: no other refusal may be taken for it."""

from django.apps import apps
from django.db import IntegrityError, connection, models


def violates(error: IntegrityError, *names: str) -> bool:
    """Whether the database refused by one of these constraints, as the models name them."""
    if connection.vendor == "sqlite":
        return str(error) in {_sqlite_message(name) for name in names}
    return _postgresql_constraint(error) in names


def is_taken(error: IntegrityError, model: type[models.Model], column: str) -> bool:
    """Whether it refused since another row has that value in a column that is unique by itself."""
    table = model._meta.db_table
    if connection.vendor == "sqlite":
        return str(error) == f"UNIQUE constraint failed: {table}.{column}"
    is_key = model._meta.pk.column == column
    return _postgresql_constraint(error) == (f"{table}_pkey" if is_key else f"{table}_{column}_key")


def _postgresql_constraint(error: IntegrityError) -> str:
    diagnosis = getattr(error.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", None) or ""


def _sqlite_message(name: str) -> str:
    """What SQLite says of that constraint: it names columns where they are plain ones."""
    model, constraint = next(
        (model, constraint)
        for model in apps.get_models()
        for constraint in model._meta.constraints
        if constraint.name == name
    )
    if isinstance(constraint, models.CheckConstraint):
        return f"CHECK constraint failed: {name}"
    fields = getattr(constraint, "fields", ())
    if not fields:
        return f"UNIQUE constraint failed: index '{name}'"
    columns = {field.name: field.column for field in model._meta.concrete_fields}
    return "UNIQUE constraint failed: " + ", ".join(
        f"{model._meta.db_table}.{columns[field]}" for field in fields
    )
