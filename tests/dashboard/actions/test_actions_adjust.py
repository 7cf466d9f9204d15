"""Changing a service's product or billing cycle: what is offered, and how the cycle is settled."""

import re

import pytest

from resellers.models import Operation, OperationState
from tests import practice, worlds
from tests.dashboard.submitting import hidden_fields, text

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def address(instance):
    return f"/instances/{instance.pk}/adjust/"


def offered(answer):
    page = answer.content.decode()
    return set(re.findall(r'<input type="radio" name="target_product" value="([^"]+)"', page))


def test_only_adjustable_products_of_the_same_type_are_offered(operator):
    instance = worlds.instance()
    same = worlds.product("Bigger Plan")
    worlds.product("Fixed Plan", adjustable=False)
    worlds.product("Mailbox", service_type="BUSINESS_MAIL")

    answer = operator.get(address(instance))

    assert offered(answer) == {str(instance.product_id), str(same.pk)}


def test_a_product_without_a_type_becomes_no_other(operator):
    instance = worlds.instance(product=worlds.product("", service_type="", cycles=[]))
    worlds.product("", service_type="")

    assert offered(operator.get(address(instance))) == {str(instance.product_id)}


def cycles(answer):
    return re.findall(r'<option value="([^"]+)"', answer.content.decode())


def test_until_a_product_is_chosen_each_has_its_cycles_under_its_name(operator):
    instance = worlds.instance()
    worlds.product("Bigger Plan", cycles=["2 YEAR", "1 YEAR"])

    answer = operator.get(address(instance))

    groups = re.findall(r'<optgroup label="([^"]+)">(.*?)</optgroup>', answer.content.decode())
    assert {name: re.findall(r'value="([^"]+)"', options) for name, options in groups} == {
        "Business Plan": ["1 MONTH", "1 YEAR"],
        "Bigger Plan": ["1 YEAR", "2 YEAR"],
    }
    assert not re.search(r"<option[^>]* selected", answer.content.decode())


def test_the_chosen_product_offers_its_own_cycles_and_no_other(operator):
    instance = worlds.instance()
    target = worlds.product("Bigger Plan", cycles=["2 YEAR", "1 YEAR"])
    chosen = {"target_product": str(target.pk)}

    followed = operator.get(address(instance), chosen | {"cycle": "1 MONTH"})
    redrawn = operator.post(address(instance), chosen | {"reason": "typed", "redraw": "1"})

    assert cycles(followed) == cycles(redrawn) == ["1 YEAR", "2 YEAR"]
    assert "Keep 1 year" in text(redrawn)
    assert "typed" in text(redrawn)
    assert redrawn.status_code == 200


def test_an_empty_form_is_told_what_to_choose_and_wix_is_not_spoken_of(operator):
    answer = operator.post(address(worlds.instance()), {})

    error = re.search(r'id="target_product-error".*?</div>', answer.content.decode(), re.DOTALL)[0]
    assert answer.status_code == 422
    assert "Choose the product that the service shall become." in error
    assert "Wix" not in error
    assert "Wix was not told" not in text(answer)


def test_the_plan_shows_both_fields_before_and_after(operator):
    instance = worlds.instance()
    target = worlds.product("Bigger Plan")

    answer = operator.post(
        address(instance), {"target_product": str(target.pk), "cycle": "1 MONTH"}
    )

    words = text(answer)
    assert "Product before Business Plan" in words
    assert "Product after Bigger Plan" in words
    assert "Billing cycle before 1 year" in words
    assert "Billing cycle after 1 month" in words


@pytest.mark.parametrize(
    ("cycles", "expected"),
    [(["1 MONTH", "1 YEAR"], "1 YEAR"), (["2 YEAR"], "2 YEAR"), ([], "")],
)
def test_a_cycle_left_open_is_the_present_one_or_the_only_one(operator, cycles, expected):
    instance = worlds.instance()
    target = worlds.product("Bigger Plan", cycles=cycles)

    planned = operator.post(address(instance), {"target_product": str(target.pk)})
    operator.post(address(instance), hidden_fields(planned, "confirm"))

    assert Operation.objects.get().wish == {"product_id": str(target.pk), "cycle": expected}


def test_a_cycle_that_nobody_can_guess_is_asked_for_beside_its_field(operator):
    instance = worlds.instance()
    target = worlds.product("Bigger Plan", cycles=["1 MONTH", "2 YEAR"])

    answer = operator.post(address(instance), {"target_product": str(target.pk)})

    assert answer.status_code == 422
    assert 'id="cycle-error"' in answer.content.decode()
    assert "Bigger Plan has 1 month or 2 years." in text(answer)
    assert f'value="{target.pk}" checked' in answer.content.decode()


@pytest.mark.parametrize("cycle", ["2 YEAR", "17", "1 DECADE", "YEAR 1", "\u0661 YEAR"])
def test_a_cycle_the_product_has_not_is_refused_beside_its_field(operator, cycle):
    instance = worlds.instance()
    target = worlds.product("Bigger Plan")

    answer = operator.post(address(instance), {"target_product": str(target.pk), "cycle": cycle})

    assert answer.status_code == 422
    assert 'id="cycle-error"' in answer.content.decode()


def test_the_same_product_with_another_cycle_is_allowed(operator):
    instance = worlds.instance()

    fields = {"target_product": str(instance.product_id), "cycle": "1 MONTH"}
    answer = operator.post(address(instance), fields)

    assert answer.status_code == 200
    assert hidden_fields(answer, "confirm")["cycle"] == "1 MONTH"


def test_what_the_service_is_already_is_no_change(operator):
    instance = worlds.instance()

    answer = operator.post(address(instance), {"target_product": str(instance.product_id)})

    assert answer.status_code == 422
    assert "That is what the service is already." in text(answer)


def test_a_product_whose_limit_is_used_up_cannot_be_chosen(operator):
    instance = worlds.instance()
    scarce = worlds.product("Scarce Plan", limit=1)
    worlds.instance(product=scarce)

    page = operator.get(address(instance)).content.decode()

    assert re.search(rf'value="{scarce.pk}" disabled', page)
    assert "1 of 1 are in use" in page


def test_only_an_enabled_service_is_adjusted(operator):
    instance = worlds.instance(status="PENDING")
    target = worlds.product("Bigger Plan")

    form = operator.get(address(instance))
    sent = operator.post(address(instance), {"target_product": str(target.pk)})

    assert "Show the plan" not in text(form)
    assert sent.status_code == 422


def test_a_product_that_wix_does_not_adjust_offers_no_form(operator):
    instance = worlds.instance(product=worlds.product("Fixed Plan", adjustable=False))
    worlds.product("Bigger Plan")

    answer = operator.get(address(instance))

    assert "Fixed Plan cannot be adjusted" in text(answer)
    assert "Show the plan" not in text(answer)


@pytest.mark.django_db(transaction=True)
def test_from_the_form_to_the_product_at_wix(mirror, operator, run_due):
    from resellers.models import CatalogProduct, ProductInstance

    instance, target = next(
        (instance, target)
        for instance in ProductInstance.objects.filter(
            status="ENABLED", product__name__startswith="Mailbox "
        ).select_related("product")
        # Of other types some products are there for what Wix refuses of them.
        for target in CatalogProduct.objects.filter(name__startswith="Mailbox ").exclude(
            pk=instance.product_id
        )
        if instance.cycle in target.billing_cycles
    )
    planned = operator.post(address(instance), {"target_product": str(target.pk)})

    operator.post(address(instance), hidden_fields(planned, "confirm"))
    run_due()

    assert Operation.objects.get().state == OperationState.SUCCEEDED
    truth = practice.truth(mirror.sandbox, instance.pk)
    assert truth["catalogProductId"] == str(target.pk)
    assert practice.applied(mirror.sandbox) == ["adjust"]
