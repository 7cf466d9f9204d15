"""The triggers by which the database keeps the tallies, on PostgreSQL and on SQLite.

A name ends with what its trigger is made of: so a changed one is known without comparing.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction

from .subjects import ACCOUNT, SUBJECTS, Subject, of_customers

PREFIX = "tally_"


@dataclass(frozen=True, slots=True)
class Trigger:
    """What the database does by itself after rows of a table were written."""

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
        return f"{PREFIX}{self.of}_{self.event.split()[0].lower()}_{digest}"

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


def triggers() -> Iterator[Trigger]:
    """All of them, as they are to be on this database."""
    for subject in SUBJECTS:
        yield _of_rows(subject, "INSERT", "NEW", 1)
        yield _of_rows(subject, "DELETE", "OLD", -1)
        columns = ", ".join(f'"{name}"' for name in subject.watched)
        both = f"{_one(subject, 'OLD', -1)} UNION ALL {_one(subject, 'NEW', 1)}"
        yield Trigger(
            subject.of,
            f"UPDATE OF {columns}",
            subject.table,
            subject.insert(both),
            subject.differs(),
        )
    for subject in of_customers():
        # A customer's group takes all that is theirs along. Rows may be written before the customer
        # of whom they are: until then they are of no group.
        for event, before, after in (
            ("INSERT", "''", 'NEW."group"'),
            ('UPDATE OF "group"', 'OLD."group"', 'NEW."group"'),
            ("DELETE", 'OLD."group"', "''"),
        ):
            yield Trigger(
                f"{subject.of}_of_customer",
                event,
                ACCOUNT,
                subject.insert(_moved(subject, event, before, after)),
                f"{before} <> {after}",
            )


def _of_rows(subject: Subject, event: str, row: str, sign: int) -> Trigger:
    if connection.vendor == "sqlite":
        return Trigger(subject.of, event, subject.table, subject.insert(_one(subject, row, sign)))
    counted = subject.counted(f"{sign} * COUNT(*)", "written")
    return Trigger(
        subject.of,
        event,
        subject.table,
        subject.insert(counted),
        rows=f"REFERENCING {row} TABLE AS written",
    )


def _one(subject: Subject, row: str, sign: int) -> str:
    return f"SELECT {', '.join(subject.values(row, subject.group_of(row)))}, {sign}"


def _moved(subject: Subject, event: str, before: str, after: str) -> str:
    """What a customer has, out of one group and into another."""
    account = "OLD" if event == "DELETE" else "NEW"
    values = subject.values("r", "side.named")
    places = ", ".join(str(place) for place in range(2, len(values) + 1))
    return (
        f"SELECT {', '.join(values)}, SUM(side.sign) FROM {subject.table} r"  # noqa: S608
        f" CROSS JOIN (SELECT {before} AS named, -1 AS sign UNION ALL SELECT {after}, 1) side"
        f" WHERE r.account_id = {account}.id GROUP BY {places}"
    )


def lay() -> bool:
    """Have exactly these triggers; whether any was not there before."""
    wanted = {trigger.name: trigger for trigger in triggers()}
    if names() == set(wanted):
        return False
    with transaction.atomic(), connection.cursor() as cursor:
        drop()
        for trigger in wanted.values():
            for definition in trigger.definitions:
                cursor.execute(definition)
    return True


def drop() -> None:
    """Have none of them."""
    with connection.cursor() as cursor:
        for name, table in _present():
            if connection.vendor == "sqlite":
                cursor.execute(f"DROP TRIGGER {name}")
            else:
                cursor.execute(f"DROP TRIGGER {name} ON {table}")
                cursor.execute(f"DROP FUNCTION {name}()")


def names() -> set[str]:
    """Those that are there."""
    return {name for name, _table in _present()}


def _present() -> list[tuple[str, str]]:
    found = {
        "postgresql": "SELECT tgname, tgrelid::regclass::text FROM pg_trigger"
        r" WHERE NOT tgisinternal AND tgname LIKE 'tally\_%'",
        "sqlite": "SELECT name, tbl_name FROM sqlite_master"
        " WHERE type = 'trigger' AND name GLOB 'tally_*'",
    }
    with connection.cursor() as cursor:
        cursor.execute(found[connection.vendor])
        return list(cursor.fetchall())
