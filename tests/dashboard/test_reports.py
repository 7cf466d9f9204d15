"""Reports: every figure equals its rows, on the page and in the file."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dashboard.charts import Bar, Point, bars, columns, line
from tests import worlds

pytestmark = pytest.mark.django_db
NAMES = ("instances", "failures", "operations")


@pytest.fixture
def busy(db):
    """Services in every status and failures of every age and cause."""
    now = timezone.now()
    for status, number in (("ENABLED", 4), ("PENDING", 2), ("CANCELED", 1), ("ON_HOLD", 1)):
        for place in range(number):
            worlds.instance(status=status, floating=place == 0)
    for code, days in (
        ("DELIVERY_TIMEOUT", 0),
        ("DELIVERY_TIMEOUT", 3),
        ("EXTERNAL_FAILURE", 10),
        ("BRAND_NEW", 90),
        ("", 3),
    ):
        worlds.instance(
            status="FAILED", failure_code=code, updated_at=now - timedelta(days=days, hours=1)
        )
    worlds.instance(status="ENABLED", gone_at=now)
    person = worlds.user("manager", "colleague")
    for state in ("succeeded", "succeeded", "failed", "queued"):
        worlds.operation(by=person, state=state)


def test_every_figure_equals_its_rows(viewer, busy):
    reports = viewer.get("/reports/").context["reports"]

    checked = 0
    for report in reports:
        for row in report.lines:
            for cell in row.cells:
                assert viewer.get(cell.link).context["page"].count == cell.value, cell.link
                checked += 1
    assert checked == 12 + 20 + 4


def test_the_figures_are_right(viewer, busy):
    instances, failures, operations = viewer.get("/reports/").context["reports"]

    assert {ln.raw: ln.cells[0].value for ln in instances.lines} == {
        "PENDING": 2,
        "AWAITING_ACTION": 0,
        "ENABLED": 8,
        "FAILED": 5,
        "CANCELED": 1,
        "ON_HOLD": 1,
    }
    by_code = {ln.raw: [cell.value for cell in ln.cells] for ln in failures.lines}
    assert by_code["DELIVERY_TIMEOUT"] == [2, 1, 1, 0, 0]
    assert by_code["BRAND_NEW"] == [1, 0, 0, 0, 1]
    assert by_code[""] == [1, 0, 1, 0, 0]
    [line_] = operations.lines
    assert [cell.value for cell in line_.cells] == [4, 1, 2, 1]


@pytest.mark.parametrize("name", NAMES)
def test_the_file_says_what_the_page_says(viewer, busy, name):
    answer = viewer.get(f"/reports/{name}/export.csv")
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    report = next(r for r in viewer.get("/reports/").context["reports"] if r.name == name)

    assert rows[0] == list(report.headers)
    assert rows[1:] == [[str(value) for value in row] for row in report.rows]
    assert f'filename="report_{name}_' in answer["Content-Disposition"]


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_report_has_its_header(viewer, name):
    answer = viewer.get(f"/reports/{name}/export.csv")

    assert answer.status_code == 200
    assert b"".join(answer.streaming_content).startswith(b"\xef\xbb\xbf")


def test_a_report_that_is_not_is_not_found(viewer):
    assert viewer.get("/reports/secrets/export.csv").status_code == 404


def test_a_chart_has_a_table_beside_it_and_no_style(viewer, busy):
    html = viewer.get("/reports/").content.decode()

    assert html.count('<svg class="chart"') == html.count("<table") == 3
    assert "style=" not in html


def test_nothing_yet_is_said(viewer):
    html = viewer.get("/reports/").content.decode()

    assert "No services are in the mirror yet" in html
    assert "Nothing has failed" in html
    assert "Nothing has been asked for yet" in html


def test_reports_take_the_same_queries_however_much_they_count(viewer, busy):
    def queries():
        viewer.get("/reports/")
        with CaptureQueriesContext(connection) as captured:
            viewer.get("/reports/")
        return len(captured)

    few = queries()
    for place in range(20):
        worlds.instance(status="FAILED", failure_code=f"CODE_{place}")

    assert queries() == few <= 15


def test_bars_are_as_long_as_their_numbers():
    drawn = bars(
        "Services", [Bar("Enabled", 200, "good"), Bar("Failed", 50, "bad"), Bar("None", 0)]
    )

    lengths = [int(length) for length in re.findall(r'<rect[^>]* width="(\d+)"', drawn)]

    assert abs(lengths[0] - 4 * lengths[1]) <= 4
    assert lengths[2] == 0
    assert 'aria-label="Services: Enabled 200, Failed 50, None 0"' in drawn


def test_hostile_labels_stand_as_text_in_a_chart():
    assert "<script>" not in bars("<script>", [Bar("<script>", 1)])


def test_a_line_needs_two_days_and_ends_with_its_number():
    today = timezone.localdate()
    yesterday = today - timedelta(days=1)

    assert line("Enabled", [Point(today, 5)]) == ""
    assert ">1,234</text>" in line("Enabled", [Point(yesterday, 900), Point(today, 1234)])


def test_columns_stand_on_their_line():
    today = timezone.localdate()

    drawn = columns("Failures", [Point(today, 3), Point(today, 0)])

    boxes = re.findall(r'<rect[^>]* y="([\d.]+)" width="[\d.]+" height="([\d.]+)"', drawn)
    assert len({float(y) + float(height) for y, height in boxes}) == 1
