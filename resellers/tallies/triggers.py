"""The triggers by which the database keeps the tallies, on PostgreSQL and on SQLite."""

from collections.abc import Iterator

from django.db import connection

from resellers.triggers import Trigger

from .subjects import ACCOUNT, SUBJECTS, Subject, of_customers

FAMILY = "tally"


def triggers() -> Iterator[Trigger]:
    """All of them, as they are to be on this database."""
    for subject in SUBJECTS:
        yield _of_rows(subject, "INSERT", "NEW", 1)
        yield _of_rows(subject, "DELETE", "OLD", -1)
        columns = ", ".join(f'"{name}"' for name in subject.watched)
        both = f"{_one(subject, 'OLD', -1)} UNION ALL {_one(subject, 'NEW', 1)}"
        yield Trigger(
            FAMILY,
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
                FAMILY,
                f"{subject.of}_of_customer",
                event,
                ACCOUNT,
                subject.insert(_moved(subject, event, before, after)),
                f"{before} <> {after}",
            )


def _of_rows(subject: Subject, event: str, row: str, sign: int) -> Trigger:
    if connection.vendor == "sqlite":
        one = subject.insert(_one(subject, row, sign))
        return Trigger(FAMILY, subject.of, event, subject.table, one)
    counted = subject.counted(f"{sign} * COUNT(*)", "written")
    return Trigger(
        FAMILY,
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
