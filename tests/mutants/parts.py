"""The parts of the code that faults are planted in, each with the tests that have to notice them.

`pyproject.toml` names them, under `[tool.mutants]`. A part is worked on in a folder of its own, in
which mutmut keeps how far it has come: who starts it again goes on there.
"""

import fnmatch
import hashlib
import json
import os
import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests import databases, environment

ROOT = environment.ROOT
FOLDER = ROOT / ".mutants"
PROGRAMS = Path(sys.executable).parent
# What the tests read beside the code.
BESIDE = ("manage.py", "static", "templates")
CODE = ("dashboard", "resellers")
# What our own checker of types refuses is no fault that lives.
TYPES = ("mypy", "--no-warn-unused-configs", "--no-warn-unused-ignores", "--output", "json")
# A rule of its that the lines which mutmut generates do not keep, as `pyproject.toml` has it.
BROKEN_RULE = '"ignore-without-code", '


@dataclass(frozen=True)
class Part:
    """Some files of the code, and the tests that cover them."""

    name: str
    files: tuple[str, ...]
    tests: tuple[str, ...]

    @property
    def folder(self) -> Path:
        return FOLDER / self.name

    @property
    def modules(self) -> list[str]:
        return [file.removesuffix(".py").replace("/", ".") for file in self.files]

    @property
    def tests_as_they_are(self) -> str:
        """A digest of all that the tests are made of."""
        digest = hashlib.sha256()
        for file in sorted((ROOT / "tests").rglob("*.py")):
            digest.update(file.read_bytes())
        return digest.hexdigest()


@cache
def settings() -> dict[str, Any]:
    """What `pyproject.toml` says under `[tool.mutants]`."""
    tables = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return dict(tables["tool"]["mutants"])


@cache
def parts() -> tuple[Part, ...]:
    """All of them, in the order in which they are worked on."""
    return tuple(
        Part(name, tuple(_files(table["files"])), tuple(table["tests"]))
        for name, table in settings()["parts"].items()
    )


def _files(patterns: list[str]) -> Iterator[str]:
    for pattern in patterns:
        for file in sorted(ROOT.glob(pattern)):
            if file.read_text().strip():
                yield str(file.relative_to(ROOT))


def chosen(names: list[str]) -> list[Part]:
    """The parts of these names, which may hold `*`; all without a name. LookupError for none."""
    for name in names:
        if not any(fnmatch.fnmatch(part.name, name) for part in parts()):
            known = ", ".join(part.name for part in parts())
            raise LookupError(f"no part is named {name}; there are {known}")
    return [p for p in parts() if any(fnmatch.fnmatch(p.name, name) for name in names or ["*"])]


def prepare(part: Part) -> None:
    """Lay the part's folder out: the project as it is, and what mutmut is told."""
    part.folder.mkdir(parents=True, exist_ok=True)
    for name in (*CODE, *BESIDE, "tests"):
        link = part.folder / name
        if not link.is_symlink():
            link.symlink_to(ROOT / name)
    config = settings()["mutmut"] | {
        "source_paths": list(CODE),
        "only_mutate": list(part.files),
        "also_copy": list(BESIDE),
        "pytest_add_cli_args_test_selection": list(part.tests),
        "type_check_command": [*TYPES, *(w for name in part.modules for w in ("-m", name))],
    }
    lines = [f"{name} = {json.dumps(value)}" for name, value in config.items()]
    text = (ROOT / "pyproject.toml").read_text().replace(BROKEN_RULE, "")
    (part.folder / "pyproject.toml").write_text("\n".join([text, "[tool.mutmut]", *lines, ""]))


def plant(part: Part, names: list[str], *, processes: int, seconds: float | None) -> bool:
    """Have mutmut plant all that is still to be planted, or these; False where the time ran out.

    Raises SystemExit where it cannot work.
    """
    command = [str(PROGRAMS / "mutmut"), "run", "--max-children", str(processes), *names]
    log = part.folder / "run.log"
    with log.open("w") as printed:
        output = None if sys.stdout.isatty() else printed
        run = subprocess.Popen(command, cwd=part.folder, env=_env(), stdout=output, stderr=output)
        try:
            status = run.wait(seconds)
        except (subprocess.TimeoutExpired, KeyboardInterrupt) as stopped:
            run.send_signal(signal.SIGINT)
            run.wait()
            if isinstance(stopped, KeyboardInterrupt):
                raise
            return False
    if status:
        raise SystemExit(f"mutmut ended with {status}: {log.read_text()[-3000:] or 'see above'}")
    return True


def _env() -> dict[str, str]:
    return os.environ | {
        "PATH": f"{PROGRAMS}:{os.environ['PATH']}",
        "MYPY_CACHE_DIR": str(FOLDER / "types"),
        "TEST_DATABASE": "sqlite",
        "TEST_DATABASE_FILE": _database(),
    }


@cache
def _database() -> str:
    """A SQLite file with all tables, so that no process has to make them."""
    file = FOLDER / "made.sqlite3"
    file.unlink(missing_ok=True)
    databases.make_tables(file)
    return str(file)
