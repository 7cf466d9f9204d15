"""A domain is registered once though a worker dies at every point of every step on the way."""

from datetime import timedelta

import pytest

from resellers.clock import database_now
from resellers.models import Flow, Operation, Site
from resellers.operations.engine import failpoints
from tests import practice, worlds
from tests.flows.buyers import Guided
from tests.paid_domains import buy

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.at_length]


class Killed(BaseException):
    """As if the process had been killed: nothing of ours catches it."""


@pytest.fixture
def deaths(monkeypatch, run_due):
    """Carries out what is due, dying once at each point of each step; the points died at."""
    died: list[tuple[str, str]] = []
    usual = failpoints.at

    def at(name: str, of_step: str = "") -> None:
        if (name, of_step) not in died:
            died.append((name, of_step))
            raise Killed(name)
        usual(name, of_step)

    def run() -> None:
        while True:
            try:
                return run_due()
            except Killed:
                # The lease of a process that is gone runs out.
                past = database_now() - timedelta(seconds=1)
                for rows in (Operation.objects, Flow.objects):
                    rows.filter(lease_until__isnull=False).update(lease_until=past)

    monkeypatch.setattr(failpoints, "at", at)
    run.died = died
    return run


def test_a_domain_is_registered_once_wherever_workers_die(mirror, settings, manager, deaths):
    settings.WIX_REGISTERED_DOMAINS = True
    practice.switches(mirror.sandbox, registered_domains="on", registration_seconds=0)
    service = buy(mirror)
    site = Site.objects.usable().filter(account=service.account_id).first()
    contact = worlds.contact(service.account)
    plan = {} if Site.objects.premium().filter(pk=site.pk).exists() else {"plan": "none"}
    somebody = Guided("domain_purchase", manager, deaths)

    somebody.begin(site=str(site.pk), words="through-deaths.example")
    somebody.answer(domain="through-deaths.example", words="")
    somebody.answer(paid_by=f"paid:{service.pk}", country="DE", **plan)
    somebody.answer(contact=str(contact.pk))
    somebody.confirm()

    assert somebody.flow.state == Flow.State.DONE, somebody.page
    assert practice.applied(mirror.sandbox).count("register") == 1
    assert Operation.objects.filter(kind="register_domain").count() == 1
    points = {name for name, _step in deaths.died}
    assert {*failpoints.FLOW_POINTS, "sending", "answered"} <= points, points
