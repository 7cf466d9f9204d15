"""Rows by very many keys: all of them are one value of the statement, not one each."""

import json
from collections.abc import Sequence
from typing import Any

from django.db.models import BooleanField, Expression, F, UUIDField
from django.db.models.sql.compiler import SQLCompiler


class AmongKeys(Expression):
    """Whether a row's primary key is among these, which are as texts; a condition of a filter."""

    conditional = True

    def __init__(self, keys: Sequence[str]) -> None:
        super().__init__(output_field=BooleanField())
        self._keys = keys
        self._key: Any = F("pk")

    def get_source_expressions(self) -> list[Any]:
        return [self._key]

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        [self._key] = exprs

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[Any, ...]]:
        key, values = compiler.compile(self._key)
        field = self._key.output_field
        if connection.vendor == "postgresql":
            type_ = field.rel_db_type(connection)
            return f"{key} = ANY(%s::{type_}[])", (*values, f"{{{','.join(self._keys)}}}")
        is_id = isinstance(field, UUIDField)
        keys = [one.replace("-", "") if is_id else int(one) for one in self._keys]
        found = f"{key} IN (SELECT value FROM json_each(%s))"  # noqa: S608
        return found, (*values, json.dumps(keys))
