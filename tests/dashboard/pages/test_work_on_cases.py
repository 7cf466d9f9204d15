"""What people do with cases: done, left out with a reason, or refused beside a field."""

import re

import pytest

from resellers import audit, cases, policy
from resellers.models import AuditEntry, Case, CaseState
from tests import worlds
from tests.dashboard.submitting import hidden_fields, text
from tests.dashboard.working_on_cases import TIMED_OUT, as_it_is, opened, work

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_one_some_and_all_that_match_are_taken_and_each_is_on_record(operator):
    found = opened(4)
    opened(1, "UNKNOWN")

    assert work(operator, "take", found[0])["Location"] == "/failures/"
    work(operator, "take", *found[1:3])
    every = {"all": "1", "query": TIMED_OUT.partition("?")[2]}
    answer = operator.post("/failures/do/assign/", {**every, "to": "operator"})

    assert [as_it_is(case).owner for case in found] == [operator.user] * 4
    assert Case.objects.nobodys().count() == 1
    assert AuditEntry.objects.filter(event="case.taken").count() == 4
    assert "3 cases were left out: It is operator" in text(answer)
    mine = operator.get("/failures/?owner=me").context["page"]
    assert {row.pk for row in mine.rows} == {case.pk for case in found}
    assert operator.get("/failures/?q=owner:nobody").headers["Location"].endswith("owner=nobody")


def test_what_changed_meanwhile_is_left_out_and_named(operator):
    first, second = opened(2)
    cases.close([first.pk], end="with_wix", because="", by=worlds.user("manager"))

    answer = work(operator, "snooze", first, second, until="change")

    words = text(answer)
    assert f"One case was left out: It is closed: open it again first. Which {first}" in words
    assert as_it_is(second).state == CaseState.SNOOZED


def test_beyond_a_thousand_all_that_match_go_and_what_changed_meanwhile_is_counted(operator):
    account = worlds.account()
    Case.objects.bulk_create(
        Case(cause="failed", subject=f"instance:{n}", code="UNKNOWN", account=account)
        for n in range(1_300)
    )
    ticked = list(Case.objects.order_by("id").values_list("pk", flat=True)[:1_000])
    cases.close(ticked[:400], end="with_wix", because="", by=worlds.user("manager"))

    answer = operator.post("/failures/do/take/", {"id": ",".join(map(str, ticked))})
    assert "400 cases were left out: It is closed: open it again first." in text(answer)
    assert "and 380 more" in text(answer)
    assert Case.objects.filter(owner=operator.user).count() == 600

    every = {"all": "1", "query": "failure_code=UNKNOWN&state=open&state=closed"}
    asked = operator.post("/failures/do/close/", every)
    assert "Close: 1,300 cases" in text(asked)
    sent = hidden_fields(asked, "/failures/do/close/")
    assert (sent["all"], "id" in sent) == ("1", False)
    done = operator.post("/failures/do/close/", {**sent, "end": "not_wanted", "sent": "1"})

    assert "900 cases closed." in text(done)
    assert "400 cases were left out: It is closed already." in text(done)
    assert AuditEntry.objects.filter(event="case.closed").count() == 1_300
    assert list(audit.verify()) == []
    assert "At most 1,000 at once" in text(operator.post("/failures/do/report/", every))


@pytest.mark.parametrize(
    ("verb", "fields", "words"),
    [
        ("snooze", {"until": "day", "day": "2020-01-01"}, "Choose a time that is still to come."),
        ("snooze", {"until": "day"}, "Choose the day."),
        ("close", {"end": "other", "because": " "}, "Say which reason."),
        ("close", {"end": "delivered"}, "Select a valid choice"),
        ("assign", {"to": "nobody-here"}, "Nobody of that name works on cases"),
        ("assign", {"to": "viewer"}, "Nobody of that name works on cases"),
        ("note", {"text": "x" * 1_048_576}, "at most 2000 characters"),
        ("note", {"text": " "}, "Write something."),
    ],
)
def test_what_makes_no_sense_is_said_beside_its_field_and_nothing_is_done(
    operator, verb, fields, words
):
    worlds.user("viewer")
    [case] = opened()

    answer = work(operator, verb, case, **fields)

    assert answer.status_code == 422
    assert re.search(rf'class="error"[^>]*>[^<]*{words}', answer.content.decode())
    assert list(case.events.values_list("kind", flat=True)) == ["opened"]


def test_where_the_policy_wants_a_reason_no_case_is_closed_without_one(operator, admin):
    [case] = opened()
    admin.post("/policy/reasons/", {"kinds": ["cancel_package", "close_case"]})
    assert 'value="close_case" checked' in admin.get("/policy/").content.decode()

    bare = work(operator, "close", case, end="not_wanted")

    assert bare.status_code == 422
    html = bare.content.decode()
    assert re.search(r'id="because_error"[^>]*>Say why, for whoever reads this later', html) or (
        "Say why, for whoever reads this later." in text(bare)
    )
    assert "Why, in words" in text(bare)
    assert as_it_is(case).state == CaseState.OPEN
    work(operator, "close", case, end="not_wanted", because="Sold.")
    assert as_it_is(case).state == CaseState.CLOSED
    admin.post("/policy/reasons/", {"kinds": ["cancel_package"]})
    assert not policy.closing_wants_reason()
    told = AuditEntry.objects.filter(event="policy.closing_wants_reason").order_by("seq")
    assert [entry.body["wanted"] for entry in told] == [True, False]


@pytest.mark.parametrize("ids", [[], ["0x1"], ["999999"], ["9" * 40]])
def test_a_selection_of_nothing_is_refused_in_words(operator, ids):
    answer = operator.post("/failures/do/take/", {"id": ids})

    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


def test_a_verb_that_wants_words_asks_for_them_first_and_leads_back(operator):
    [case] = opened()

    asked = work(operator, "close", case, query=TIMED_OUT.partition("?")[2])
    assert asked.status_code == 200
    assert f"Close: {case}" in text(asked)
    done = work(
        *(operator, "close", case),
        end="other",
        because="Sold",
        query=TIMED_OUT.partition("?")[2],
        sent="1",
    )

    assert done["Location"] == TIMED_OUT
    assert (as_it_is(case).end, case.events.first().words) == ("other", "Sold")
    work(operator, "reopen", case)
    assert as_it_is(case).state == CaseState.OPEN


def test_what_only_wix_can_help_with_is_reported_and_then_may_be_ordered_again(operator):
    first, second = opened(2, "EXTERNAL_FAILURE", failure_message="Mail to lena@example.com")

    refused = work(operator, "order-again", first)
    assert refused.status_code == 422
    assert "Ask Wix B2B what happened before ordering again." in text(refused)
    report = work(operator, "report", first, second).context["report"]

    for case in (first, second):
        assert str(case.instance_id) in report
        assert str(case.account) not in report
    assert "lena@" not in report
    assert report.count("Code: EXTERNAL_FAILURE") == 2
    ordering = work(operator, "order-again", first)["Location"]
    assert ordering == f"/packages/new/?account={first.account_id}&again_of={first.instance_id}"


def test_a_note_heads_its_case_once_it_is_pinned_and_stands_in_its_row(operator):
    worlds.user("viewer", "lena")
    [case] = opened()

    work(operator, "note", case, text="Ask @lena.", pin="1")

    assert case.events.first().body == {"mentions": ["lena"]}
    assert "Ask @lena." in text(operator.get("/failures/"))
    operator.post(f"/failures/{case.pk}/pin/")
    assert as_it_is(case).pinned is None
