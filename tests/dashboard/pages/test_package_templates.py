"""What is ordered again and again stands in a template, and an order begins with it."""

import pytest

from resellers.models import AuditEntry, PackageTemplate
from tests import worlds
from tests.dashboard.submitting import text

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def line(number: int, product, cycle: str = "1 YEAR", **more: str) -> dict[str, str]:
    values = {"product": f"{product.pk}|{cycle}", "quantity": "1", **more}
    return {f"line-{number}-{name}": value for name, value in values.items()}


def test_a_package_is_copied_and_ordered_for_another_customer_on_their_site(operator):
    plan, mailbox = worlds.product("Shop Plan"), worlds.product("Mailbox")
    package = worlds.package()
    worlds.instance(package, product=plan)
    for _ in range(2):
        worlds.instance(package, product=mailbox, floating=True)
    page = operator.get(package.get_absolute_url()).content.decode()
    assert f"/packages/templates/new/?package={package.pk}" in page

    copied = operator.get(f"/packages/templates/new/?package={package.pk}").content.decode()
    assert f'<option value="{plan.pk}|1 YEAR" selected>' in copied
    sent = line(0, plan, on_site="on") | line(1, mailbox, quantity="2")
    operator.post("/packages/templates/new/", sent | {"name": "Starter shop"})
    template = PackageTemplate.objects.get()

    site = worlds.site(worlds.account("Mill"))
    ordering = f"/packages/new/?account={site.account_id}"
    assert (
        f"{ordering.replace('&', '&amp;')}&amp;template={template.pk}"
        in operator.get(ordering).content.decode()
    )
    form = operator.get(f"{ordering}&template={template.pk}").content.decode()
    assert f'<option value="{plan.pk}" selected>' in form
    assert f'<option value="{site.pk}" selected>' in form
    assert form.count(f'<option value="{site.pk}" selected>') == 1, "the mailboxes float"
    assert 'value="2"' in form
    assert "Starter shop" in text(operator.get(f"/packages/new/?template={template.pk}"))


def test_what_is_wrong_is_said_beside_it_and_a_name_is_had_once(operator, viewer):
    plan = worlds.product()
    operator.post("/packages/templates/new/", line(0, plan) | {"name": "Starter"})

    for sent, words in (
        ({"name": "Starter"} | line(0, plan), "There is a template of this name already."),
        ({"name": ""} | line(0, plan), "Give it a name."),
        ({"name": "Other"} | line(0, plan, quantity="0"), "greater than or equal to 1"),
        ({"name": "Other", "line-0-product": ""}, "Choose one product at least."),
        ({"name": "Other"} | line(0, plan, quantity="2", on_site="on"), "leave the quantity at 1"),
        ({"name": "Other"} | line(0, plan, cycle="5 MONTH"), "Select a valid choice"),
    ):
        answer = operator.post("/packages/templates/new/", sent)
        assert (answer.status_code, words in text(answer)) == (422, True), words
    template = PackageTemplate.objects.get()
    assert viewer.get("/packages/templates/").status_code == 200
    assert viewer.get(f"/packages/templates/{template.pk}/").status_code == 403
    operator.post(f"/packages/templates/{template.pk}/remove/")
    assert not PackageTemplate.objects.exists()
    events = AuditEntry.objects.filter(event__startswith="template.").order_by("seq")
    assert [entry.event for entry in events] == ["template.made", "template.removed"]


def test_a_new_line_has_site_and_country_of_the_one_before_or_is_free_with_what_nothing_used(
    operator,
):
    account = worlds.account()
    site, other = worlds.site(account, "first"), worlds.site(account, "second", blocked=True)
    plan = worlds.product("Business", reference=True)
    had = worlds.instance(worlds.package(account), site, product=plan)
    mailbox = worlds.product("Mailbox", one_per_site=True)
    worlds.instance(worlds.package(account), site, product=mailbox)
    address = f"/packages/new/?account={account.pk}"
    typed = {
        "lines": "1",
        "lines-0-target_product": str(mailbox.pk),
        "lines-0-target_site": str(other.pk),
        "lines-0-country": "AT",
        "lines-0-cycle": "1 MONTH",
    }

    form = operator.get(address)
    assert "Nothing is free yet with Business" in text(form)
    more = operator.post(address, typed | {"add_line": "1"}).content.decode()
    assert more.count('<option value="AT" selected>') == 2
    free = operator.post(address, typed | {"add_line": str(had.pk)}).content.decode()
    assert f'<option value="{had.pk}" selected>' in free
    assert "Nothing is free yet" not in free
    # The site that has one already says so once the product is chosen.
    shown = text(operator.post(address, typed | {"redraw": "1"}))
    assert "(cannot take it now)" in shown
