"""The audit trail as a list: who did what to whom, for those who approve."""

import ast
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from dashboard.lists import page as list_page
from resellers import audit
from resellers.models import OPEN_STATES, AuditEntry, OperationState
from tests import worlds
from tests.dashboard.listing import PART, asking, listed_ids, rows, table
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


def test_changes_leave_out_what_was_only_shown_or_read(manager):
    for event in ("plan.shown", "sync.wanted", "import.shown", "operation.requested", "note.added"):
        audit.record(event, by=manager.user)

    everything, changes = (manager.get(f"/audit/{query}") for query in ("", "?changes=1"))

    assert len(rows(everything)) == 5
    note, wish = rows(changes)
    assert "Note written" in note
    assert "Operation asked for" in wish
    assert 'href="/audit/?changes=1"' in everything.content.decode()


def test_an_entry_is_a_sentence_with_before_and_after_folded_below(manager):
    service = worlds.instance(
        worlds.package(worlds.account("Harbour Yoga")), product=worlds.product("Mailbox")
    )
    plan = {"rows": [["site", "Site", "old.example", "new.example"]]}
    operation = worlds.operation(service, plan=plan, kind="reassign")
    audit.record(
        "operation.requested",
        by=manager.user,
        address="192.0.2.7",
        operation=operation,
        body={"reason": "a new shop", "before": {"site_id": ""}, "wish": {"site_id": "s-1"}},
    )

    answer = manager.get("/audit/")

    [row] = rows(answer)
    words = "manager confirmed the move of Mailbox from old.example to new.example"
    assert words in re.sub(r"<[^>]+>", "", row)
    for link in (operation.get_absolute_url(), operation.account.get_absolute_url()):
        assert f'href="{link}"' in row
    assert "Today, " in text(answer)
    html = answer.content.decode()
    assert '<th scope="row">Site</th><td>old.example</td><td><b>new.example</b></td>' in html
    for words in ("Operation asked for", "192.0.2.7", "a new shop", "#1"):
        assert words in text(answer)


def test_an_entry_outlives_what_it_speaks_of(manager):
    audit.record("operation.succeeded", by=None, body={"outcome": "So it is."})
    audit.record("product.changed", by=manager.user, body={"product_id": "gone", "changes": {}})

    changed, ended = rows(manager.get("/audit/"))

    assert "Product changed" in changed
    assert "Operation succeeded" in ended


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
    [kinds] = [
        item
        for item in manager.get("/audit/", headers=PART).context["page"].inputs
        if item.filter.name == "kind"
    ]
    offered = {option.value: option.words for option in kinds.options}

    assert len(recorded) > 25
    assert recorded <= set(offered), recorded - set(offered)
    assert len(set(offered.values())) == len(offered)


def test_what_the_system_did_says_so_and_unknown_events_are_shown_as_named(manager):
    audit.record("comet.was_seen", body={"code": "C-1"})

    [row] = rows(answer := manager.get("/audit/"))

    assert "Comet: was seen" in row
    assert "The system" in row
    assert "Code C-1" in text(answer)


def test_a_try_by_nobody_who_is_known_is_not_said_to_be_the_systems_doing(manager):
    audit.record("log_in.failed", address="192.0.2.7", body={"name": "ada", "wrong": "password"})

    [row] = rows(answer := manager.get("/audit/"))

    assert "Who Nobody logged in" in text(answer)
    assert "The system" not in row


def test_what_was_empty_or_true_is_said_in_words_of_people(manager):
    changes = {"email": [None, "a@shop.example"], "is_main": [False, True]}
    audit.record("customers.imported", by=manager.user, body={"rows": {"3a15e12e": changes}})

    html = manager.get("/audit/").content.decode()

    dash = '<span class="none">&ndash;</span>'
    assert f"<td>{dash}</td><td><b>a@shop.example</b></td>" in html
    assert "<td>no</td><td><b>yes</b></td>" in html


def test_hostile_words_of_an_entry_stand_as_text(manager):
    hostile = "<script>&<img src=x>"
    body = {hostile: [hostile, {"a": hostile}], "changes": {hostile: [hostile, hostile]}}
    audit.record("x", by=manager.user, body=body)
    audit.record("view.saved", by=manager.user, body={"name": hostile})

    html = manager.get("/audit/?columns=event,about,details").content.decode()

    assert "<img" not in html
    assert "saved the view “&lt;script&gt;&amp;&lt;img src=x&gt;”" in html


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


def test_what_somebody_may_not_do_is_recorded_once_a_minute_with_who_and_where(client):
    client.force_login(worlds.user("viewer"))

    for _ in range(3):
        assert client.get("/policy/").status_code == 403
    assert client.post("/policy/read-only/").status_code == 403

    refused = [entry.body for entry in AuditEntry.objects.filter(event="access.refused")]
    assert refused == [
        {"method": "POST", "path": "/policy/read-only/"},
        {"method": "GET", "path": "/policy/"},
    ]


def test_the_trail_is_narrowed_to_a_person_and_to_days(manager):
    other = worlds.user("operator", "colleague")
    audit.record("note.added", by=other, body={"text": "theirs"})
    audit.record("note.added", by=manager.user, body={"text": "mine"})
    audit.record("breaker.opened", body={"reason": "nobody"})
    today = timezone.localdate()

    def told(query):
        return text(manager.get(f"/audit/?{query}"))

    assert "theirs" in told("person=colleague")
    assert "mine" not in told("person=colleague")
    assert "nobody" in told("person=nobody")
    assert "theirs" not in told("person=nobody")
    assert "theirs" in told(f"from={today}&to={today}")
    assert "theirs" not in told(f"to={today - timedelta(days=2)}")
    assert "theirs" not in told(f"from={today + timedelta(days=2)}")
    assert "colleague" in text(manager.get("/audit/facets/person/", headers=PART))
