"""Each refusal that Wix documents for a call of the domains' flows, met in the flow: from what
brings it about to the words at the step where the person is."""

from uuid import UUID

import pytest
from django.db.models.functions import Now

from resellers import cases
from resellers.flows import deciding, engine
from resellers.flows.kinds import FLOW_KINDS
from resellers.flows.order_steps import order_line, order_of
from resellers.models import Case, Flow, FlowStep
from resellers.operations.plan import make_plan
from resellers.refusals import explain
from tests import practice, worlds
from tests.dashboard.submitting import text
from tests.documented_refusals import DOCUMENTED

pytestmark = pytest.mark.django_db

BUY, CONNECT = "domain_purchase", "domain_connection"


@pytest.fixture
def account(sandbox, settings):
    settings.WIX_REGISTERED_DOMAINS = True
    practice.switches(sandbox, registered_domains="on")
    return worlds.account(id=UUID(practice.state(sandbox)["child_account_ids"][0]))


@pytest.fixture
def at(account, manager):
    """Puts a flow about the account's site at a step at which it goes on by itself."""
    site = worlds.site(account)

    def at(step: str, kind: str = BUY, **data) -> Flow:
        flow = Flow.objects.create(
            kind=kind,
            owner=manager.user,
            begun_by=manager.user,
            account=account,
            site=site,
            data={"rounds": 1, "by_api": True, "on_site": True} | data,
        )
        FlowStep.objects.create(flow=flow, name=step)
        return flow

    return at


@pytest.fixture
def shown(manager, run_due):
    """Takes a flow on, as far as it goes with the plan confirmed; what its page says then."""

    def shown(flow: Flow, *, confirms: bool = False) -> str:
        Flow.objects.filter(pk=flow.pk).update(next_run_at=Now())
        run_due()
        if confirms:
            row = flow.steps.get(state="current")
            wanted = FLOW_KINDS[flow.kind].step(flow, row.name).wanted(flow)
            deciding.confirm(flow, row.name, make_plan(*wanted).fingerprint, by=manager.user)
            run_due()
        flow.refresh_from_db()
        return text(manager.get(flow.get_absolute_url()))

    return shown


def refuses(sandbox, match: str, code: str, status: int, *, after: int = 0) -> None:
    fault = {"match": match, "effect": f"refuse:{code}:{status}", "times": 1, "after": after}
    practice.faults(sandbox, fault)


def tells(flow: Flow, shown: str, code: str, status: int) -> None:
    """That the flow stopped with that code, its words and its next step, as one case."""
    row = flow.steps.get(state="current")
    assert (flow.state, row.code) == (Flow.State.STOPPED, code), shown
    known = explain(code, status)
    assert str(known.words) in shown
    assert str(known.next_step) in shown
    assert Case.objects.get(flow=flow).code == code
    cases.keep()
    ours = Case.objects.unclosed().filter(cause__in=["flow", "operation"])
    assert ours.count() == 1


def of_call(*calls: str):
    """The documented refusals of these calls: code and status."""
    found = {(code, of[0]): None for call in calls for code, of in DOCUMENTED[call].items()}
    return pytest.mark.parametrize(("code", "status"), found)


# --- looking for a name --------------------------------------------------------------------------

TYPED = {"INVALID_QUERY": "bread & butter?", "DOMAINS_UNSUPPORTED_TLD": "bakery.museum"}


@of_call("search")
def test_what_cannot_be_looked_for_is_said_where_one_types_and_stays_there(
    code, status, sandbox, at, shown, manager
):
    words = TYPED.get(code, "bakery.example" if code == "INVALID_DOMAIN" else "north bakery")
    if code not in TYPED:
        refuses(sandbox, "domains", code, status)
    flow = at("suggest_1", words_1=words)

    told = shown(flow)

    known = explain(code, status)
    assert (flow.state, flow.steps.latest("pk").name) == (Flow.State.OPEN, "pick_1")
    assert f"{known.words} {known.next_step}" in told
    html = manager.get(flow.get_absolute_url()).content.decode()
    assert f'name="words" value="{words}"'.replace("&", "&amp;") in html
    assert not Case.objects.exists()


# --- ordering ------------------------------------------------------------------------------------


@of_call("create")
def test_what_cannot_be_ordered_stops_the_purchase_in_words(code, status, sandbox, at, shown):
    product = worlds.product("Domain .example", service_type="DOMAIN", tld="example")
    order = order_of([order_line(product.pk, "1 YEAR", "DE")])
    flow = at("order", domain="bakery.example", order=order)
    refuses(sandbox, "create", code, status)

    tells(flow, shown(flow, confirms=True), code, status)


# --- registering ---------------------------------------------------------------------------------

LEADS_BACK = {"domain": "Ask Wix what is free", "instance": "Choose what to order"}


@pytest.fixture
def to_register(account, at):
    product = worlds.product("Domain .example", service_type="DOMAIN", tld="example")
    package = worlds.package(account)
    service = worlds.instance(package, floating=True, product=product)
    contact = worlds.contact(account)
    return at("register", domain="bakery.example", service=str(service.pk), contact=str(contact.pk))


@of_call("register")
def test_what_cannot_be_registered_stops_the_purchase_and_leads_back_to_its_choice(
    code, status, sandbox, to_register, shown
):
    refuses(sandbox, "domains", code, status, after=1)

    told = shown(to_register, confirms=True)

    tells(to_register, told, code, status)
    known = explain(code, status)
    back = "" if known.retry else LEADS_BACK.get(known.field, "")
    assert ("Retry leads back to" in told) is bool(back)
    assert not back or f"Retry leads back to “{back}”." in told
    assert practice.applied(sandbox) == []


def test_a_name_somebody_took_meanwhile_leads_back_to_those_that_are_free(
    sandbox, to_register, shown, manager
):
    taken = to_register.data | {"domain": "taken-bakery.example", "words_1": "taken-bakery.example"}
    Flow.objects.filter(pk=to_register.pk).update(data=taken)
    to_register.refresh_from_db()
    refuses(sandbox, "domains", "DOMAIN_ALREADY_TAKEN", 400, after=1)
    shown(to_register, confirms=True)

    deciding.try_again(to_register, by=manager.user)

    assert "taken-bakery.example is taken." in shown(to_register)
    path = f"{to_register.get_absolute_url()}answer/"
    manager.post(path, {"step": "pick_1", "words": "free-bakery.example"})
    shown(to_register)
    manager.post(path, {"step": "pick_2", "domain": "free-bakery.example"})
    shown(to_register)
    assert to_register.steps.get(state="current").name == "pay"
    assert to_register.data["domain"] == "free-bakery.example"


# --- following it --------------------------------------------------------------------------------


@of_call("get registered")
def test_what_wix_does_not_know_after_its_registration_stops_in_words(
    code, status, sandbox, at, shown
):
    flow = at("active", domain="nowhere.example")

    tells(flow, shown(flow), code, status)


@pytest.mark.parametrize(
    ("effect", "words"),
    [
        ("html_403", "Wix takes no calls for now: it is asked again."),
        ("drop_before", "Wix did not answer: it is asked again."),
    ],
)
def test_while_wix_gives_no_good_answer_a_flow_waits_and_one_that_stopped_stands(
    effect, words, sandbox, at, settings
):
    settings.OPERATIONS = settings.OPERATIONS | {"CALL_SECONDS": 0.3}
    practice.faults(sandbox, {"match": "any", "effect": effect})
    flow = at("active", domain="bakery.example")

    engine.run(flow.pk)
    flow.refresh_from_db()

    row = flow.steps.get(state="current")
    assert (flow.state, row.waiting_for) == (Flow.State.WAITING, words)
    Flow.objects.filter(pk=flow.pk).update(state=Flow.State.STOPPED, next_run_at=Now())
    flow.steps.update(outcome="It is not found in the net.")
    engine.run(flow.pk)
    flow.refresh_from_db()
    assert flow.state == Flow.State.STOPPED
    assert flow.steps.get().outcome == "It is not found in the net."


# --- connecting ----------------------------------------------------------------------------------

NAMED = {
    "DOMAINS_DOMAIN_NOT_PERMITTED": "my-wix-bakery.example",
    "INVALID_DOMAINS_PREVIEW_RECORDS": "no-dns-bakery.example",
}


@of_call("connect")
def test_what_cannot_be_connected_stops_in_words_and_leads_back_to_the_name(
    code, status, sandbox, at, shown, account
):
    flow = at("connect", CONNECT, domain=NAMED.get(code, "bakery.example"), way="NAMESERVERS")
    if code in NAMED:
        # The world's own site: Wix gets as far as the name.
        world_site = next(
            one
            for one in sandbox.world.sites
            if one.account_id == str(account.pk) and sandbox.world.has_premium(one.id)
        )
        site = worlds.site(account, id=UUID(world_site.id))
        Flow.objects.filter(pk=flow.pk).update(site=site)
        flow.refresh_from_db()
    else:
        refuses(sandbox, "domains", code, status, after=1)

    told = shown(flow, confirms=True)

    tells(flow, told, code, status)
    leads_back = explain(code, status).field in ("domain", "connection_type")
    assert ("Retry leads back to “Choose the site and its domain”." in told) is leads_back


@of_call("get connected")
@pytest.mark.parametrize("step", ["setup", "found"])
def test_a_domain_that_wix_holds_connected_no_more_stops_in_words(
    step, code, status, sandbox, at, shown
):
    flow = at(step, CONNECT, domain="nowhere.example", way="NAMESERVERS", records=[])

    tells(flow, shown(flow), code, status)
