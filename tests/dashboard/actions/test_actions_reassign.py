"""Moving a service to another site: which sites are offered, and what is said about the move."""

import re

import pytest
from django.utils import timezone
from django.utils.html import escape

from resellers.models import Operation, OperationState
from tests import practice, worlds
from tests.dashboard.submitting import hidden_fields, text

pytestmark = pytest.mark.django_db


def address(instance):
    return f"/instances/{instance.pk}/reassign/"


def choosable(answer):
    """The sites that may be chosen, and those that are shown only."""
    inputs = re.findall(r'<input type="radio" name="target_site" [^>]*>', answer.content.decode())
    ids = {re.search(r'value="([^"]+)"', one)[1]: "disabled" in one for one in inputs}
    return {key for key, off in ids.items() if not off}, {key for key, off in ids.items() if off}


def test_only_the_accounts_own_sites_are_listed(operator):
    instance = worlds.instance()
    mine, foreign = worlds.site(instance.account, "new-shop"), worlds.site(name="not-mine")

    answer = operator.get(address(instance))

    may, may_not = choosable(answer)
    assert may == {str(mine.pk)}
    assert may_not == {str(instance.site_id)}
    assert str(foreign.pk) not in answer.content.decode()


def test_a_site_is_listed_by_name_address_and_short_id(operator):
    instance = worlds.instance()
    target = worlds.site(instance.account, "new-shop")

    words = text(operator.get(address(instance)))

    assert f"New Shop new-shop.example · {target.short_id}" in words


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"trashed_at": timezone.now()}, "in the trash"),
        ({"blocked": True}, "Wix has blocked"),
    ],
)
def test_a_site_that_cannot_take_it_says_why_and_cannot_be_chosen(operator, fields, why):
    instance = worlds.instance()
    closed = worlds.site(instance.account, "closed-shop", **fields)

    form = operator.get(address(instance))
    sent = operator.post(address(instance), {"target_site": str(closed.pk)})

    assert str(closed.pk) in choosable(form)[1]
    assert why in text(form)
    assert sent.status_code == 422
    assert why in text(sent)
    assert 'id="target_site-error"' in sent.content.decode()


def test_a_site_that_has_such_a_service_names_it(operator):
    plan = worlds.product("Business Plan", one_per_site=True)
    instance = worlds.instance(product=plan)
    taken = worlds.site(instance.account, "taken")
    other = worlds.product("Rival Plan", one_per_site=True)
    worlds.instance(worlds.package(instance.account), on=taken, product=other)

    form = operator.get(address(instance))
    sent = operator.post(address(instance), {"target_site": str(taken.pk)})

    assert str(taken.pk) in choosable(form)[1]
    assert "Rival Plan" in text(form)
    assert sent.status_code == 422


def test_the_site_it_is_on_is_no_target(operator):
    instance = worlds.instance()

    answer = operator.post(address(instance), {"target_site": str(instance.site_id)})

    assert answer.status_code == 422
    assert "The service is on this site." in text(answer)


def test_a_floating_service_is_sent_to_assign(operator):
    instance = worlds.instance(floating=True)
    worlds.site(instance.account, "new-shop")

    answer = operator.get(address(instance))

    assert "floating, so there is nothing to move it from" in text(answer)
    assert "Show the plan" not in text(answer)


def test_an_account_without_other_sites_is_told_so(operator):
    instance = worlds.instance()

    answer = operator.get(address(instance))

    assert choosable(answer)[0] == set()


def test_the_plan_says_before_after_the_calls_and_that_no_move_was_measured(operator):
    instance = worlds.instance(
        on=worlds.site(account := worlds.account(), "old-shop"), of=worlds.package(account)
    )
    target = worlds.site(account, "new-shop")

    words = text(operator.post(address(instance), {"target_site": str(target.pk)}))

    assert "Site before old-shop.example" in words
    assert "Site after new-shop.example" in words
    assert "Unassign from old-shop.example" in words
    assert "Assign to new-shop.example" in words
    assert "How long is not known yet" in words


def test_the_plan_says_how_long_the_last_moves_left_a_site_without_its_service(operator):
    instance = worlds.instance()
    target = worlds.site(instance.account, "new-shop")
    for seconds in (3, 4, 9):
        worlds.operation(
            state=OperationState.SUCCEEDED, finished_at=timezone.now(), outage_seconds=seconds
        )

    words = text(operator.post(address(instance), {"target_site": str(target.pk)}))

    assert "The last 3 moves took 4 s at the median, 9 s at most." in words


def test_what_rests_on_the_service_is_named_with_a_link(operator):
    account = worlds.account()
    site = worlds.site(account, "old-shop")
    plan = worlds.product("Business Plan", service_type="Premium plan")
    instance = worlds.instance(worlds.package(account), on=site, product=plan)
    shop = worlds.product("Shop", service_type="Online shop", needs_premium=True)
    resting = worlds.instance(worlds.package(account), on=site, product=shop)
    target = worlds.site(account, "new-shop")

    answer = operator.post(address(instance), {"target_site": str(target.pk)})

    assert "Shop on old-shop.example needs a Premium plan" in text(answer)
    assert f'href="/instances/{resting.pk}/"' in answer.content.decode()


def test_a_service_that_is_not_enabled_is_warned_about(operator):
    instance = worlds.instance(status="PENDING")
    target = worlds.site(instance.account, "new-shop")

    answer = operator.post(address(instance), {"target_site": str(target.pk)})

    assert answer.status_code == 200
    assert "The service is PENDING" in text(answer)


@pytest.mark.django_db(transaction=True)
def test_from_the_form_to_the_site_at_wix(mirror, operator, run_due):
    instance, target = mirror.movable()
    planned = operator.post(address(instance), {"target_site": str(target.pk)})

    answer = operator.post(address(instance), hidden_fields(planned, "confirm"))
    run_due()

    operation = Operation.objects.get()
    assert operation.state == OperationState.SUCCEEDED
    assert practice.truth(mirror.sandbox, instance.pk)["siteId"] == str(target.pk)
    assert practice.applied(mirror.sandbox) == ["unassign", "assign"]
    words = text(operator.get(answer["Location"]))
    assert f"Assigned to {target}" in words
    assert "Succeeded" in words


@pytest.mark.django_db(transaction=True)
def test_an_old_plan_is_renewed_by_a_real_reading(mirror, operator):
    from datetime import timedelta

    from resellers.mirror import sync
    from resellers.models import Package, SyncRun

    instance, target = mirror.movable()
    long_ago = timezone.now() - timedelta(hours=1)
    Package.objects.filter(pk=instance.package_id).update(last_confirmed_at=long_ago)
    answer = operator.post(address(instance), {"target_site": str(target.pk)})
    sync.run(SyncRun.objects.filter(kind="package").get().pk)

    polled = operator.post(
        address(instance),
        hidden_fields(answer, "asking"),
        headers={"HX-Request": "true", "HX-Target": "plan"},
    )

    assert polled.status_code == 200
    assert "Asking Wix" not in text(polled)
    assert operator.post(address(instance), hidden_fields(polled, "confirm")).status_code == 302


def test_pressing_the_button_of_a_site_shows_its_plan_whatever_is_marked(operator):
    instance = worlds.instance()
    marked, pressed = (worlds.site(instance.account, name) for name in ("other", "new-shop"))

    form = operator.get(address(instance)).content.decode()
    sent = {"target_site": str(marked.pk), "choose": str(pressed.pk)}
    plan = operator.post(address(instance), sent)

    assert form.count('name="choose"') == 2, "none for where it is already"
    assert "Site after new-shop.example" in text(plan)
    assert hidden_fields(plan, "confirm")["target_site"] == str(pressed.pk)
    assert not Operation.objects.exists()


@pytest.mark.parametrize(
    ("came_from", "leads_back"),
    [
        ("/instances/?floating=1&page=2", True),
        ("/policy/", False),
        ("//elsewhere.example/instances/", False),
        ("https://elsewhere.example/instances/", False),
    ],
)
def test_the_operation_leads_back_to_the_list_that_its_form_was_opened_from(
    operator, came_from, leads_back
):
    instance = worlds.instance()
    target = worlds.site(instance.account, "new-shop")
    page_before = {"referer": f"http://testserver{came_from}"} if leads_back else {}
    form = operator.get(address(instance), headers=page_before)
    carried = hidden_fields(form, address(instance)) if leads_back else {"came_from": came_from}
    sent = carried | {"target_site": str(target.pk)}
    plan = operator.post(address(instance), sent)

    operator.post(address(instance), hidden_fields(plan, "confirm") | carried)

    page = operator.get(Operation.objects.get().get_absolute_url()).content.decode()
    assert ("Back to the list" in page) == leads_back
    assert (escape(came_from) in page) == leads_back


def test_a_reason_may_be_given_with_the_confirmation(operator):
    instance = worlds.instance()
    target = worlds.site(instance.account, "new-shop")
    plan = operator.post(address(instance), {"target_site": str(target.pk)})

    reason = {"reason": "a new shop"}
    operator.post(address(instance), hidden_fields(plan, "confirm") | reason)

    assert Operation.objects.get().reason == "a new shop"
