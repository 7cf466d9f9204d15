"""What Wix answers and suggests, as people read it and act on it."""

from urllib.parse import parse_qs, quote, unquote, urlsplit

import pytest
from playwright.sync_api import expect

from resellers.models import Account, AuditEntry, CatalogProduct, Operation
from tests import practice
from tests.browser.test_main_job import adjustable
from tests.browser.test_orders import fill_line, line, orderable
from tests.browser.test_wixs_sentences import confirm, read_again, says, says_not, show_the_plan

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.at_length]


@pytest.mark.at_length
def test_a_refusal_names_whom_it_is_about_what_helps_and_opens_a_mail(whole_system, browse_as):
    service, target = whole_system.mirror.movable()
    others = Account.objects.exclude(pk=service.account_id).exclude(name="")
    owner = others.order_by("id").first()
    page = browse_as("operator")

    whose = f"Site `{target.pk}` is not owned by `{service.account_id}`, but by `{owner.pk}`."
    refusal = {"match": "assign", "effect": f"refuse:SITE_NOT_FOUND:404:{whose}", "times": 1}
    whole_system.inject_faults(refusal)
    page.goto(f"{service.get_absolute_url()}reassign/?target_site={target.pk}")
    show_the_plan(page)
    confirm(page, "Rolled back")
    says(page, f"{target.pk} ({target})", f"{owner.pk} ({owner})", "The site's owner")
    expect(page.get_by_role("link", name=owner.name, exact=True).first).to_be_visible()

    whole_system.inject_faults({"match": "unassign", "effect": "refuse:MISSING_SITE_ID"})
    page.goto(f"{service.get_absolute_url()}unassign/")
    show_the_plan(page)
    confirm(page, "Failed")
    says(page, "Wix shows the service on no site", "Read it again from Wix", "Refresh its package")

    plan, other = adjustable(whole_system.mirror)
    enabled = "Product instance has status `ENABLED` and can't be modified."
    untold = "You haven't provided `catalogProductId` for product instance."
    for code, said, words in (
        (
            "INCOMPATIBLE_PRODUCT_INSTANCE_STATUS",
            enabled,
            "Wix no longer changes this product once the service is enabled",
        ),
        (
            "MISSING_PRODUCT_DETAILS",
            untold,
            "Wix was not told which product the service shall become",
        ),
    ):
        whole_system.inject_faults({"match": "adjust", "effect": f"refuse:{code}:428:{said}"})
        page.goto(f"{plan.get_absolute_url()}adjust/?target_product={other.pk}")
        page.get_by_label("Billing cycle").select_option(other.cycles[0])
        show_the_plan(page)
        confirm(page, "Failed")
        says(page, words)
        expect(page.get_by_role("link", name="Wix B2B", exact=True).first).to_be_visible()
    mail = page.get_by_role("link", name="Wix B2B", exact=True).first.get_attribute("href")
    parts = urlsplit(mail)
    assert (parts.scheme, unquote(parts.path)) == ("mailto", "bizdev@wix.com")
    body = parse_qs(parts.query)["body"][0]
    operation = Operation.objects.latest("pk")
    assert f"Service: {plan.pk}" in body
    assert f"MISSING_PRODUCT_DETAILS, request id {operation.wix_request_id}" in body
    assert plan.account.name not in body
    page.goto("/operations/?state=failed")
    says(page, "Wix was not told which product", "Wix shows the service on no site")


def test_a_site_owner_is_sent_what_wix_suggests_and_the_answer_is_noted(whole_system, browse_as):
    _, site = whole_system.mirror.movable()
    page = browse_as("operator")
    page.goto(f"{site.account.get_absolute_url()}?tab=sites")
    page.get_by_role("link", name=f"Domains for {site}", exact=True).click()

    page.get_by_label("Words", exact=True).fill("Nordbäckerei")
    page.get_by_role("button", name="Ask Wix").click()
    expect(page.get_by_role("checkbox", name="nordbaeckerei.de")).to_be_checked()
    page.get_by_role("checkbox", name="nordbaeckerei.com").uncheck()
    page.get_by_role("button", name="Make the text for the owner").click()

    text = page.get_by_label("Text for the owner")
    expect(text).to_contain_text("- nordbaeckerei.de")
    expect(text).not_to_contain_text("- nordbaeckerei.com")
    mail = page.get_by_role("link", name="Mail it").get_attribute("href")
    assert "- nordbaeckerei.de" in unquote(mail)
    expect(page.get_by_role("button", name="Copy the text")).to_be_visible()
    page.get_by_label("What the owner chose").select_option(label="nordbaeckerei.de")
    page.get_by_role("button", name="Note the choice").click()

    says(page, "nordbaeckerei.de was chosen")
    assert AuditEntry.objects.filter(event="domains.chosen").count() == 1
    page.get_by_role("link", name="Order Domain .de for nordbaeckerei.de").click()
    product = line(page, 1).get_by_label("Product", exact=True)
    expect(product.locator("option:checked")).to_have_text("Domain .de")
    expect(line(page, 1).get_by_label("Site", exact=True)).to_have_value(str(site.pk))
    assert practice.applied(whole_system.sandbox) == []


@pytest.mark.at_length
def test_of_two_alike_the_one_that_is_meant_ends_and_any_text_names_their_package(
    whole_system, browse_as
):
    account, *_ = orderable()
    mailbox = CatalogProduct.objects.get(name="Mailbox Standard")
    manager, page = browse_as("manager"), browse_as("operator")
    page.goto(f"/packages/new/?account={account.pk}")
    fill_line(page, 1, product=mailbox.pk, cycle="1 YEAR")
    line(page, 1).get_by_label("Quantity").fill("1001")
    page.get_by_role("button", name="Show the plan").click()
    says(page, "An order has 1,000 services at most")
    line(page, 1).get_by_label("Quantity").fill("2")
    show_the_plan(page)
    says(page, f"2 of {mailbox}, 1 year, floating")
    confirm(page)
    package = Operation.objects.latest("pk").package
    ends, stays = package.instances.order_by("id")
    practice.clock(whole_system.sandbox, deliver_now=True)

    read_again(page, ends.get_absolute_url(), "it is on no site: the customer cannot use it")
    says_not(page, "Where it is on a site, the customer can use it.")
    manager.goto(package.get_absolute_url())
    says(manager, ends.short_id, stays.short_id)
    manager.goto(f"{ends.get_absolute_url()}cancel/")
    what_ends = manager.get_by_role("listitem").filter(has_text=ends.short_id)
    expect(what_ends).to_contain_text("Ends")
    what_stays = manager.get_by_role("listitem").filter(has_text=stays.short_id)
    expect(what_stays).to_contain_text("Stays")
    manager.get_by_label("Type the customer's name").fill(account.name)
    manager.get_by_label("Reason").fill("one too many")
    show_the_plan(manager)
    confirm(manager)
    assert whole_system.truth(ends)["status"] == "CANCELED"
    assert whole_system.truth(stays)["status"] == "ENABLED"

    page.goto(f"{package.get_absolute_url()}external-id/")
    field = page.get_by_label("External id", exact=True)
    field.fill("x" * 101)
    page.get_by_role("button", name="Show the plan").click()
    says(page, "An external id has 100 characters at most, and this has 101.")
    field.fill(name := "Vertrag 17/4, 50 % für #2?")
    show_the_plan(page)
    confirm(page)
    last = [call for call in whole_system.journal() if call["effect"] == "applied"][-1]
    assert last["path"].endswith(quote(name, safe=""))
    page.goto(f"/packages/?q={quote(name)}")
    expect(page.get_by_role("link", name=name).first).to_be_visible()
