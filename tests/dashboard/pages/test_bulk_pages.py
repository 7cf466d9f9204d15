"""What was ticked becomes a plan that is looked at, confirmed once, and watched as a run."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from resellers import cases, policy
from resellers.models import AuditEntry, BulkRun, Case, Notice, Operation
from resellers.operations import bulk
from resellers.operations.reasons import want_reasons_for
from tests import worlds
from tests.dashboard.submitting import hidden_fields, text
from tests.reordering import carried_out, failed

pytestmark = [pytest.mark.django_db, pytest.mark.once]

NEW = "/bulk/new/?kind=order_again"


@pytest.fixture
def mailbox(db):
    return worlds.product("Mailbox", service_type="BUSINESS_MAIL")


def plan(client, *services, **more):
    """The plan of these as their list's form asks for it, and its page."""
    sent = {"id": [str(one.pk) for one in services], "query": ""} | more
    answer = client.post(f"{NEW}&list=failures", sent)
    assert answer.status_code == 302, text(answer)
    return BulkRun.objects.latest("id"), client.get(answer.url)


def test_a_plan_is_shown_confirmed_once_watched_and_tried_again(operator, viewer, mailbox):
    good, bad = failed(product=mailbox), failed(product=mailbox, failure_code="UNKNOWN")

    run, page = plan(operator, good, bad)

    words = text(page)
    assert "Order again what failed (1)" in words
    assert "Nothing was sent to Wix." in words
    assert "about 1 min" in words
    assert "Ask Wix B2B, naming its package and instance ids." in words
    assert "Mailbox" in text(operator.get(f"{run.get_absolute_url()}?part=will"))
    assert not Operation.objects.exists()
    confirm = f"{run.get_absolute_url()}confirm/"
    sent = hidden_fields(page, "confirm") | {"reason": "Wix was down."}
    for _ in range(2):
        answer = operator.post(confirm, sent)
        assert (answer.status_code, answer.url) == (302, run.get_absolute_url())
    watched = operator.get(answer.url)
    assert "hx-get" in watched.content.decode()
    assert '<meta http-equiv="refresh"' in watched.content.decode()
    assert "Confirmed by operator" in text(watched)
    assert "Wix was down." in text(watched)

    bulk.release(run.pk)
    order = Operation.objects.get()
    assert order.reason == "Wix was down."
    assert "0 of 1 done" in text(operator.get(answer.url))
    carried_out(order)
    BulkRun.objects.update(next_run_at=order.requested_at)
    bulk.release(run.pk)
    ended = operator.get(answer.url, headers={"HX-Request": "true", "HX-Target": "bulk-run"})
    assert "1 of 1 done" in text(ended)
    assert "every 2s" not in ended.content.decode()
    assert f"#{run.pk}" in text(operator.get("/bulk/"))
    retry = f"{answer.url}again/"
    again = operator.post(retry, hidden_fields(operator.get(answer.url), retry))
    assert again.status_code == 302
    assert BulkRun.objects.latest("id").retry_of == run


def test_what_is_chosen_is_ticked_or_matches_by_now_or_is_of_cases(operator, mailbox):
    first, second = failed(product=mailbox), failed(product=mailbox)
    worlds.instance(product=mailbox)
    cases.keep()

    everything = {"all": "1", "query": f"product={mailbox.pk}"}
    run, _ = plan(operator, **everything)
    assert run.changes.count() == 2
    numbers = ",".join(str(pk) for pk in Case.objects.values_list("pk", flat=True))
    run, _ = plan(operator, id=[numbers])
    assert {one.instance for one in run.changes.all()} == {first, second}
    run, _ = plan(operator, first, id=[str(first.pk), str(worlds.new_id())])
    assert "1 of what was chosen is not known here" in text(operator.get(run.get_absolute_url()))
    link = operator.get(f"{NEW}&id={first.pk}")
    assert "1 record is chosen." in text(link)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "Nothing is selected"),
        ({"id": "half-an-id"}, "neither a service nor a case"),
        ({"id": "999999"}, "None of these cases is about a service."),
        ({"id": [str(worlds.new_id())]}, "None of these is known here."),
        ({"id": ",".join(str(n) for n in range(1, 1_002))}, "At most 1,000 at once"),
        ({"all": "1", "query": "status=LOST&sort=nothing"}, "The address makes no sense"),
        ({"id": "1", "request_id": "x"}, "None of these cases is about a service."),
    ],
)
def test_what_nobody_can_mean_is_refused_in_words(operator, sent, words):
    answer = operator.post(f"{NEW}&list=failures", sent)

    assert answer.status_code == 422
    assert words in text(answer)
    assert not BulkRun.objects.exists()


def test_a_verb_that_does_not_exist_and_a_role_that_may_not_are_refused(operator, viewer, mailbox):
    service = failed(product=mailbox)
    assert operator.post("/bulk/new/?kind=burn", {"id": str(service.pk)}).status_code == 422
    assert viewer.post(NEW, {"id": str(service.pk)}).status_code == 403
    run, _ = plan(operator, service)
    for name in ("confirm", "pause", "resume", "stop", "again"):
        assert viewer.post(f"{run.get_absolute_url()}{name}/").status_code == 403
    page = viewer.get(run.get_absolute_url())
    assert page.status_code == 200
    assert 'id="confirm"' not in page.content.decode()


def test_a_confirmation_that_is_not_sure_is_told_beside_its_field(operator, admin, mailbox):
    services = [failed(product=mailbox) for _ in range(21)]
    run, page = plan(operator, *services)
    confirm = f"{run.get_absolute_url()}confirm/"
    assert "Type 21" in text(page)

    wrong = operator.post(confirm, {"count": "20", "reason": "Again, please."})
    assert wrong.status_code == 422
    assert 'id="count-error"' in wrong.content.decode()
    assert "Again, please." in wrong.content.decode()
    assert operator.post(confirm, {"count": "many"}).status_code == 422
    want_reasons_for(["create_package"], by=admin.user)
    unsaid = operator.post(confirm, {"count": "21"})
    assert unsaid.status_code == 422
    assert 'id="reason-error"' in unsaid.content.decode()
    policy.set_read_only("Stock-taking.", by=admin.user)
    stopped = operator.post(confirm, {"count": "21", "reason": "Again."})
    assert stopped.status_code == 409
    assert "Stock-taking." in text(stopped)
    policy.lift_read_only(by=admin.user)
    assert operator.post(confirm, {"count": "21", "reason": "Again."}).status_code == 302
    pause = operator.post(f"{run.get_absolute_url()}resume/")
    assert pause.status_code == 409
    assert "Nothing was changed. It is running." in text(pause)


def test_changes_are_found_and_left_out_and_put_back_until_the_plan_is_confirmed(
    operator, manager, mailbox
):
    anna, bert = (worlds.account(name=name) for name in ("Anna's Bakery", "Bert's Garage"))
    of_anna = [failed(of=worlds.package(anna), product=mailbox) for _ in range(2)]
    of_bert = [failed(of=worlds.package(bert), product=mailbox) for _ in range(2)]
    run, page = plan(operator, *of_anna, *of_bert)
    here = run.get_absolute_url()
    number = run.changes.get(instance=of_bert[0]).number

    assert f'name="out" value="{number}"' in page.content.decode()
    out = operator.post(f"{here}choose/", {"out": str(number), "part": "will"})
    assert out["Location"] == f"{here}?part=will"
    found = operator.get(f"{here}?q=bakery+mailbox")
    assert {row.instance_id for row in found.context["summary"].table.page} == {
        one.pk for one in of_anna
    }
    assert "Leave all of these out" in text(found)
    operator.post(f"{here}choose/", {"out": "all", "q": "bakery"})
    assert "Order again what failed (1)" in text(operator.get(here))
    operator.post(f"{here}choose/", {"back": "all", "part": "unticked", "q": "garage"})
    assert "Order again what failed (2)" in text(operator.get(here))

    assert operator.post(f"{here}choose/", {"out": "none"}).status_code == 422
    assert manager.post(f"{here}choose/", {"out": "all"}).status_code == 409
    operator.post(f"{here}confirm/", {})
    late = operator.post(f"{here}choose/", {"out": "all"})
    assert late.status_code == 409
    assert "It was confirmed meanwhile" in text(late)
    bulk.release(run.pk)
    asked = Operation.objects.values_list("account", flat=True)
    assert set(asked) == {bert.pk}
    assert len(asked) == 2
    left = run.changes.filter(outcome="skipped")
    assert {one.why for one in left} == {"operator left it out of the plan."}
    assert AuditEntry.objects.filter(event="bulk.left_out").count() == 2


def test_who_asked_is_told_once_in_the_bell_how_it_ended_and_not_of_each_order(operator, mailbox):
    run, _ = plan(operator, failed(product=mailbox), failed(product=mailbox))
    here = run.get_absolute_url()
    operator.post(f"{here}confirm/", {})
    bulk.release(run.pk)
    for order in Operation.objects.all():
        carried_out(order)
    BulkRun.objects.update(next_run_at=run.planned_at)
    bulk.release(run.pk)

    bell = operator.get("/me/notifications/")
    rows = bell.context["page"].rows
    assert [(row.title, row.detail, row.link) for row in rows] == [
        (f"Order again what failed, #{run.pk}", "2 of 2 carried out", here)
    ]
    assert Notice.objects.filter(person=operator.user, read_at=None).count() == 1
    operator.get(here)
    assert not Notice.objects.filter(read_at=None).exists()
    stopped, _ = plan(operator, failed(product=mailbox))
    bulk.confirm(stopped, by=operator.user, count=None)
    bulk.stop(stopped, by=worlds.user("manager"))
    assert Notice.objects.filter(run=stopped).get().by.username == "manager"


def test_a_page_of_thirty_takes_as_many_statements_as_one_of_three(operator, mailbox):
    def statements(number):
        run, _ = plan(operator, *(failed(product=mailbox) for _ in range(number)))
        with CaptureQueriesContext(connection) as taken:
            assert operator.get(run.get_absolute_url()).status_code == 200
        with CaptureQueriesContext(connection) as taken_by_list:
            assert operator.get("/bulk/?state=planned").status_code == 200
        return len(taken), len(taken_by_list)

    assert statements(3) == statements(30)


def test_the_file_has_each_change_with_what_became_of_it(manager, mailbox):
    run, _ = plan(manager, failed(product=mailbox), failed(failure_code="UNKNOWN"))

    answer = manager.get(f"{run.get_absolute_url()}rows.csv?part=refused")

    assert answer.status_code == 200
    [row] = csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")))
    assert (row["outcome"], row["error_code"]) == ("refused", "UNKNOWN")
