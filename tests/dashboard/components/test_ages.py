"""An age on a page is the age of what the page shows."""

from datetime import timedelta

import pytest
from django.utils import timezone

from resellers import cases
from tests import worlds
from tests.dashboard.page_numbers import read
from tests.dashboard.submitting import text

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def hours_ago(hours):
    return timezone.now() - timedelta(hours=hours)


def test_an_account_listed_just_now_is_as_old_as_its_packages(viewer):
    account = worlds.account(sites_checked_at=hours_ago(3))
    worlds.package(account, last_confirmed_at=hours_ago(2))
    worlds.instance(worlds.package(account, last_confirmed_at=hours_ago(9)))

    answer = viewer.get(account.get_absolute_url())

    words = text(answer)
    assert "Checked between 2 h and 9 h ago , some old: refresh before you rely on them" in words
    assert '<span class="age bad"' in answer.content.decode()


@pytest.mark.parametrize(
    ("sites_checked_at", "words"),
    [(3, "Checked between 2 h and 3 h ago , some old"), (None, "Checked 2 h ago, some never")],
)
def test_an_account_is_as_old_as_the_reading_of_its_sites(viewer, sites_checked_at, words):
    at = None if sites_checked_at is None else hours_ago(sites_checked_at)
    account = worlds.account(sites_checked_at=at)
    worlds.package(account, last_confirmed_at=hours_ago(2))

    assert words in text(viewer.get(account.get_absolute_url()))


def test_an_account_without_packages_is_as_old_as_the_reading_of_its_sites(viewer):
    account = worlds.account(sites_checked_at=hours_ago(2))

    assert "Checked 2 h ago" in text(viewer.get(account.get_absolute_url()))


@pytest.mark.parametrize("noun", ["account", "package", "site"])
def test_each_service_of_a_record_says_when_it_was_checked(viewer, noun):
    package = worlds.package(last_confirmed_at=hours_ago(9))
    site = worlds.site(package.account)
    worlds.instance(package, on=site)
    record = {"account": package.account, "package": package, "site": site}[noun]

    page = read(viewer.get(record.get_absolute_url()).content.decode())

    [row] = page.all("li", "service-row")
    cell = row.first("div", "checked-at")
    assert cell.text() == "checked 9 h old"
    assert cell.first("time", "bad").attributes["title"].startswith("Checked ")


@pytest.fixture
def touched_since(db):
    """A service that failed 40 days ago, and that Wix has touched since."""
    return worlds.instance(
        status="FAILED",
        failure_code="UNKNOWN",
        status_since=hours_ago(40 * 24),
        updated_at=hours_ago(2),
    )


def test_a_failure_is_as_old_in_the_report_as_in_its_list(viewer, touched_since):
    [report] = [one for one in viewer.get("/reports/").context["reports"] if one.name == "failures"]

    [line] = report.lines
    assert [cell.value for cell in line.cells] == [1, 0, 0, 0, 1]
    for cell in line.cells:
        assert cell.link.startswith("/failures/failed-services/?failure_code=UNKNOWN")
        assert viewer.get(cell.link).context["page"].count == cell.value


def test_a_failure_is_as_old_on_the_overview_as_in_its_list(viewer, touched_since):
    cases.keep()
    answer = viewer.get("/")

    assert "1 40 days Report" in text(answer)
    assert not any(point.value for point in answer.context["failure_points"])
    assert "40 days ago" in text(viewer.get("/failures/failed-services/"))
