"""An end for good: of one service, of a whole package."""

from dataclasses import replace

import pytest

from resellers.models import InstanceStatus, OperationState, Package, ProductInstance
from resellers.operations import engine
from resellers.operations.plan import make_plan
from resellers.operations.requests import AlreadyOpen, NotAllowed
from tests import practice, worlds
from tests.worlds import end, go_on_now

pytestmark = pytest.mark.django_db(transaction=True)

State = OperationState
ENDED = (InstanceStatus.FAILED, InstanceStatus.CANCELED)


@pytest.fixture
def package(mirror) -> Package:
    """A package with two services at least that have not ended."""
    practice.switches(mirror.sandbox, delivery_seconds=0)
    for found in Package.objects.order_by("id").prefetch_related("instances"):
        living = [one for one in found.instances.all() if one.status not in ENDED]
        if len(living) >= 2:
            return found
    raise LookupError("this world has no such package")


def one_of(package: Package) -> ProductInstance:
    return package.instances.exclude(status__in=ENDED).order_by("id").first()


def statuses(mirror, package: Package) -> dict[str, str]:
    """The statuses of its services as they really are."""
    with mirror.sandbox.world.lock:
        row = mirror.sandbox.world.packages.rows[str(package.pk)]
    return {one.id: one.status for one in row.instances}


def test_one_service_ends_and_the_others_of_its_package_stay(mirror, package, ask, run_due):
    instance, before = one_of(package), statuses(mirror, package)

    operation = ask("cancel_instance", instance)
    run_due()

    assert end(operation).state == State.SUCCEEDED, operation.outcome
    assert statuses(mirror, package) == before | {str(instance.pk): "CANCELED"}
    instance.refresh_from_db()
    assert instance.status == InstanceStatus.CANCELED
    assert practice.applied(mirror.sandbox) == ["cancel"]


def test_it_counts_only_once_wix_shows_it_canceled(mirror, package, ask, run_due):
    """Wix's own answer shows PENDING."""
    practice.switches(mirror.sandbox, delivery_seconds=1)
    instance = one_of(package)

    operation = ask("cancel_instance", instance)
    run_due()

    assert end(operation).state == State.SUCCEEDED, operation.outcome
    seen = operation.attempts.filter(writes=False).order_by("id")
    assert [reading.seen["status"] for reading in seen][-1] == "CANCELED"
    assert "PENDING" in {reading.seen["status"] for reading in seen}


@pytest.mark.parametrize("kind", ["cancel_instance", "cancel_package"])
def test_while_wix_is_still_ending_it_nothing_is_sent_again(mirror, package, ask, kind, settings):
    """However long that takes: after a quarter of an hour a person is told."""
    ProductInstance.objects.filter(package=package).update(status="ENABLED")
    for service in package.instances.all():
        practice.change(mirror.sandbox, service.pk, status="ENABLED")
    practice.switches(mirror.sandbox, delivery_seconds=3600)
    rungs = len(settings.OPERATIONS["READ_LADDER"])

    operation = ask(kind, one_of(package) if kind == "cancel_instance" else package)
    for _ in range(rungs + 2):
        go_on_now(operation)
    assert end(operation).state == State.CONFIRMING
    settings.OPERATIONS = settings.OPERATIONS | {"ESCALATE_SECONDS": 0}
    go_on_now(operation)

    assert practice.applied(mirror.sandbox) == ["cancel"]
    assert operation.attempts.filter(writes=False).count() > rungs, "all rungs were waited for"
    assert end(operation).state == State.NEEDS_ATTENTION
    assert "it is still not true" in operation.outcome


@pytest.mark.parametrize("effect", ["drop_before", "drop_after", "500_after", "bad_json"])
@pytest.mark.parametrize("kind", ["cancel_instance", "cancel_package"])
def test_a_lost_answer_is_looked_up(mirror, package, ask, run_due, effect, kind):
    practice.faults(mirror.sandbox, {"match": kind, "effect": effect, "times": 1})
    thing = one_of(package) if kind == "cancel_instance" else package

    operation = ask(kind, thing)
    run_due()

    assert end(operation).state == State.SUCCEEDED, operation.outcome
    assert practice.applied(mirror.sandbox) == ["cancel"]


def test_a_whole_package_ends_and_what_failed_stays_failed(mirror, package, ask, run_due):
    failed = one_of(package)
    practice.change(mirror.sandbox, failed.pk, status="FAILED", failure={"code": "UNKNOWN"})
    ProductInstance.objects.filter(pk=failed.pk).update(status="FAILED")

    operation = ask("cancel_package", package)
    run_due()

    assert end(operation).state == State.SUCCEEDED, operation.outcome
    after = statuses(mirror, package)
    assert after.pop(str(failed.pk)) == "FAILED"
    assert set(after.values()) <= {"CANCELED", "FAILED"}


@pytest.mark.parametrize("sent", [False, True])
def test_a_package_whose_services_wix_does_not_list_is_not_taken_for_canceled(
    mirror, package, ask, run_due, sent
):
    """Wix may leave a list out, and what it does not show stays alive and billed."""
    operation = ask("cancel_package", package)
    if sent:
        rule = {"match": "cancel_package", "effect": "drop_before", "times": 1}
        practice.faults(mirror.sandbox, rule)
        engine.run(operation.pk)
    with mirror.sandbox.world.lock:
        rows = mirror.sandbox.world.packages.rows
        rows[str(package.pk)] = replace(rows[str(package.pk)], instances=())

    run_due()

    assert practice.applied(mirror.sandbox) == []
    if sent:
        assert end(operation).state == State.NEEDS_ATTENTION
        assert "no longer shows" in operation.outcome
    else:
        assert end(operation).state == State.CANCELED
        assert operation.outcome_code == "plan_moved"


def test_a_delivery_that_fails_while_its_package_is_canceled_comes_to_a_person(
    mirror, package, ask, run_due
):
    practice.switches(mirror.sandbox, delivery_seconds=3600)
    operation = ask("cancel_package", package)
    engine.run(operation.pk)
    failing, *others = operation.before["live"]
    practice.change(mirror.sandbox, failing, status="FAILED", failure={"code": "UNKNOWN"})
    for other in others:
        practice.change(mirror.sandbox, other, status="CANCELED")

    run_due()

    assert end(operation).state == State.NEEDS_ATTENTION
    assert "delivery failed" in operation.outcome


def test_a_refused_cancellation_changes_nothing(mirror, package, ask, run_due):
    before = statuses(mirror, package)
    practice.faults(mirror.sandbox, {"match": "cancel_package", "effect": "bare:428", "times": 1})

    operation = ask("cancel_package", package)
    run_due()

    assert end(operation).state == State.FAILED
    assert statuses(mirror, package) == before


def test_a_package_that_changed_since_the_plan_is_not_canceled(mirror, package, ask, run_due):
    operation = ask("cancel_package", package)
    other = one_of(package)
    practice.change(mirror.sandbox, other.pk, status="FAILED", failure={"code": "UNKNOWN"})

    run_due()

    assert end(operation).state == State.CANCELED
    assert operation.outcome_code == "plan_moved"
    assert practice.applied(mirror.sandbox) == []


def test_nothing_of_a_package_changes_beside_its_cancellation(mirror, package, ask):
    ask("cancel_package", package)

    with pytest.raises(AlreadyOpen):
        ask("cancel_instance", one_of(package))


def test_no_package_is_canceled_beside_a_change_of_one_of_its_services(mirror, package, ask):
    ask("cancel_instance", one_of(package))

    with pytest.raises(AlreadyOpen):
        ask("cancel_package", package)


@pytest.mark.parametrize("kind", ["cancel_instance", "cancel_package"])
def test_the_plan_names_what_falls_with_a_plan(kind):
    site = worlds.site(domain_connected=True)
    plan_service = worlds.instance(worlds.package(site.account), site)
    seo = worlds.product("SEO Pro", service_type="SEO", needs_premium=True)
    worlds.instance(worlds.package(site.account), site, product=seo)
    mail = worlds.product("Mailbox", service_type="MAIL")
    free = {"product": mail, "reference_instance_id": plan_service.pk}
    worlds.instance(worlds.package(site.account), floating=True, **free)
    thing = plan_service if kind == "cancel_instance" else plan_service.package

    words = [dependant.words for dependant in make_plan(thing, worlds.wish(kind)).dependants]

    assert words == [
        f"SEO Pro on {site} needs a Premium plan",
        f"The domain connected to {site} is disconnected",
        "Mailbox was given free with it",
    ]


def test_an_operator_may_not_cancel(package, ask, person):
    with pytest.raises(NotAllowed):
        ask("cancel_instance", one_of(package), by=person)
