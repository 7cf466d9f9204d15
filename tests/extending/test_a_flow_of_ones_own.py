"""A flow is one file: page, engine, list, log and audit trail take it as it is."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db.models import F

from resellers.flows import deciding, kinds
from resellers.models import AuditEntry, Flow, FlowStep, Operation, Package
from tests import practice, worlds
from tests.dashboard.listing import table
from tests.dashboard.submitting import hidden_fields, text
from tests.extending.name_package.flow import NamePackage

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def kind():
    kinds.register(NamePackage())
    yield kinds.FLOW_KINDS[NamePackage.name]
    kinds.unregister(NamePackage.name)


@pytest.fixture
def package(mirror) -> Package:
    instance, _ = mirror.movable()
    return Package.objects.select_related("account").get(pk=instance.package_id)


def begun(client, package, name="spring-17") -> Flow:
    page = client.get(f"/flows/new/name_package/?package={package.pk}")
    sent = hidden_fields(page, "begin") | {"package": str(package.pk), "name": name}
    first, again = (client.post("/flows/new/name_package/", sent) for _ in range(2))
    assert first["Location"] == again["Location"]  # a form pressed twice is one flow
    return Flow.objects.get()


def test_it_is_begun_by_one_person_confirmed_by_another_and_done_by_itself(
    kind, package, log_in, run_due, mirror
):
    one, other = log_in("operator", "anna"), log_in("operator", "ben")
    flow = begun(one, package)
    run_due()

    page = other.get(flow.get_absolute_url())
    assert "Give the name" in text(page)
    assert "spring-17" in text(page)
    confirm = hidden_fields(page, "confirm")
    assert other.post(f"{flow.get_absolute_url()}confirm/", confirm).status_code == 302
    assert other.post(f"{flow.get_absolute_url()}confirm/", confirm).status_code == 409
    run_due()

    flow.refresh_from_db()
    assert flow.state == Flow.State.DONE, list(flow.events.values_list("words", flat=True))
    operation = Operation.objects.get()
    assert operation.flow_step.name == "give"
    assert operation.requested_by == other.user == flow.owner
    assert practice.applied(mirror.sandbox) == ["external_id"]
    assert [row["state"] for row in table(one.get("/flows/export.csv?state=done"))] == ["done"]
    events = AuditEntry.objects.filter(event__startswith="flow.").order_by("seq")
    assert [entry.event.removeprefix("flow.") for entry in events] == [
        *("begun", "step", "confirmed", "asked", "not_done", "step", "step", "done"),
    ]


def test_what_waits_for_too_long_stops_in_words_and_is_tried_again(
    kind, package, person_of, run_due
):
    flow = deciding.start(
        kind, {"package": str(package.pk), "name": "elsewhere"}, by=person_of, request_id=uuid4()
    )
    run_due()
    FlowStep.objects.filter(flow=flow, state="current").update(state="skipped")
    FlowStep.objects.create(flow=flow, name="so")
    Flow.objects.filter(pk=flow.pk).update(state="waiting")
    run_due()
    row = flow.steps.get(state="current")
    assert (row.waiting_for, row.waits_until - row.begun_at) == (
        "Wix to show the name.",
        timedelta(days=1),
    )

    flow.steps.filter(pk=row.pk).update(begun_at=F("begun_at") - timedelta(days=1))
    deciding.look_now(flow, by=person_of)
    run_due()

    flow.refresh_from_db()
    assert flow.state == Flow.State.STOPPED
    assert "stops here and asks you" in flow.steps.get(state="current").outcome
    deciding.try_again(flow, by=person_of)
    assert flow.steps.get(state="current").tries == 2


def test_the_first_page_says_what_is_wrong_beside_its_field_and_loses_nothing(
    kind, package, operator, viewer
):
    sent = {"package": str(package.pk), "name": "two words", "request_id": str(uuid4())}
    answer = operator.post("/flows/new/name_package/", sent)

    assert answer.status_code == 422
    assert "Write it as one word." in text(answer)
    assert "two words" in answer.content.decode()
    assert viewer.get("/flows/new/name_package/").status_code == 403
    assert not Flow.objects.exists()


@pytest.fixture
def person_of(db):
    return worlds.user("operator")
