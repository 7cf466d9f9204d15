"""What is tallied, and by what: the one place where a count's values are read from a record.

From these come the triggers that keep the tallies, and the count that they are checked against.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from django.db import connection, models

from resellers.models import Account, Package, ProductInstance, Site, Tally

ACCOUNT = Account._meta.db_table
TALLY = Tally._meta.db_table
# What stands for a value of which only matters that there is one.
SOMETHING = {
    "postgresql": {
        models.DateTimeField: "TIMESTAMPTZ '2000-01-01 00:00:00+00'",
        models.UUIDField: "UUID '00000000-0000-0000-0000-000000000000'",
    },
    "sqlite": {
        models.DateTimeField: "'2000-01-01 00:00:00'",
        models.UUIDField: f"'{'0' * 32}'",
    },
}
Expression = Callable[[str], str]  # of the name that the row has in a statement


@dataclass(frozen=True, slots=True)
class Subject:
    """One sort of records and the columns by which they are told apart, as tallies call them.

    `same` are counted by their value, `whether` by whether there is one.
    """

    of: str
    model: type[models.Model]
    same: tuple[str, ...] = ()
    whether: tuple[str, ...] = ("gone_at",)
    by_group: bool = True

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    @property
    def is_of_customers(self) -> bool:
        """Whether these have a customer by whose group they are counted, and no group of their
        own."""
        return self.by_group and self.model is not Account

    @property
    def columns(self) -> Mapping[str, str]:
        """The column of the records for each of the tallies'."""
        names = (*self.same, *self.whether)
        return {_column(Tally, name): _column(self.model, name) for name in names}

    @property
    def watched(self) -> tuple[str, ...]:
        """The columns of the records that make a tally."""
        of_group = ["group" if self.model is Account else "account_id"] if self.by_group else []
        return tuple(dict.fromkeys([*self.columns.values(), *of_group]))

    def insert(self, rows: str) -> str:
        """The statement that adds such rows: of, group, each of the columns, and a number."""
        names = ", ".join(map(_quoted, ("of", "group", *self.columns, "number")))
        return f"INSERT INTO {TALLY} ({names}) {rows}"

    def values(self, row: str, group: str) -> list[str]:
        """What the row is counted by, in the order of `insert`."""
        return [f"'{self.of}'", group, *(self._value(name)(row) for name in self.columns)]

    def group_of(self, row: str) -> str:
        """The group of that row, looked up by itself."""
        if not self.by_group:
            return "''"
        if self.model is Account:
            return f'{row}."group"'
        return f"COALESCE((SELECT a.\"group\" FROM {ACCOUNT} a WHERE a.id = {row}.account_id), '')"  # noqa: S608

    def counted(self, number: str = "COUNT(*)", source: str = "", more: str = "") -> str:
        """A query of how many of the rows are alike: as `insert` takes it."""
        values = self.values("r", self.group_of("r"))
        places = ", ".join(str(place) for place in range(2, len(values) + 1))
        return (
            f"SELECT {', '.join(values)}, {number} FROM {source or self.table} r {more}"  # noqa: S608
            f" GROUP BY {places}"
        )

    def counted_joined(self) -> str:
        """The same of all records: where there are very many, customers are not looked up one by
        one."""
        if not self.is_of_customers:
            return self.counted()
        values = self.values("r", "COALESCE(a.\"group\", '')")
        places = ", ".join(str(place) for place in range(2, len(values) + 1))
        return (
            f"SELECT {', '.join(values)}, COUNT(*) FROM {self.table} r"  # noqa: S608
            f" LEFT JOIN {ACCOUNT} a ON a.id = r.account_id GROUP BY {places}"
        )

    def differs(self) -> str:
        """Whether a row that was changed is counted otherwise than before."""
        marked = set(self.whether)
        is_other = {"postgresql": "IS DISTINCT FROM", "sqlite": "IS NOT"}[connection.vendor]
        return " OR ".join(
            f"({self._has('OLD', name)}) <> ({self._has('NEW', name)})"
            if self.model._meta.get_field(_field(self.model, name)).name in marked
            else f"OLD.{_quoted(name)} {is_other} NEW.{_quoted(name)}"
            for name in self.watched
        )

    def differences(self) -> str:
        """A query of what the tallies lack, or with a minus have too much, as `insert` takes it."""
        names = ", ".join(map(_quoted, ("of", "group", *self.columns)))
        places = ", ".join(str(place + 1) for place in range(len(self.columns) + 2))
        return (
            f"SELECT {names}, SUM(number) FROM ("  # noqa: S608
            f"SELECT * FROM ({self._named(self.counted_joined())}) records UNION ALL"
            f" SELECT {names}, -number FROM {TALLY} WHERE of = '{self.of}') both_sides"
            f" GROUP BY {places} HAVING SUM(number) <> 0"
        )

    def _named(self, query: str) -> str:
        """The query with its columns named as those of the tallies."""
        names = ", ".join(map(_quoted, ("of", "group", *self.columns, "number")))
        return f"WITH named ({names}) AS ({query}) SELECT * FROM named"  # noqa: S608

    def _value(self, column: str) -> Expression:
        field = next(f for f in Tally._meta.concrete_fields if f.column == column)
        source = self.columns[column]
        if field.name not in self.whether:
            return lambda row: f"{row}.{_quoted(source)}"
        if isinstance(field, models.CharField):
            return lambda row: f"CASE WHEN {row}.{_quoted(source)} = '' THEN '' ELSE '*' END"
        something = SOMETHING[connection.vendor][type(field)]
        return lambda row: f"CASE WHEN {row}.{_quoted(source)} IS NOT NULL THEN {something} END"

    def _has(self, row: str, source: str) -> str:
        is_text = isinstance(
            self.model._meta.get_field(_field(self.model, source)), models.CharField
        )
        return f"{row}.{_quoted(source)} " + ("<> ''" if is_text else "IS NOT NULL")


def _column(model: type[models.Model], name: str) -> str:
    field = model._meta.get_field(name)
    assert isinstance(field, models.Field)
    assert field.column
    return field.column


def _field(model: type[models.Model], column: str) -> str:
    return next(f.name for f in model._meta.concrete_fields if f.column == column)


def _quoted(name: str) -> str:
    return f'"{name}"'


SUBJECTS = (
    Subject(
        Tally.Of.SERVICES,
        ProductInstance,
        ("status", "failure_code", "cycle_unit", "cycle_count"),
        ("gone_at", "site", "reference_instance_id"),
    ),
    Subject(Tally.Of.PRODUCTS, ProductInstance, ("product", "status"), ("gone_at", "site")),
    Subject(Tally.Of.CUSTOMERS, ProductInstance, ("account",), by_group=False),
    Subject(Tally.Of.PACKAGES, Package),
    Subject(
        Tally.Of.SITES,
        Site,
        ("published", "blocked"),
        ("gone_at", "trashed_at", "last_confirmed_at"),
    ),
    Subject(Tally.Of.ACCOUNTS, Account, (), ("gone_at", "name")),
)


def of_customers() -> Iterator[Subject]:
    """Those that are counted by the group of their customer."""
    return (subject for subject in SUBJECTS if subject.is_of_customers)
