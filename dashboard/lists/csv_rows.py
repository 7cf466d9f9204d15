"""A list's rows as a file: written by the database itself where it can, else cell by cell."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass

from django.db import OperationalError, connection, transaction
from django.db.models import QuerySet

from . import csv_copy, csv_file, csv_sqlite
from .csv_file import Dialect, Field

COUNT_MILLISECONDS = 500  # so long a download waits for the number in its name


@dataclass(frozen=True)
class QueryRows(csv_file.Rows):
    """Rows in the order of the view, and the columns of the file."""

    rows: QuerySet
    fields: Sequence[Field]

    def lines(
        self, headers: Sequence[str], *, count: int | None, dialect: Dialect
    ) -> Iterator[bytes]:
        """The file in chunks, the header before any row is asked for."""
        return csv_file.counted(self._with_head(headers, dialect), count)

    def _with_head(self, headers: Sequence[str], dialect: Dialect) -> Generator[tuple[bytes, int]]:
        yield csv_file.head(headers, dialect), 0
        yield from self.chunks(dialect)

    def chunks(self, dialect: Dialect) -> Generator[tuple[bytes, int]]:
        """The rows alone, in chunks, each with how many rows it is."""
        for way in (csv_copy, csv_sqlite):
            if way.can_write(self.rows, self.fields):
                yield from way.write(self.rows, self.fields, dialect)
                return
        yield from csv_file.written(csv_file.values(self.rows, self.fields), dialect)


def count_soon(rows: QuerySet) -> int | None:
    """How many rows there are; None where counting them takes too long."""
    rows = rows.order_by()
    if connection.vendor != "postgresql":
        return rows.count()
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = {COUNT_MILLISECONDS}")
            number = rows.count()
            cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
            return number
    except OperationalError:
        return None
