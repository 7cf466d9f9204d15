"""Query Sites and Count Sites: what a site shows, how sites are filtered, sorted and paged."""

from typing import Any

import pytest

from tests.sandbox.conftest import Caller, Customer


def sites(wix: Caller, account: str = "parent", **query: Any):
    return wix.send("POST", "/site-list/v2/sites/query", {"query": query}, account)


def count(wix: Caller, account: str = "parent", **filter_: Any):
    return wix.send("POST", "/site-list/v2/sites/count", {"filter": filter_}, account)


def test_sites_come_with_everything_a_site_has(wix: Caller, customer: Customer):
    customer.plan()

    (site,) = sites(wix, customer.account, filter={"premium": True}).json()["sites"]

    assert site["id"] == customer.site
    assert site["ownerAccountId"] == customer.account
    assert site["displayName"] == "Erste Seite"
    assert site["namespace"] == "WIX"
    assert site["viewUrl"] == ""
    assert {"htmlAppId", "name", "createdDate", "updatedDate", "editUrl", "blocked"} <= set(site)
    assert "trashedDate" not in site


def test_only_the_wix_namespace_is_seen_unless_asked_for(wix: Caller):
    headless = {"type": "HEADLESS", "name": "App"}
    wix.send("POST", "/funnel/projects/v1/create", headless)
    usual = len(sites(wix).json()["sites"])

    both = sites(wix, filter={"namespace": {"$in": ["WIX", "HEADLESS"]}}).json()["sites"]

    assert {one["namespace"] for one in both} == {"WIX", "HEADLESS"}
    assert len(both) == usual + 1
    assert count(wix).json() == {"count": usual}
    assert count(wix, namespace="HEADLESS").json() == {"count": 1}


def test_sites_are_paged_by_cursor_with_has_next(wix: Caller):
    account = wix.sandbox.account_id
    first = sites(wix, account, cursorPaging={"limit": 2}).json()
    cursor = first["metadata"]["cursors"]["next"]
    second = sites(wix, account, cursorPaging={"limit": 2, "cursor": cursor}).json()

    assert first["metadata"]["hasNext"] is True
    assert second["metadata"] == {"count": 1, "cursors": {}, "hasNext": False}
    ids = {one["id"] for one in first["sites"] + second["sites"]}
    assert len(ids) == 3


@pytest.mark.parametrize("field", ["displayName", "createdDate", "updatedDate", "trashedDate"])
@pytest.mark.parametrize("order", ["ASC", "DESC"])
def test_sites_are_sorted(wix: Caller, field: str, order: str):
    wix.switch(sites_scope="tree")
    sort = [{"fieldName": field, "order": order}]
    answer = sites(wix, sort=sort, cursorPaging={"limit": 6}).json()
    listed = answer["sites"]
    while cursor := answer["metadata"]["cursors"].get("next"):
        answer = sites(wix, cursorPaging={"limit": 6, "cursor": cursor}).json()
        listed += answer["sites"]

    keys = [one.get(field, "") for one in listed]
    assert keys == sorted(keys, reverse=order == "DESC")
    assert len({one["id"] for one in listed}) == len(listed) == count(wix).json()["count"]


def test_sites_are_filtered_by_what_their_page_lists(wix: Caller, customer: Customer):
    account = customer.account

    def ids(**filter_):
        return {one["id"] for one in sites(wix, account, filter=filter_).json()["sites"]}

    both = {customer.site, customer.other_site}
    assert ids(id=customer.site.upper()) == {customer.site}
    assert ids(id={"$in": [customer.site]}) == ids(id={"$hasSome": [customer.site]})
    assert ids(id={"$ne": customer.site}) == {customer.other_site}
    assert ids(name={"$startsWith": "erste"}) == {customer.site}
    assert ids(name={"$gt": "a", "$lt": "zz"}) == both
    assert ids(folderId={"$exists": False}) == both
    assert ids(published=False, domainConnected=False, premium=False) == both
    assert ids(editorType={"$in": ["EDITOR"]}) == both
    assert ids(searchPhrase="ZWEITE") == {customer.other_site}
    assert ids(displayName="Zweite Seite") == {customer.other_site}
    assert ids(displayName="Zweite") == set()
    assert ids(state="ACTIVE") == both
    assert ids(appIds={"$hasSome": ["x"]}) == set()


@pytest.mark.parametrize(
    "filter_",
    [{"createdDate": "x"}, {"published": "yes"}, {"premium": {"$gt": True}}, {"$and": []}],
)
def test_other_site_filters_are_refused(wix: Caller, filter_: dict[str, Any]):
    assert sites(wix, filter=filter_).status_code == 400


def test_counting_supports_neither_premium_nor_apps(wix: Caller):
    assert count(wix, premium=True).status_code == 400
    assert count(wix, appIds={"$hasSome": ["x"]}).status_code == 400


def test_sites_in_the_trash_are_seen_with_their_date(wix: Caller):
    wix.switch(sites_scope="tree")

    listed = sites(wix, sort=[{"fieldName": "trashedDate", "order": "DESC"}]).json()["sites"]

    assert listed[0]["trashedDate"]
    active = sites(wix, filter={"state": "ACTIVE"}).json()["sites"]
    assert all("trashedDate" not in one for one in active)


@pytest.mark.parametrize(
    ("wanted", "first", "second"),
    [
        ("ERST", True, False),
        ("seite", True, True),
        ("site-of-its-own", True, False),
        ({"$eq": "weite"}, False, True),
        ({"$ne": "weite"}, True, False),
        ({"$in": ["nowhere", "weite"]}, False, True),
        ({"$hasSome": ["rste", "weite"]}, True, True),
        ({"$startsWith": "site-of"}, True, False),
        ({"$startsWith": "rste"}, False, False),
        ({"$exists": True}, True, True),
        ({"$lt": "f"}, True, False),
    ],
)
def test_a_name_is_looked_for_in_slug_display_name_and_domain(
    wix: Caller, customer: Customer, wanted: Any, first: bool, second: bool
):
    customer.plan()
    domain = {"domain": "site-of-its-own.example", "connectionType": "POINTING"}
    path = "/domains/v1/connected-domains"
    body = {"connectedDomain": domain}
    connected = wix.send("POST", path, body, customer.account, wix_site_id=customer.site)
    assert connected.status_code == 200

    found = {one["id"] for one in wix.sites(customer.account, name=wanted)}

    assert (customer.site in found, customer.other_site in found) == (first, second)


def test_some_sites_lie_in_folders_and_some_have_a_parent_or_children(wix: Caller):
    wix.switch(sites_scope="tree")

    listed = wix.sites(wix.sandbox.account_id)

    folder = next(one["folderId"] for one in listed if "folderId" in one)
    assert {one["parentChildRole"] for one in listed if "parentChildRole" in one} == {
        "PARENT",
        "CHILD",
    }
    in_folder = wix.sites(wix.sandbox.account_id, folderId=folder)
    assert {one["folderId"] for one in in_folder} == {folder}


@pytest.mark.parametrize("wrong", [{"query": 5}, {"query": []}, {"cursorPaging": {"limit": 0}}])
def test_a_body_that_makes_no_sense_is_refused(wix: Caller, wrong: dict[str, Any]):
    assert wix.send("POST", "/site-list/v2/sites/query", wrong).status_code == 400
