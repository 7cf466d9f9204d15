"""A refused form pressed again, just as the page has it, is refused again: nothing is dropped."""

from datetime import timedelta

import pytest
from django.utils import timezone

from resellers.models import Operation
from tests import worlds
from tests.dashboard.submitting import pressed_again, text

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def order(account, **more) -> tuple[str, dict[str, str]]:
    """An order of one line, and its address."""
    line = {"target_product": worlds.product("Mailbox").pk, "cycle": "1 YEAR", "country": "DE"}
    fields = {f"lines-0-{name}": str(value) for name, value in (line | more).items()}
    return f"/packages/new/?account={account.pk}", {"lines": "1", **fields}


def used_reference():
    paid = worlds.instance()
    worlds.instance(paid.package, floating=True, reference_instance_id=paid.pk)
    return order(paid.account, reference=paid.pk)


def foreign_reference():
    return order(worlds.account(), reference=worlds.instance().pk)


def reference_that_ended():
    ended = worlds.instance(status="CANCELED")
    return order(ended.account, reference=ended.pk)


def foreign_site():
    return order(worlds.account(), target_site=worlds.site().pk)


def site_that_is_gone():
    site = worlds.site(gone_at=timezone.now())
    return order(site.account, target_site=site.pk)


def blocked_site():
    site = worlds.site(blocked=True)
    return order(site.account, target_site=site.pk)


def cycle_that_is_not_sold():
    product = worlds.product("Yearly", cycles=["1 YEAR"])
    return order(worlds.account(), target_product=product.pk, cycle="2 YEAR")


def unnamed_product():
    return order(worlds.account(), target_product=worlds.product("").pk)


def move_to(site, instance=None):
    instance = instance or worlds.instance()
    return f"{instance.get_absolute_url()}reassign/", {"target_site": str(site.pk)}


def move_to_a_foreign_site():
    return move_to(worlds.site())


def move_to_a_site_that_is_gone():
    instance = worlds.instance()
    return move_to(worlds.site(instance.account, gone_at=timezone.now()), instance)


def move_to_a_blocked_site():
    instance = worlds.instance()
    return move_to(worlds.site(instance.account, blocked=True), instance)


def assign_to_a_foreign_site():
    instance = worlds.instance(floating=True)
    return f"{instance.get_absolute_url()}assign/", {"target_site": str(worlds.site().pk)}


def adjust(instance, product, cycle="1 YEAR"):
    fields = {"target_product": str(product.pk), "cycle": cycle}
    return f"{instance.get_absolute_url()}adjust/", fields


def adjust_to_another_type():
    return adjust(worlds.instance(), worlds.product("Mailbox", service_type="MAIL"))


def adjust_above_the_limit():
    return adjust(worlds.instance(), worlds.product("Elite", limit=0))


def adjust_to_a_cycle_that_is_not_sold():
    return adjust(worlds.instance(), worlds.product("Bigger Plan"), "10 YEAR")


REFUSED = {
    used_reference: "lines-0-reference",
    foreign_reference: "lines-0-reference",
    reference_that_ended: "lines-0-reference",
    foreign_site: "lines-0-target_site",
    site_that_is_gone: "lines-0-target_site",
    blocked_site: "lines-0-target_site",
    cycle_that_is_not_sold: "lines-0-cycle",
    unnamed_product: "lines-0-target_product",
    move_to_a_foreign_site: "target_site",
    move_to_a_site_that_is_gone: "target_site",
    move_to_a_blocked_site: "target_site",
    assign_to_a_foreign_site: "target_site",
    adjust_to_another_type: "target_product",
    adjust_above_the_limit: "target_product",
    adjust_to_a_cycle_that_is_not_sold: "cycle",
}


def error_at(answer, field: str) -> str:
    _, found, rest = answer.content.decode().partition(f'id="{field}-error"')
    assert found, text(answer)
    return rest.partition("</p>")[0].partition("</div>")[0]


@pytest.mark.parametrize("ask", REFUSED, ids=lambda ask: ask.__name__)
def test_a_refused_choice_is_sent_again_and_refused_in_the_same_words(operator, ask):
    field = REFUSED[ask]
    address, fields = ask()
    first = operator.post(address, fields)

    sent = pressed_again(first, address)
    second = operator.post(address, sent)

    assert sent[field] == fields[field]
    assert (first.status_code, second.status_code) == (422, 422)
    assert error_at(second, field) == error_at(first, field)
    assert not Operation.objects.exists()


def test_what_may_not_be_chosen_is_said_where_it_stands(operator):
    address, fields = foreign_site()
    assert "(cannot be chosen here)" in text(operator.post(address, fields))
    address, fields = move_to_a_foreign_site()
    assert "it cannot be had here" in text(operator.post(address, fields))


def test_what_was_not_chosen_and_cannot_be_had_cannot_be_chosen_either(operator):
    address, fields = used_reference()
    reference = fields.pop("lines-0-reference")

    page = operator.get(address).content.decode()

    assert f'<option value="{reference}" disabled>' in page


def test_a_reference_beyond_those_that_are_listed_stays_chosen(operator, monkeypatch):
    monkeypatch.setattr("dashboard.actions.order_choices.MOST_REFERENCES", 1)
    old = worlds.instance(created_at=timezone.now() - timedelta(days=900))
    worlds.instance(old.package)
    address, fields = order(old.account, reference=old.pk, country="Germany")
    first = operator.post(address, fields)

    sent = pressed_again(first, address)
    plan = operator.post(address, sent | {"lines-0-country": "DE"})

    assert first.status_code == 422
    assert sent["lines-0-reference"] == str(old.pk)
    assert f"free with {old.product}" in text(plan)


@pytest.mark.parametrize("step", ["form", "plan"])
def test_a_failed_free_service_ordered_again_is_said_to_be_paid_this_time(operator, step):
    paid = worlds.instance(product=worlds.product("Core"))
    free = worlds.product("Mailbox")
    failed = worlds.instance(
        paid.package,
        floating=True,
        product=free,
        status="FAILED",
        reference_instance_id=paid.pk,
    )
    address = f"/packages/new/?account={paid.account_id}"
    form = operator.get(f"{address}&again_of={failed.pk}")

    reply = form if step == "form" else operator.post(address, pressed_again(form, address))

    assert reply.status_code == 200
    assert f"Mailbox was free with Core on {paid.site}; this one is paid." in text(reply)


def test_a_failed_service_that_was_paid_for_is_ordered_again_without_such_a_word(operator):
    failed = worlds.instance(floating=True, status="FAILED")
    address = f"/packages/new/?account={failed.account_id}&again_of={failed.pk}"

    assert "this one is paid" not in text(operator.get(address))
