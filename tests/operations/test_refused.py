"""What Wix refuses without warning ends the operation with its code, its words, what to do.

Every documented refusal of ordering, adjusting and unassigning: through form, client and sandbox.
"""

import html
import re
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse

from dashboard.actions.adjust import AdjustForm
from resellers.billing_cycles import ONCE
from resellers.models import (
    Account,
    AuditEntry,
    CatalogProduct,
    InstanceStatus,
    Operation,
    OperationState,
    ProductInstance,
    ProductRefusal,
)
from resellers.operations.kinds.adjust import AdjustWish
from resellers.operations.plan import make_plan
from resellers.operations.requests import request_operation
from resellers.refusals import explain
from tests import practice, worlds
from tests.dashboard.actions.test_order_second import without_premium
from tests.dashboard.submitting import hidden_fields, text
from tests.documented_refusals import DOCUMENTED, TEXTS

ON_SITE = "PRODUCT_NOT_SUPPORTED_ON_SITE"

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
    """The first is asked for with form and plan, the others as it was."""
    address, fields = asked(call)
    plan = operator.post(address, fields)
    assert plan.status_code == 200, text(plan)
    answer = operator.post(address, hidden_fields(plan, "confirm"))
    first = Operation.objects.get(pk=int(answer["Location"].strip("/").split("/")[-1]))
    for code, (status, who, _) in DOCUMENTED[call].items():
        practice.faults(mirror.sandbox, {"match": call, "effect": f"refuse:{code}", "times": 1})
        operation = first if first.is_open else asked_again(first, operator.user)
        run_due()

        page = text(operator.get(operation.get_absolute_url()))
        operation.refresh_from_db()
        first.refresh_from_db()
        known = explain(code, status)
        assert operation.state == OperationState.FAILED, f"{code}: {operation.outcome}"
        assert operation.outcome_code == code
        assert str(known.words) in page, code
        assert str(known.next_step) in page, code
        assert known.remedy_words in page, code
        assert known.who == who, code
        assert operation.wix_request_id[:4] in page, code
    assert practice.applied(mirror.sandbox) == []


def asked_again(operation: Operation, by: User) -> Operation:
    """The same wish about the same thing once more, as if nobody had learned from the refusal."""
    ProductRefusal.objects.all().delete()
    thing = operation.instance or operation.account
    wish = worlds.wish(operation.kind, **operation.wish)
    fingerprint = make_plan(thing, wish).fingerprint
    return request_operation(thing, wish, by=by, request_id=uuid4(), fingerprint=fingerprint)


def refused_adjustment(mirror, client, run_due, effect: str) -> tuple[Operation, str]:
    """An adjustment that Wix refuses so, and its page as this client sees it."""
    address, fields = asked("adjust")
    practice.faults(mirror.sandbox, {"match": "adjust", "effect": effect, "times": 1})
    plan = client.post(address, fields)
    answer = client.post(address, hidden_fields(plan, "confirm"))
    run_due()
    page = client.get(answer["Location"]).content.decode()
    return Operation.objects.latest("id"), page


def test_each_text_of_a_code_with_several_ends_in_its_own_words(mirror, operator, run_due):
    operation = None
    for code, message, words, *_ in TEXTS:
        effect = f"refuse:{code}:428:{message}"
        if operation is None:
            operation, page = refused_adjustment(mirror, operator, run_due, effect)
        else:
            practice.faults(mirror.sandbox, {"match": "adjust", "effect": effect, "times": 1})
            operation = asked_again(operation, operator.user)
            run_due()
            page = operator.get(operation.get_absolute_url()).content.decode()
            operation.refresh_from_db()

        assert operation.outcome_code == code
        assert words in html.unescape(page), message
        assert words in operation.outcome, message
        assert str(explain(code, 428, message).next_step) in text(HttpResponse(page)), message


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
    assert (str(explain(code).words) in again) is concerns


def test_what_a_pending_plan_explains_is_not_kept_against_the_product(mirror, operator, run_due):
    account, site = without_premium()
    practice.switches(mirror.sandbox, delivery_seconds=3600)
    address = f"/packages/new/?account={account.pk}"

    for name in ("Core", "Domain .de"):
        product = CatalogProduct.objects.get(name=name)
        about = {"target_product": product.pk, "target_site": site.pk, "cycle": "1 YEAR"}
        line = {f"lines-0-{field}": str(text) for field, text in about.items()}
        planned = operator.post(address, line | {"lines": "1", "lines-0-country": "DE"})
        operator.post(address, hidden_fields(planned, "confirm"))
        run_due()

    assert Operation.objects.latest("pk").outcome_code == ON_SITE
    assert not ProductRefusal.objects.exists()


@pytest.mark.parametrize(
    ("call", "code"),
    [("create", "PRODUCT_LIMIT_EXCEEDED"), ("create", ON_SITE), ("assign", ON_SITE)],
)
def test_what_wix_takes_after_all_is_warned_of_no_more(mirror, operator, run_due, call, code):
    service, target = mirror.movable()
    address = f"{service.get_absolute_url()}reassign/"
    fields = {"target_site": str(target.pk)}
    if call == "create":
        mailbox, site = CatalogProduct.objects.get(name="Mailbox Starter"), target
        address, fields = f"/packages/new/?account={site.account_id}", {"lines": "1"}
        line = {"target_product": mailbox.pk, "target_site": site.pk, "cycle": "1 YEAR"}
        fields |= {f"lines-0-{name}": str(text) for name, text in line.items()}
        fields |= {"lines-0-country": "DE"}
    practice.faults(mirror.sandbox, {"match": call, "effect": f"refuse:{code}", "times": 1})

    def confirm() -> str:
        planned = operator.post(address, fields)
        operator.post(address, hidden_fields(planned, "confirm"))
        run_due()
        return text(planned)

    words = str(explain(code).words)
    assert words not in confirm()
    refusal = ProductRefusal.objects.standing().get()
    assert words in confirm()
    assert not ProductRefusal.objects.standing().exists()
    page = text(operator.get(refusal.product.get_absolute_url()))
    assert code in page
    assert "taken by Wix since" in page
    event = AuditEntry.objects.get(event="product.refusal_disproved")
    assert event.operation_id == Operation.objects.latest("pk").pk


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
