"""Whatever call a fault is meant for, that call it meets, and does there what it says."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest
import requests

from resellers.sandbox.gateway.faults import MATCHES
from tests.sandbox.addresses import CHILDREN, CONNECTED, SITES
from tests.sandbox.conftest import INSTANCES, PACKAGES, Caller, Customer, code_of

Send = Callable[[Caller, Customer, str], requests.Response]


def order(wix: Caller, of: Customer, instance: str) -> requests.Response:
    return wix.create(of.account, wix.line("Mailbox Starter"))


def cancel_package(wix: Caller, of: Customer, instance: str) -> requests.Response:
    package = wix.truth(instance)["packageId"]
    return wix.send("DELETE", f"{PACKAGES}/{package}", account=of.account)


def rename(wix: Caller, of: Customer, instance: str) -> requests.Response:
    package = wix.truth(instance)["packageId"]
    return wix.send("PATCH", f"{PACKAGES}/update/{package}/renamed", account=of.account)


def transfer(wix: Caller, of: Customer, instance: str) -> requests.Response:
    wish = {"siteTransfer": {"siteId": of.other_site, "sourceAccountId": of.account}}
    return wix.send("POST", "/b2b-site-management/v1/transfer-site", wish)


def connect(wix: Caller, of: Customer, instance: str) -> requests.Response:
    domain = {"domain": "kunde.example", "connectionType": "POINTING"}
    return wix.send("POST", CONNECTED, {"connectedDomain": domain}, of.account, wix_site_id=of.site)


def get(wix: Caller, of: Customer, instance: str) -> requests.Response:
    package = wix.truth(instance)["packageId"]
    return wix.send("GET", f"{PACKAGES}/{package}", account=of.account)


def query(wix: Caller, of: Customer, instance: str) -> requests.Response:
    asked = {"filter": {"accountId": of.account}}
    return wix.send("POST", f"{PACKAGES}/query", {"query": asked})


def create_project(wix: Caller, of: Customer, instance: str) -> requests.Response:
    body = {"type": "WIX", "name": "Dritte Seite"}
    return wix.send("POST", "/funnel/projects/v1/create", body, of.account)


def create_account(wix: Caller, of: Customer, instance: str) -> requests.Response:
    body = {"user": {"email": {"emailAddress": "inhaber@neu.example"}}, "roles": []}
    return wix.send("POST", "/accounts/v1/accounts/create", body)


WRITES: dict[str, Send] = {
    "create": order,
    "cancel_package": cancel_package,
    "cancel_instance": lambda wix, of, one: wix.cancel(of.account, one),
    "assign": lambda wix, of, one: wix.assign(of.account, one, of.other_site),
    "unassign": lambda wix, of, one: wix.unassign(of.account, one),
    "adjust": lambda wix, of, one: wix.adjust(
        of.account, one, catalogProductId=wix.product("Business")
    ),
    "external_id": rename,
    "transfer": transfer,
    "domains": connect,
    "projects": create_project,
    "new_account": create_account,
}
READS: dict[str, Send] = {
    "query": query,
    "get": get,
    "sites": lambda wix, of, one: wix.send("POST", SITES, {"query": {}}, of.account),
    "accounts": lambda wix, of, one: wix.send("GET", CHILDREN),
    "any": lambda wix, of, one: wix.send("POST", SITES, {"query": {}}, of.account),
}
CALLS = WRITES | READS
# Faults that keep a call from being carried out, with what is answered; None where nothing is.
BEFORE: dict[str, int | None] = {
    "drop_before": None,
    "reset_before": None,
    "500_before": 500,
    "429": 429,
    "bare:503": 503,
    "html_403": 403,
    "empty_403": 403,
    "refuse:PERMISSION_DENIED": 403,
}
# Faults that lose the answer of a call which is carried out.
AFTER: dict[str, int | None] = {
    "drop_after": None,
    "reset_after": None,
    "500_after": 500,
    "late:0": None,
}


@pytest.fixture
def instance(customer: Customer) -> str:
    return customer.plan()


def test_every_kind_of_call_is_tried_here():
    assert set(CALLS) == set(MATCHES)


def status_of(send: Callable[[], requests.Response]) -> int | None:
    """The status that is answered with, None where the connection is cut."""
    try:
        return send().status_code
    except requests.ConnectionError:
        return None


@pytest.mark.parametrize("match", CALLS)
def test_a_call_that_was_stopped_before_changes_nothing_and_the_next_is_answered(
    wix: Caller, customer: Customer, instance: str, match: str
):
    before = wix.all_packages(), wix.sites(customer.account)

    for effect, status in BEFORE.items():
        wix.faults({"match": match, "effect": effect, "times": 1})
        assert status_of(lambda: CALLS[match](wix, customer, instance)) == status, effect
        last = wix.journal()[-1]
        assert (last["status"], last["effect"]) in ((status, "none"), (status, "refused"))

    assert (wix.all_packages(), wix.sites(customer.account)) == before
    assert CALLS[match](wix, customer, instance).status_code == 200


@pytest.mark.parametrize("effect", AFTER)
@pytest.mark.parametrize("match", WRITES)
def test_a_write_takes_effect_though_its_answer_is_lost(
    wix: Caller, customer: Customer, instance: str, match: str, effect: str
):
    wix.faults({"match": match, "effect": effect, "times": 1})

    assert status_of(lambda: WRITES[match](wix, customer, instance)) == AFTER[effect]

    give_up_at = time.monotonic() + 5
    while (last := wix.journal()[-1])["effect"] != "applied":
        assert time.monotonic() < give_up_at, last
    assert last["status"] == AFTER[effect]


@pytest.mark.parametrize("match", READS)
def test_the_answer_of_a_reading_is_lost_likewise(
    wix: Caller, customer: Customer, instance: str, match: str
):
    for effect, status in AFTER.items():
        wix.faults({"match": match, "effect": effect, "times": 1})
        assert status_of(lambda: READS[match](wix, customer, instance)) == status, effect

    assert READS[match](wix, customer, instance).status_code == 200


@pytest.mark.parametrize("match", CALLS)
def test_a_delay_cut_json_and_unknown_fields_are_for_any_call(
    wix: Caller, customer: Customer, instance: str, match: str
):
    wix.faults(
        {"match": match, "effect": "delay:40", "times": 1},
        {"match": "any", "effect": "delay:40", "times": 1},
        {"match": match, "effect": "unknown_field", "times": 1},
    )
    began = time.monotonic()
    answer = CALLS[match](wix, customer, instance)
    assert time.monotonic() - began >= 0.08
    assert answer.json()["addedLater"]

    wix.faults({"match": match, "effect": "bad_json", "times": 1})
    cut = CALLS[match](wix, customer, instance)
    with pytest.raises(ValueError, match=r"."):
        cut.json()


@pytest.mark.parametrize("match", CALLS)
def test_an_answer_says_what_time_it_is_at_wix_unless_a_fault_keeps_it_back(
    wix: Caller, customer: Customer, instance: str, match: str
):
    wix.advance(86_400)
    wix.faults({"match": match, "effect": "no_date", "after": 1})

    dated = CALLS[match](wix, customer, instance)
    undated = CALLS[match](wix, customer, instance)

    at_wix = parsedate_to_datetime(dated.headers["Date"])
    clock = datetime.fromisoformat(wix.state()["clock"]["now"])
    assert abs(clock - at_wix) < timedelta(hours=1)
    assert "Date" not in undated.headers


@pytest.mark.parametrize(
    ("match", "words"),
    [
        ("get", {"UNDER_REVIEW", "DECADE", "ON_DEMAND"}),
        ("query", {"UNDER_REVIEW", "DECADE", "ON_DEMAND"}),
        ("assign", {"UNDER_REVIEW", "DECADE", "ON_DEMAND"}),
        ("sites", {"HOLOGRAM"}),
        ("domains", {"TUNNEL", "SHARED", "REWINDING"}),
    ],
)
def test_every_enum_may_have_a_value_that_no_document_names(
    wix: Caller, customer: Customer, instance: str, match: str, words: set[str]
):
    wix.faults({"match": match, "effect": "unknown_enum"})

    answer = CALLS[match](wix, customer, instance)

    assert all(f'"{word}"' in answer.text for word in words)


def test_a_failure_may_have_a_code_that_no_document_names(
    wix: Caller, customer: Customer, instance: str
):
    failure = {"code": "EXTERNAL_FAILURE", "message": "gone"}
    wix.control(f"instances/{instance}", {"status": "FAILED", "failure": failure})
    wix.faults({"match": "get", "effect": "unknown_enum"})

    (service,) = get(wix, customer, instance).json()["package"]["productInstances"]

    assert service["failure"] == {"code": "LOST_IN_TRANSIT", "message": "gone"}


def test_stale_reads_show_accounts_and_domains_of_the_past(wix: Caller, customer: Customer):
    customer.plan()
    connect(wix, customer, "")
    wix.advance(100)
    path = f"{CONNECTED}/kunde.example"
    wix.send("DELETE", path, account=customer.account)
    user = {"user": {"email": {"emailAddress": "spaeter@kunde.example"}}}
    later = wix.send("POST", "/accounts/v1/accounts/create", user).json()["account"]["accountId"]
    wix.faults({"match": "any", "effect": "stale:50000"})

    children = wix.send("GET", CHILDREN).json()["childAccounts"]
    domain = wix.send("GET", path, account=customer.account)

    assert {"accountId": customer.account} in children
    assert {"accountId": later} not in children
    assert domain.json()["connectedDomain"]["siteInfo"]["id"] == customer.site


@pytest.mark.parametrize("match", ["unassign", "adjust", "cancel_instance", "assign"])
def test_a_sticky_500_stays_with_its_key_on_every_call_that_takes_one(
    wix: Caller, customer: Customer, instance: str, match: str
):
    method, path = {
        "unassign": ("PATCH", "/unassign"),
        "assign": ("PATCH", f"/{customer.other_site}"),
        "adjust": ("PATCH", ""),
        "cancel_instance": ("DELETE", ""),
    }[match]
    body = {"catalogProductId": wix.product("Business")} if match == "adjust" else {}

    def send(key: str) -> int:
        keyed = body | {"idempotencyKey": key}
        path_ = f"{INSTANCES}/{instance}{path}"
        return wix.send(method, path_, keyed, customer.account).status_code

    wix.faults({"match": match, "effect": "sticky_500", "times": 1})

    assert [send("k"), send("k"), send("other")] == [500, 500, 200]


def test_a_key_is_ignored_on_every_call_that_takes_one(wix: Caller, customer: Customer):
    line = wix.line("Mailbox Starter")
    wix.create(customer.account, line, idempotencyKey="k")
    wix.faults({"match": "create", "effect": "ignore_idempotency", "times": 1})

    second = wix.create(customer.account, line, idempotencyKey="k").json()["package"]["id"]
    third = wix.create(customer.account, line, idempotencyKey="k").json()["package"]["id"]

    assert second != third
    assert code_of(wix.create(customer.account, line, line, idempotencyKey="k")) == (
        "IDEMPOTENCY_KEY_REUSED"
    )
