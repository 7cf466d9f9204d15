"""What is done with tallies beside writing them: brought together, and held against the truth."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, F, Max, Window
from django.db.models.functions import Now

from resellers.models import Tally, TallyCheck
from resellers.transactions import briefly
from resellers.triggers import lay as lay_triggers

from . import triggers
from .subjects import SUBJECTS, TALLY, Subject

logger = logging.getLogger(__name__)

MANY = 1000  # entries since the last folding that make another one worth its while
MOST_LINES = 20
# What makes tallies alike.
FIELDS = [
    field for field in Tally._meta.concrete_fields if field.name not in ("id", "number", "folding")
]
Values = tuple[Any, ...]


def lay() -> None:
    """Have the triggers that keep the tallies; where they were not, everything is counted once."""
    if lay_triggers(triggers.FAMILY, triggers.triggers()):
        # What is written from now on is tallied, so that nobody has to wait for the count.
        mend()


# --- folding -------------------------------------------------------------------------------------


def fold_if_many() -> bool:
    """Bring the tallies together where there are many new ones; whether there were."""
    last = TallyCheck.objects.filter(pk=1).values_list("folded_to", flat=True).first() or 0
    if Tally.objects.filter(pk__gt=last).order_by()[:MANY].count() < MANY:
        return False
    fold()
    return True


def fold() -> None:
    """Have one tally in the place of all that are alike, and none where they cancel out."""
    alike = Window(Count("pk"), partition_by=[F(field.name) for field in FIELDS])
    several = Tally.objects.order_by().annotate(n=alike).filter(n__gt=1).values("pk")
    marked = Tally.objects.order_by().filter(folding=True)
    columns = ", ".join(f'"{field.column}"' for field in FIELDS)
    with briefly():
        # Nobody else sees the marks; what is added meanwhile has none, and is left alone.
        Tally.objects.order_by().filter(pk__in=several).update(folding=True)
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {TALLY} ({columns}, number)"  # noqa: S608  (names of ours)
                f" SELECT {columns}, SUM(number) FROM {TALLY} WHERE folding"
                f" GROUP BY {columns} HAVING SUM(number) <> 0"
            )
        marked.delete()
        last = Tally.objects.aggregate(last=Max("pk"))["last"] or 0
        TallyCheck.objects.update_or_create(pk=1, defaults={"folded_to": last})


# --- checking ------------------------------------------------------------------------------------


def check() -> int:
    """Hold every tally against the records it stands for; how many records were counted wrongly.

    Where they differ the tallies are mended, and an error of the log says what was wrong.
    """
    number, lines = 0, list[str]()
    for subject in SUBJECTS:
        for wrong, line in _differences(subject):
            number += abs(wrong)
            if len(lines) < MOST_LINES:
                lines.append(line)
    found: dict[str, Any] = {"checked_at": Now(), "wrong": number}
    if number:
        mend()
        found |= {"wrong_at": Now(), "found": lines}
        logger.error(
            "figures were wrong by %d records, and are mended: %s", number, "; ".join(lines)
        )
    TallyCheck.objects.update_or_create(pk=1, defaults=found)
    return number


def mend() -> None:
    """Have every tally as the records are."""
    TallyCheck.objects.get_or_create(pk=1)
    with briefly():
        # Of two who count at once the second counts anew, or what is wrong would be mended twice.
        TallyCheck.objects.select_for_update(no_key=True).get(pk=1)
        for subject in SUBJECTS:
            with _at_length() as cursor:
                cursor.execute(subject.insert(subject.differences()))


def _differences(subject: Subject) -> Iterator[tuple[int, str]]:
    """By how many these tallies lack records, or with a minus have too many, and of which.

    One statement tells it, which sees records and tallies as they were at one moment: what changes
    meanwhile changes both.
    """
    with _at_length() as cursor:
        cursor.execute(subject.differences())
        for of, *values, number in cursor.fetchall():
            names = ("group", *subject.columns)
            held = [f"{name} {value}" for name, value in zip(names, values, strict=True) if value]
            yield number, f"{of} {number:+} of {', '.join(held) or 'no group'}"


@contextmanager
def _at_length() -> Iterator[Any]:
    """A cursor for a statement that may take longer than others."""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL statement_timeout = 0")
        yield cursor
