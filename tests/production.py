"""Commands of this project as production runs them, each to its end."""

import subprocess
import sys
from pathlib import Path

from tests import environment
from tests.environment import PRODUCTION, ROOT

PROGRAMS = Path(sys.executable).parent
SECONDS = 60  # whatever does not end by itself by then never will


def run(command: list, **changes: str) -> subprocess.CompletedProcess:
    """The command to its end, in production settings with these changes."""
    settings = environment.of_process(
        PRODUCTION, DJANGO_SETTINGS_MODULE="dashboard.settings", **changes
    )
    return subprocess.run(
        command,
        cwd=ROOT,
        env=settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=SECONDS,
        check=False,
    )
