"""When readings begin by themselves: what beat keeps is what the pages say."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from celery.schedules import crontab

from dashboard.celery import app
from resellers.mirror.sync.schedule import SCHEDULE, Daily, Every, next_sync
from resellers.models import SyncRun

Kind = SyncRun.Kind


@pytest.mark.parametrize("kind", SCHEDULE)
def test_beat_wants_each_reading_at_its_times(kind):
    app.finalize()

    entry = app.conf.beat_schedule[f"sync-{kind}"]

    match SCHEDULE[kind]:
        case Every(period):
            assert entry["schedule"] == period
        case Daily(at):
            assert entry["schedule"] == crontab(hour=at.hour, minute=at.minute)
    assert (entry["task"], entry["args"]) == ("resellers.start_sync", (kind.value,))
    assert timedelta(seconds=entry["options"]["expires"]) < SCHEDULE[kind].period


def test_the_next_reading_of_what_changed_follows_the_last_one():
    last = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)

    assert next_sync(Kind.INCREMENTAL, last) == last + timedelta(minutes=5)


@pytest.mark.parametrize(
    ("now", "following"),
    [
        (datetime(2026, 5, 4, 1, 9, tzinfo=UTC), datetime(2026, 5, 4, 1, 10, tzinfo=UTC)),
        (datetime(2026, 5, 4, 1, 10, tzinfo=UTC), datetime(2026, 5, 5, 1, 10, tzinfo=UTC)),
        # The clocks go back in the night to come: an hour more until ten past three.
        (datetime(2026, 10, 24, 12, 0, tzinfo=UTC), datetime(2026, 10, 25, 2, 10, tzinfo=UTC)),
    ],
)
def test_everything_is_read_at_night_by_the_clocks_of_the_office(now, following, settings):
    settings.TIME_ZONE = "Europe/Berlin"

    with time_machine.travel(now, tick=False):
        assert next_sync(Kind.FULL) == following
