"""The figures of a run at full size, as a table in docs/benchmarks.md with machine and date."""

import os
import platform
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.figure import Figure, Ratio
from tests.environment import ROOT

PAGE = ROOT / "docs" / "benchmarks.md"
HEAD = "| what, beside what | measured | yardstick | ratio | goal | |\n|---|---|---|---|---|---|"


def write(part: str, figures: Iterable[Figure | Ratio], rows: int) -> None:
    """Put them into the place of what that part measured before."""
    begin, end = f"<!-- {part} -->", f"<!-- end of {part} -->"
    lines = [_row(figure) for figure in figures]
    words = f"`{part}`, {rows:,} services, {_machine()}, {datetime.now(UTC):%-d %B %Y}:"
    table = "\n".join([begin, "", words, "", HEAD, *lines, "", end])
    text = PAGE.read_text()
    if begin in text:
        text = re.sub(f"{re.escape(begin)}.*?{re.escape(end)}", lambda _: table, text, flags=re.S)
    else:
        text = f"{text.rstrip()}\n\n{table}\n"
    PAGE.write_text(text)


def _row(figure: Figure | Ratio) -> str:
    what, *cells = figure.cells
    words = what.replace(" | ", ", ")
    return f"| {words} | {' | '.join(cells)} | {'' if figure.met else '**missed**'} |"


def _machine() -> str:
    """The processor and how many of it there are."""
    found = re.search(r"model name\s*: (.*)", _text("/proc/cpuinfo"))
    name = found[1].strip() if found else platform.machine()
    return f"{os.cpu_count()} cores of {name}"


def _text(path: str) -> str:
    try:
        return Path(path).read_text()
    except OSError:
        return ""
