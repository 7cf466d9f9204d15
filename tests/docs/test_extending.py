"""What docs/extending.md shows does what it says: its files and lines are put where they would
stand, and what comes of them is asked for as staff would."""

import importlib
import re
import sys
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import include, path

import dashboard.pages
from dashboard import urls as site
from dashboard.lists.urls import list_urls
from dashboard.pages.instances import list as instances
from dashboard.pages.reports.all_reports import REPORTS
from resellers.models import OperationState
from resellers.refusals import CATALOGUE, explain
from tests import practice, worlds
from tests.dashboard.listing import listed_ids, table
from tests.dashboard.submitting import hidden_fields, text
from tests.environment import ROOT

pytestmark = pytest.mark.at_length

DOCUMENT = ROOT / "docs" / "extending.md"
BLOCK = re.compile(
    r"^```(?P<language>\w+)\n(?:# |\{# )(?P<file>[\w./]+)(?:, in (?P<place>[\w.]+))?(?: #\})?\n"
    r"(?P<text>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)


@dataclass(frozen=True)
class Example:
    """What the document shows: a whole file, or what is added to one, to a place in it."""

    file: str
    place: str
    text: str

    @property
    def exists(self) -> bool:
        return (ROOT / self.file).exists()

    @property
    def module(self) -> str:
        """As Python imports the file."""
        return self.file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


EXAMPLES = [
    Example(found["file"], found["place"] or "", found["text"])
    for found in BLOCK.finditer(DOCUMENT.read_text())
]
FILES = [one for one in EXAMPLES if not one.exists]
ENTRIES = [one for one in EXAMPLES if one.place]
EXECUTED_ELSEWHERE = [one for one in EXAMPLES if one.file.startswith("tests/")]
DEFINITIONS = [one for one in EXAMPLES if one.exists and one not in (*ENTRIES, *EXECUTED_ELSEWHERE)]


def entries_of(example: Example) -> Any:
    """What the lines are in the file that they name: the entries of a tuple or of a mapping."""
    within = dict(vars(importlib.import_module(example.module)))
    opening, closing = "{}" if re.match(r'"\w+":', example.text) else "()"
    return eval(f"{opening}{example.text}{closing}", within)


def add_page(entries: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """As `dashboard/urls.py` includes each noun's addresses."""
    put_first([path("", include(f"dashboard.pages.{noun}.urls")) for noun in entries], settings)


def add_filter(entries: tuple[Any, ...], monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    wider = replace(instances.INSTANCES, filters=(*instances.INSTANCES.filters, *entries))
    monkeypatch.setattr(instances, "INSTANCES", wider)
    put_first(list_urls(wider), settings)


def add_report(entries: dict[str, Any], monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    for name, make in entries.items():
        monkeypatch.setitem(REPORTS, name, make)


def add_refusal(entries: tuple[Any, ...], monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    for entry in entries:
        monkeypatch.setitem(CATALOGUE, entry.code, entry)


def put_first(patterns: list[Any], settings: Any) -> None:
    """These addresses before those there are."""
    before = settings.ROOT_URLCONF
    known = site.urlpatterns if isinstance(before, str) else before.urlpatterns
    urls = ModuleType("addresses_with_more")
    urls.__dict__.update(vars(site), urlpatterns=[*patterns, *known])
    settings.ROOT_URLCONF = urls


PLACES: dict[str, Callable[[Any, pytest.MonkeyPatch, Any], None]] = {
    "dashboard/urls.py PAGES": add_page,
    "dashboard/pages/instances/filters.py FILTERS": add_filter,
    "dashboard/pages/reports/all_reports.py REPORTS": add_report,
    "resellers/refusals/packages.py PACKAGE_REFUSALS": add_refusal,
}


def write_files(folder: Path) -> None:
    for example in FILES:
        file = folder / example.file
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(example.text)


def forget_modules() -> None:
    """Those of the files that the document adds."""
    for example in FILES:
        if sys.modules.pop(example.module, None):
            parent, _, name = example.module.rpartition(".")
            vars(sys.modules.get(parent, dashboard.pages)).pop(name, None)


@pytest.fixture
def extended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[None]:
    """The system with everything that the document adds; afterwards as it was."""
    write_files(tmp_path)
    rooms = [*dashboard.pages.__path__, str(tmp_path / "dashboard" / "pages")]
    monkeypatch.setattr(dashboard.pages, "__path__", rooms)
    settings.TEMPLATES = deepcopy(settings.TEMPLATES)
    settings.TEMPLATES[0]["DIRS"].append(tmp_path / "templates")
    try:
        for example in DEFINITIONS:
            module = importlib.import_module(example.module)
            within = dict(vars(module))
            exec(compile(example.text, example.file, "exec"), within)
            for name in within.keys() - vars(module).keys():
                monkeypatch.setattr(module, name, within[name], raising=False)
        for example in ENTRIES:
            PLACES[f"{example.file} {example.place}"](entries_of(example), monkeypatch, settings)
        yield
    finally:
        forget_modules()


def test_every_example_names_its_file_and_is_carried_out():
    fences = re.findall(r"^```(\w+)$", DOCUMENT.read_text(), re.MULTILINE)

    assert len(EXAMPLES) == len(fences)
    assert {f"{one.file} {one.place}" for one in ENTRIES} == set(PLACES)
    assert {one.file for one in DEFINITIONS} == {"dashboard/pages/reports/services.py"}
    assert all(one.file.startswith(("dashboard/pages/", "templates/pages/")) for one in FILES)


def test_what_is_shown_is_what_its_test_takes_through_everything():
    folder = ROOT / "tests" / "extending"
    files = [path for path in folder.glob("*/**/*") if path.suffix in (".py", ".html")]

    assert {one.file: one.text for one in EXECUTED_ELSEWHERE} == {
        str(path.relative_to(ROOT)): path.read_text()
        for path in files
        if path.name != "__init__.py"
    }


@pytest.mark.django_db
def test_the_list_has_a_page_a_file_and_figures(extended, operator):
    plain = worlds.instance()
    some = worlds.instance(discount_code="SPRING")
    other = worlds.instance(discount_code="A+B &")

    page = operator.get("/discounts/")

    assert {*listed_ids(operator, "/discounts/")} == {str(some.pk), str(other.pk)}
    assert str(plain.pk) not in page.content.decode()
    assert "2 services with a discount" in text(page)
    assert {row["discount_code"] for row in table(operator.get("/discounts/export.csv"))} == {
        *("SPRING", "A+B &"),
    }
    assert listed_ids(operator, "/discounts/?code=SPRING") == [str(some.pk)]
    assert operator.get("/discounts/facets/").status_code == 200


@pytest.mark.django_db
def test_the_list_costs_the_same_for_many_rows_as_for_one(
    extended, operator, django_assert_num_queries
):
    worlds.instance(discount_code="SPRING")
    operator.get("/discounts/")
    with CaptureQueriesContext(connection) as one:
        operator.get("/discounts/")
    for _ in range(5):
        worlds.instance(discount_code="SPRING")

    with django_assert_num_queries(len(one)):
        operator.get("/discounts/")


@pytest.mark.django_db
def test_the_filter_narrows_page_and_file_by_known_and_unknown_words(extended, operator):
    by_code = {code: str(worlds.instance(country_code=code).pk) for code in ("LT", "LV", "ZZ", "")}

    for asked, code in (("LT", "LT"), ("ZZ", "ZZ"), ("~none", "")):
        address = f"/instances/?country={asked}"
        assert listed_ids(operator, address) == [by_code[code]]
        file = table(operator.get(f"/instances/export.csv?country={asked}"))
        assert [row["instance_id"] for row in file] == [by_code[code]]
    page = text(operator.get("/instances/?country=LV"))
    assert "Latvia" in page
    assert "1 service matches" in page


@pytest.mark.django_db
def test_each_figure_of_the_report_leads_to_its_rows(extended, operator):
    for code, number in (("LT", 3), ("LV", 1), ("", 2)):
        for _ in range(number):
            worlds.instance(country_code=code)

    page = operator.get("/reports/")
    report = next(one for one in page.context["reports"] if one.name == "countries")

    assert [(line.raw, line.cells[0].value) for line in report.lines] == [
        *(("LT", 3), ("", 2), ("LV", 1)),
    ]
    for line in report.lines:
        cell = line.cells[0]
        assert f'href="{cell.link}"' in page.content.decode()
        assert len(listed_ids(operator, cell.link)) == cell.value
    assert table(operator.get("/reports/countries/export.csv"))[0] == {
        "country_code": "LT",
        "services": "3",
    }


@pytest.mark.django_db
def test_the_page_tells_managers_and_nobody_else_and_leads_to_the_rows(
    extended, client, viewer, operator, manager
):
    for code in ("SPRING", "SPRING", "A+B &"):
        worlds.instance(discount_code=code)

    page = manager.get("/discount-codes/")

    assert "SPRING 2 services A+B & 1 service" in text(page)
    for link, number in re.findall(r'href="(/discounts/\?code=[^"]+)">(\d)', page.content.decode()):
        assert len(listed_ids(manager, link)) == int(number)
    assert viewer.get("/discount-codes/").status_code == 403
    assert operator.get("/discount-codes/").status_code == 403
    assert client.get("/discount-codes/").status_code == 302, "to the log-in"
    assert manager.post("/discount-codes/").status_code == 405


@pytest.mark.django_db
def test_before_anything_is_sold_the_page_says_so(extended, manager):
    assert "No service has a discount." in text(manager.get("/discount-codes/"))


@pytest.mark.django_db(transaction=True)
def test_the_refusal_is_explained_where_wix_refuses_with_it(extended, mirror, operator, run_due):
    practice.faults(
        mirror.sandbox,
        {"match": "external_id", "effect": "refuse:COUNTRY_NOT_SUPPORTED", "times": 1},
    )
    instance, _ = mirror.movable()
    address = f"{instance.package.get_absolute_url()}external-id/"
    plan = operator.post(address, {"external_id": "order-new"})
    page = operator.post(address, hidden_fields(plan, "confirm"), follow=True)
    run_due()

    operation = worlds.end(page.context["operation"])
    words = text(operator.get(operation.get_absolute_url()))
    meant = explain("COUNTRY_NOT_SUPPORTED")

    assert operation.state == OperationState.FAILED
    assert "Wix does not sell this product in the customer's country." in words
    assert str(meant.next_step) in words
    assert "Fix the form or only Wix can help" in words
