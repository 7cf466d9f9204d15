"""What was planted and became of it; and of what no test noticed, the reasons that are known."""

import contextlib
import re
import subprocess
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from .parts import PROGRAMS, Part

REASONS = Path(__file__).with_name("reasons.toml")
# As `mutmut results` has them; a fault that never lets a test end is noticed.
LIVES = ("survived", "no tests")
NOT_ASKED = "not checked"
NAME = re.compile(r"(?P<module>[\w.]+)\.x(?:_|ǁ(?P<class>\w+)ǁ)(?P<function>\w+)__mutmut_\d+")
ANYTHING = "*"


@dataclass(frozen=True)
class Survivor:
    """A fault that no test notices: in which function, the line as it stands, and as planted.

    No line: no test of the part comes by at all.
    """

    mutant: str
    function: str
    line: str = ""
    becomes: str = ""

    def __str__(self) -> str:
        if not self.line:
            return "    no test of this part calls it"
        old = [f"    - {line}" for line in self.line.splitlines()]
        new = [f"    + {line}" for line in self.becomes.splitlines()]
        return "\n".join([*old, *new])


@dataclass(frozen=True)
class Reason:
    """Why no test has to notice a fault: in a function, of one line, or of some that it becomes."""

    function: str
    why: str
    line: str = ANYTHING
    becomes: tuple[str, ...] = (ANYTHING,)

    def covers(self, survivor: Survivor) -> bool:
        if survivor.function != self.function or self.line not in (ANYTHING, survivor.line):
            return False
        return ANYTHING in self.becomes or survivor.becomes in self.becomes


@dataclass
class Results:
    """Of one part: how many faults came to what, those that live, and those with a reason.

    `idle` are the reasons that nothing needs any more.
    """

    counts: Counter[str] = field(default_factory=Counter)
    living: list[Survivor] = field(default_factory=list)
    excused: list[Survivor] = field(default_factory=list)
    idle: list[Reason] = field(default_factory=list)


def reasons() -> list[Reason]:
    """All reasons that are known."""
    entries = tomllib.loads(REASONS.read_text())["reason"]
    return [Reason(**one | {"becomes": tuple(one.get("becomes", (ANYTHING,)))}) for one in entries]


def results(part: Part) -> Results:
    """What became of all that was planted in this part so far."""
    found, known, used = Results(), reasons(), set()
    for mutant, status in _statuses(part):
        found.counts[status] += 1
        if status not in LIVES:
            continue
        survivor = _survivor(part, mutant, status)
        covering = [reason for reason in known if reason.covers(survivor)]
        used.update(covering)
        (found.excused if covering else found.living).append(survivor)
    of_part = [r for r in known if any(r.function.startswith(f"{m}.") for m in part.modules)]
    if not found.counts[NOT_ASKED]:
        found.idle = [reason for reason in of_part if reason not in used]
    return found


def _statuses(part: Part) -> Iterator[tuple[str, str]]:
    """Each mutant and what became of it."""
    listed = subprocess.run(
        [PROGRAMS / "mutmut", "results", "--all", "true"],
        cwd=part.folder,
        capture_output=True,
        text=True,
        check=True,
    )
    for line in listed.stdout.splitlines():
        mutant, _, status = line.strip().partition(": ")
        if status:
            yield mutant, status


def _survivor(part: Part, mutant: str, status: str) -> Survivor:
    name = NAME.fullmatch(mutant)
    assert name, mutant
    function = ".".join(filter(None, (name["module"], name["class"], name["function"])))
    if status == "no tests":
        return Survivor(mutant, function)
    old, new = _changed(part, mutant)
    return Survivor(mutant, function, old, new)


def _changed(part: Part, mutant: str) -> tuple[str, str]:
    """The lines that a mutant changes, as they stand and as they become."""
    from mutmut import configuration
    from mutmut.mutation.diff_apply import find_mutant, get_diff_for_mutant

    with contextlib.chdir(part.folder):
        configuration.reset_config()
        diff = get_diff_for_mutant(mutant, path=find_mutant(mutant).path)
    lines = [line for line in diff.splitlines() if not line.startswith(("---", "+++"))]
    old, new = (
        "\n".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in "-+"
    )
    return old, new
