"""Columns made of other columns of their row: what words are looked for in, what names sort by.

They are written with the row, however it is written: by `save`, by `bulk_create`, or by whoever
calls `derive` before a `bulk_update`. A process of the last version knows nothing of them; what it
leaves behind is mended by night: see resellers.mirror.derived.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from functools import cache
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from resellers.domain_names import spellings
from resellers.folding import fold, sort_key, tidy

LETTERS_OF_START = 100  # of a text, in the index of what it starts with


class DerivedField(models.Field, ABC):
    """A column made of the columns `of`."""

    def __init__(self, *args: Any, of: tuple[str, ...] = (), **kwargs: Any) -> None:
        self.of = of
        kwargs |= {"db_default": "", "default": "", "editable": False, "blank": True}
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for fixed in ("db_default", "default", "editable", "blank"):
            kwargs.pop(fixed, None)
        return name, path, args, kwargs | {"of": self.of}

    @abstractmethod
    def made_of(self, texts: list[str]) -> str:
        """The value, of those columns' values in their order."""

    def value_for(self, row: models.Model) -> str:
        return self.made_of([getattr(row, name) for name in self.of])

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = self.value_for(model_instance)
        setattr(model_instance, self.attname, value)
        return value


class SearchText(DerivedField, models.TextField):
    """The columns' texts as words are looked for in them, a line each.

    A domain is there in both spellings. Each line begins and ends with a line break, so that what a
    name begins with, and what it is as a whole, is looked for as any other part of it.
    """

    def made_of(self, texts: list[str]) -> str:
        lines = (fold(spelt) for text in texts for spelt in spellings(text))
        folded = "\n".join(dict.fromkeys(filter(None, lines)))
        return f"\n{folded}\n" if folded else ""


class SortKey(DerivedField, models.CharField):
    """A key of the first of the columns that says something; by its code points it is sorted."""

    def made_of(self, texts: list[str]) -> str:
        return sort_key(next((text for text in texts if tidy(text)), ""))

    def db_parameters(self, connection: BaseDatabaseWrapper) -> Any:
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            # Whatever the database's locale: SQLite compares by code points by itself.
            parameters["collation"] = "C"
        return parameters


class _Has(models.lookups.Contains):
    """Whether the folded word is somewhere in the text."""

    lookup_name = "has"
    before = after = ""

    def get_prep_lookup(self) -> str:
        return f"{self.before}{fold(str(self.rhs))}{self.after}"

    def get_rhs_op(self, connection: Any, rhs: str) -> str:
        return str(connection.operators["contains"] % rhs)

    def as_sqlite(self, compiler: Any, connection: BaseDatabaseWrapper) -> Any:
        # Both are folded already, so this need not go through the LIKE that knows every alphabet.
        column, parameters = self.process_lhs(compiler, connection)
        return f"INSTR({column}, %s) > 0", [*parameters, self.rhs]


class _Is(_Has):
    """Whether one of the lines is that and nothing else."""

    lookup_name = "is"
    before = after = "\n"

    def as_postgresql(self, compiler: Any, connection: BaseDatabaseWrapper) -> Any:
        # Trigrams know no line breaks: of a common word they would find every line that has it.
        column, parameters = self.process_lhs(compiler, connection)
        line = self.rhs[1:-1]
        return f"string_to_array({column}, E'\\n') @> ARRAY[%s]", [*parameters, line]


class _Starts(_Has):
    """Whether the first line begins so, as far as its first letters tell."""

    lookup_name = "starts"
    before = "\n"

    def as_postgresql(self, compiler: Any, connection: BaseDatabaseWrapper) -> Any:
        column, parameters = self.process_lhs(compiler, connection)
        start = connection.ops.prep_for_like_query(self.rhs[:LETTERS_OF_START])
        return f"left({column}, {LETTERS_OF_START}) LIKE %s", [*parameters, f"{start}%"]

    def as_sqlite(self, compiler: Any, connection: BaseDatabaseWrapper) -> Any:
        column, parameters = self.process_lhs(compiler, connection)
        return f"INSTR({column}, %s) = 1", [*parameters, self.rhs]


for lookup in (_Has, _Is, _Starts):
    SearchText.register_lookup(lookup)


@cache
def derived_fields(model: type[models.Model]) -> tuple[DerivedField, ...]:
    return tuple(field for field in model._meta.local_fields if isinstance(field, DerivedField))


def derived_names(model: type[models.Model]) -> list[str]:
    return [field.attname for field in derived_fields(model)]


def derive(row: models.Model) -> bool:
    """Set the derived columns of the row, without saving it; whether one of them was another."""
    held = {field.attname: getattr(row, field.attname) for field in derived_fields(type(row))}
    for field in derived_fields(type(row)):
        field.pre_save(row, add=False)
    return any(getattr(row, name) != value for name, value in held.items())


class WithDerived(models.Model):
    """A model some columns of which are made of others."""

    class Meta:
        abstract = True

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """Save the row, and with any of its columns what is made of them."""
        if update_fields is not None:
            wanted = set(update_fields)
            made = [f.attname for f in derived_fields(type(self)) if wanted & set(f.of)]
            update_fields = [*wanted, *made]
        super().save(*args, update_fields=update_fields, **kwargs)
