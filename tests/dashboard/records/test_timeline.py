"""The timeline: everything that happened to a record, in one order, newest first."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from resellers import notes
from resellers.mirror import sync
from resellers.mirror.sync import runs
from resellers.models import Change, Note, Operation, SyncRun
from tests import worlds
from tests.dashboard.timelines import DAYS, NOW, at, change, plain, text, timeline_of, walk

pytestmark = pytest.mark.django_db


@pytest.fixture
def eventful(operator):
    """A service with one of everything, a minute apart."""
    service = worlds.instance(status="FAILED", status_since=NOW - timedelta(minutes=9))
    old, new = worlds.site(service.account, "old"), worlds.site(service.account, "new")
    by = operator.user
    operation = at(worlds.operation(service, by=by, state="succeeded", reason="moved"), 6)
    refused = worlds.operation(service, by=by, state="failed", outcome_code="SITE_NOT_FOUND")
    at(refused, 5)
    change(service, 10, field="seen")
    change(service, 8, field="status", old="PENDING", new="FAILED")
    change(service, 8, field="failure_code", old="", new="DELIVERY_TIMEOUT")
    change(service, 8, field="failure_message", old="", new="no answer")
    change(service, 7, field="discount_code", old="", new="SPRING")
    change(service, 4, field="site", old=str(old.pk), new=str(new.pk), operation=operation)
    at(notes.add_note(service, "calls in the morning", by=by), 3)
    run = SyncRun.objects.create(
        kind="package",
        subject=f"package:{service.package_id}",
        account=service.account,
        package=service.package,
        state="failed",
        error="Wix is away.",
    )
    at(run, 2)
    change(service, 1, field="gone_at", old="", new=NOW.isoformat())
    change(service, 0, field="gone_at", old=NOW.isoformat(), new="")
    return service


EVERYTHING = [
    "Back at Wix",
    "Gone from Wix",
    "Reading Wix failed",
    "Note by operator",
    "Site: old.example → new.example",
    "Reassign Business Plan: failed",
    "Reassign Business Plan: succeeded",
    "Discount code: none → SPRING",
    "Failed, DELIVERY_TIMEOUT: Wix did not deliver the service in time. It was never usable.",
    "Seen for the first time",
]


@pytest.mark.parametrize("noun", ["account", "package", "instance"])
def test_everything_stands_in_one_order_the_newest_first(viewer, eventful, noun):
    record = eventful if noun == "instance" else getattr(eventful, noun)

    entries = timeline_of(viewer, record).context["timeline"].entries

    assert [plain(entry.what) for entry in entries] == EVERYTHING


@pytest.mark.parametrize(
    ("kind", "places"),
    [
        ("outside", [0, 1, 7, 8]),
        ("operations", [5, 6]),
        ("notes", [3]),
        ("failures", [2, 5, 8]),
    ],
)
def test_a_chip_leaves_one_kind(viewer, eventful, kind, places):
    answer = timeline_of(viewer, eventful, kind=kind)

    titles = [plain(entry.what) for entry in answer.context["timeline"].entries]
    assert titles == [EVERYTHING[place] for place in places]
    assert re.search(rf'id="kind-{kind}"[^>]*aria-current="true"', answer.content.decode())


def test_each_line_says_whose_doing_it_was(viewer, eventful):
    words = text(timeline_of(viewer, eventful))

    assert "Outside the dashboard" in words
    assert f"By operation #{Operation.objects.get(state='succeeded').pk}" in words
    assert "Asked by operator. “moved”" in words
    assert "“calls in the morning”" in words
    assert "Asked by operator. Code SITE_NOT_FOUND." in words
    assert "Wix is away. Asked by the schedule." in words


def test_a_service_that_came_as_failed_says_since_when(viewer):
    service = worlds.instance(
        status="FAILED", failure_code="EXTERNAL_FAILURE", status_since=NOW - timedelta(days=3)
    )
    change(service, 1, field="seen")

    [first, second] = timeline_of(viewer, service).context["timeline"].entries

    assert first.what == "Seen for the first time"
    assert second.what.startswith("Failed, EXTERNAL_FAILURE: ")
    assert second.at == NOW - timedelta(days=3)


def test_a_failure_that_passed_is_still_told(viewer):
    service = worlds.instance(status="ENABLED")
    change(service, 2, field="status", old="PENDING", new="FAILED")
    change(service, 1, field="status", old="FAILED", new="ENABLED")

    titles = [
        plain(entry.what) for entry in timeline_of(viewer, service).context["timeline"].entries
    ]

    assert titles[0] == "Status: Failed → Enabled"
    assert titles[1].startswith("Failed: ")


def test_what_changed_at_once_on_one_service_is_one_entry(viewer):
    package = worlds.package()
    services = [worlds.instance(package) for _ in range(5)]
    for service in services[:2]:
        for field in ("cycle_unit", "cycle_count"):
            change(service, 1, field=field, old="1", new="2")
    for service in services:
        change(service, 3, field="seen")

    entries = timeline_of(viewer, package).context["timeline"].entries

    assert [(plain(entry.what), entry.more) for entry in entries] == [
        ("Cycle length: 1 → 2", ("Billing cycle: 1 → 2",)),
        ("Cycle length: 1 → 2", ("Billing cycle: 1 → 2",)),
        ("5 services seen for the first time", ()),
    ]


def test_older_pages_lose_nothing_and_repeat_nothing(viewer, operator):
    service = worlds.instance(status="FAILED", status_since=NOW)
    for place in range(70):
        # Many things of one reading carry the very same time.
        change(service, place // 30, field="discount_code", old="", new=f"CODE-{place}")
        at(notes.add_note(service, f"note {place}", by=operator.user), place // 30)
    for place in range(3):
        more = worlds.instance(
            service.package, status="FAILED", status_since=NOW, product=worlds.product(f"P{place}")
        )
        at(worlds.operation(more, by=operator.user, state="failed"), 0)
    run = SyncRun.objects.create(
        kind="account", subject="a", account=service.account, state="failed", error="Away."
    )
    at(run, 1)

    titles = walk(viewer, service.account)

    assert len(titles) == 70 + 70 + 3 + 4 + 1
    assert len(set(titles)) == 70 + 70 + 3 + 1 + 1  # four services have failed in the same words
    assert len(walk(viewer, service.account, kind="notes")) == 70
    assert len(walk(viewer, service.account, kind="outside")) == 70


def test_a_damaged_link_says_where_to_begin(viewer):
    service = worlds.instance()

    answer = viewer.get(service.get_absolute_url(), {"tab": "timeline", "before": "x"})

    assert answer.status_code == 422
    assert "This link is damaged. Start from the newest." in text(answer)


def test_a_kind_that_is_not_is_refused_in_words(viewer):
    answer = viewer.get(worlds.account().get_absolute_url(), {"tab": "timeline", "kind": "x"})

    assert answer.status_code == 422
    assert "Choose one of: failures, notes, operations, outside." in text(answer)


def test_an_empty_timeline_tells_no_data_from_filtered_out(viewer):
    service = worlds.instance()

    assert "Nothing has been noticed yet." in text(timeline_of(viewer, service))
    assert "Nothing of this kind." in text(timeline_of(viewer, service, kind="notes"))
    assert not Note.objects.exists()


def test_the_newest_stand_beside_the_first_tab_and_lead_to_the_earlier_ones(viewer, eventful):
    for number in range(20):
        change(eventful, 20 + number, field="discount_code", old="", new=f"{number}")

    for record in (eventful, eventful.package, eventful.account, eventful.site):
        page = viewer.get(record.get_absolute_url()).context["timeline"]
        assert len(page.entries) == 12
        earlier = viewer.get(page.older)
        assert earlier.context["tab"].key in ("overview", "services")
        assert earlier.context["timeline"].entries[0].at < page.entries[-1].at


# --- by day, by person, up to a day --------------------------------------------------------------


def test_what_happened_stands_under_its_day(viewer):
    service = worlds.instance()
    today = timezone.localtime().replace(hour=12)
    for days, hours in ((0, 0), (1, 0), (1, 1), (400, 0)):
        row = change(service, 0, field="discount_code", old="", new="SPRING")
        moment = today - timedelta(days=days, hours=hours)
        Change.objects.filter(pk=row.pk).update(at=moment)

    days = timeline_of(viewer, service).context["timeline"].days

    long_ago = today - timedelta(days=400)
    assert [(day.words, len(day.entries)) for day in days] == [
        (f"Today, {today.day} {today:%B}", 1),
        ("Yesterday", 2),
        (f"{long_ago:%A}, {long_ago.day} {long_ago:%B %Y}", 1),
    ]


def test_what_one_person_did_can_be_looked_at_alone(viewer, eventful):
    colleague = worlds.user("manager", "colleague")
    at(notes.add_note(eventful, "asked Wix B2B", by=colleague), 2)

    answer = timeline_of(viewer, eventful, by="colleague")

    page = answer.context["timeline"]
    assert [plain(entry.what) for entry in page.entries] == ["Note by colleague"]
    assert answer.context["people"] == ["colleague", "operator"]
    assert 'value="colleague" selected' in answer.content.decode()
    operators = timeline_of(viewer, eventful, by="operator", kind="operations")
    assert [entry.kind for entry in operators.context["timeline"].entries] == ["Operation"] * 2


def test_a_timeline_begins_at_the_day_that_is_asked_for(viewer):
    service = worlds.instance()
    for days in (0, 3, 5):
        change(service, days * DAYS, field="discount_code", old="", new=f"{days}")
    three_days_ago = timezone.localdate() - timedelta(days=3)

    page = timeline_of(viewer, service, until=three_days_ago.isoformat()).context["timeline"]

    assert [plain(entry.what)[-1] for entry in page.entries] == ["3", "5"]
    assert all(f"until={three_days_ago}" in chip["link"] for chip in page.chips)


@pytest.mark.parametrize("until", ["soon", "2026-13-01", "0000-00-00", "99999-01-01"])
def test_a_day_that_is_none_is_refused_in_words(viewer, until):
    address = worlds.account().get_absolute_url()

    for query in ({"until": until}, {"until": until, "tab": "timeline"}):
        answer = viewer.get(address, query)
        assert answer.status_code == 422
        assert re.search("Write a day as|Choose a day between", text(answer))


# --- readings of chosen packages -----------------------------------------------------------------


@pytest.mark.parametrize("noun", ["account", "package", "instance"])
def test_a_failed_reading_of_chosen_packages_is_told_on_those_it_did_not_read(
    viewer, operator, noun
):
    service, other = worlds.instance(), worlds.instance()
    two = worlds.package(service.account)
    run = sync.want_chosen([service.package_id, two.pk], by=operator.user)
    SyncRun.objects.filter(pk=run.pk).update(failures=runs.PATIENCE)
    sync.run(run.pk)  # nobody answers where Wix should be

    def titles(of):
        record = of if noun == "instance" else getattr(of, noun)
        return [entry.what for entry in timeline_of(viewer, record).context["timeline"].entries]

    assert titles(service) == ["Reading Wix failed"]
    assert titles(other) == []
