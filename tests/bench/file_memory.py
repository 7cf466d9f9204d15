"""By how many MiB this process grows while it writes all services as CSV, and in how many
milliseconds: as a download, or with `background` as a worker does."""

import re
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import django


def main() -> None:
    django.setup()
    from tests.bench.browsing import Browser

    browser = Browser("-".join(["weighing", *sys.argv[1:]]))
    browser.get("/instances/")
    before, begun = _mebibytes("VmRSS"), time.perf_counter()
    Path("/proc/self/clear_refs").write_text("5")  # the peak from here on
    if "background" in sys.argv:
        _make(browser)
    else:
        for _ in browser.get("/instances/export.csv?profile=machine").streaming_content:
            pass
    took = (time.perf_counter() - begun) * 1000
    sys.stdout.write(f"{_mebibytes('VmHWM') - before:.1f} {took:.0f}\n")


def _make(browser: Any) -> None:
    """In turns, as a worker's tasks are, to the end."""
    from django.conf import settings

    from resellers import exports
    from resellers.models import ExportFile

    with tempfile.TemporaryDirectory() as folder:
        settings.EXPORTS_DIR = folder
        sent = {"query": "", "request_id": str(uuid4()), "profile": "machine"}
        browser.post("/instances/export/", sent)
        export = ExportFile.objects.get()
        while export.is_unfinished:
            assert exports.run(export.pk, seconds=settings.OPERATIONS["TASK_SECONDS"])
            export.refresh_from_db()
        assert export.is_ready, export.trouble
        export.delete()


def _mebibytes(name: str) -> float:
    """What Linux says of this process's memory."""
    found = re.search(rf"^{name}:\s+(\d+) kB", Path("/proc/self/status").read_text(), re.M)
    assert found is not None
    return int(found[1]) / 1024


if __name__ == "__main__":
    main()
