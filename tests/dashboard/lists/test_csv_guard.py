"""Whatever stands in a cell, a line that the database wrote ends up as one written cell by cell."""

import csv
import io
import random
import re

import pytest

from dashboard.lists import csv_file
from dashboard.lists.csv_file import DIALECT, Dialect
from dashboard.lists.csv_guard import Guard
from dashboard.models import DELIMITERS
from resellers.formulas import BEGINNERS, SKIPPED, TRIGGERS
from tests.randomness import FULL

# Of each some that look like the others: their first bytes are the same, or their last ones.
LETTERS = [*BEGINNERS, *SKIPPED, *TRIGGERS, *"'\\ä1a.\U0001f600\x01\x7fé°“’（日\u0128", ""]
LINES = 4000 if FULL else 400
NUMBERS = "-5"  # in a column that holds no text: never guarded


def _line(cells, dialect) -> bytes:
    """As PostgreSQL writes them."""
    buffer = io.StringIO()
    sign = DELIMITERS[dialect.delimiter]
    csv.writer(buffer, delimiter=sign, lineterminator="\n").writerow(cells)
    return buffer.getvalue().encode()


@pytest.mark.parametrize("delimiter", DELIMITERS)
@pytest.mark.parametrize("breaks", DIALECT["breaks"])
def test_no_formula_and_no_break_is_overlooked_and_nothing_else_is_touched(delimiter, breaks):
    chance = random.Random(f"{delimiter} {breaks}")
    dialect = Dialect("machine", delimiter, breaks)
    guard = Guard(dialect, [True, True, False, True])

    for size in (1, 30):
        for _ in range(LINES // size):
            rows = [
                ["".join(chance.choices(LETTERS, k=chance.randrange(6))) for _ in range(4)]
                for _ in range(size)
            ]
            for row in rows:
                row[2] = NUMBERS
            lines = [memoryview(_line(row, dialect)) for row in rows]

            finished = guard.finish(lines)

            values = ([*row[:2], int(row[2]), row[3]] for row in rows)
            expected = b"".join(chunk for chunk, _ in csv_file.written(values, dialect))
            assert finished == expected, rows


def test_lines_of_usual_names_are_not_written_anew(monkeypatch):
    guard = Guard(Dialect("machine", "comma", "kept"), [True] * 3)
    names = ["Café Nord", "D'Arc & Söhne", "a@shop.example", "order-7", "Łódź", "1+1", "日本", ""]
    lines = [_line((one, other, one), Dialect("", "comma", "")) for one in names for other in names]
    monkeypatch.setattr(guard, "_anew", pytest.fail)

    finished = guard.finish([memoryview(line) for line in lines])

    assert re.split(b"\r\n", finished) == re.split(b"\n", b"".join(lines))
