"""In a timeline operations stand where they ended, and where they began if that was long before."""

from datetime import timedelta

import pytest

from tests import worlds
from tests.dashboard.timelines import DAYS, NOW, at, change, ended, timeline_of, walk

pytestmark = pytest.mark.django_db


def test_an_operation_that_failed_now_stands_at_the_top_and_not_three_days_down(viewer, operator):
    service = worlds.instance()
    ended(service, 3 * DAYS, 1, by=operator.user, outcome_code="XX", reason="please")
    change(service, DAYS, field="discount_code", old="", new="SPRING")

    first, between, last = timeline_of(viewer, service).context["timeline"].entries

    assert (first.what, first.at) == (
        "Reassign Business Plan: failed",
        NOW - timedelta(minutes=1),
    )
    assert first.detail == "Asked by operator, 2 days before. Code XX."
    assert "SPRING" in between.what
    assert (last.what, last.at) == (
        "Reassign Business Plan: asked for",
        NOW - timedelta(days=3),
    )
    assert (last.detail, last.text) == ("Asked by operator.", "please")


def test_an_operation_that_took_a_moment_is_one_line(viewer, operator):
    service = worlds.instance()
    plan = {"rows": [["site", "Site", "old.example", "new.example"]]}
    ended(service, 6, 5, by=operator.user, state="succeeded", reason="moved", plan=plan)

    [entry] = timeline_of(viewer, service).context["timeline"].entries

    assert (entry.what, entry.at, entry.text) == (
        "Business Plan was moved to new.example",
        NOW - timedelta(minutes=5),
        "moved",
    )


def test_an_open_operation_stands_where_it_was_asked_for(viewer, operator):
    service = worlds.instance()
    at(worlds.operation(service, by=operator.user, state="needs_attention"), DAYS)

    [entry] = timeline_of(viewer, service, kind="failures").context["timeline"].entries

    assert (entry.what, entry.at) == (
        "Reassign Business Plan: needs attention",
        NOW - timedelta(days=1),
    )


def test_a_failure_is_one_line_among_the_failures_however_long_it_took(viewer, operator):
    service = worlds.instance()
    ended(service, 3 * DAYS, 1, by=operator.user)

    [entry] = timeline_of(viewer, service, kind="failures").context["timeline"].entries

    assert entry.what == "Reassign Business Plan: failed"


def test_pages_lose_neither_beginnings_nor_ends(viewer, operator):
    service = worlds.instance()
    for place in range(60):
        ended(service, 2 * DAYS, place // 40, by=operator.user, reason=f"reason {place}")

    titles = walk(viewer, service, kind="operations")

    assert len(titles) == 120
    assert sum("asked for" in line for line in titles) == 60
