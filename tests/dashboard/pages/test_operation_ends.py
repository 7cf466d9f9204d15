"""How an operation ended, as its page tells it."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from resellers.models import Operation, Package, ProductInstance
from resellers.refusals import explain
from tests import practice, worlds
from tests.dashboard.stories import State, call, move, seen
from tests.dashboard.submitting import hidden_fields, text

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_a_refusal_tells_code_words_meaning_and_what_to_do(viewer):
    code = "PRODUCT_TYPE_ALREADY_ASSIGNED"
    operation = move(
        State.ROLLED_BACK,
        outcome_code=code,
        outcome=f"{explain(code).words} It was put back.",
        wix_request_id="dead-beef",
    )
    call(operation, "unassign", "answered")
    call(operation, "assign", "refused", status=428, code=code, message="Product type: x is …")

    page = viewer.get(operation.get_absolute_url())

    words = text(page)
    assert code in words
    assert "“Product type: x is …”" in words
    assert str(explain(code).words) in words
    assert str(explain(code).next_step) in words
    assert 'data-copy="dead-beef"' in page.content.decode()


def ordered(*, services=2):
    package = worlds.package(external_id="order-17")
    made = [worlds.instance(package, status="PENDING") for _ in range(services)]
    fields = {"kind": "create_package", "subject": "order:order-17", "wish": {}, "before": {}}
    operation = worlds.operation(made[0], state=State.SUCCEEDED, finished_at=Now(), **fields)
    Operation.objects.update(instance=None, site=None)
    return operation, [package, *made]


def canceled():
    package = worlds.package()
    ended = [worlds.instance(package, status="CANCELED") for _ in range(2)]
    before = {"live": [str(service.pk) for service in ended]}
    fields = {"kind": "cancel_package", "wish": {}, "before": before}
    operation = worlds.operation(ended[0], state=State.SUCCEEDED, finished_at=Now(), **fields)
    return operation, [package, *ended]


def handed_over():
    service, target = worlds.instance(), worlds.account("New owner")
    fields = {"kind": "transfer_site", "wish": {"account_id": str(target.pk)}, "site": service.site}
    operation = worlds.operation(service, state=State.SUCCEEDED, finished_at=Now(), **fields)
    return operation, [service.site, target]


def moved():
    operation = move(State.SUCCEEDED, outcome="Wix shows it.")
    return operation, [operation.instance, operation.site]


@pytest.mark.parametrize("done", [ordered, canceled, handed_over, moved])
def test_an_outcome_leads_to_what_was_made_or_changed(viewer, done):
    operation, records = done()

    html = viewer.get(operation.get_absolute_url()).content.decode()

    outcome = html.partition('class="touched"')[2].partition("</section>")[0]
    for record in records:
        assert f'href="{record.get_absolute_url()}"' in outcome


def test_an_order_of_many_services_leads_to_the_first_and_says_how_many_more(viewer):
    operation, records = ordered(services=12)

    page = viewer.get(operation.get_absolute_url())

    assert f'href="{records[0].get_absolute_url()}"' in page.content.decode()
    assert "and 3 more, on the page of the first" in text(page)


def test_a_refusal_without_a_code_is_told_by_its_http_status(viewer):
    operation = move(State.FAILED, outcome_code="403", outcome="The key may not do this.")
    call(operation, "unassign", "refused", status=403)
    pages = (operation.get_absolute_url(), f"{operation.instance.get_absolute_url()}?tab=timeline")

    page, timeline = (text(viewer.get(address)) for address in pages)

    assert "Wix's answer HTTP status 403, without a code" in page
    assert "Wix refused: HTTP status 403" in page
    assert "Wix answered HTTP status 403, without a code." in timeline
    for html in (page, timeline):
        assert "Wix's code" not in html
        assert "Wix's words" not in html
        assert "ode 403" not in html


def test_a_code_of_our_own_is_not_told_as_that_of_what_wix_had_refused(viewer):
    operation = move(
        State.FAILED,
        outcome_code="refused",
        settled_by=worlds.user("manager"),
        settled_note="looked at Wix",
    )
    call(operation, "assign", "refused", status=428, code="SITE_NOT_FOUND", message="No such site")

    words = text(viewer.get(operation.get_absolute_url()))

    assert "Wix's code SITE_NOT_FOUND" in words
    assert "Wix's code refused" not in words


def test_an_end_of_our_own_is_not_blamed_on_wix(viewer):
    operation = move(
        State.CANCELED, outcome_code="plan_moved", outcome="The service had changed at Wix."
    )

    words = text(viewer.get(operation.get_absolute_url()))

    assert "The service had changed at Wix." in words
    assert "Wix's code" not in words


def test_a_success_says_when_it_is_read_once_more_and_how_long_the_gap_was(viewer):
    operation = move(
        State.SUCCEEDED,
        outcome="Wix shows it.",
        outage_seconds=0.4,
        settle_at=timezone.now() + timedelta(seconds=60),
    )

    words = text(viewer.get(operation.get_absolute_url()))

    assert "Checked once more" in words
    assert "on no site for 0.4 s" in words


def test_a_move_offers_to_move_the_domain_that_it_left_behind(viewer, operator):
    operation = move(State.SUCCEEDED, outcome="Wix shows it.")
    old, product = operation.instance.site, worlds.product("Domain .example", tld=".example")
    domain = worlds.instance(operation.instance.package, product=product, on=old)
    link = f"/instances/{domain.pk}/reassign/?target_site={operation.site_id}"
    before = operator.get(operation.get_absolute_url()).content.decode()
    ProductInstance.objects.filter(pk=operation.instance_id).update(site=operation.site)

    page = operator.get(operation.get_absolute_url())

    assert "Domain .example stays on old-shop.example. Shall it move as well?" in text(page)
    assert link in page.content.decode()
    assert link not in before, "the service is not where it was moved to"
    assert link not in viewer.get(operation.get_absolute_url()).content.decode()


def test_a_success_that_did_not_last_says_so(viewer):
    operation = move(State.SUCCEEDED, outcome="Wix shows it.", drifted_at=timezone.now())

    assert "It was true, and is so no more." in text(viewer.get(operation.get_absolute_url()))


def test_what_needs_a_person_says_what_is_known_and_what_is_not(viewer):
    operation = move(State.NEEDS_ATTENTION, outcome="Sent 3 times, and Wix does not show it.")
    call(operation, "unassign", "answered")
    call(operation, "read", "answered", seen=seen(operation, None))
    call(operation, "assign", "unknown", duration_ms=20_000)

    words = text(viewer.get(operation.get_absolute_url()))

    known, _, unknown = words.partition("What we know")[2].partition("What we do not know")
    assert "Wix showed: Floating, enabled." in known
    assert "Unassigned from old-shop.example: Wix answered 200." in known
    assert "Whether Wix carried out “Assign to new-shop.example”: its answer was lost." in unknown
    assert "Wix has not been read since the last call." in unknown


def test_what_a_later_step_stands_on_is_in_doubt_no_more_and_a_doubt_is_told_once(viewer):
    operation = move(State.NEEDS_ATTENTION, outcome="Sent 3 times, and Wix does not show it.")
    call(operation, "unassign", "unknown")
    call(operation, "read", "answered", seen=seen(operation, None))
    for _ in range(3):
        call(operation, "assign", "unknown")

    words = text(viewer.get(operation.get_absolute_url())).partition("What we do not know")[2]

    assert "carried out “Unassign" not in words
    assert words.count("carried out “Assign to") == 1
    assert "its answer was lost 3 times." in words


def test_remote_words_are_never_markup(viewer):
    operation = move(State.FAILED, outcome_code="X", outcome="It was refused.")
    call(
        operation, "unassign", "refused", status=428, code="X", message="<script>alert(1)</script>"
    )

    assert "<script>alert" not in viewer.get(operation.get_absolute_url()).content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_move_that_wix_refuses_half_way_is_told_as_rolled_back(mirror, operator, run_due):
    instance, target = mirror.movable()
    address = f"/instances/{instance.pk}/reassign/"
    planned = operator.post(address, {"target_site": str(target.pk)})
    practice.faults(
        mirror.sandbox,
        {"match": "assign", "effect": "refuse:PRODUCT_TYPE_ALREADY_ASSIGNED", "times": 1},
    )
    answer = operator.post(address, hidden_fields(planned, "confirm"))

    run_due()

    words = text(operator.get(answer["Location"]))
    assert Operation.objects.get().state == State.ROLLED_BACK
    assert "PRODUCT_TYPE_ALREADY_ASSIGNED" in words
    assert f"Assigned back to {instance.site}" in words
    assert "Retry" in words


@pytest.mark.django_db(transaction=True)
def test_what_wix_changed_after_the_plan_is_withdrawn_unsent(mirror, operator, run_due):
    instance, target = mirror.movable()
    address = f"/instances/{instance.pk}/reassign/"
    planned = operator.post(address, {"target_site": str(target.pk)})
    answer = operator.post(address, hidden_fields(planned, "confirm"))
    practice.change(mirror.sandbox, instance.pk, siteId=None)

    run_due()

    words = text(operator.get(answer["Location"]))
    assert Operation.objects.get().state == State.CANCELED
    assert "had changed at Wix since the plan was shown, so nothing was sent" in words
    assert Package.objects.get(pk=instance.package_id).last_confirmed_at
