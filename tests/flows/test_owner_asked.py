"""The site's owner is mailed what is free, answers, and the address is kept nowhere on the way."""

import logging
from html import unescape

import pytest
from django.apps import apps
from django.core import serializers
from django.db.models.functions import Now

from resellers import notify
from resellers.models import Account, AuditEntry, Delivery, DomainProposal, Flow, FlowStep
from tests import worlds
from tests.dashboard.submitting import text
from tests.notify.receivers import mail_server

pytestmark = [pytest.mark.django_db, pytest.mark.once]

ADDRESS = "Anna.Canary@bakery.example"
FREE = ["north-bakery.example", "xn--bcker-gra.example"]


@pytest.fixture
def flow(operator, settings):
    """A purchase at which somebody chooses among two names."""
    settings.MAIL_IS_ON = True
    operator.user.email = "lena@agency.example"
    operator.user.save(update_fields=["email"])
    worlds.product("Domain .example", service_type="DOMAIN", tld="example")
    site = worlds.site(worlds.account("North Bakery", email=ADDRESS), "north-bakery")
    flow = Flow.objects.create(
        kind="domain_purchase",
        owner=operator.user,
        begun_by=operator.user,
        site=site,
        account=site.account,
        state=Flow.State.OPEN,
        data={"words_1": "bakery", "rounds": 1, "by_api": True, "free_1": FREE},
    )
    FlowStep.objects.create(flow=flow, name="pick_1")
    return flow


def answer(client, flow, **answers):
    step = flow.steps.get(state="current").name
    answer = client.post(f"{flow.get_absolute_url()}answer/", {"step": step, **answers})
    # As the engine does at once: the next step asks.
    Flow.objects.filter(pk=flow.pk).update(state=Flow.State.OPEN)
    flow.refresh_from_db()
    return answer


def send_all() -> None:
    for pk in notify.due():
        notify.send(pk)


def page(client, flow) -> str:
    return text(client.get(flow.get_absolute_url()))


def kept_somewhere(word: str) -> list[type]:
    """The tables but the customers' own that hold it."""
    return [
        model
        for model in apps.get_models()
        if model is not Account
        and word in serializers.serialize("json", model._default_manager.all()).lower()
    ]


def test_the_owner_is_mailed_answers_and_the_choice_is_on_record(
    operator, log_in, flow, settings, caplog
):
    caplog.set_level(logging.DEBUG, logger="resellers")
    assert f"It goes to {ADDRESS} from the agency's mail server" in page(operator, flow)
    with mail_server(settings) as server:
        answer(operator, flow, ask="on", words="")
        assert "The mail is on its way." in page(operator, flow)
        send_all()
        send_all()

    [mail] = server.taken
    assert (mail["To"], mail["Reply-To"]) == (ADDRESS, "lena@agency.example")
    assert "- bäcker.example (xn--bcker-gra.example)" in mail.get_content()
    assert "; the owner answers operator." in page(operator, flow)
    assert flow.steps.get(state="current").name == "owner_1"
    # A colleague notes what came back.
    colleague = log_in("manager")
    answer(colleague, flow, domain=FREE[1], words="")

    proposal = DomainProposal.objects.get()
    assert (proposal.by, proposal.chosen, proposal.chosen_by) == (
        *(operator.user, FREE[1], colleague.user),
    )
    assert flow.data["domain"] == FREE[1]
    assert flow.steps.get(state="current").name == "pay"
    events = list(AuditEntry.objects.order_by("seq").values_list("event", flat=True))
    assert events == [
        *("domains.proposed", "domains.mailed", "flow.chosen", "flow.step"),
        *("domains.chosen", "flow.chosen", "flow.step"),
    ]
    assert "The owner is asked by mail." in page(operator, flow)
    assert kept_somewhere("anna.canary") == []
    assert "anna.canary" not in caplog.text.lower()


@pytest.mark.parametrize("then", ["failed", "waiting"])
def test_what_the_server_says_is_kept_without_the_address_and_the_text_can_be_sent_by_hand(
    then, operator, flow, settings, caplog
):
    caplog.set_level(logging.DEBUG, logger="resellers")
    with mail_server(settings) as server:
        server.refuses = f"{'550' if then == 'failed' else '451'} <{ADDRESS.lower()}>: no mailbox"
        answer(operator, flow, ask="on", words="")
        send_all()

    delivery = Delivery.objects.get()
    assert delivery.state == then
    assert "<the address>: no mailbox" in delivery.last_answer
    assert delivery.last_answer in page(operator, flow)
    html = unescape(operator.get(flow.get_absolute_url()).content.decode())
    assert ("mailto:Anna.Canary@bakery.example?subject=" in html) is (then == "failed")
    assert kept_somewhere("anna.canary") == []
    assert "anna.canary" not in caplog.text.lower()


def test_a_customer_whose_address_is_gone_gets_no_mail_and_it_is_said(operator, flow):
    answer(operator, flow, ask="on", words="")
    Account.objects.filter(pk=flow.account_id).update(email="")

    send_all()

    assert Delivery.objects.get().state == "failed"
    assert "This customer has no address any more." in page(operator, flow)


@pytest.mark.parametrize("missing", ["server", "address"])
def test_without_a_server_or_an_address_there_is_the_text_to_copy(
    missing, operator, flow, settings
):
    if missing == "server":
        settings.MAIL_IS_ON = False
    else:
        Account.objects.filter(pk=flow.account_id).update(email="")
    html = operator.get(flow.get_absolute_url()).content.decode()
    assert "data-copy=" in html
    assert 'href="mailto:' in html
    assert "ask-owner" not in html

    refused = answer(operator, flow, ask="on", words="")

    assert refused.status_code == 422
    assert "copy the text instead" in text(refused)
    assert not Delivery.objects.exists()


def test_a_proposal_made_at_the_site_is_mailed_once_however_often_it_is_pressed(
    operator, flow, viewer
):
    from resellers.flows import domain_proposals

    proposal = domain_proposals.propose(flow.site, FREE, by=operator.user)
    path = f"/sites/{flow.site_id}/domains/"
    assert "Mail it to the owner" in text(operator.get(path))
    for _ in range(2):
        assert operator.post(f"{path}{proposal.pk}/mail/")["Location"] == path

    assert Delivery.objects.filter(next_run_at__lte=Now()).count() == 1
    assert AuditEntry.objects.filter(event="domains.mailed").count() == 1
    assert "The mail is on its way." in text(operator.get(path))
    assert viewer.post(f"{path}{proposal.pk}/mail/").status_code == 403
