"""Whether a service ends by itself, when, and that it did: on its page, in lists, by a filter."""

from datetime import timedelta

import pytest
from django.utils import timezone

from resellers import formats
from resellers.models import InstanceStatus
from tests import worlds
from tests.dashboard.submitting import text

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def ending(days: float | None, status: str = InstanceStatus.ENABLED, since: float = -30):
    now = timezone.now()
    ends = None if days is None else now + timedelta(days=days)
    return worlds.instance(expires_at=ends, status=status, status_since=now + timedelta(days=since))


@pytest.mark.parametrize(
    ("days", "status", "since", "words"),
    [
        (None, "ENABLED", -30, "Expires Runs until it is canceled"),
        (None, "CANCELED", -30, "Expires No date was given"),
        (20.5, "ENABLED", -30, "Does not renew by itself: it ends in 20 days."),
        (-3, "ENABLED", -30, "It has expired. Wix still shows it: Enabled."),
        (-3, "CANCELED", -3, "Expired."),
        (-3, "CANCELED", -20, "It ended before that."),
        # Wix's clock is ahead of ours.
        (0.1, "CANCELED", 0.1, "Expired."),
        (20, "FAILED", -30, "It ended before that."),
    ],
)
def test_the_page_says_whether_and_when_it_ends_by_itself(viewer, days, status, since, words):
    service = ending(days, status, since)

    assert words in text(viewer.get(service.get_absolute_url()))


def test_what_has_expired_says_so_where_its_status_stands(viewer):
    expired = ending(-3, "CANCELED", -3)
    day = formats.day(expired.expires_at)

    listed = text(viewer.get("/instances/?status=CANCELED"))
    of_package = text(viewer.get(expired.package.get_absolute_url()))

    assert f"Expired on {day}" in listed
    assert f"Expired on {day}" in of_package


def test_what_has_expired_is_found_by_the_filter_of_what_expires(viewer):
    past = [ending(-3), ending(-3, "CANCELED", -3), ending(0.1, "CANCELED", 0.1)]
    for days, status, since in ((20, "ENABLED", -30), (-3, "CANCELED", -20), (None, "ENABLED", -1)):
        ending(days, status, since)

    page = viewer.get("/instances/?expiring=past&columns=service,expires")

    assert {row.pk for row in page.context["page"].rows} == {one.pk for one in past}
    assert text(page).count("expired") >= 2


def test_the_column_says_of_what_has_no_date_that_it_has_no_end(viewer):
    ending(None)

    assert "no end" in text(viewer.get("/instances/?columns=service,expires"))
