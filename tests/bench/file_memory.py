"""By how many MiB this process grows while it writes all services as CSV."""

import re
import sys
from pathlib import Path

import django


def main() -> None:
    django.setup()
    from tests.bench.browsing import Browser

    browser = Browser("weighing")
    browser.get("/instances/")
    before = _mebibytes("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # the peak from here on
    for _ in browser.get("/instances/export.csv?profile=machine").streaming_content:
        pass
    sys.stdout.write(f"{_mebibytes('VmHWM') - before:.1f}\n")


def _mebibytes(name: str) -> float:
    """What Linux says of this process's memory."""
    found = re.search(rf"^{name}:\s+(\d+) kB", Path("/proc/self/status").read_text(), re.M)
    assert found is not None
    return int(found[1]) / 1024


if __name__ == "__main__":
    main()
