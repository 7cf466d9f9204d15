"""`?run=` names the reading that a page shows; nonsense, or another record's, names none."""

import pytest

from resellers.models import SyncRun
from tests import worlds
from tests.dashboard.listing import asking
from tests.randomness import FULL

pytestmark = [pytest.mark.django_db, pytest.mark.once]
NONSENSE = (
    "",
    "0",
    "-1",
    "+1",
    "1.0",
    " 1",
    "1" * 19,
    "9" * 18,
    "9" * 400,
    "١",
    "²",
    "\0",
    "x",
    "1'",
)


@pytest.fixture
def service(db):
    return worlds.instance()


@pytest.fixture
def pages(service):
    """Pages that show a reading, each with the record whose reading it would be."""
    return {
        "/instances/": service.package,
        service.account.get_absolute_url(): service.account,
        service.package.get_absolute_url(): service.package,
        service.get_absolute_url(): service.package,
    }


def reading(about) -> SyncRun:
    """An ended reading of an account or a package."""
    kind = type(about).__name__.lower()
    return SyncRun.objects.create(
        kind=kind, subject=f"{kind}:{about.pk}", state="succeeded", **{kind: about}
    )


def test_the_page_that_a_reading_leads_to_shows_it(viewer, pages):
    for path, about in pages.items():
        run = reading(about)
        assert f'id="run-now-{run.pk}"' in viewer.get(asking(path, run=run.pk)).content.decode()


def test_what_names_no_reading_shows_none(viewer, pages):
    """The pages are asked in turns, with FULL=1 each of them for everything."""
    for about in pages.values():
        reading(about)
    for turn, text in enumerate(NONSENSE):
        for path in pages if FULL else [list(pages)[turn % len(pages)]]:
            answer = viewer.get(asking(path, run=text))
            assert answer.status_code == 200, (path, text)
            assert 'id="run-now-' not in answer.content.decode(), (path, text)


def test_a_record_does_not_show_the_reading_of_another(viewer, pages):
    other = worlds.instance()
    foreign = [reading(other.package), reading(other.account)]

    for path in [path for path in pages if path != "/instances/"]:
        for run in foreign:
            assert 'id="run-now-' not in viewer.get(asking(path, run=run.pk)).content.decode()


def test_a_row_does_not_show_the_reading_of_another(operator, service):
    run = reading(worlds.instance().package)
    path = f"/instances/refresh/{service.pk}/"

    answer = operator.get(asking(path, run=run.pk), headers={"HX-Request": "true"})

    assert answer.status_code == 200
    assert "not being read" in answer.content.decode()
