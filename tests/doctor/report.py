"""Running the doctor and reading its lines as a person does."""

import io
import re
import subprocess
import sys
from typing import NamedTuple

from django.core.management import call_command

from tests.environment import ROOT

# Every part the doctor looks at, in the order it tells them.
PARTS = [
    *("Settings", "Database", "Broker", "Web", "Worker", "Beat", "Sweep", "Wix", "Key", "Account"),
    *("Reads packages", "Reads sites", "Child accounts", "Reads domains", "Changes services"),
    *("Changes external ids", "Makes sites", "Makes accounts", "Transfers sites"),
    *("Registers domains", "Connects domains", "Writing", "Mirror", "Figures"),
    *("Audit trail", "Files", "Mail", "Webhooks"),
]


class Line(NamedTuple):
    """What the doctor said of one part."""

    verdict: str
    words: str
    next_step: str = ""


class Report:
    """The doctor's lines, read as a person reads them."""

    def __init__(self, status: int, output: str) -> None:
        self.status = status
        self.output = output
        self.of: dict[str, Line] = {}
        part = ""
        for line in output.splitlines():
            if found := re.fullmatch(r"(ok|note|not tried|WRONG) +(\S.*?)  +(.*)", line):
                verdict, part, words = found.groups()
                self.of[part] = Line(verdict, words)
            elif line.startswith(" ") and "-> " in line:
                self.of[part] = self.of[part]._replace(next_step=line.partition("-> ")[2])

    @property
    def wrong(self) -> list[str]:
        return [part for part, line in self.of.items() if line.verdict == "WRONG"]


def examined() -> Report:
    """What the doctor says of the system as it is in this process."""
    output = io.StringIO()
    try:
        call_command("doctor", stdout=output, no_color=True)
    except SystemExit as end:
        return Report(int(end.code or 0), output.getvalue())
    return Report(0, output.getvalue())


def in_a_process(settings: dict[str, str]) -> Report:
    """What the doctor says in a process of its own."""
    done = subprocess.run(
        [sys.executable, "manage.py", "doctor"],
        cwd=ROOT,
        env=settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        check=False,
    )
    return Report(done.returncode, done.stdout)
