"""Another product of the same type, or another cycle."""

import pytest

from resellers.billing_cycles import ONCE, BillingCycle
from resellers.mirror.learned_refusals import learn
from resellers.models import CatalogProduct, OperationState, ProductInstance
from resellers.operations import engine
from resellers.operations.kinds import kind_of
from resellers.operations.kinds.adjust import AdjustWish
from resellers.operations.plan import make_plan
from resellers.operations.steps import Refused
from tests import practice, worlds

pytestmark = pytest.mark.django_db(transaction=True)

YEARLY = BillingCycle(1, "YEAR")


def adjustable(mirror) -> tuple[ProductInstance, CatalogProduct]:
    """An enabled plan, and another that it may become: other products may have their own rules."""
    for instance in ProductInstance.objects.filter(
        status="ENABLED",
        product__adjustable=True,
        product__in=CatalogProduct.objects.premium_plans(),
    ).select_related("product", "package", "account", "site"):
        for other in CatalogProduct.objects.filter(
            service_type=instance.product.service_type, adjustable=True
        ).exclude(pk=instance.product_id):
            cycle = next(iter(other.billing_cycles), ONCE)
            if make_plan(instance, AdjustWish(other.pk, cycle)).possible:
                return instance, other
    raise LookupError("this world has no service that could be adjusted")


def test_an_adjusted_service_is_read_back_with_its_new_product(mirror, ask, run_due):
    instance, other = adjustable(mirror)

    operation = ask("adjust", instance, product_id=other.pk, cycle=other.cycles[0])
    run_due()

    operation.refresh_from_db()
    assert operation.state == OperationState.SUCCEEDED, operation.outcome
    truth = practice.truth(mirror.sandbox, instance.pk)
    assert truth["catalogProductId"] == str(other.pk)
    assert practice.applied(mirror.sandbox) == ["adjust"]
    assert ProductInstance.objects.get(pk=instance.pk).product == other


def test_a_lost_answer_to_an_adjustment_is_looked_up(mirror, ask, run_due):
    instance, other = adjustable(mirror)
    practice.faults(mirror.sandbox, {"match": "adjust", "effect": "drop_after", "times": 1})

    operation = ask("adjust", instance, product_id=other.pk, cycle=other.cycles[0])
    run_due()

    operation.refresh_from_db()
    assert operation.state == OperationState.SUCCEEDED, operation.outcome
    assert practice.applied(mirror.sandbox) == ["adjust"]


def test_a_cycle_that_somebody_else_chose_meanwhile_is_not_written_over(mirror, ask, run_due):
    instance, other = adjustable(mirror)
    practice.faults(mirror.sandbox, {"match": "adjust", "effect": "drop_before", "times": 1})
    operation = ask("adjust", instance, product_id=other.pk, cycle=other.cycles[0])
    engine.run(operation.pk)
    billing = {"type": "RECURRING", "cycleDuration": {"unit": "YEAR", "count": 3}}
    practice.change(mirror.sandbox, instance.pk, billingInfo=billing)

    run_due()

    operation.refresh_from_db()
    assert operation.state == OperationState.NEEDS_ATTENTION
    assert "nobody here asked for" in operation.outcome
    assert operation.attempts.filter(writes=True).count() == 1
    assert practice.applied(mirror.sandbox) == []


def test_a_refused_adjustment_changes_nothing(mirror, ask, run_due):
    instance, other = adjustable(mirror)
    practice.faults(
        mirror.sandbox, {"match": "adjust", "effect": "refuse:PRODUCT_LIMIT_EXCEEDED", "times": 1}
    )

    operation = ask("adjust", instance, product_id=other.pk, cycle=other.cycles[0])
    run_due()

    operation.refresh_from_db()
    assert operation.state == OperationState.FAILED
    assert operation.outcome_code == "PRODUCT_LIMIT_EXCEEDED"
    assert operation.wix_request_id


@pytest.mark.parametrize(
    ("target", "cycle", "status", "code", "field"),
    [
        ({}, "1 YEAR", "PENDING", "INCOMPATIBLE_PRODUCT_INSTANCE_STATUS", ""),
        ({"service_type": "Mail"}, "1 YEAR", "ENABLED", "INCOMPATIBLE_PRODUCT", "target_product"),
        ({}, "", "ENABLED", "MISSING_BILLING_CYCLE", "cycle"),
        ({}, "2 WEEK", "ENABLED", "INCOMPATIBLE_BILLING_CYCLE", "cycle"),
        ({"limit": 0}, "1 YEAR", "ENABLED", "PRODUCT_LIMIT_EXCEEDED", "target_product"),
        (
            {"adjustable": False},
            "1 YEAR",
            "ENABLED",
            "OPERATION_NOT_SUPPORTED_FOR_PRODUCT",
            "target_product",
        ),
    ],
)
def test_what_wix_would_refuse_is_told_beside_its_field(target, cycle, status, code, field):
    instance = worlds.instance(status=status)
    other = worlds.product("Other", **target)

    plan = make_plan(instance, AdjustWish(other.pk, BillingCycle.parse(cycle)))

    assert [(r.code, r.field) for r in plan.refusals] == [(code, field)]


FIXED = "OPERATION_NOT_SUPPORTED_FOR_PRODUCT"


@pytest.mark.parametrize(
    ("named", "field"), [("none", ""), ("own", ""), ("target", "target_product")]
)
def test_what_wix_did_not_let_be_adjusted_is_told_the_next_time_beside_its_field(named, field):
    """It was kept where no plan looked, and services of the target lost their Adjust."""
    instance, target = worlds.instance(), worlds.product("Bigger Plan")
    wish = AdjustWish(target.pk, YEARLY)
    operation = worlds.planned(instance, wish)
    spoken_of = {"none": "<productId>", "own": instance.product_id, "target": target.pk}[named]
    message = f"This action isn't supported for product {spoken_of}."
    refused = Refused("adjust", 428, FIXED, message, "request-1")

    (lesson,) = kind_of("adjust").taught_by(operation, refused)
    learn(lesson.product_id, FIXED, message, "request-1", operation)

    assert lesson.product_id == (target.pk if named == "target" else instance.product_id)
    (refusal,) = make_plan(instance, wish).refusals
    assert (refusal.code, refusal.field) == (FIXED, field)
    assert "request-1" in refusal.words
    of_target = worlds.instance(product=target)
    smaller = AdjustWish(worlds.product("Light").pk, YEARLY)
    assert make_plan(of_target, smaller).possible, "its own Adjust is not concerned"


@pytest.mark.parametrize("code", ["PRODUCT_NOT_FOUND", "INVALID_PRODUCTS"])
def test_a_target_that_wix_did_not_know_is_told_the_next_time(code):
    instance, target = worlds.instance(), worlds.product("Bigger Plan")
    learn(target, code, "Wix's words", "request-1")

    wish = AdjustWish(target.pk, YEARLY)
    (refusal,) = make_plan(instance, wish).refusals

    assert (refusal.code, refusal.field) == (code, "target_product")
    assert "request-1" in refusal.words


def plan_with_what_needs_it() -> ProductInstance:
    site = worlds.site(domain_connected=True)
    plan = worlds.instance(worlds.package(site.account), site)
    shop = worlds.product("Shop", service_type="SHOP", needs_premium=True)
    worlds.instance(plan.package, site, product=shop)
    return plan


def test_a_plan_that_becomes_none_names_what_may_stop_working():
    service = plan_with_what_needs_it()
    other = worlds.product("Light", service_type="Listing")

    plan = make_plan(service, AdjustWish(other.pk, YEARLY))

    assert [dependant.words for dependant in plan.dependants] == [
        f"Shop on {service.site} needs a Premium plan and may stop working",
        f"The domain connected to {service.site} may be disconnected",
    ]


@pytest.mark.parametrize("name", ["Business Elite", "Light"])
def test_from_one_premium_plan_to_another_nothing_loses_what_it_needs(name):
    service = plan_with_what_needs_it()

    plan = make_plan(service, AdjustWish(worlds.product(name).pk, YEARLY))

    assert plan.possible
    assert plan.dependants == ()


def test_another_cycle_of_the_same_plan_endangers_nothing():
    service = plan_with_what_needs_it()

    wish = AdjustWish(service.product_id, BillingCycle(1, "MONTH"))

    assert make_plan(service, wish).dependants == ()


def test_an_unknown_product_is_told_beside_its_field():
    plan = make_plan(worlds.instance(), AdjustWish(worlds.new_id(), YEARLY))

    assert [(r.code, r.field) for r in plan.refusals] == [("PRODUCT_NOT_FOUND", "target_product")]


def test_what_the_service_is_already_is_no_adjustment():
    instance = worlds.instance()

    plan = make_plan(instance, AdjustWish(instance.product_id, instance.cycle))

    assert [r.code for r in plan.refusals] == ["NO_CHANGE"]
