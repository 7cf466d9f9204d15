"""`make mutants` plants in all of the core, and its reasons speak of lines that stand there."""

from collections import Counter

import pytest

from tests.mutants.parts import ROOT, chosen, parts
from tests.mutants.survivors import ANYTHING, Reason, Survivor, reasons

CORE = ("resellers/audit.py", "resellers/wix/pacing*.py")
FOLDERS = ("resellers/operations", "resellers/mirror", "dashboard/lists")


def test_every_file_of_the_core_is_of_one_part():
    files = [file for pattern in CORE for file in ROOT.glob(pattern)]
    files += [file for folder in FOLDERS for file in (ROOT / folder).rglob("*.py")]
    core = {str(file.relative_to(ROOT)) for file in files if file.read_text().strip()}

    planted = Counter(file for part in parts() for file in part.files)

    assert set(planted) == core
    assert set(planted.values()) == {1}


def test_every_part_has_its_tests():
    for part in parts():
        assert part.tests
        assert [test for test in part.tests if not (ROOT / test).exists()] == [], part.name


def test_parts_are_chosen_by_name_and_a_wrong_name_is_told():
    assert chosen([]) == list(parts())
    assert [part.name for part in chosen(["resellers.audit"])] == ["resellers.audit"]
    assert len(chosen(["resellers.mirror*"])) > 1
    with pytest.raises(LookupError, match=r"resellers\.adit; there are resellers\.audit"):
        chosen(["resellers.adit"])


@pytest.mark.parametrize("reason", reasons(), ids=lambda reason: reason.function)
def test_a_reason_is_of_a_line_that_stands_in_its_function(reason):
    files = {
        name: file for part in parts() for name, file in zip(part.modules, part.files, strict=True)
    }
    module = max((name for name in files if reason.function.startswith(f"{name}.")), key=len)
    text = (ROOT / files[module]).read_text()

    assert f"def {reason.function.rpartition('.')[2]}(" in text
    if reason.line != ANYTHING:
        lines = {line.strip() for line in text.splitlines()}
        assert set(reason.line.splitlines()) <= lines
    assert reason.why


def test_a_reason_covers_what_it_names_and_nothing_else():
    survivor = Survivor("m", "a.b.c", "x = 1", "x = 2")

    assert Reason("a.b.c", "why", "x = 1").covers(survivor)
    assert Reason("a.b.c", "why", "x = 1", ("x = 0", "x = 2")).covers(survivor)
    assert Reason("a.b.c", "why").covers(Survivor("m", "a.b.c"))
    assert not Reason("a.b.c", "why", "x = 1", ("x = 0",)).covers(survivor)
    assert not Reason("a.b.c", "why", "x = 3").covers(survivor)
    assert not Reason("a.b.d", "why").covers(survivor)
