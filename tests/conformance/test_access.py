"""Keys and accounts. Reference: About API Keys; Make API Calls with an API Key; Resellers."""

import pytest

from tests.conformance.conftest import needed
from tests.conformance.partner import CHILDREN, PACKAGES, SITES, Partner, good

CALLS = {
    "Query Packages": ("POST", f"{PACKAGES}/query", {"query": {"cursorPaging": {"limit": 1}}}),
    "Query Sites": ("POST", f"{SITES}/query", {"query": {"cursorPaging": {"limit": 1}}}),
    "Count Sites": ("POST", f"{SITES}/count", {"filter": {}}),
    "List Child Accounts": ("GET", f"{CHILDREN}?paging.limit=1", None),
}
DENIED = (401, 403)
every_call = pytest.mark.parametrize("call", CALLS)


@every_call
def test_the_key_goes_into_authorization_as_it_is(call, wix: Partner):
    assert good(wix.send(*CALLS[call]))


@every_call
def test_a_call_without_a_key_is_denied(call, wix: Partner):
    assert wix.send(*CALLS[call], key=None).status_code in DENIED


@every_call
def test_a_key_that_is_not_known_is_denied(call, wix: Partner):
    assert wix.send(*CALLS[call], key="IST.no-key-of-anybody").status_code in DENIED


@every_call
def test_an_oauth_token_is_no_account_level_key(call, wix: Partner):
    """Reference: Resellers: "an account-level key is required"."""
    assert wix.send(*CALLS[call], key="Bearer OAUTH2.no-token").status_code in DENIED


@every_call
def test_an_account_level_call_needs_the_account_header(call, wix: Partner):
    assert wix.send(*CALLS[call], account=None).status_code in DENIED


def test_a_get_may_carry_a_content_type(wix: Partner):
    """The samples of Get Package and Cancel Package send one without a body."""
    headers = {"Content-Type": "application/json"}

    assert good(wix.send("GET", CHILDREN, headers=headers))


def test_the_main_accounts_key_speaks_for_a_child_account(wix: Partner, children: list[str]):
    """Reference: Resellers: one key of the main account, the account in `wix-account-id`."""
    child = needed(children, "child accounts")[0]

    assert good(wix.query_sites(child, cursorPaging={"limit": 1}))


def test_header_names_are_read_in_any_case(wix: Partner):
    """HTTP's rule, on which the samples' spellings differ."""
    key, account = wix.target.api_key, wix.target.account_id
    headers = {"AUTHORIZATION": key, "Wix-Account-Id": account}

    method, path, body = CALLS["Query Packages"]
    answer = wix.send(method, path, body, key=None, account=None, headers=headers)

    assert good(answer)


@pytest.mark.assumed
def test_a_key_after_bearer_is_401(wix: Partner):
    answer = wix.query(cursorPaging={"limit": 1})
    assert good(answer)

    denied = wix.send(*CALLS["Query Packages"], key=f"Bearer {wix.target.api_key}")

    assert denied.status_code == 401


@pytest.mark.assumed
@pytest.mark.parametrize(
    ("body", "content_type"), [("json", "application/json"), ("empty", None), ("html", "text/html")]
)
def test_a_denial_may_be_json_or_nothing_or_a_web_page(body, content_type, wix, switch):
    switch(denied_body=body)

    denied = wix.send(*CALLS["Query Packages"], key="no-key")

    assert denied.status_code == 401
    if content_type is None:
        assert denied.content == b""
    else:
        assert denied.headers["Content-Type"].startswith(content_type)
    if body == "json":
        assert denied.json()["details"]["applicationError"]["description"] == ""


@pytest.mark.assumed
@pytest.mark.parametrize(
    ("lacks", "refused", "taken"),
    [
        ("packages.read", "Query Packages", "Query Sites"),
        ("sites.read", "Query Sites", "Query Packages"),
        ("accounts.read", "List Child Accounts", "Query Packages"),
    ],
)
def test_a_permission_that_lacks_closes_its_calls_alone(lacks, refused, taken, wix, switch):
    switch(key_lacks=[lacks])

    assert wix.send(*CALLS[refused]).status_code == 403
    assert good(wix.send(*CALLS[taken]))


@pytest.mark.assumed
def test_above_the_pace_calls_are_429_and_no_wait_is_named(wix, target, control):
    control("faults", {"rules": [{"match": "query", "effect": "429", "times": 1}]})

    throttled = wix.query()

    assert throttled.status_code == 429
    assert throttled.json()["details"]["applicationError"]["code"] == "RESOURCE_EXHAUSTED"
    assert "Retry-After" not in throttled.headers
    assert good(wix.query())
