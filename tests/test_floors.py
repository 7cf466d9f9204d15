"""The floors of the house: who imports from whom, and how rows are locked."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
# What Django finds by name, and the sandbox, which stands apart: other contracts speak of it.
ON_NO_FLOOR = {"apps", "management", "migrations", "sandbox"}


def test_no_room_imports_from_a_floor_above_it():
    checked = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_every_room_stands_on_a_floor():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    floors = contracts["contracts"][0]["layers"]
    named = {name for floor in floors for name in re.findall(r"resellers\.(\w+)", floor)}
    rooms = {
        path.stem
        for path in (ROOT / "resellers").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").is_file()
    }

    assert rooms - {"__init__"} - ON_NO_FLOOR <= named


def test_no_row_is_locked_with_others_joined_to_it():
    """On PostgreSQL who waited for the lock misses the row, or its neighbour, where the key to that
    neighbour changed meanwhile: `prefetch_related` reads it once the lock is held."""
    joined = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for room in ("resellers", "dashboard")
        for path in (ROOT / room).rglob("*.py")
        if "select_for_update" in (source := path.read_text())
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and {"select_for_update", "select_related"} <= set(_called_in_turn(node))
    ]

    assert joined == []


def test_whoever_locks_a_row_lets_others_refer_to_it():
    """PostgreSQL checks a new row's keys at its commit: one that refers to a row locked for good
    waits for that lock, maybe while it holds what is waited for there."""
    bare = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for room in ("resellers", "dashboard")
        for path in (ROOT / room).rglob("*.py")
        if path.parent.name != "migrations" and "select_for_update" in (source := path.read_text())
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "select_for_update"
        and "no_key" not in {keyword.arg for keyword in node.keywords}
    ]

    assert bare == []


def _called_in_turn(node: ast.expr) -> list[str]:
    """The methods of a chain of calls, the last one first."""
    names = []
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        names.append(node.func.attr)
        node = node.func.value
    return names
