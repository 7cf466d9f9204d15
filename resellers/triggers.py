"""Triggers that the database has of us, on PostgreSQL and on SQLite: laid in the end of `migrate`.

Not a migration: on SQLite whatever makes a table anew drops its triggers. A name ends with what its
trigger is made of: so a changed one is known without comparing.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection, transaction


@dataclass(frozen=True, slots=True)
class Trigger:
    """What the database does by itself after rows of a table were written."""

    family: str  # of those that are laid and dropped together
    of: str
    event: str  # such as `INSERT`
    table: str
    statement: str
    when: str = ""
    rows: str = ""  # on PostgreSQL: how all rows of one statement are called, for a single count

    @property
    def name(self) -> str:
        made_of = f"{self.event} {self.table} {self.when} {self.rows} {self.statement}"
        digest = hashlib.sha256(made_of.encode()).hexdigest()[:8]
        return f"{self.family}_{self.of}_{self.event.split()[0].lower()}_{digest}"

    @property
    def definitions(self) -> list[str]:
        """The statements that make it on this database."""
        when = f" WHEN ({self.when})" if self.when else ""
        head = f"CREATE TRIGGER {self.name} AFTER {self.event} ON {self.table}"
        if connection.vendor == "sqlite":
            return [f"{head} FOR EACH ROW{when} BEGIN {self.statement}; END"]
        each = f"{self.rows} FOR EACH STATEMENT" if self.rows else f"FOR EACH ROW{when}"
        return [
            f"CREATE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS $$"
            f" BEGIN {self.statement}; RETURN NULL; END $$",
            f"{head} {each} EXECUTE FUNCTION {self.name}()",
        ]


def lay(family: str, wanted: Iterable[Trigger]) -> bool:
    """Have exactly these triggers of the family; whether any was not there before."""
    by_name = {trigger.name: trigger for trigger in wanted}
    if names(family) == set(by_name):
        return False
    with transaction.atomic(), connection.cursor() as cursor:
        drop(family)
        for trigger in by_name.values():
            for definition in trigger.definitions:
                cursor.execute(definition)
    return True


def drop(family: str) -> None:
    """Have none of the family."""
    with connection.cursor() as cursor:
        for name, table in _present(family):
            if connection.vendor == "sqlite":
                cursor.execute(f"DROP TRIGGER {name}")
            else:
                cursor.execute(f"DROP TRIGGER {name} ON {table}")
                cursor.execute(f"DROP FUNCTION {name}()")


def names(family: str) -> set[str]:
    """Those of the family that are there."""
    return {name for name, _table in _present(family)}


def _present(family: str) -> list[tuple[str, str]]:
    found = {
        "postgresql": "SELECT tgname, tgrelid::regclass::text FROM pg_trigger"
        " WHERE NOT tgisinternal AND starts_with(tgname::text, %s)",
        "sqlite": "SELECT name, tbl_name FROM sqlite_master"
        " WHERE type = 'trigger' AND INSTR(name, %s) = 1",
    }
    with connection.cursor() as cursor:
        cursor.execute(found[connection.vendor], [f"{family}_"])
        return list(cursor.fetchall())
