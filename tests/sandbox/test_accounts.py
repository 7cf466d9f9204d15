"""Child accounts: listed without names, got one by one, made under the parent."""

from typing import Any

import pytest

from tests.sandbox.conftest import NOWHERE, Caller, Customer, code_of, fields_of

CHILDREN = "/accounts/v1/account/child-accounts"
CREATE = "/accounts/v1/accounts/create"


def test_children_are_listed_by_id_in_pages(wix: Caller):
    children = wix.state()["child_account_ids"]

    first = wix.send("GET", f"{CHILDREN}?paging.limit=5&paging.offset=0").json()
    last = wix.send("GET", f"{CHILDREN}?paging.limit=5&paging.offset=10").json()

    assert [one["accountId"] for one in first["childAccounts"]] == children[:5]
    assert [one["accountId"] for one in last["childAccounts"]] == children[10:]
    assert last["pagingMetadata"] == {
        "count": 2,
        "offset": 10,
        "total": 12,
        "tooManyToCount": False,
    }


def test_a_child_has_no_children(wix: Caller, customer: Customer):
    answer = wix.send("GET", CHILDREN, account=customer.account).json()

    assert answer["childAccounts"] == []
    assert answer["pagingMetadata"]["total"] == 0


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ("paging.limit=51", "paging.limit"),
        ("paging.limit=x", "paging.limit"),
        ("paging.offset=-1", "paging.offset"),
    ],
)
def test_pages_hold_at_most_fifty(wix: Caller, arguments: str, field: str):
    assert fields_of(wix.send("GET", f"{CHILDREN}?{arguments}")) == [field]


def test_an_account_is_got_by_its_parent_and_by_itself(wix: Caller, customer: Customer):
    path = f"/accounts/v1/accounts/{customer.account}"

    by_parent = wix.send("GET", path).json()["account"]
    by_itself = wix.send("GET", path, account=customer.account).json()["account"]
    by_another = wix.send("GET", path, account=wix.state()["child_account_ids"][0])

    assert by_parent == by_itself
    assert by_parent["accountId"] == customer.account
    assert by_parent["accountProperties"]["parentAccountId"] == wix.sandbox.account_id
    assert by_another.status_code == 403


def test_an_unknown_account_is_404(wix: Caller):
    answer = wix.send("GET", f"/accounts/v1/accounts/{NOWHERE}")

    assert (answer.status_code, code_of(answer)) == (404, "ACCOUNT_NOT_FOUND")


def test_a_new_account_is_made_each_time_even_for_the_same_mail(wix: Caller):
    body = {"user": {"email": {"emailAddress": "inhaber@neu.example"}}, "roles": []}

    first, second = (
        wix.send("POST", CREATE, body).json()["account"]["accountId"] for _ in range(2)
    )

    assert first != second
    assert wix.state()["child_account_ids"][-2:] == [first, second]
    assert {"account_id": first, "name": "", "email": "inhaber@neu.example"}.items() <= (
        next(row for row in wix.csv("customers.csv") if row["account_id"] == first).items()
    )


def test_a_child_makes_no_accounts(wix: Caller, customer: Customer):
    body = {"user": {"email": {"emailAddress": "inhaber@neu.example"}}}

    assert wix.send("POST", CREATE, body, customer.account).status_code == 403


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "user"),
        ({"user": {}}, "user.email"),
        ({"user": {"email": {}}}, "user.email.emailAddress"),
        ({"user": {"email": {"emailAddress": "nobody"}}}, "user.email.emailAddress"),
        ({"user": {"email": {"emailAddress": "a@b.example"}}, "roles": "OWNER"}, "roles"),
    ],
)
def test_a_new_account_needs_a_mail_address(wix: Caller, body: dict[str, Any], field: str):
    assert fields_of(wix.send("POST", CREATE, body)) == [field]
