import pytest

from resellers.wix import WixBadPayload

from .examples import CUSTOMER, MAIN, OTHER_SITE, SITE, site
from .scripted import reply

BOTH = {"namespace": {"$in": ["WIX", "HEADLESS"]}}


def test_sites_are_asked_for_with_their_accounts_id_and_headless_ones_too(wix, client):
    wix.answers(reply(200, {"sites": [site()], "metadata": {"cursors": {"next": "n"}}}))

    page = client.query_sites(account_id=CUSTOMER, filter={"published": True}, limit=20)

    call = wix.received[0]
    assert (call.method, call.path) == ("POST", "/site-list/v2/sites/query")
    assert call.headers["wix-account-id"] == CUSTOMER
    assert call.json == {
        "query": {"filter": BOTH | {"published": True}, "cursorPaging": {"limit": 20}}
    }
    assert page.next_cursor == "n"


def test_a_filter_may_name_its_own_namespaces(wix, client):
    wix.answers(reply(200, {"sites": []}))

    client.query_sites(account_id=CUSTOMER, filter={"namespace": "WIX"})

    assert wix.received[0].json["query"]["filter"] == {"namespace": "WIX"}


@pytest.mark.parametrize(("sent", "count"), [(210, 210), ("210", 210), (0, 0)])
def test_sites_are_counted(wix, client, sent, count):
    wix.answers(reply(200, {"count": sent}))

    answer = client.count_sites(account_id=CUSTOMER, filter={"published": True})

    assert wix.received[0].path == "/site-list/v2/sites/count"
    assert wix.received[0].json == {"filter": BOTH | {"published": True}}
    assert answer.count == count


@pytest.mark.parametrize("body", [{}, {"count": None}, {"count": "many"}, {"count": -1}])
def test_a_count_that_is_none_is_not_taken_for_zero(wix, client, body):
    wix.answers(reply(200, body))

    with pytest.raises(WixBadPayload) as bad:
        client.count_sites(account_id=CUSTOMER)

    assert bad.value.place == "count"


@pytest.mark.parametrize(
    "body",
    [
        {"childAccounts": [{"accountId": CUSTOMER}, {"accountId": OTHER_SITE.upper()}]},
        {"childAccounts": [CUSTOMER, OTHER_SITE]},
        {"accounts": [{"id": CUSTOMER}, {"accountId": OTHER_SITE}]},
        {"accountIds": [CUSTOMER, OTHER_SITE]},
        {"childAccounts": None, "accountIds": [CUSTOMER, OTHER_SITE]},
    ],
)
def test_child_accounts_are_read_in_each_way_they_are_listed(wix, client, body):
    wix.answers(reply(200, body | {"pagingMetadata": {"count": 2, "offset": 50, "total": "52"}}))

    page = client.list_child_accounts(limit=50, offset=50)

    call = wix.received[0]
    assert call.method == "GET"
    assert call.path == ("/accounts/v1/account/child-accounts?paging.limit=50&paging.offset=50")
    assert call.headers["wix-account-id"] == MAIN
    assert "content-type" not in call.headers
    assert page.items == (CUSTOMER, OTHER_SITE)
    assert (page.next_cursor, page.count, page.total) == (None, 2, 52)


def test_a_child_account_without_an_id_is_set_apart(wix, client):
    wix.answers(reply(200, {"childAccounts": [{}, None, 7, CUSTOMER]}))

    page = client.list_child_accounts()

    assert page.items == (CUSTOMER,)
    assert [record.reason for record in page.rejected] == [
        "childAccounts[0].id is missing",
        "childAccounts[1].id is missing",
        "childAccounts[2].id is not a GUID",
    ]


def test_an_account_is_read_as_far_as_wix_tells(wix, client):
    sent = {
        "accountId": CUSTOMER.upper(),
        "accountName": "Bäckerei Beispiel",
        "slug": "bakery",
        "status": "ACTIVE",
        "accountProperties": {"isTeam": False, "parentAccountId": MAIN},
    }
    wix.answers(reply(200, {"account": sent}), reply(200, {"account": {"accountId": CUSTOMER}}))

    whole = client.get_account(account_id=CUSTOMER).account
    bare = client.get_account(account_id=CUSTOMER).account

    assert wix.received[0].path == f"/accounts/v1/accounts/{CUSTOMER}"
    assert (whole.id, whole.name, whole.slug) == (CUSTOMER, "Bäckerei Beispiel", "bakery")
    assert (whole.status, whole.parent_account_id) == ("ACTIVE", MAIN)
    assert (bare.id, bare.name, bare.parent_account_id) == (CUSTOMER, None, None)


def test_a_new_account_is_made_below_the_main_one(wix, client):
    wix.answers(reply(200, {"account": {"accountId": CUSTOMER}}))

    answer = client.create_account(
        email="inhaber@bakery.example", sso_id="invented-sso", sso_user_id="crm-10233"
    )

    call = wix.received[0]
    assert (call.method, call.path) == ("POST", "/accounts/v1/accounts/create")
    assert call.headers["wix-account-id"] == MAIN
    assert call.json == {
        "user": {
            "email": {"emailAddress": "inhaber@bakery.example", "isVerified": False},
            "ssoIdentities": [{"ssoId": "invented-sso", "userId": "crm-10233"}],
        },
        "roles": [],
    }
    assert answer.account.id == CUSTOMER


@pytest.mark.parametrize(
    ("name", "arguments", "named"),
    [
        ("create_account", {"email": "nobody"}, "email"),
        ("create_account", {"email": "a@b.example", "sso_id": "x"}, "sso_user_id"),
        ("list_child_accounts", {"limit": 51}, "limit"),
        ("list_child_accounts", {"offset": -1}, "offset"),
        ("query_sites", {"account_id": SITE + "/"}, "account_id"),
        ("get_account", {"account_id": "../x"}, "account_id"),
    ],
)
def test_arguments_wix_would_refuse_are_named(wix, client, name, arguments, named):
    with pytest.raises(ValueError, match=named):
        getattr(client, name)(**arguments)

    assert wix.received == []


@pytest.mark.parametrize(
    ("sent", "folder_id", "role"),
    [
        ({"folderId": "folder-7", "parentChildRole": "CHILD"}, "folder-7", "CHILD"),
        ({"folderId": None}, None, None),
        ({}, None, None),
    ],
)
def test_a_site_may_lie_in_a_folder_and_have_a_parent_or_children(
    wix, client, sent, folder_id, role
):
    wix.answers(reply(200, {"sites": [site(**sent)]}))

    (found,) = client.query_sites(account_id=CUSTOMER).items

    assert (found.folder_id, found.parent_child_role) == (folder_id, role)
