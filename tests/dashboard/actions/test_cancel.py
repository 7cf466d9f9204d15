"""Ending a service or a package on its page: scope, reason, the name typed, the password again."""

import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dashboard.frame import reauthentication
from resellers.models import AuditEntry, Operation
from resellers.operations.kinds.cancel_instance import CancelInstanceWish
from tests import worlds
from tests.dashboard.submitting import hidden_fields, text

pytestmark = [pytest.mark.django_db, pytest.mark.once]

SURE = {"account_name": "North Bakery", "reason": "the customer left"}


@pytest.fixture
def package():
    package = worlds.package(worlds.account("North Bakery"), external_id="order-1")
    for name in ("Core", "Mailbox", "Shop"):
        worlds.instance(package, product=worlds.product(name))
    return package


@pytest.fixture
def instance(package):
    return package.instances.get(product__name="Mailbox")


def forget_the_password(client) -> None:
    """As if the log-in had been eleven minutes ago."""
    session = client.session
    session[reauthentication.KEY] = int(time.time()) - 660
    session.save()


def test_the_page_says_which_one_ends_and_that_the_others_stay(manager, instance):
    page = text(manager.get(f"{instance.get_absolute_url()}cancel/"))

    assert "Cancel 1 of 3 services of order-1" in page
    assert page.count("Stays") == 2
    assert "Wix cannot bring it back" in page


def test_the_last_button_says_how_much_ends(manager, instance):
    one = text(manager.post(f"{instance.get_absolute_url()}cancel/", SURE))
    whole = text(manager.post(f"{instance.package.get_absolute_url()}cancel/", SURE))

    assert "Confirm: cancel 1 of 3 services" in one
    assert one.count("Stays") == 2
    assert "Confirm: cancel 3 services" in whole


@pytest.fixture
def mixed(package):
    """Two of its services live, two have ended, and one is no longer shown by Wix."""
    shop = package.instances.filter(product__name="Shop")
    shop.update(gone_at=timezone.now())
    worlds.instance(package, product=worlds.product("Logo"), status="CANCELED", floating=True)
    worlds.instance(package, product=worlds.product("Booking"), status="FAILED", floating=True)
    return package


def test_what_has_ended_is_listed_and_not_counted_and_what_is_gone_is_neither(manager, mixed):
    service = mixed.instances.get(product__name="Core")
    one, whole = f"{service.get_absolute_url()}cancel/", f"{mixed.get_absolute_url()}cancel/"

    form, plan = text(manager.get(one)), text(manager.post(one, SURE))

    for page in (form, plan):
        assert "Cancel 1 of 2 services of order-1" in page
        assert (page.count("Stays"), page.count("Has ended")) == (1, 2)
        assert "Shop" not in page
    assert "Confirm: cancel 1 of 2 services" in plan
    form, plan = text(manager.get(whole)), text(manager.post(whole, SURE))
    assert "What ends: 2 services of order-1" in form
    assert (form.count("Has ended"), "Shop" in form) == (2, False)
    assert "Confirm: cancel 2 services" in plan
    for page in (form, plan, text(manager.get(mixed.get_absolute_url()))):
        assert "2 services, and 2 that have ended" in page


def test_the_pages_of_a_cancellation_cost_the_same_however_many_services_there_are(
    manager, package, django_assert_max_num_queries
):
    address = f"{package.get_absolute_url()}cancel/"
    manager.get(address)
    with CaptureQueriesContext(connection) as few:
        manager.get(address)
    for _ in range(10):
        worlds.instance(package)

    with django_assert_max_num_queries(len(few)):
        manager.get(address)


def test_a_whole_package_lists_every_service_and_what_falls_with_it(manager, package):
    page = text(manager.get(f"{package.get_absolute_url()}cancel/"))
    plan = text(manager.post(f"{package.get_absolute_url()}cancel/", SURE))

    for name in ("Core", "Mailbox", "Shop"):
        assert name in page
        assert name in plan
    assert "Wix offers no way back from this" in plan


@pytest.mark.parametrize("what", ["instance", "package"])
def test_it_is_recorded_with_its_reason_once_the_name_is_typed(manager, what, request):
    thing = request.getfixturevalue(what)
    address = f"{thing.get_absolute_url()}cancel/"

    plan = manager.post(address, SURE)
    answer = manager.post(address, hidden_fields(plan, "confirm"))

    operation = Operation.objects.get()
    assert answer["Location"] == operation.get_absolute_url()
    assert operation.reason == "the customer left"
    assert AuditEntry.objects.get(event="operation.requested").body["reason"] == operation.reason


@pytest.mark.parametrize("typed", ["north  bakery", "NORTH BAKERY", " North Bakery "])
def test_letter_case_and_blanks_of_the_name_do_not_count(manager, instance, typed):
    answer = manager.post(f"{instance.get_absolute_url()}cancel/", SURE | {"account_name": typed})

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("Cafe\N{COMBINING ACUTE ACCENT} Mu\N{COMBINING DIAERESIS}ller", "Café Müller"),
        ("Café Müller", "Cafe\N{COMBINING ACUTE ACCENT} Müller"),
        ("North\N{NO-BREAK SPACE}Bakery", "North Bakery"),
        ("North\N{ZERO WIDTH SPACE} Bakery", "North Bakery"),
        ("Straße 5", "STRASSE 5"),
        ("\N{FULLWIDTH LATIN CAPITAL LETTER N}orth", "North"),
    ],
)
def test_a_name_that_looks_the_same_is_the_same(manager, stored, typed):
    instance = worlds.instance(worlds.package(worlds.account(stored)))

    answer = manager.post(f"{instance.get_absolute_url()}cancel/", SURE | {"account_name": typed})

    assert answer.status_code == 200


@pytest.mark.parametrize("typed", ["", "North", "South Bakery"])
def test_another_name_ends_nothing(manager, instance, typed):
    answer = manager.post(f"{instance.get_absolute_url()}cancel/", SURE | {"account_name": typed})

    assert answer.status_code == 422
    assert 'id="account_name-error"' in answer.content.decode()


@pytest.mark.parametrize("name", ["", "\N{NO-BREAK SPACE}", " \N{ZERO WIDTH SPACE} "])
def test_a_customer_without_a_name_is_told_by_the_start_of_its_id(manager, name):
    instance = worlds.instance(worlds.package(worlds.account(name)))
    typed = {"account_name": instance.account.short_id}

    page = text(manager.get(f"{instance.get_absolute_url()}cancel/"))
    answer = manager.post(f"{instance.get_absolute_url()}cancel/", SURE | typed)

    assert f"type the beginning of its id, {instance.account.short_id}" in page
    assert answer.status_code == 200


def test_without_a_reason_nothing_ends(manager, instance):
    answer = manager.post(f"{instance.get_absolute_url()}cancel/", SURE | {"reason": " "})

    assert answer.status_code == 422
    assert "Say why" in text(answer)


def test_ten_minutes_after_the_log_in_the_password_is_asked_for_once_more(manager, instance):
    address = f"{instance.get_absolute_url()}cancel/"
    assert 'name="password"' not in manager.get(address).content.decode()

    forget_the_password(manager)

    assert 'name="password"' in manager.get(address).content.decode()
    without = manager.post(address, SURE)
    wrong = manager.post(address, SURE | {"password": "guess"})
    right = manager.post(address, SURE | {"password": worlds.PASSWORD})
    assert (without.status_code, wrong.status_code, right.status_code) == (422, 422, 200)
    assert "This is not your password" in text(wrong)
    confirm = hidden_fields(right, "confirm")
    assert "password" not in confirm
    assert manager.post(address, confirm).status_code == 302


def test_a_plan_left_open_for_long_wants_the_password_before_it_is_confirmed(manager, instance):
    address = f"{instance.get_absolute_url()}cancel/"
    confirm = hidden_fields(manager.post(address, SURE), "confirm")

    forget_the_password(manager)
    answer = manager.post(address, confirm)

    assert answer.status_code == 422
    assert 'name="password"' in answer.content.decode()
    assert not Operation.objects.exists()


def test_the_password_is_not_in_a_page_that_has_to_wait_with_what_was_typed(manager, instance):
    forget_the_password(manager)
    worlds.operation(instance)  # somebody else is at it

    page = manager.post(
        f"{instance.get_absolute_url()}cancel/", SURE | {"password": worlds.PASSWORD}
    )

    assert page.status_code == 409
    assert SURE["reason"] in page.content.decode()
    assert worlds.PASSWORD not in page.content.decode()


def test_the_password_is_kept_nowhere(manager, instance):
    forget_the_password(manager)
    address = f"{instance.get_absolute_url()}cancel/"

    page = manager.post(address, SURE | {"password": worlds.PASSWORD})
    manager.post(address, hidden_fields(page, "confirm"))

    assert worlds.PASSWORD not in page.content.decode()
    stored = str(list(AuditEntry.objects.values_list("body", flat=True)))
    stored += str(list(Operation.objects.values()))
    assert worlds.PASSWORD not in stored


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"account_name": "South Bakery"}, ["account_name"]),
        ({"password": "a guess"}, ["password"]),
        ({"account_name": "South Bakery", "password": "a guess"}, ["account_name", "password"]),
    ],
)
@pytest.mark.parametrize("what", ["instance", "package"])
def test_a_wrong_name_or_password_is_in_the_trail_and_what_was_typed_is_not(
    manager, admin, what, request, typed, wrong
):
    thing = request.getfixturevalue(what)
    forget_the_password(manager)
    right = {"password": worlds.PASSWORD}

    answer = manager.post(f"{thing.get_absolute_url()}cancel/", SURE | right | typed)

    assert answer.status_code == 422
    entry = AuditEntry.objects.get()
    assert entry.event == "operation.not_confirmed"
    assert (entry.actor, entry.account_id) == (manager.user, thing.account_id)
    assert entry.instance_id == (thing.pk if what == "instance" else None)
    assert entry.body == {
        "kind": f"cancel_{what}",
        "subject": f"{what}:{thing.pk}",
        "wrong": wrong,
    }
    assert "Name or password wrong" in text(admin.get("/audit/"))


@pytest.mark.parametrize("left_out", ["account_name", "password", "reason"])
def test_what_was_left_empty_is_no_wrong_word(manager, instance, left_out):
    forget_the_password(manager)
    right = SURE | {"password": worlds.PASSWORD} | {left_out: ""}

    assert manager.post(f"{instance.get_absolute_url()}cancel/", right).status_code == 422

    assert not AuditEntry.objects.exists()


def test_what_has_ended_cannot_be_canceled(manager):
    instance = worlds.instance(status="CANCELED")
    address = f"{instance.get_absolute_url()}cancel/"

    assert f'href="{address}"' not in manager.get(instance.get_absolute_url()).content.decode()
    assert "This cannot be done now" in text(manager.get(address))
    name = {"account_name": instance.account.name}
    assert manager.post(address, SURE | name).status_code == 422


def test_an_operator_meets_no_button_and_403(operator, instance, package):
    for thing in (instance, package):
        assert "/cancel/" not in operator.get(thing.get_absolute_url()).content.decode()
        assert operator.get(f"{thing.get_absolute_url()}cancel/").status_code == 403
        assert operator.post(f"{thing.get_absolute_url()}cancel/", SURE).status_code == 403


def test_a_refused_end_is_tried_again_from_its_form_with_the_reason_kept(manager, instance):
    failed = worlds.planned(
        instance, CancelInstanceWish(), state="failed", finished_at=timezone.now(), reason="left"
    )
    page = manager.get(failed.get_absolute_url())
    address = f"{instance.get_absolute_url()}cancel/"
    asked = hidden_fields(page, address)

    form = manager.get(address, asked)
    fields = hidden_fields(form, address) | SURE
    plan = manager.post(address, fields)
    manager.post(address, hidden_fields(plan, "confirm"))

    assert asked == {"retry_of": str(failed.pk), "reason": "left"}
    assert ">left</textarea>" in form.content.decode()
    assert Operation.objects.get(retry_of=failed).state == "queued"
