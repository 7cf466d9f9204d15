"""The main account's child accounts. Reference: Accounts: List, Get and Create."""

import pytest

from tests.conformance.conftest import needed
from tests.conformance.partner import CHILDREN, NOWHERE, Partner, good
from tests.conformance.test_packages import is_guid


def listed(answer: dict) -> list[str]:
    """The ids of a page; Wix's documents do not name the list."""
    entries = next((value for value in answer.values() if isinstance(value, list)), [])
    return [one if isinstance(one, str) else one["accountId"] for one in entries]


def page(wix: Partner, **paging: int) -> list[str]:
    asked = {f"paging.{name}": str(value) for name, value in paging.items()}
    return listed(good(wix.send("GET", CHILDREN, params=asked)))


def test_child_accounts_are_listed_by_id(wix: Partner, children):
    assert page(wix) == children
    assert all(is_guid(one) for one in children)
    assert len(set(children)) == len(children)
    assert wix.target.account_id not in children


def test_they_are_paged_by_limit_and_offset(wix: Partner, children):
    needed(children[2:], "three child accounts")

    assert page(wix, limit=2) == children[:2]
    assert page(wix, limit=2, offset=1) == children[1:3]
    assert page(wix, limit=0) == []
    assert page(wix, limit=50, offset=10_000_000) == []


def test_a_child_account_has_no_children(wix: Partner, children):
    child = needed(children, "child accounts")[0]

    assert listed(good(wix.send("GET", CHILDREN, account=child))) == []


@pytest.mark.assumed
def test_a_page_holds_at_most_fifty(wix):
    answer = wix.send("GET", CHILDREN, params={"paging.limit": "51"})

    assert answer.status_code == 400


@pytest.mark.assumed
@pytest.mark.parametrize("name", ["childAccounts", "accounts", "accountIds"])
@pytest.mark.parametrize("shape", ["objects", "text"])
def test_the_list_may_have_three_names_and_two_shapes(name, shape, wix, switch, children):
    switch(child_accounts_name=name, child_accounts_shape=shape)

    answer = good(wix.send("GET", CHILDREN))

    expected = children if shape == "text" else [{"accountId": one} for one in children]
    assert answer[name] == expected
    assert answer["pagingMetadata"] == {
        "count": len(children),
        "offset": 0,
        "total": len(children),
        "tooManyToCount": False,
    }


@pytest.mark.assumed
def test_an_account_tells_its_id_and_its_parent(wix, children):
    """Get Account is a preview, so a server may not have it."""
    path = f"/accounts/v1/accounts/{children[0]}"

    account = good(wix.send("GET", path, account=children[0]))["account"]

    assert account["accountId"] == children[0]
    assert account["accountName"]
    assert account["accountProperties"]["parentAccountId"] == wix.target.account_id


@pytest.mark.assumed
def test_an_account_that_is_not_known_is_404(wix):
    assert wix.send("GET", f"/accounts/v1/accounts/{NOWHERE}").status_code == 404


@pytest.mark.lasting
def test_an_account_is_made_under_the_headers_account(wix: Partner):
    body = {
        "user": {
            "email": {"emailAddress": "inhaber@bakery.example", "isVerified": False},
            "ssoIdentities": [{"ssoId": "8c1d", "userId": "crm-10233"}],
        },
        "roles": [],
    }

    account = good(wix.send("POST", "/accounts/v1/accounts/create", body))["account"]["accountId"]

    assert is_guid(account)
    assert account in page(wix, limit=50)


@pytest.mark.lasting
def test_the_same_mail_address_makes_another_account(wix: Partner):
    body = {"user": {"email": {"emailAddress": "zweimal@bakery.example"}}}

    first, second = (
        good(wix.send("POST", "/accounts/v1/accounts/create", body))["account"]["accountId"]
        for _ in range(2)
    )

    assert first != second


@pytest.mark.lasting
def test_an_account_without_a_mail_address_is_refused(wix: Partner):
    assert wix.send("POST", "/accounts/v1/accounts/create", {"user": {}}).status_code == 400
