"""The floors of the house: a room imports only from the floors below it."""

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
