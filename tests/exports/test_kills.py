"""Processes that make a file are killed, at every point of every chunk: it ends whole."""

import itertools
import os
import signal
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from resellers import audit, exports
from resellers.models import AuditEntry, Notice
from resellers.operations.engine.failpoints import EXPORT_POINTS
from tests import worlds
from tests.exporting import again, ask, body, direct, made, on_disk

pytestmark = pytest.mark.django_db(transaction=True)

ROWS, CHUNKS = 10, [3, 6, 9, 10]
# Each process goes on from what the one before it has noted, and dies at the next of these.
ONCE_BEFORE = ("export-claimed", "export-fixed")
OF_A_CHUNK = ("export-written", "export-noted")
ONCE_BEHIND = ("export-ending",)
PLACES = (*ONCE_BEFORE, *OF_A_CHUNK * len(CHUNKS), *ONCE_BEHIND)


@pytest.fixture
def services():
    package = worlds.package(worlds.account("=North, Bakery"))
    now = timezone.now()
    for day in range(ROWS):
        at = now - timedelta(days=day)
        worlds.instance(package, created_at=at, failure_message=f"no {day}\n-1")


def test_killed_at_every_point_of_every_chunk_it_is_byte_for_byte_the_direct_file(
    viewer, services, settings, tmp_path
):
    assert set(PLACES) == set(EXPORT_POINTS)
    export, expected = ask(viewer), direct(viewer)
    written = []

    for number, place in enumerate(PLACES):
        settings.ENGINE_FAILPOINT = f"{place}=kill@{tmp_path / str(number)}"
        assert signal_that_ended(lambda: exports.run(export.pk, seconds=60)) == signal.SIGKILL
        export.refresh_from_db()
        written.append(export.rows_written)
        assert export.state == "running"
        again(export)
    settings.ENGINE_FAILPOINT = ""
    made(export)

    assert [rows for rows, _ in itertools.groupby(written)] == [0, *CHUNKS]
    assert export.state == "ready", export.trouble
    assert body(viewer.get(f"/exports/{export.pk}/file.csv")) == expected
    assert [path.name for path in on_disk()] == [export.stored_as]
    assert AuditEntry.objects.filter(event="export.written", body__export=export.pk).count() == 1
    assert Notice.objects.filter(export=export).count() == 1
    assert list(audit.verify()) == []


def signal_that_ended(do):
    """By which signal a process ended that had this to do; 0 for one that came to its end."""
    connections.close_all()
    process = os.fork()
    if not process:
        try:
            do()
        finally:
            os._exit(0)
    _, status = os.waitpid(process, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
