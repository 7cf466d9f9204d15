"""A day at Wix, hour by hour, with answers that fail and lists that are odd; then what is true."""

import random

import pytest

from resellers.mirror import sync
from resellers.models import SyncRun
from resellers.tallies import keeping
from tests import practice, switching, truth
from tests.mirrors import read_on

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.at_length]

HOURS = 24
SEED = 19
# What goes wrong with every sixth call of an hour, another thing each hour.
FAULTS = (
    *("500_before", "drop_before", "drop_after", "bad_json", "duplicate_rows", "unknown_field"),
    *("paging_metadata", "stale:5000", "expired_cursor", "empty_page", "unknown_enum"),
)
CHANCE = 1 / 6


def test_after_a_day_of_changes_under_faults_the_mirror_is_what_wix_has(mirror, settings):
    settings.OPERATIONS = settings.OPERATIONS | {"CALL_SECONDS": 2}
    chance = random.Random(SEED)
    for hour in range(HOURS):
        switching.others_act(mirror.sandbox, chance)
        practice.clock(mirror.sandbox, advance_seconds=3600)
        rule = {"effect": FAULTS[hour % len(FAULTS)], "probability": CHANCE, "seed": hour}
        practice.faults(mirror.sandbox, {"match": "any"} | rule)
        for kind in (SyncRun.Kind.INCREMENTAL, SyncRun.Kind.UNSETTLED):
            read_on(sync.want(kind))
        practice.faults(mirror.sandbox)
    practice.clock(mirror.sandbox, deliver_now=True)

    run = read_on(sync.want(SyncRun.Kind.FULL))

    assert run.state == SyncRun.State.SUCCEEDED, run.error
    assert truth.differences(truth.at_wix(mirror.sandbox), truth.in_mirror()) == []
    assert keeping.check() == 0, "tallies that are not what there is"
