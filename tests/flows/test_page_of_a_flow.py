"""A flow's page is of now: old plans are read again, and what bars a step stands with links."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from resellers.models import Account, Flow, Site, SyncRun
from tests import worlds
from tests.dashboard.submitting import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def flow(operator) -> Flow:
    """A hand-over whose transfer is planned and waits for its confirmation."""
    worlds.account(is_main=True)
    return worlds.flow(operator.user, "transfer")


def poll(client, flow, page):
    """What htmx asks a while later, with what it was given for it."""
    address = page.content.decode().partition('id="flow"')[2].partition('hx-get="')[2]
    headers = {"HX-Request": "true", "HX-Target": "flow", "X-Poll": "1"}
    return client.get(address.partition('"')[0], headers=headers)


def made_old(flow) -> None:
    Account.objects.filter(pk=flow.site.account_id).update(
        sites_checked_at=timezone.now() - timedelta(minutes=6)
    )


def test_a_plan_of_an_old_record_is_read_again_once_and_then_made_anew(operator, flow):
    assert "read-again" not in operator.get(flow.get_absolute_url()).content.decode()
    made_old(flow)
    page = operator.get(flow.get_absolute_url())
    assert 'hx-trigger="load, submit"' in page.content.decode()
    assert "This plan is made from what Wix showed 6 min ago" in text(page)

    for _ in range(2):
        operator.post(f"{flow.get_absolute_url()}read/")
    run = SyncRun.objects.get()
    assert (run.account_id, run.requested_by) == (flow.site.account_id, operator.user)
    page = operator.get(flow.get_absolute_url())
    assert "Asking Wix" in text(page)
    assert poll(operator, flow, page).status_code == 204

    Account.objects.filter(pk=flow.site.account_id).update(sites_checked_at=Now())
    SyncRun.objects.update(state=SyncRun.State.SUCCEEDED, finished_at=Now())
    again = poll(operator, flow, page)
    assert again.status_code == 200
    assert "Asking Wix" not in text(again)


def test_where_wix_cannot_be_read_the_plan_says_its_age_and_asks_no_more_by_itself(operator, flow):
    made_old(flow)
    operator.post(f"{flow.get_absolute_url()}read/")
    SyncRun.objects.update(
        state=SyncRun.State.FAILED, finished_at=Now(), error="Wix did not answer."
    )
    page = operator.get(flow.get_absolute_url()).content.decode()
    assert "Wix could not be asked: Wix did not answer." in page
    assert 'hx-trigger="load, submit"' not in page
    assert 'id="confirm-button"' in page


def test_an_open_page_is_drawn_anew_only_for_what_changed(operator, flow, log_in):
    page = operator.get(flow.get_absolute_url())
    assert poll(operator, flow, page).status_code == 204
    worlds.instance(worlds.package(flow.site.account), flow.site)
    page = poll(operator, flow, page)
    assert "Locked while paid services stand on the site" in text(page)
    Flow.objects.update(owner=log_in("manager").user)
    assert poll(operator, flow, page).status_code == 200


def test_what_somebody_types_stays_until_the_step_is_theirs_no_more(operator):
    flow = worlds.flow(operator.user)
    page = operator.get(flow.get_absolute_url())
    Site.objects.filter(pk=flow.site_id).update(published=True)
    Flow.objects.update(owner=worlds.user("manager"))
    assert poll(operator, flow, page).status_code == 204
    Flow.objects.update(state=Flow.State.PAUSED)
    assert poll(operator, flow, page).status_code == 200


def test_a_transfer_that_stopped_for_paid_services_says_that_retry_leads_to_the_chain(
    operator, flow
):
    worlds.instance(worlds.package(flow.site.account), flow.site)
    Flow.objects.update(state=Flow.State.STOPPED)
    page = text(operator.get(flow.get_absolute_url()))
    assert "Retry leads back to “Agree to what its paid services need”." in page


def test_paid_services_that_came_since_lock_the_transfer_and_lead_to_the_whole_chain(
    operator, flow
):
    service = worlds.instance(worlds.package(flow.site.account), flow.site)
    page = operator.get(flow.get_absolute_url())
    assert f'href="{service.get_absolute_url()}"' in page.content.decode()
    assert "Plan the whole chain" in text(page)
    operator.post(f"{flow.get_absolute_url()}retry/")
    flow.refresh_from_db()
    assert flow.data["paid"] == [str(service.pk)]
    assert flow.steps.get(state="current").name == "agree"
    assert f"Cancel {service.product}" in text(operator.get(flow.get_absolute_url()))
