"""An admin sets a webhook up, sees it fail, and sends the call again from its log."""

import pytest
from playwright.sync_api import expect

from tests.browser.accessible import bring_axe, complaints
from tests.notify.receivers import receiver

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.at_length
def test_a_call_that_fails_stands_in_the_log_and_is_sent_again_from_there(
    whole_system, browse_as, settings
):
    settings.WEBHOOKS_TO_PRIVATE_ADDRESSES = True
    settings.NOTIFY = settings.NOTIFY | {"GIVE_UP_SECONDS": 0}
    page = browse_as("admin")
    bring_axe(page)
    page.goto("/policy/")
    page.get_by_role("link", name="Webhooks").click()
    with receiver() as elsewhere:
        page.get_by_label("Address").fill("chat.agency.example")
        page.get_by_role("button", name="Make webhook").click()
        expect(page.locator("#address_error")).to_contain_text("begins with https://")
        page.get_by_label("Address").fill(elsewhere.address)
        page.get_by_label("The first failure of a cause").check()
        page.get_by_role("button", name="Make webhook").click()
        expect(page.get_by_role("alert")).to_contain_text("whsec_")

        elsewhere.status, elsewhere.body = 503, b"out of order"
        page.get_by_role("button", name="Send a test").click()
        log = page.get_by_role("region", name="Calls")
        expect(log).to_contain_text("Given up", timeout=30_000)
        log.get_by_text("webhook.test", exact=True).click()
        expect(log).to_contain_text("503: out of order")

        elsewhere.status, elsewhere.body = 200, b"thank you"
        log.get_by_role("button", name="Send again").click()
        expect(page.get_by_text("It is sent again.")).to_be_visible()
        expect(log).to_contain_text("Sent", timeout=30_000)
        log.get_by_text("webhook.test", exact=True).click()
        expect(log).to_contain_text("200: thank you")
    assert complaints(page) == []
    first, second = elsewhere.calls
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
