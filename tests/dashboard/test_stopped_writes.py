"""While nothing may be written to Wix, no control of any page works, and each says why."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from resellers import breaker, policy
from resellers.models import AuditEntry, Operation, OperationState, ProductInstance
from tests import worlds
from tests.dashboard.listing import rows
from tests.dashboard.submitting import hidden_fields, text

pytestmark = [pytest.mark.django_db, pytest.mark.once]

WHY = "Wix moves our account tonight."
ASKS = r"(assign|unassign|reassign|adjust|cancel|external-id)/"


@pytest.fixture(params=["read-only", "paused"])
def stop(request):
    """A function that stops all writes, in one way or the other, and gives the few words for it."""

    def stop() -> str:
        if request.param == "read-only":
            policy.set_read_only(WHY, by=worlds.user("admin"))
            return "Read-only just now"
        breaker.pause_writes(WHY)
        return "Writing is paused"

    return stop


@pytest.fixture
def moved() -> Operation:
    """A move that succeeded and stands."""
    instance = worlds.instance()
    source, target = instance.site, worlds.site(instance.account)
    before = {"site_id": str(source.pk), "product_id": str(instance.product_id), "cycle": ""}
    ended = {"state": OperationState.SUCCEEDED, "finished_at": timezone.now()}
    operation = worlds.operation(instance, site=target, before=before, **ended)
    ProductInstance.objects.filter(pk=instance.pk).update(site=target)
    return operation


def working(client: Client, address: str) -> list[str]:
    """What on the page leads to a change that Wix would be sent, and can be pressed."""
    html = client.get(address).content.decode()
    links = re.findall(rf'(?:href|action)="([^"]*/{ASKS}[^"]*)"', html)
    orders = re.findall(r'href="([^"]*/packages/new/[^"]*)"', html)
    tries = re.findall(r"<button(?![^>]*disabled)[^>]*>(?:Undo|Retry|Show the plan)<", html)
    return [*(address for address, _ in links), *orders, *tries]


def off(html: str) -> dict[str, str]:
    """The labels of the controls that are shown off, each with the reason that it gives."""
    return dict(all_off(html))


def all_off(html: str) -> list[tuple[str, str]]:
    """The same of every one of them, where several have the same label."""
    icon = r"(?:<svg[^>]*><use[^>]*/></svg>)?"
    small = r"(?:<small>[^<]*</small>)?"
    is_off = r"""(?: disabled|aria-disabled="true")"""
    found = re.findall(rf"<button([^>]*{is_off}[^>]*)>{icon}\s*([\w ]+){small}</button>", html)
    return [(label, re.search(r'title="([^"]*)"', rest)[1]) for rest, label in found]


def test_no_row_offers_to_assign_and_each_says_why_not(operator, stop):
    package, plan = worlds.package(), worlds.product()
    services = [worlds.instance(package, floating=True, product=plan) for _ in range(40)]
    assert set(working(operator, "/instances/")) == {
        f"{service.get_absolute_url()}{change}/"
        for service in services
        for change in ("assign", "adjust")
    }
    brief = stop()

    answer = operator.get("/instances/")

    assert working(operator, "/instances/") == []
    assert len(rows(answer)) == 40
    for row in rows(answer):
        assert {"Assign", "Adjust"} <= set(off(row))
        assert all(WHY in reason for _, reason in all_off(row))
        assert brief in row, "not by the look alone"


def test_a_row_read_again_offers_no_more_than_the_list(operator, stop):
    service = worlds.instance(floating=True)
    stop()

    row = operator.post(f"/instances/refresh/{service.pk}/", headers={"HX-Request": "true"})

    assert "Assign" in off(row.content.decode())
    assert "/assign/" not in row.content.decode()


@pytest.mark.at_length
def test_every_page_shows_its_controls_off_with_the_reason(manager, stop, moved):
    placed, floating = worlds.instance(), worlds.instance(floating=True)
    failed = worlds.instance(status="FAILED")
    fields = {"state": "failed", "finished_at": timezone.now()}
    refused = worlds.operation(worlds.instance(), **fields)
    controls = {
        placed.get_absolute_url(): {"Reassign", "Unassign", "Adjust", "Cancel instance"},
        floating.get_absolute_url(): {"Assign", "Adjust", "Cancel instance"},
        failed.get_absolute_url(): {"Order again"},
        placed.package.get_absolute_url(): {"Cancel package", "Change"},
        placed.account.get_absolute_url(): {"New package"},
        "/packages/": {"New package"},
        "/packages/new/": {"Order"},
        moved.get_absolute_url(): {"Undo"},
        f"{moved.instance.get_absolute_url()}?tab=timeline": {"Undo"},
        refused.get_absolute_url(): {"Retry"},
    }
    assert all(working(manager, address) for address in controls)
    brief = stop()

    for address, labels in controls.items():
        answer = manager.get(address)
        html, words = answer.content.decode(), text(answer)
        assert working(manager, address) == [], address
        assert labels <= set(off(html)), address
        assert all(WHY in off(html)[label] for label in labels), address
        assert brief in words or WHY in words, f"{address}: not by the look alone"


def test_a_form_says_it_and_offers_neither_targets_nor_a_plan(operator, stop):
    placed, floating = worlds.instance(), worlds.instance(floating=True)
    target = worlds.site(floating.account)
    stop()

    for address in (
        *(f"{placed.get_absolute_url()}{kind}/" for kind in ("reassign", "unassign", "adjust")),
        f"{floating.get_absolute_url()}assign/",
        f"{placed.package.get_absolute_url()}external-id/",
        f"/packages/new/?account={placed.account_id}",
    ):
        answer = operator.get(address)
        words = text(answer)
        assert answer.status_code == 200, address
        assert "This cannot be done now" in words, address
        assert WHY in words, address
        assert "Show the plan" not in words, address
        assert str(target.pk) not in answer.content.decode()
        assert 'type="radio"' not in answer.content.decode()


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true", "HX-Target": "plan"}])
def test_what_is_sent_all_the_same_is_refused_audited_and_kept_on_the_page(operator, stop, headers):
    service = worlds.instance()
    target = worlds.site(service.account)
    address = f"{service.get_absolute_url()}reassign/"
    sent = {"target_site": str(target.pk), "reason": "asked by phone"}
    confirm = {"plan": "f" * 64, "request_id": str(worlds.new_id())}
    stop()

    for fields in (sent, sent | confirm):
        answer = operator.post(address, fields, headers=headers)
        assert answer.status_code == (422 if headers else 409)
        assert WHY in text(answer)
        assert hidden_fields(answer, address) | {"csrfmiddlewaretoken": ""} == {
            "csrfmiddlewaretoken": "",
            **sent,
        }
    assert not Operation.objects.exists()
    noted = AuditEntry.objects.filter(event="operation.not_recorded", actor=operator.user)
    assert [WHY in entry.body["why"] for entry in noted] == [True, True]


def test_a_cancellation_asks_for_no_password_and_a_wrong_form_shows_no_fields(manager, stop):
    service = worlds.instance()
    address = f"{service.get_absolute_url()}cancel/"
    stop()

    form, wrong = manager.get(address), manager.post(address, {"account_name": "Nobody"})

    assert wrong.status_code == 422
    for answer in (form, wrong):
        assert "This cannot be done now" in text(answer)
        assert 'type="password"' not in answer.content.decode()
        assert "Show the plan" not in text(answer)


def test_a_viewer_who_may_do_nothing_anyway_is_shown_no_control(viewer, stop):
    service = worlds.instance(floating=True)
    stop()

    for address in ("/instances/", service.get_absolute_url(), "/packages/"):
        html = viewer.get(address).content.decode()
        assert off(html) == {}
        assert working(viewer, address) == []


def test_what_only_reads_or_ends_a_wish_of_ours_goes_on(operator, stop):
    waiting = worlds.operation(by=operator.user)
    stuck = worlds.operation(by=operator.user, state="needs_attention")
    stop()

    page = operator.get(stuck.get_absolute_url()).content.decode()

    assert "Retry" in off(page)
    assert set(off(page)) == {"Retry"}, "looking again and finishing by hand send nothing"
    assert operator.post(f"{stuck.get_absolute_url()}look-again/").status_code == 302
    assert operator.post(f"{waiting.get_absolute_url()}withdraw/").status_code == 302
