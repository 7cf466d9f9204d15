"""Whether things may be done, asked for one and for a whole page of them."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from resellers import breaker, policy
from resellers.mirror.learned_refusals import learn
from resellers.models import Operation, OperationState, Package, ProductInstance, Site
from resellers.operations.conflicts import Conflicts, open_among
from resellers.operations.kinds import KINDS
from resellers.operations.preflight import (
    NOT_ALLOWED,
    READ_ONLY,
    UNDER_WAY,
    WRITES_PAUSED,
    Preflight,
)
from tests import worlds

pytestmark = pytest.mark.django_db

OF_SITES = ("transfer_site", "connect_domain")
OF_SERVICES = ("assign", "unassign", "reassign", "adjust", "cancel_instance", "register_domain")
OF_PACKAGES = ("cancel_package", "external_id")
WITH_ALL = {
    ProductInstance: ("package", "account", "product", "site"),
    Package: ("account",),
    Site: ("account",),
}


def read(model):
    return list(model.objects.select_related(*WITH_ALL[model]))


def crowd(number: int) -> None:
    """So many packages with a service and a site, every fifth with an operation under way."""
    for place in range(number):
        service = worlds.instance(floating=place % 2 == 0)
        worlds.site(service.account)
        learn(service.product, "OPERATION_NOT_SUPPORTED_FOR_PRODUCT", "no", f"request-{place}")
        if place % 5 == 0:
            worlds.operation(service)


@pytest.mark.parametrize(
    ("kinds", "model"),
    [
        (OF_SERVICES, ProductInstance),
        (OF_PACKAGES, Package),
        (OF_SITES, Site),
    ],
    ids=["services", "packages", "sites"],
)
def test_fifty_things_are_answered_for_in_as_many_queries_as_ten(kinds, model):
    person = worlds.user("admin")
    person.has_perm("resellers.operate")  # a person's rights are read once, whatever is asked

    def queries() -> tuple[int, int]:
        things = read(model)
        with CaptureQueriesContext(connection) as asked:
            answers = Preflight(person).of_all(kinds, things)
        assert set(answers) == {thing.pk for thing in things}
        return len(things), len(asked)

    crowd(10)
    few, for_few = queries()
    crowd(40)
    many, for_many = queries()

    assert (few >= 10, many >= 50) == (True, True)
    assert for_few == for_many
    assert for_many <= 3, "what stops writes, what is under way, what else the kinds look at"


def test_who_may_not_is_told_only_that_and_whose_it_is():
    service = worlds.instance(status="CANCELED")
    policy.set_read_only("Wix moves our account.", by=worlds.user("admin"))

    viewer = Preflight(worlds.user("viewer")).of("assign", service)
    operator = Preflight(worlds.user("operator")).of("cancel_instance", service)

    for answer in (viewer, operator):
        assert [one.code for one in answer.obstacles] == [NOT_ALLOWED]
        assert not answer.is_allowed
        assert not answer.is_passing
    assert viewer.why == "Your role may look, but not change anything."
    assert operator.obstacles[0].next_step == "It is for managers."


def test_what_lasts_is_told_before_what_passes():
    service = worlds.instance(status="CANCELED")
    worlds.operation(service)
    breaker.pause_writes("Wix does not accept the key.")

    answer = Preflight(worlds.user("manager")).of("unassign", service)

    codes = [one.code for one in answer.obstacles]
    assert codes == ["INCOMPATIBLE_PRODUCT_INSTANCE_STATUS", UNDER_WAY, WRITES_PAUSED]
    assert not answer.is_passing


def test_what_passes_names_the_operation_and_the_person_in_the_way():
    service = worlds.instance()
    operation = worlds.operation(service, by=worlds.user("operator", "colleague"))

    answer = Preflight(worlds.user()).of("unassign", service)

    assert answer.open_operation == operation
    assert answer.is_passing
    assert answer.why.startswith(f"Reassign #{operation.pk} is under way: colleague is moving this")


def test_read_only_and_the_breaker_are_one_answer_with_the_reason():
    person = worlds.user("admin")
    assert Preflight(person).in_general("create_package").may

    breaker.pause_writes("Wix does not accept the key.")
    paused = Preflight(person).in_general("create_package")
    policy.set_read_only("Wix moves our account.", by=person)
    both = Preflight(person).in_general("create_package")

    assert [one.code for one in paused.obstacles] == [WRITES_PAUSED]
    assert "Wix does not accept the key." in paused.why
    assert [one.code for one in both.obstacles] == [READ_ONLY]
    assert "Wix moves our account." in both.why


def test_what_is_in_the_way_is_the_same_for_the_query_and_for_the_single_row():
    """Whatever the operations are about, and open or ended."""
    services = [worlds.instance() for _ in range(2)]
    services.append(worlds.instance(services[0].package))
    site = worlds.site(services[0].account)
    for service in services:
        worlds.operation(service, site=site, state=OperationState.SUCCEEDED)
        worlds.operation(service)
    for package in {service.package for service in services}:
        wish = KINDS["external_id"].wish_class.from_json({"external_id": f"anew-{package.pk}"})
        worlds.planned(package, wish)
    first = services[0]
    wanted = [
        Conflicts(),
        Conflicts(subject=f"instance:{first.pk}"),
        Conflicts(package_id=first.package_id),
        Conflicts(package_id=first.package_id, instance_id=first.pk),
        Conflicts(site_id=site.pk),
        Conflicts(subject=f"package:{first.package_id}", site_id=str(site.pk)),
        Conflicts(package_id=uuid4()),
    ]

    for conflicts in wanted:
        asked = set(Operation.objects.filter(conflicts.q))
        assert {one for one in Operation.objects.all() if conflicts.has(one)} == asked
        found = {one for one in open_among(wanted) if conflicts.has(one)}
        assert found == {one for one in asked if one.is_open}


def test_a_site_whose_account_is_gone_or_that_carries_a_service_is_not_handed_over():
    gone = worlds.site(worlds.account(gone_at=timezone.now()))
    carrying = worlds.instance().site
    free = worlds.site()
    preflight = Preflight(worlds.user("admin"))

    by_site = {
        site: [one.code for one in preflight.of("transfer_site", site).obstacles]
        for site in (gone, carrying, free)
    }

    assert by_site == {
        gone: ["ACCOUNT_NOT_FOUND"],
        carrying: ["SITE_TRANSFER_NOT_SUPPORTED"],
        free: [],
    }


def test_no_domain_is_registered_with_a_service_whose_account_is_gone(settings):
    settings.WIX_REGISTERED_DOMAINS = True
    product = worlds.product("Domain", tld="com")
    alive = worlds.instance(product=product)
    gone = worlds.instance(worlds.package(worlds.account(gone_at=timezone.now())), product=product)
    preflight = Preflight(worlds.user("admin"))

    assert preflight.of("register_domain", alive).may
    assert [one.code for one in preflight.of("register_domain", gone).obstacles] == [
        "ACCOUNT_NOT_FOUND"
    ]
