"""How the columns of a file are told, where the database tells them itself: by their types."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import FieldError
from django.db import DEFAULT_DB_ALIAS, models
from django.db.models import F, QuerySet

from .csv_file import Field, local

TEXTS = (models.CharField, models.TextField)
NUMBERS = (models.IntegerField, models.AutoField)


def kind_of(rows: QuerySet, field: Field) -> str:
    """`utc`, `local`, `truth`, `id`, `number` or `text`; empty for any other column."""
    if field.using not in (None, local):
        return ""
    output = _output(rows, field.path)
    if isinstance(output, models.DateTimeField):
        return "local" if field.using else "utc"
    if field.using:
        return ""
    kinds: dict[str, Any] = {
        "truth": models.BooleanField,
        "id": models.UUIDField,
        "number": NUMBERS,
        "text": TEXTS,
    }
    return next((kind for kind, types in kinds.items() if isinstance(output, types)), "")


def asked(rows: QuerySet, fields: Sequence[Field]) -> tuple[dict[Any, str], str, tuple[Any, ...]]:
    """What each of these columns is called, by its path, and the statement that asks for them with
    its values: what two columns tell is asked for once, and what no row can be is asked for too."""
    paths: dict[Any, str] = {}
    for number, field in enumerate(fields):
        paths.setdefault(field.path, f"cell_{number}")
    columns = {name: F(path) if isinstance(path, str) else path for path, name in paths.items()}
    bare = rows.select_related(None).prefetch_related(None).only("pk").annotate(**columns)
    query = bare.values_list(*columns).query
    sql, values = query.get_compiler(DEFAULT_DB_ALIAS, elide_empty=False).as_sql()
    return paths, sql, tuple(values)


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
