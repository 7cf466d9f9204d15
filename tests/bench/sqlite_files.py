"""How long all services take as CSV on SQLite: by the page's own export, and by a csv writer over
the raw cursor that guards nothing. Prints both in milliseconds."""

import csv
import io
import os
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from tests import environment

SERVICES = 50_000
TURNS = 3


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
        os.environ.update(
            environment.of_process(
                environment.TESTS, DJANGO_SETTINGS_MODULE="dashboard.settings", DATABASE_URL=url
            )
        )
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        from tests.bench.browsing import Browser
        from tests.bench.rows import Invented

        Invented(SERVICES).write()
        browser = Browser("filing")
        browser.get("/instances/")
        ways = {"ours": lambda: _export(browser), "raw": _raw}
        taken: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(TURNS):
            for name, way in ways.items():
                begun = time.perf_counter()
                rows = way()
                taken[name].append((time.perf_counter() - begun) * 1000)
                assert rows == SERVICES, f"{rows} rows"
        sys.stdout.write(f"{median(taken['ours'])} {median(taken['raw'])}\n")


def _export(browser: "object") -> int:
    answer = browser.get("/instances/export.csv?profile=machine")  # type: ignore[attr-defined]
    return sum(chunk.count(b"\r\n") for chunk in answer.streaming_content) - 1


def _raw() -> int:
    """The same columns and joins as they stand."""
    from django.db import connection

    from tests.bench.files import COPIED

    buffer, rows = io.StringIO(), 0
    writer = csv.writer(buffer)
    select = COPIED[COPIED.index("(") + 1 : COPIED.rindex(")", 0, COPIED.rindex("TO STDOUT"))]
    with connection.cursor() as cursor:
        cursor.execute(select)
        while some := cursor.fetchmany(2000):
            writer.writerows(some)
            rows += len(some)
            buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    return rows


if __name__ == "__main__":
    main()
