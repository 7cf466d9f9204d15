"""The small button at the end of a row: that row alone is read again, and the keyboard stays."""

import re

import pytest
from playwright.sync_api import expect

from resellers.models import SyncRun
from tests import practice

pytestmark = pytest.mark.at_length

WITH_SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])


def test_only_the_row_is_swapped_and_focus_and_tick_stay(whole_system, browse_as):
    instance, target = whole_system.mirror.movable()
    practice.change(whole_system.sandbox, instance.pk, siteId=str(target.pk))
    page = browse_as("operator", reduced_motion="reduce")
    page.goto(f"/instances/?account={instance.account_id}")
    row = page.locator("tbody tr").filter(has=page.locator(f"#again-{instance.pk}"))
    page.evaluate("document.querySelector('#list').dataset.same = 'yes'")
    row.get_by_role("checkbox").check()
    button = row.get_by_role("button", name=f"Refresh {instance}")

    button.press("Enter")

    expect(row).to_contain_text(str(target), timeout=2000)
    expect(row.locator("td.age")).to_have_text(re.compile(r"^\d s$"))
    expect(button).to_be_focused()
    expect(row.get_by_role("checkbox")).to_be_checked()
    expect(page.locator("#announce")).to_contain_text("read from Wix")
    expect(page.locator("#list[data-same]")).to_have_count(1)
    assert SyncRun.objects.get(kind="package").calls == 1


@pytest.mark.at_length
@WITH_SCRIPT
@pytest.mark.parametrize("noun", ["sites", "accounts"])
def test_a_site_and_an_account_are_read_with_all_that_is_theirs(
    whole_system, browse_as, noun, script
):
    instance, _ = whole_system.mirror.movable()
    record = instance.site if noun == "sites" else instance.account
    page = browse_as("operator", java_script_enabled=script)
    page.goto(f"/{noun}/?q={record.pk}")

    page.locator("tbody tr").hover()
    page.get_by_role("button", name=f"Refresh {record}").click()
    if not script:
        # The page the click leads to: until it stands, nothing can be loaded anew.
        page.wait_for_url("**run=*")

    for _ in range(40):
        if SyncRun.objects.filter(kind="account", state="succeeded").exists():
            break
        page.wait_for_timeout(250)
    if not script:
        page.reload()
    said = page.locator("#announce" if script else "main")
    expect(said).to_contain_text(re.compile("read from Wix", re.IGNORECASE))
    expect(page.locator("tbody td.age")).to_contain_text(re.compile(r"\b\d s\b"))
    assert SyncRun.objects.get(kind="account").account_id == instance.account_id
