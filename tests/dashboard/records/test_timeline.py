"""The timeline: everything that happened to a record, in one order, newest first."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone

from resellers import notes
from resellers.mirror import sync
from resellers.mirror.sync import runs
from resellers.models import Change, Note, Operation, SyncRun
from tests import worlds

pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(microsecond=123456)


def text(answer) -> str:
    main = re.search(r"<main.*?</main>", answer.content.decode(), re.DOTALL)[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


def timeline_of(client, record, **query):
    answer = client.get(record.get_absolute_url(), {"tab": "timeline", **query})
    assert answer.status_code == 200
    return answer


def plain(what) -> str:
    """The words of a line, without links and times on hover."""
    return unescape(re.sub(r"<[^>]+>", "", what))


def change(service, minutes, **fields):
    about = {"account": service.account, "package": service.package, "instance": service}
    return Change.objects.create(at=NOW - timedelta(minutes=minutes), **(about | fields))


def at(row, minutes):
    """The row, moved to so many minutes ago."""
    fields = {Operation: "requested_at", SyncRun: "finished_at"}
    field = fields.get(type(row), "at")
    type(row).objects.filter(pk=row.pk).update(**{field: NOW - timedelta(minutes=minutes)})
    return row


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


def walk(client, record, **query) -> list[str]:
    """The lines of all pages, by way of Older."""
    answer = timeline_of(client, record, **query)
    titles: list[str] = []
    for _ in range(20):
        page = answer.context["timeline"]
        for entry in page.entries:
            titles += [
                f"{entry.kind} {what} {entry.text}" for what in (plain(entry.what), *entry.more)
            ]
        if not page.older:
            return titles
        answer = client.get(page.older)
        assert answer.status_code == 200
    raise AssertionError("the timeline has no end")


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
    assert "Choose one of: outside, operations, notes, failures." in text(answer)


def test_an_empty_timeline_tells_no_data_from_filtered_out(viewer):
    service = worlds.instance()

    assert "Nothing has been noticed yet." in text(timeline_of(viewer, service))
    assert "Nothing of this kind." in text(timeline_of(viewer, service, kind="notes"))
    assert not Note.objects.exists()


def test_the_newest_five_stand_beside_the_overview(viewer, eventful):
    for record in (eventful, eventful.package, eventful.account):
        latest = viewer.get(record.get_absolute_url()).context["latest"]
        assert [plain(entry.what) for entry in latest] == EVERYTHING[:5]


# --- operations stand where they ended, and where they began if that was long before -------------


def ended(service, asked, finished, **fields):
    """An operation that was asked for and ended so many minutes ago."""
    operation = worlds.operation(
        service, finished_at=NOW - timedelta(minutes=finished), **({"state": "failed"} | fields)
    )
    return at(operation, asked)


DAYS = 24 * 60


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
    ended(service, 6, 5, by=operator.user, state="succeeded", reason="moved")

    [entry] = timeline_of(viewer, service).context["timeline"].entries

    assert (entry.what, entry.at, entry.text) == (
        "Reassign Business Plan: succeeded",
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


# --- values as pages show them elsewhere ---------------------------------------------------------


def test_dates_are_told_as_elsewhere_and_not_as_machines_write_them(viewer):
    service = worlds.instance()
    old, new = "2026-11-20T12:10:00+00:00", "2027-11-20T12:10:00+00:00"
    change(service, 1, field="expires_at", old=old, new=new)

    words = text(timeline_of(viewer, service))

    assert "Expires: 20 Nov 2026, 12:10 UTC → 20 Nov 2027, 12:10 UTC" in words
    assert "T12:10" not in words


@pytest.mark.parametrize("field", ["account", "reference_instance", "site", "product"])
def test_a_record_is_told_by_its_name_that_leads_to_it(viewer, field):
    service = worlds.instance()
    named = {
        "account": lambda: worlds.account("Harbour Yoga"),
        "reference_instance": lambda: worlds.instance(product=worlds.product("Harbour Yoga")),
        "site": lambda: worlds.site(service.account, "harbour", url="https://Harbour Yoga"),
        "product": lambda: worlds.product("Harbour Yoga"),
    }[field]()
    unknown = str(worlds.new_id())
    change(service, 1, field=field, old=str(named.pk), new=unknown)

    for record in (service, service.account):
        answer = timeline_of(viewer, record)
        words = text(answer)
        assert re.search(rf": Harbour Yoga → {unknown[:8]}…", words)
        assert f'<a href="{named.get_absolute_url()}">Harbour Yoga</a>' in answer.content.decode()
        assert unknown not in words


def test_hostile_names_and_values_stand_as_text(viewer):
    service = worlds.instance()
    site = worlds.site(service.account, "x", url="https://<script>alert(1)</script>")
    change(service, 1, field="site", old="", new=str(site.pk))
    change(service, 2, field="discount_code", old="<script>alert(2)</script>", new="")

    html = timeline_of(viewer, service).content.decode()

    assert "<script>alert" not in html


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
