"""The policy: an admin makes the dashboard read-only and says which wishes want a reason."""

import re

import pytest
from django.db import connection
from django.utils import timezone

from resellers import breaker, policy
from resellers.models import AuditEntry, Operation
from resellers.operations.reasons import wanting_reasons
from tests import worlds
from tests.dashboard.submitting import text

pytestmark = [pytest.mark.django_db, pytest.mark.once]

WHY = "Wix moves our account tonight."
POSTS = ("/policy/read-only/", "/policy/read-only/lift/", "/policy/reasons/")


def make_read_only(client):
    return client.post("/policy/read-only/", {"reason": WHY}, follow=True)


def test_an_admin_makes_everything_read_only_and_every_page_says_why(admin, viewer):
    assert "read-only now" in text(make_read_only(admin))

    for page in ("/", "/instances/", "/policy/"):
        client = admin if page == "/policy/" else viewer
        html = client.get(page).content.decode()
        assert "<strong>Read-only.</strong>" in html
        assert WHY in html


def test_lifting_it_takes_the_words_off_every_page(admin, viewer):
    make_read_only(admin)

    answer = admin.post("/policy/read-only/lift/", follow=True)

    assert "Read-only is lifted." in text(answer)
    assert WHY not in viewer.get("/").content.decode()
    assert not policy.writes_are_paused()


def test_both_turns_of_the_switch_are_audited_with_who_and_why(admin):
    make_read_only(admin)
    for _ in range(2):
        admin.post("/policy/read-only/lift/")

    on = AuditEntry.objects.get(event="policy.read_only")
    off = AuditEntry.objects.get(event="policy.read_only_lifted")
    assert (on.actor, on.body, off.actor) == (admin.user, {"reason": WHY}, admin.user)


def test_it_wants_a_reason(admin):
    answer = admin.post("/policy/read-only/", {"reason": "  "})

    assert answer.status_code == 422
    assert "everybody reads it on every page" in text(answer)
    assert not policy.current().read_only


def test_while_it_is_read_only_no_wish_is_taken_and_no_button_offered(admin, operator):
    instance = worlds.instance()
    address = f"{instance.get_absolute_url()}unassign/"
    assert f'href="{address}"' in operator.get(instance.get_absolute_url()).content.decode()
    make_read_only(admin)

    page = operator.get(instance.get_absolute_url())
    answer = operator.post(address, {"plan": "f" * 64, "request_id": str(worlds.new_id())})

    assert f'href="{address}"' not in page.content.decode()
    assert "Read-only just now" in text(page)
    assert answer.status_code == 409
    assert f"The dashboard is read-only: {WHY}" in text(answer)
    assert not Operation.objects.exists()


def test_while_it_is_read_only_nothing_is_tried_again(admin, operator):
    instance = worlds.instance()
    failed = worlds.operation(
        instance, by=operator.user, state="failed", finished_at=timezone.now()
    )
    stuck = worlds.operation(by=operator.user, state="needs_attention")
    pages = [failed.get_absolute_url(), stuck.get_absolute_url()]

    def buttons() -> list[list[str]]:
        """Each page's Retry, as far as it can be pressed."""
        html = [operator.get(page).content.decode() for page in pages]
        return [re.findall(r'<button[^>]* id="retry">', page) for page in html]

    assert all(buttons())
    make_read_only(admin)
    assert not any(buttons())


def test_reading_goes_on_while_it_is_read_only(admin, operator):
    account = worlds.account()
    make_read_only(admin)

    assert operator.post(f"/accounts/{account.pk}/refresh/").status_code == 302


def test_the_breaker_and_the_switch_are_two_things(admin, manager):
    breaker.pause_writes("Wix does not accept the key.")
    make_read_only(admin)
    html = manager.get("/").content.decode()
    assert "Writing to Wix is paused." in html
    assert WHY in html

    manager.post("/operations/resume-writes/")

    assert policy.writes_are_paused(), "the switch still stands"
    admin.post("/policy/read-only/lift/")
    assert not policy.writes_are_paused()


def test_the_breaker_opens_while_it_is_read_only(admin):
    make_read_only(admin)

    breaker.pause_writes("Wix does not accept the key.")
    admin.post("/policy/read-only/lift/")

    assert policy.current().stopped_because.endswith("Wix does not accept the key.")


def test_a_reason_is_wanted_for_cancellations_until_an_admin_chooses(admin):
    assert wanting_reasons() == ["cancel_instance", "cancel_package"]

    admin.post("/policy/reasons/", {"kinds": ["adjust", "cancel_package"]})

    assert wanting_reasons() == ["adjust", "cancel_package"]
    entry = AuditEntry.objects.get(event="policy.reasons_wanted")
    assert entry.body == {
        "old": ["cancel_instance", "cancel_package"],
        "new": ["adjust", "cancel_package"],
    }
    page = admin.get("/policy/").content.decode()
    assert 'value="adjust" checked' in page
    assert 'value="cancel_instance" checked' not in page


def test_no_kind_at_all_may_want_a_reason_but_none_that_does_not_exist(admin):
    assert admin.post("/policy/reasons/", {"kinds": ["nonsense"]}).status_code == 422
    assert "cancel_package" in wanting_reasons()

    admin.post("/policy/reasons/", {})

    assert wanting_reasons() == []


def test_what_was_decided_before_rows_said_about_which_kinds_still_holds():
    """By a release that knows no `reason_decided_for`: its row speaks of every kind it knew."""
    names = "id, writes_paused, paused_reason, paused_key, read_only, read_only_reason"
    row = [1, False, "", "", False, "", '["adjust"]']
    marks = ", ".join(["%s"] * len(row))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO resellers_policy ({names}, reason_wanted_for) VALUES ({marks})", row
        )

    assert wanting_reasons() == ["adjust"]


@pytest.mark.parametrize("role", ["viewer", "operator", "manager"])
def test_the_page_is_an_admins_alone(log_in, role):
    client = log_in(role)

    assert client.get("/policy/").status_code == 403
    assert 'href="/policy/"' not in client.get("/").content.decode()
    for address in POSTS:
        assert client.post(address, {"reason": WHY}).status_code == 403
    assert not policy.current().read_only
