"""Reports: every figure equals its rows, on the page and in the file."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import escape

from dashboard.components.chart_columns import Series, columns
from dashboard.components.chart_lines import line
from dashboard.components.chart_scale import Point, Scale
from dashboard.components.charts import Bar, bars
from dashboard.lists import page as list_page
from dashboard.pages.reports.all_reports import REPORTS
from resellers.models import Account
from tests import worlds
from tests.dashboard.listing import answers_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def busy(db):
    """Services in every status, failures of every age and cause, more than 20 of everything."""
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
            status="FAILED", failure_code=code, status_since=now - timedelta(days=days, hours=1)
        )
    worlds.instance(status="ENABLED", gone_at=now)
    big = worlds.package(worlds.account("Big Customer"))
    for days in (5, 25, 45, 80, 200, -3):
        worlds.instance(big, floating=days == 45, expires_at=now + timedelta(days=days))
    worlds.instance(big, status="CANCELED", expires_at=now + timedelta(days=5))
    for place in range(12):
        worlds.instance(worlds.package(worlds.account(f"Customer {place:02}")), floating=True)
    people = worlds.user("manager", "none"), worlds.user("operator", "Ω person+&")
    for place, state in enumerate(("succeeded", "succeeded", "failed", "queued")):
        worlds.operation(
            by=people[place % 2], state=state, requested_at=now - timedelta(days=9 * place)
        )


def reports_of(client) -> dict:
    return {report.name: report for report in client.get("/reports/").context["reports"]}


def figures(report) -> dict[str, list[int]]:
    """The figures of each line, by what it is about."""
    return {line.raw: [cell.value for cell in line.cells] for line in report.lines}


@pytest.mark.at_length
def test_every_figure_equals_the_rows_of_its_list_and_of_the_lists_file(viewer, busy, monkeypatch):
    """Of each column some pages and files are opened, and of all its figures the list is asked."""
    monkeypatch.setattr(list_page, "PAGE_SIZE", 1)  # it is the count that is looked at
    lists, checked = {}, 0
    for report in reports_of(viewer).values():
        opened = dict.fromkeys(range(len(report.head)), 0)
        for row in report.lines:
            for column, cell in enumerate(row.cells):
                path, _, query = cell.link.partition("?")
                if path not in lists or (cell.value and opened[column] < 2):
                    opened[column] += 1
                    page = viewer.get(cell.link)
                    lists[path] = page.context["list"]
                    assert page.context["page"].count == cell.value, cell.link
                    file = viewer.get(f"{path}export.csv?{query}")
                    b"".join(file.streaming_content)
                    assert file["X-Row-Count"] == str(cell.value), cell.link
                assert answers_of(lists[path], cell.link).count() == cell.value, cell.link
                checked += 1
    assert checked > 200


def test_links_of_a_report_stand_on_the_page(viewer, busy):
    html = viewer.get("/reports/").content.decode()

    for report in reports_of(viewer).values():
        for row in report.lines:
            for cell in row.cells:
                assert not cell.value or f'href="{escape(cell.link)}"' in html


def test_the_figures_are_right(viewer, busy):
    reports = reports_of(viewer)

    assert {raw: cells[0] for raw, cells in figures(reports["instances"]).items()} == {
        "PENDING": 2,
        "AWAITING_ACTION": 0,
        "ENABLED": 26,
        "FAILED": 5,
        "CANCELED": 2,
        "ON_HOLD": 1,
    }
    by_code = figures(reports["failures"])
    assert by_code["DELIVERY_TIMEOUT"] == [2, 1, 1, 0, 0]
    assert by_code["BRAND_NEW"] == [1, 0, 0, 0, 1]
    assert by_code[""] == [1, 0, 1, 0, 0]
    assert figures(reports["operations"]) == {"reassign": [4, 1, 2, 1]}
    assert figures(reports["people"]) == {"Ω person+&": [2, 1, 1, 0], "none": [2, 0, 1, 1]}
    assert figures(reports["outcomes"]) == {
        "queued": [1, 0, 0, 1, 0],
        "succeeded": [2, 1, 0, 1, 0],
        "failed": [1, 0, 0, 1, 0],
    }


def test_what_expires_leaves_out_what_has_ended_and_what_is_past(viewer, busy):
    assert figures(reports_of(viewer)["expiring"]) == {"30": [2, 0], "60": [3, 1], "90": [4, 1]}


def test_what_floats_leaves_out_what_failed_or_was_canceled_and_says_so(viewer, busy):
    reports = reports_of(viewer)

    # They float since they were made, forty days ago, whatever Wix has changed since.
    assert figures(reports["floating"])["older"] == [16]
    assert "16 services are on no site" in reports["floating"].sentence
    assert "What failed or was canceled is left out" in reports["floating"].sentence
    by_status = figures(reports["instances"])
    assert by_status["ENABLED"] == [26, 14, 14, 12]
    assert by_status["CANCELED"][1:] == [0, 1, 0]


@pytest.mark.parametrize(
    ("name", "words", "number"), [("products", "products", 36), ("accounts", "customers", 30)]
)
def test_the_twenty_largest_stand_by_name_and_the_rest_in_one_line(
    viewer, busy, name, words, number
):
    report = reports_of(viewer)[name]

    kinds = sum(line.raw != "the rest" for line in report.lines)
    assert kinds == 20
    assert report.lines[-1].raw == "the rest"
    assert report.lines[-1].label == f"{number - 20} more {words}"
    assert sum(line.cells[0].value for line in report.lines) == 36
    values = [line.cells[0].value for line in report.lines[:20]]
    assert values == sorted(values, reverse=True)


def test_an_account_of_a_report_leads_to_its_page(viewer, busy):
    html = viewer.get("/reports/").content.decode()

    link = Account.objects.get(name="Big Customer").get_absolute_url()
    assert f'<a href="{link}">Big Customer</a>' in html


@pytest.mark.parametrize("name", REPORTS)
def test_the_file_says_what_the_page_says(viewer, busy, name):
    answer = viewer.get(f"/reports/{name}/export.csv")
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    report = reports_of(viewer)[name]

    assert rows[0] == list(report.headers)
    assert rows[1:] == [[str(value) for value in row] for row in report.rows]
    assert f'filename="report_{name}_' in answer["Content-Disposition"]


@pytest.mark.parametrize(("name", "noun"), [("products", "product"), ("accounts", "account")])
def test_a_file_has_the_name_of_whatever_it_gives_an_id_of(viewer, busy, name, noun):
    report = reports_of(viewer)[name]

    assert (report.headers[0], report.headers[-1]) == (f"{noun}_id", f"{noun}_name")
    assert [row[-1] for row in report.rows] == [line.label for line in report.lines]


@pytest.mark.parametrize("name", REPORTS)
def test_an_empty_report_has_its_header(viewer, name):
    answer = viewer.get(f"/reports/{name}/export.csv")

    assert answer.status_code == 200
    assert b"".join(answer.streaming_content).startswith(b"\xef\xbb\xbf")


def test_a_report_that_is_not_is_not_found(viewer):
    assert viewer.get("/reports/secrets/export.csv").status_code == 404


def test_a_chart_has_a_table_beside_it_and_no_style(viewer, busy):
    html = viewer.get("/reports/").content.decode()

    assert html.count('<svg class="chart"') == html.count("<table") == len(REPORTS)
    assert "style=" not in html


def test_nothing_yet_is_said(viewer):
    html = viewer.get("/reports/").content.decode()

    assert "No services have been read yet" in html
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
        worlds.operation(by=worlds.user("operator", f"person {place}"))

    assert queries() == few <= 26


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

    parts = [Series("Timed out", "bad", (3, 1)), Series("No cause", "ended", (0, 2))]
    days = [today - timedelta(days=1), today]

    drawn = columns(
        "Failures", days, parts, lambda part, day: f"/failures/failed-services/?to={day}"
    )

    boxes = re.findall(
        r'<rect class="bar bad"[^>]* y="([\d.]+)" width="[\d.]+" height="([\d.]+)"', drawn
    )
    assert len({float(y) + float(height) for y, height in boxes}) == 1
    assert drawn.count("<a ") == 3  # none for what has no rows
    assert f'href="/failures/failed-services/?to={today}" aria-label=' in drawn
    assert "No cause: 2" in drawn


@pytest.mark.parametrize("high", [1, 2, 7, 96, 934, 1_000_000])
def test_the_lines_of_a_chart_stand_at_few_round_numbers(high):
    scale = Scale.over(0, high, top=0, bottom=100)

    numbers = [value for value, _ in scale.lines]

    assert 2 <= len(numbers) <= 5
    assert numbers[0] == 0
    assert numbers[-1] >= high
    assert str(scale.step).rstrip("0") in ("1", "2", "5")
