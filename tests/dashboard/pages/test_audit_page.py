"""The audit trail as a list: who did what to whom, for those who approve."""

import ast
import re
from datetime import UTC, datetime

import pytest

from dashboard.lists import page as list_page
from resellers import audit
from resellers.models import OPEN_STATES, AuditEntry, OperationState
from tests import worlds
from tests.dashboard.listing import asking, listed_ids, rows, table
from tests.dashboard.submitting import text
from tests.environment import ROOT

pytestmark = [pytest.mark.django_db, pytest.mark.every_value]


def entry(seq, at, **fields):
    """An entry of that moment, which `audit.record` would not make."""
    defaults = {"event": "plan.shown", "previous_hash": "0" * 64, "hash": f"{seq:064}"}
    return AuditEntry.objects.create(seq=seq, at=at, **(defaults | fields))


@pytest.mark.parametrize(
    ("role", "sees"), [("viewer", False), ("operator", False), ("manager", True), ("admin", True)]
)
def test_managers_and_admins_see_it_and_nobody_else(log_in, role, sees):
    client = log_in(role)

    answers = {client.get(f"/audit/{part}").status_code for part in ("", "facets/", "export.csv")}

    assert answers == {200 if sees else 403}
    assert client.post("/audit/columns/", {}).status_code == (302 if sees else 403)
    assert ('href="/audit/"' in client.get("/").content.decode()) == sees


def test_an_entry_says_what_who_about_what_and_why(manager):
    service = worlds.instance(
        worlds.package(worlds.account("Harbour Yoga")), product=worlds.product("Mailbox")
    )
    operation = worlds.operation(service)
    audit.record(
        "operation.requested",
        by=manager.user,
        address="192.0.2.7",
        operation=operation,
        body={"reason": "a new shop", "before": {"site_id": ""}, "wish": {"site_id": "s-1"}},
    )

    answer = manager.get("/audit/")
    [row] = rows(answer)

    for words in ("Operation asked for", "manager", "192.0.2.7", "Harbour Yoga", "Mailbox"):
        assert words in row
    for link in (operation.get_absolute_url(), service.get_absolute_url()):
        assert f'href="{link}"' in row
    assert "reason: a new shop" in row
    assert "site_id: s-1" in row


def recorded_events() -> set[str]:
    """Every event that the code records: what it names in a call, and the ends of operations."""
    found = {f"operation.{state}" for state in OperationState if state not in OPEN_STATES}
    for file in [*(ROOT / "dashboard").rglob("*.py"), *(ROOT / "resellers").rglob("*.py")]:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                named = node.args if name in ("record", "_record") else []
                given = [word.value for word in node.keywords if word.arg == "event"]
                values = {one.value for one in [*named, *given] if isinstance(one, ast.Constant)}
                found |= {value for value in values if isinstance(value, str)}
    return found


def test_every_event_that_is_recorded_can_be_asked_for_in_words(manager):
    recorded = recorded_events()
    page = manager.get("/audit/").content.decode()
    offered = dict(re.findall(r'<option value="([^"]+)"[^>]*>([^<]+)</option>', page))

    assert len(recorded) > 25
    assert recorded <= set(offered), recorded - set(offered)
    assert len(set(offered.values())) == len(offered)


def test_what_the_system_did_says_so_and_unknown_events_are_shown_as_named(manager):
    audit.record("comet.was_seen", body={"code": "C-1"})

    [row] = rows(manager.get("/audit/"))

    assert "Comet: was seen" in row
    assert "the system" in row
    assert "code: C-1" in row


def test_hostile_words_of_an_entry_stand_as_text(manager):
    audit.record("x", body={"<script>": ["<img src=x>", {"a": "<b>"}]})

    [row] = rows(manager.get("/audit/"))

    assert not {"<script", "<img", "<b>"} & {row[place : place + 7] for place in range(len(row))}
    assert "&lt;script&gt;: &lt;img src=x&gt;, a: &lt;b&gt;" in row


@pytest.fixture
def days(db):
    """An entry in each of five moments around two midnights of Vilnius, which is 2 h ahead."""
    moments = {
        1: datetime(2026, 11, 19, 21, 59, tzinfo=UTC),
        2: datetime(2026, 11, 19, 22, 0, tzinfo=UTC),
        3: datetime(2026, 11, 20, 21, 59, 59, tzinfo=UTC),
        4: datetime(2026, 11, 20, 22, 0, tzinfo=UTC),
        5: datetime(2026, 11, 21, 22, 0, tzinfo=UTC),
    }
    for seq, at in moments.items():
        entry(seq, at)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"from": "2026-11-20"}, {2, 3, 4, 5}),
        ({"to": "2026-11-20"}, {1, 2, 3}),
        ({"from": "2026-11-20", "to": "2026-11-20"}, {2, 3}),
        ({"from": "2026-11-21", "to": "2026-11-20"}, set()),
        ({"to": "9000-12-31"}, {1, 2, 3, 4, 5}),
    ],
)
def test_a_range_of_days_holds_both_its_days_in_the_sites_zone(
    manager, settings, days, query, found
):
    settings.TIME_ZONE = "Europe/Vilnius"

    answer = manager.get("/audit/", query)

    assert {row.seq for row in answer.context["page"].rows} == found
    assert "Days of Europe/Vilnius time" in text(answer)


@pytest.mark.parametrize("day", ["yesterday", "2026-13-01", "2026-11-31", "20.11.2026", "0000"])
def test_a_day_that_is_none_is_refused_in_words(manager, day):
    answer = manager.get("/audit/", {"from": day})

    assert answer.status_code == 422
    assert "Write a day as 2026-11-20." in text(answer)
    assert f'value="{day}"' in answer.content.decode()


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize("name", ["from", "to"])
def test_days_no_clock_can_turn_are_refused_in_words(manager, name, day):
    for part in ("", "facets/", "export.csv"):
        answer = manager.get(f"/audit/{part}", {name: day})
        assert answer.status_code == 422
        assert "between 1970 and 9000" in answer.content.decode()


def test_it_is_filtered_by_what_whom_and_words(manager):
    ours, theirs = worlds.account("Ours"), worlds.account("Theirs")
    audit.record("plan.shown", by=manager.user, account_id=ours.pk)
    audit.record("export.taken", by=manager.user, account_id=theirs.pk)
    audit.record("plan.shown", address="192.0.2.9")

    def found(**query):
        return {row.seq for row in manager.get("/audit/", query).context["page"].rows}

    assert found(kind="plan.shown") == {1, 3}
    assert found(kind="never.heard.of") == set()
    assert found(account=ours.pk) == {1}
    assert found(q=str(theirs.pk)) == {2}
    assert found(q="manager export") == {2}
    assert found(q="192.0.2.9") == {3}


def test_it_goes_by_number_in_both_directions_page_by_page(manager, monkeypatch):
    monkeypatch.setattr(list_page, "PAGE_SIZE", 3)
    for _ in range(10):
        audit.record("plan.shown")

    assert listed_ids(manager, "/audit/") == [str(seq) for seq in range(10, 0, -1)]
    assert listed_ids(manager, "/audit/?sort=seq") == [str(seq) for seq in range(1, 11)]


@pytest.mark.parametrize("sort", ["seq", "-seq"])
def test_a_file_holds_what_was_there_when_it_was_asked_for_and_no_row_of_its_own(manager, sort):
    for place in range(5):
        audit.record("plan.shown", by=manager.user, body={"code": f"=C{place}"})

    answer = manager.get(asking("/audit/export.csv", sort=sort))
    found = table(answer)

    assert {row["seq"] for row in found} == {"1", "2", "3", "4", "5"}
    assert answer["X-Row-Count"] == "5"
    own = AuditEntry.objects.filter(seq__gt=5).order_by("seq")
    assert [entry.event for entry in own] == ["export.taken", "export.written"]
    assert found[0]["actor"] == "manager"
    assert [row["details"] for row in found if row["seq"] == "1"] == ["code: =C0"]


def test_the_trail_still_holds_when_it_was_looked_at(manager):
    audit.record("plan.shown", by=manager.user)
    for part in ("", "facets/", "export.csv"):
        manager.get(f"/audit/{part}").getvalue()

    assert list(audit.verify()) == []
