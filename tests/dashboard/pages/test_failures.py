"""The inbox of failures: causes, cases, one case beside them, and what people do with many."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dashboard.models import SavedView
from resellers import cases
from resellers.models import Case, CauseNote, DeliveryTime
from tests import worlds
from tests.dashboard.listing import PART, table
from tests.dashboard.submitting import text
from tests.dashboard.working_on_cases import TIMED_OUT, opened, work
from tests.reordering import carried_out, failed, order

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_the_causes_their_numbers_and_the_menus_are_those_of_the_rows(operator):
    opened(3)
    opened(2, "UNKNOWN")
    worlds.operation(state="needs_attention")
    cases.keep()

    page = operator.get("/failures/")

    inbox = page.context["around"]
    assert page.context["page"].count == 6
    assert [(section.title, section.number) for section in inbox.sections] == [
        ("Needs a person", 1),
        ("Failed", 5),
    ]
    for section in inbox.sections:
        for entry in section.entries:
            assert operator.get(entry.link).context["page"].count == entry.number
    assert re.search(r'href="/failures/"[^>]*>.*?<span class="count bad">6<', page.content.decode())
    for segment in inbox.segments[:2]:
        assert operator.get(segment.link).context["page"].count == segment.count


def test_the_chosen_cause_tells_its_playbook_what_worked_before_and_the_teams_note(manager):
    [case, *_] = opened(2)
    for status in ("ENABLED", "FAILED"):
        carried_out(order(failed()), status)
    DeliveryTime.objects.create(
        product=case.product,
        known=30,
        median_seconds=60,
        p90_seconds=300,
        p95_seconds=400,
        counted_at=timezone.now(),
    )
    address = f"/failures/playbook/{TIMED_OUT.partition('failures/')[2]}"
    assert manager.post(address, {"text": "Call them first."}).status_code == 302

    words = text(manager.get(f"{TIMED_OUT}&product={case.product_id}"))

    assert "Playbook: We act" in words
    assert "Wait for delivery: 9 of 10 within 5 min" in words
    assert "Call them first. manager" in words
    assert "1 of 2 delivered on the second order" in text(manager.get(TIMED_OUT))
    assert manager.post(address, {"text": "x" * 2_001}).status_code == 422
    assert CauseNote.objects.get().text == "Call them first."


def test_only_managers_write_the_teams_note(operator):
    assert operator.get("/failures/playbook/?kind=failed&failure_code=UNKNOWN").status_code == 403


def test_ten_thousand_cases_cost_as_many_statements_as_a_few(operator):
    def statements(address):
        operator.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert operator.get(address).status_code == 200
        return len(captured)

    [case, *_] = opened(3)
    addresses = ["/failures/", TIMED_OUT, f"{TIMED_OUT}&case={case.pk}", f"/failures/{case.pk}/"]
    few = {address: statements(address) for address in addresses}
    for code in ("UNKNOWN", "EXTERNAL_FAILURE", "DELIVERY_TIMEOUT"):
        opened(12, code)
    cases.take(Case.objects.values_list("pk", flat=True)[:20], by=worlds.user("manager"))

    assert {address: statements(address) for address in addresses} == few
    assert few["/failures/"] <= 24


def test_what_one_verb_takes_back_whole_is_offered_to_be_undone(operator):
    free, theirs = opened(2)
    cases.take([theirs.pk], by=worlds.user("manager"))
    headers = {"HX-Request": "true", "HX-Target": "list"}

    def answer(verb: str, *ids: int) -> str:
        data = {"id": ",".join(map(str, ids))}
        return operator.post(f"/failures/do/{verb}/", data, headers=headers).content.decode()

    undo = f'name="id" value="{free.pk}" data-verb formaction="/failures/do/release/">Undo<'
    assert undo in answer("take", free.pk)
    assert ">Undo<" not in answer("take", theirs.pk)


def test_who_may_only_look_sees_the_cases_and_works_on_none(viewer):
    [case] = opened()

    html = viewer.get(f"/failures/?case={case.pk}").content.decode()

    assert str(case.account) in html
    assert "/failures/do/" not in html
    assert work(viewer, "take", case).status_code == 403


def test_beside_the_list_a_case_opens_under_an_address_that_says_so(operator):
    [case] = opened()
    part = {"HX-Request": "true", "HX-Target": "case", "HX-Current-URL": f"http://x{TIMED_OUT}"}

    answer = operator.get(f"/failures/{case.pk}/", headers=part)

    assert answer["HX-Push-Url"] == f"{TIMED_OUT}&case={case.pk}"
    assert "<html" not in answer.content.decode()
    whole = operator.get(answer["HX-Push-Url"]).content.decode()
    assert f'id="case-title" tabindex="-1">{case.product} for' in whole
    done = operator.post(
        "/failures/do/take/", {"id": case.pk, "case": case.pk, "query": ""}, headers=PART
    )
    assert done["HX-Push-Url"] == f"/failures/?case={case.pk}"
    assert f"Taken: {case}" in text(done)


def test_an_order_in_its_place_ticks_its_steps_and_both_stand_on_the_timeline(operator):
    service = failed(status_since=timezone.now() - timedelta(days=2))
    cases.keep()
    [case] = Case.objects.all()
    again = carried_out(order(service, name="ord-again"), "FAILED", failure_code="UNKNOWN")
    cases.keep_services([again.pk])
    again.refresh_from_db()

    page = operator.get(f"/failures/{case.pk}/")

    html, words = page.content.decode(), text(page)
    for one in (service, again):
        assert f'href="/instances/{one.pk}/"' in html
    steps = {step.key: step.is_done for step in page.context["panel"].steps}
    assert steps == {"report": False, "order_again": True, "wait": True, "tell": False}
    assert "What was ordered in its place failed too." in words
    assert page.context["panel"].why_not_ordered.endswith(
        "Ask Wix B2B, naming its package and instance ids."
    )


def test_the_file_has_the_rows_of_the_page_and_how_each_is_looked_at(operator):
    [case, *_] = opened(2)
    opened(1, "UNKNOWN")
    cases.take([case.pk], by=operator.user)

    rows = table(operator.get("/failures/export.csv?failure_code=DELIVERY_TIMEOUT"))

    assert len(rows) == 2
    [mine] = [row for row in rows if row["instance_id"] == str(case.instance_id)]
    assert (mine["review_state"], mine["assignee"]) == ("open", "operator")
    assert (mine["failure_code"], mine["case_id"]) == ("DELIVERY_TIMEOUT", str(case.pk))
    for list_ in ("/instances/", "/failures/failed-services/"):
        of_service = table(operator.get(f"{list_}export.csv?q={case.instance_id}"))[0]
        assert (of_service["review_state"], of_service["assignee"]) == ("open", "operator")


def test_whoever_asks_for_a_service_by_its_id_is_shown_its_case_though_it_is_closed(operator):
    [case] = opened()
    cases.close([case.pk], end="with_wix", because="", by=operator.user)

    assert operator.get("/failures/").context["page"].count == 0
    assert operator.get(f"/failures/?q={case.instance_id}").context["page"].count == 1
    assert operator.get("/failures/?state=closed").context["page"].count == 1


def test_a_view_that_was_kept_of_the_failed_services_is_theirs_still(operator):
    view = SavedView.objects.create(
        noun="failed-services",
        name="Old ones",
        made_by=operator.user,
        parameters={"age": ["older"]},
    )

    answer = operator.get(f"/failures/?view={view.pk}")

    assert answer["Location"] == f"/failures/failed-services/?view={view.pk}"
    assert "Failed services" in text(operator.get("/failures/"))
