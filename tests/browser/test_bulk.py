"""Failed services are ticked, ordered again with one confirmation, and watched to their end."""

import re

import pytest
from playwright.sync_api import expect

from resellers.models import BulkRun, Package, ProductInstance
from tests.browser.test_orders import failed_service

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.at_length
def test_failed_services_are_ordered_again_at_once_and_the_page_follows(whole_system, browse_as):
    failed = failed_service()
    ProductInstance.objects.filter(pk=failed.pk).update(failure_code="DELIVERY_TIMEOUT")
    page = browse_as("operator")
    page.goto("/instances/?status=FAILED")
    page.get_by_label("Select all rows of this page").check()

    page.get_by_role("button", name="Order again").click()
    page.wait_for_url("**/bulk/*/")
    expect(page.locator("main")).to_contain_text("Nothing was sent to Wix.")
    page.get_by_label("Reason").fill("Wix was down last night.")
    # By the keyboard: the row stays where it is, and what was written too.
    leave_out = page.get_by_role("button", name=re.compile("^Leave out")).first
    leave_out.press("Enter")
    put_back = page.get_by_role("button", name=re.compile("^Put back"))
    expect(put_back).to_be_focused()
    expect(page.get_by_label("Reason")).to_have_value("Wix was down last night.")
    put_back.press("Enter")
    expect(put_back).to_have_count(0)
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Done", timeout=60_000)

    run = BulkRun.objects.get()
    ordered = run.changes.filter(outcome="released")
    assert ordered.count() >= 1
    expect(page.locator(".totals")).to_contain_text(f"{ordered.count()} of {ordered.count()} done")
    assert page.locator("[hx-trigger]#bulk-run").count() == 0
    for change in ordered.select_related("operation"):
        assert change.operation.state == "succeeded"
        assert Package.objects.filter(external_id=change.wish["external_id"]).count() == 1
    first = page.locator("td.status a").first
    first.click()
    page.wait_for_url("**/operations/*/")
    expect(page.locator("main")).to_contain_text("Wix was down last night.")
