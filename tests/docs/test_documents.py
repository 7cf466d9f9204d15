"""What the documents name exists, and what is drawn or listed there is drawn from the code."""

import re
from collections.abc import Iterator
from types import CodeType

import pytest

from tests.docs import picture
from tests.environment import ROOT
from tests.promises import PROMISES

DOCUMENTS = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")])
# What a reader makes or has elsewhere, as the documents tell.
NOT_OURS = ("catalog.csv", "customers.csv", ".env", ".venv", ".demo")
# Words of our own: who reads one as a name has to look up what it is there.
HOMELY = re.compile(
    r"(^|_)(told|shown|kept|deeds?|dress|pulse|spoilt?|stretch(es)?|visits?|amiss|afloat)(_|$)",
    re.I,
)
SUFFIXES = ("py", "md", "html", "css", "js", "svg", "png", "toml", "txt", "example")


def paths_named(text: str) -> set[str]:
    """The files and folders of this project that a text names, in code or as a link's target."""
    words = re.findall(r"`([\w./-]+)`", text) + re.findall(r"\]\(([\w./-]+)\)", text)
    rooms = ("dashboard/", "resellers/", "templates/", "static/", "tests/", "docs/")
    return {
        word
        for word in words
        if (word.startswith(rooms) or word.rpartition(".")[2] in SUFFIXES)
        and not word.startswith(NOT_OURS)
    }


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_path_that_a_document_names_exists(document):
    # A template is named as Django finds it, another document as a link from there.
    places = (ROOT, document.parent, ROOT / "templates")

    missing = {
        name
        for name in paths_named(document.read_text())
        if not any((place / name).exists() for place in places)
    }

    assert missing == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_target_of_make_that_a_document_names_exists(document):
    targets = set(re.findall(r"^([.\w]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"`make ([.\w]+)", document.read_text()))

    assert named - targets == set()


def test_the_picture_of_the_house_is_drawn_from_the_imports_as_they_are():
    assert picture.PICTURE.read_text() == picture.draw(), "draw it anew with `make picture`"


def test_the_table_of_promises_is_the_one_the_tests_are_held_to():
    table = (ROOT / "docs" / "architecture.md").read_text()

    for number, promise in PROMISES.items():
        tests = (*promise.both, *promise.once, *promise.postgres)
        proofs = [
            *(f"`{proof.partition('::')[2]}`" for proof in tests),
            *(f"`make chaos CHAOS={part}`" for part in promise.chaos),
        ]
        assert f"| {number} | {promise.words} | {', '.join(proofs)} |" in table, number


def test_every_term_of_the_glossary_is_used_in_the_code():
    terms = re.findall(r"^\| `(\w+)` \|", (ROOT / "docs" / "glossary.md").read_text(), re.MULTILINE)
    files = [*(ROOT / "dashboard").rglob("*.py"), *(ROOT / "resellers").rglob("*.py")]
    words = {word for file in files for word in re.findall(r"\w+", file.read_text())}
    words |= {part for file in files for part in file.relative_to(ROOT).with_suffix("").parts}

    assert len(terms) > 40
    assert set(terms) - words == set()


def names_of(code: CodeType) -> Iterator[str]:
    """What is called by a name in it, and in all that is defined there."""
    yield from (code.co_name, *code.co_varnames, *code.co_cellvars, *code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from names_of(constant)


def test_names_are_the_fields_terms_and_no_words_of_our_own():
    files = [path for room in ("dashboard", "resellers") for path in (ROOT / room).rglob("*.py")]

    homely = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in files
        if "migrations" not in path.parts
        for name in names_of(compile(path.read_bytes(), path.name, "exec"))
        if HOMELY.search(name)
    }

    assert homely == set(), "say what it is: entries, values, a summary, a limit"
