"""What Wix refuses without warning ends the operation with its code, its words, what to do.

Every documented refusal of ordering, adjusting and unassigning: through form, client and sandbox.
"""

import html
import re
from dataclasses import replace
from typing import Any

import pytest
from django.http import HttpResponse

from dashboard.actions.adjust import AdjustForm
from resellers.billing_cycles import ONCE
from resellers.models import (
    Account,
    CatalogProduct,
    InstanceStatus,
    Operation,
    OperationState,
    ProductInstance,
    ProductRefusal,
)
from resellers.operations.kinds.adjust import AdjustWish
from resellers.operations.plan import make_plan
from resellers.refusals import explain
from tests import practice
from tests.dashboard.submitting import hidden_fields, text
from tests.documented_refusals import DOCUMENTED, TEXTS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


def adjustable() -> tuple[ProductInstance, dict[str, str]]:
    """A service, and what it can be adjusted to."""
    enabled = ProductInstance.objects.filter(status=InstanceStatus.ENABLED)
    for instance in enabled.select_related("product", "package", "account", "site"):
        same = CatalogProduct.objects.filter(service_type=instance.product.service_type)
        for other in same.exclude(pk=instance.product_id):
            wish = AdjustWish(other.pk, next(iter(other.billing_cycles), ONCE))
            if make_plan(instance, wish).possible:
                return instance, AdjustForm.prefilled(wish)
    raise LookupError("this world has nothing to adjust")


def asked(call: str) -> tuple[str, dict[str, str]]:
    """The address of a form, and fields that nothing speaks against."""
    if call == "adjust":
        instance, fields = adjustable()
        return f"{instance.get_absolute_url()}adjust/", fields
    if call == "unassign":
        instance = ProductInstance.objects.filter(status="ENABLED", site__isnull=False).first()
        assert instance is not None
        return f"{instance.get_absolute_url()}unassign/", {}
    account = Account.objects.exclude(name="").order_by("id").first()
    mailbox = CatalogProduct.objects.get(name="Mailbox Starter")
    line = {"target_product": str(mailbox.pk), "cycle": "1 YEAR", "country": "DE"}
    return f"/packages/new/?account={account.pk}", {
        "lines": "1",
        **{f"lines-0-{name}": value for name, value in line.items()},
    }


@pytest.mark.parametrize("call", ["create", "adjust", "unassign"])
def test_each_documented_refusal_ends_in_the_words_staff_read(mirror, operator, run_due, call):
    for code, (status, who, _) in DOCUMENTED[call].items():
        ProductRefusal.objects.all().delete()
        address, fields = asked(call)
        practice.faults(mirror.sandbox, {"match": call, "effect": f"refuse:{code}", "times": 1})
        plan = operator.post(address, fields)
        assert plan.status_code == 200, f"{code}: {text(plan)}"

        answer = operator.post(address, hidden_fields(plan, "confirm"))
        run_due()

        page = text(operator.get(answer["Location"]))
        operation = Operation.objects.get(pk=int(answer["Location"].strip("/").split("/")[-1]))
        known = explain(code, status)
        assert operation.state == OperationState.FAILED, f"{code}: {operation.outcome}"
        assert operation.outcome_code == code
        assert known.words in page, code
        assert known.next_step in page, code
        assert known.remedy_words in page, code
        assert known.who == who, code
        assert operation.wix_request_id[:4] in page, code
    assert practice.applied(mirror.sandbox) == []


def refused_adjustment(mirror, client, run_due, effect: str) -> tuple[Operation, str]:
    """An adjustment that Wix refuses so, and its page as this client sees it."""
    ProductRefusal.objects.all().delete()
    address, fields = asked("adjust")
    practice.faults(mirror.sandbox, {"match": "adjust", "effect": effect, "times": 1})
    plan = client.post(address, fields)
    answer = client.post(address, hidden_fields(plan, "confirm"))
    run_due()
    page = client.get(answer["Location"]).content.decode()
    return Operation.objects.latest("id"), page


def test_each_text_of_a_code_with_several_ends_in_its_own_words(mirror, operator, run_due):
    for code, message, words, *_ in TEXTS:
        effect = f"refuse:{code}:428:{message}"
        operation, page = refused_adjustment(mirror, operator, run_due, effect)

        assert operation.outcome_code == code
        assert words in html.unescape(page), message
        assert words in operation.outcome, message
        assert explain(code, 428, message).next_step in text(HttpResponse(page)), message


def test_the_cycles_that_wix_allows_stand_on_the_page_with_the_way_to_correct_them(
    mirror, operator, run_due, manager
):
    _, fields = asked("adjust")
    message = (
        f"Product {fields['target_product']} cannot be used with cycle: 9 YEAR, it is not one of"
    )
    effect = f"refuse:INCOMPATIBLE_BILLING_CYCLE:428:{message} 3 YEAR, 4 YEAR."

    operation, page = refused_adjustment(mirror, operator, run_due, effect)

    correct = "Correct the cycles of"
    managers = manager.get(operation.get_absolute_url()).content.decode()
    for words in (page, managers):
        assert "<dt>Wix allows</dt><dd>3 YEAR, 4 YEAR" in words
    assert (correct in page, correct in managers) == (False, True)


@pytest.mark.parametrize(
    ("call", "code"),
    [
        ("create", "PRODUCT_NOT_FOUND"),
        ("create", "INVALID_PRODUCTS"),
        ("create", "PRODUCT_LIMIT_EXCEEDED"),
        ("create", "PRODUCT_SETTINGS_NOT_FOUND"),
        ("create", "PRODUCT_NOT_SUPPORTED_ON_SITE"),
        ("adjust", "PRODUCT_NOT_FOUND"),
        ("adjust", "OPERATION_NOT_SUPPORTED_FOR_PRODUCT"),
    ],
)
def test_what_cannot_be_foreseen_is_kept_on_the_product_for_the_next_time(
    mirror, operator, run_due, call, code
):
    address, fields = asked(call)
    practice.faults(mirror.sandbox, {"match": call, "effect": f"refuse:{code}", "times": 1})
    plan = operator.post(address, fields)

    operator.post(address, hidden_fields(plan, "confirm"))
    run_due()

    learned: Any = ProductRefusal.objects.get()
    chosen = fields.get("target_product") or fields["lines-0-target_product"]
    assert str(learned.product_id) == chosen
    assert learned.code == code
    assert learned.wix_request_id
    assert learned.operation == Operation.objects.get()
    again = text(operator.post(address, fields))
    concerns = code != "PRODUCT_NOT_SUPPORTED_ON_SITE"  # what is ordered here is for no site
    assert (explain(code).words in again) is concerns


def test_products_that_wix_names_as_invalid_are_marked_in_exactly_their_lines(
    mirror, operator, run_due
):
    names = ("Mailbox Starter", "Newsletter Basic", "Mailbox Standard")
    products = [CatalogProduct.objects.get(name=name) for name in names]
    invalid = products[1]
    with mirror.sandbox.world.lock:
        held = mirror.sandbox.world.products
        held[str(invalid.pk)] = replace(held[str(invalid.pk)], sold=False)
    account = Account.objects.exclude(name="").order_by("id").first()
    address, fields = f"/packages/new/?account={account.pk}", {"lines": "3"}
    for number, product in enumerate(products):
        line = {"target_product": str(product.pk), "cycle": product.cycles[0], "country": "DE"}
        fields |= {f"lines-{number}-{name}": value for name, value in line.items()}
    plan = operator.post(address, fields)

    operator.post(address, hidden_fields(plan, "confirm"))
    run_due()
    again = operator.post(address, fields)

    assert Operation.objects.get().outcome_code == "INVALID_PRODUCTS"
    assert again.status_code == 422
    marked = re.findall(r'id="lines-(\d)-target_product-error"', again.content.decode())
    assert marked == ["1"]
