"""All services as CSV, through the page's own export: beside \\copy of the same columns and joins,
and beside django-import-export."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

from tests.bench.browsing import Browser
from tests.bench.figure import Figure, Ratio
from tests.bench.world import INSTANCES, IS_FULL_SIZE

MOST_MEMORY = 120.0  # MiB that a file may take beside what the process had
HEADER_SECONDS = 1.0
OF_IMPORT_EXPORT = 20_000  # rows, since it keeps all of them in memory
PROFILES = {"machine": 1 / 0.65, "excel": 1 / 0.5}
COPIED = """COPY (SELECT s.package_id, s.account_id, a.name, p.external_id, s.id, s.product_id,
 c.name, c.service_type, s.site_id, w.display_name, w.url, s.status, s.failure_code,
 s.failure_message, s.country_code, s.discount_code, s.reference_instance_id, s.expires_at,
 s.created_at, s.updated_at, p.last_confirmed_at, s.billing_type, s.cycle_unit, s.cycle_count,
 s.gone_at FROM resellers_productinstance s JOIN resellers_account a ON a.id = s.account_id
 JOIN resellers_package p ON p.id = s.package_id JOIN resellers_catalogproduct c
 ON c.id = s.product_id LEFT JOIN resellers_site w ON w.id = s.site_id) TO STDOUT (FORMAT csv)"""


def measure() -> Iterator[Figure | Ratio]:
    """Each way once, since each of them takes long; the yardstick once more, to read no rows that
    nobody has read before."""
    browser = Browser("filing")
    bare = min(_copy(), _copy())
    taken = {}
    for profile, most in PROFILES.items():
        taken[profile], first = _export(browser, profile)
        yield Ratio(f"CSV, {profile} | \\copy", taken[profile], bare, at_most=round(most, 2))
        yield Figure(f"CSV, {profile} | first byte", first, bare, HEADER_SECONDS * 1000)
    peer = _import_export() * INSTANCES / OF_IMPORT_EXPORT
    yield Ratio("CSV, machine | import-export", taken["machine"], peer, 15, judged=IS_FULL_SIZE)
    memory, _ = _child("tests.bench.file_memory")
    yield Figure("CSV, machine | memory", memory, 0, MOST_MEMORY, "MiB")
    memory, took = _child("tests.bench.file_memory", "background")
    yield Figure("CSV in the background | memory", memory, 0, MOST_MEMORY, "MiB")
    yield Ratio("CSV in the background | \\copy", took, bare, at_most=5)
    ours, raw = _child("tests.bench.sqlite_files")
    yield Ratio("CSV, SQLite | csv writer over the raw cursor", ours, raw, at_most=2)


def _export(browser: Browser, profile: str) -> tuple[float, float]:
    """Milliseconds of the whole file and until its first byte."""
    begun, first, rows = time.perf_counter(), 0.0, 0
    for chunk in browser.get(f"/instances/export.csv?profile={profile}").streaming_content:
        first = first or (time.perf_counter() - begun) * 1000
        rows += chunk.count(b"\r\n")
    assert rows == INSTANCES + 1, f"{rows} lines"
    return (time.perf_counter() - begun) * 1000, first


def _copy() -> float:
    from django.db import connection

    begun, rows = time.perf_counter(), 0
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        with cursor.copy(COPIED) as copy:
            for chunk in copy:
                rows += bytes(chunk).count(b"\n")
        cursor.execute("RESET statement_timeout")
    assert rows == INSTANCES, f"{rows} rows"
    return (time.perf_counter() - begun) * 1000


def _import_export() -> float:
    """Milliseconds for the first rows only: it takes as long for each one more."""
    from import_export import resources

    from resellers.models import ProductInstance

    class Services(resources.ModelResource):
        class Meta:
            model = ProductInstance
            fields = (
                *("package", "account", "account__name", "package__external_id", "id", "product"),
                *("product__name", "product__service_type", "site", "site__display_name"),
                *("site__url", "status", "failure_code", "failure_message", "country_code"),
                *("discount_code", "reference_instance_id", "expires_at", "created_at"),
                *("updated_at", "package__last_confirmed_at", "billing_type", "cycle_unit"),
                *("cycle_count", "gone_at"),
            )

    rows: Any = ProductInstance.objects.select_related("account", "package", "product", "site")
    begun = time.perf_counter()
    written = Services().export(rows[:OF_IMPORT_EXPORT]).csv
    assert written.count("\n") >= OF_IMPORT_EXPORT
    return (time.perf_counter() - begun) * 1000


def _child(*named: str) -> tuple[float, float]:
    """The two numbers that a process of its own has measured."""
    command = [sys.executable, "-m", *named]
    answer = subprocess.run(command, env=os.environ, check=True, capture_output=True, text=True)
    first, second = answer.stdout.split()[-2:]
    return float(first), float(second)
