"""Query Sites and Count Sites. Reference: Sites, Query Sites; Site object; Sites introduction."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.conformance.conftest import needed
from tests.conformance.partner import SITES, Partner, good, next_cursor, read, violations_of
from tests.conformance.test_packages import is_guid, is_moment

OF_WORDS = ("$eq", "$ne", "$exists", "$in", "$hasSome")
OF_TEXTS = (*OF_WORDS, "$startsWith", "$gt", "$lt", "$lte", "$gte")
TEXTS = ("id", "folderId")
WORDS = ("published", "premium", "editorType", "namespace", "domainConnected")
# A name is looked for in slug, display name and domain alike, and a part of one is enough.
OF_PARTS = ("$eq", "$ne", "$in", "$hasSome", "$startsWith")
FILTERS = [
    *((field, operator) for field in TEXTS for operator in OF_TEXTS),
    *(("name", operator) for operator in OF_TEXTS if operator not in OF_PARTS),
    *((field, operator) for field in WORDS for operator in OF_WORDS),
]
EVERYTHING = {"namespace": {"$in": ["WIX", "HEADLESS"]}}

HOLDS: dict[str, Callable[[Any, Any], bool]] = {
    "$eq": lambda value, wanted: value == wanted,
    "$ne": lambda value, wanted: value != wanted,
    "$exists": lambda value, wanted: (value is not None) == wanted,
    "$in": lambda value, wanted: value in wanted,
    "$hasSome": lambda value, wanted: value in wanted,
    "$startsWith": lambda value, wanted: value is not None and value.startswith(wanted),
    "$gt": lambda value, wanted: value is not None and value > wanted,
    "$lt": lambda value, wanted: value is not None and value < wanted,
    "$gte": lambda value, wanted: value is not None and value >= wanted,
    "$lte": lambda value, wanted: value is not None and value <= wanted,
}


@pytest.fixture(scope="module")
def owner(wix: Partner) -> str:
    """An account with sites of several sorts: on our sandbox one made for it, else the main one."""
    if not wix.target.is_sandbox:
        return wix.target.account_id
    mail = {"email": {"emailAddress": "sites@bakery.example"}}
    made = good(wix.send("POST", "/accounts/v1/accounts/create", {"user": mail}))
    account = made["account"]["accountId"]
    for number, kind in enumerate(("WIX", "WIX", "HEADLESS", "WIX", "WIX")):
        body = {"type": kind, "name": f"Seite {number}", "apps": [{"appDefId": f"app-{number}"}]}
        if number % 2:
            body["folderId"] = f"folder-{number}"
        project = good(wix.send("POST", "/funnel/projects/v1/create", body, account=account))
        if number < 2:
            headers = {"wix-site-id": project["project"]["metaSiteId"]}
            publish = "/site-publisher/v1/site/publish"
            assert good(wix.send("POST", publish, {}, account=None, headers=headers)) == {}
    return account


@pytest.fixture(scope="module")
def sites(wix: Partner, owner: str) -> list[dict]:
    """All the owner's sites."""
    return needed(wix.sites(owner, filter=EVERYTHING), "sites")


def ids(found: list[dict]) -> set[str]:
    return {site["id"] for site in found}


def test_a_site_has_an_id_an_owner_names_and_dates(sites, owner):
    for site in sites:
        assert is_guid(site["id"])
        assert site["ownerAccountId"] == owner
        assert isinstance(site["displayName"], str)
        assert is_moment(site["createdDate"])
        assert is_moment(site["updatedDate"])
        assert site.get("trashedDate") is None or is_moment(site["trashedDate"])


def test_a_site_that_is_not_published_has_no_address(sites):
    assert all(site.get("published") or not site.get("viewUrl") for site in sites)


def test_the_address_of_the_editor_is_relative(sites):
    assert all(site["editUrl"].startswith("/") for site in sites if site.get("editUrl"))


def test_the_paging_object_is_metadata_with_count_and_has_next(wix: Partner, owner, sites):
    answer = good(wix.query_sites(owner, filter=EVERYTHING, cursorPaging={"limit": 1}))

    assert int(answer["metadata"]["count"]) == len(answer["sites"]) == 1
    assert answer["metadata"]["hasNext"] == (len(sites) > 1)


@pytest.mark.parametrize("limit", [1, 2, 100])
def test_cursors_lead_through_all_sites_once(limit, wix: Partner, owner, sites):
    found = wix.sites(owner, filter=EVERYTHING, cursorPaging={"limit": limit})

    assert len(found) == len(sites)
    assert ids(found) == ids(sites)


def test_on_the_last_page_nothing_follows(wix: Partner, owner, sites):
    answer = good(wix.query_sites(owner, filter={"id": sites[0]["id"]} | EVERYTHING))

    assert next_cursor(answer) is None or answer["metadata"].get("hasNext") is False


def test_only_sites_of_the_wix_namespace_are_seen_unless_asked_for(wix: Partner, owner, sites):
    found = wix.sites(owner)

    assert ids(found) == {site["id"] for site in sites if site["namespace"] == "WIX"}


@pytest.mark.parametrize(("field", "operator"), FILTERS)
def test_sites_are_found_by_each_field(field, operator, wix: Partner, owner, sites):
    seen = sites if field == "namespace" else [s for s in sites if s["namespace"] == "WIX"]
    values = [site[field] for site in seen if site.get(field) is not None]
    value = needed(values, f"sites with {field}")[len(values) // 2]
    operand = {
        "$exists": True,
        "$in": [value],
        "$hasSome": [value],
        "$startsWith": str(value)[:3],
    }.get(operator, value)
    expected = {site["id"] for site in seen if HOLDS[operator](read(site, field), operand)}

    found = wix.sites(owner, filter={field: {operator: operand}})

    assert ids(found) == expected


@pytest.mark.parametrize("name", ["name", "searchPhrase"])
def test_a_part_of_a_name_finds_a_site(name, wix: Partner, owner, sites):
    seen = [site for site in sites if site["namespace"] == "WIX"]
    part = needed([one["name"] for one in seen], "sites of the WIX namespace")[0][1:4].upper()

    found = wix.sites(owner, filter={name: part})

    parts = ("name", "displayName", "viewUrl")
    expected = {
        one["id"]
        for one in seen
        if any(part.lower() in (one.get(part_) or "").lower() for part_ in parts)
    }
    assert {seen[0]["id"]} <= ids(found) <= expected


@pytest.mark.parametrize("order", ["ASC", "DESC"])
@pytest.mark.parametrize("field", ["createdDate", "updatedDate", "displayName", "trashedDate"])
def test_sites_are_sorted_by_each_documented_field(field, order, wix: Partner, owner, sites):
    found = wix.sites(owner, filter=EVERYTHING, sort=[{"fieldName": field, "order": order}])

    assert ids(found) == ids(sites)
    if field in ("createdDate", "updatedDate"):
        dates = [site[field] for site in found]
        assert dates == sorted(dates, reverse=order == "DESC")


def test_sites_are_counted_by_a_bare_filter(wix: Partner, owner, sites):
    """`{"filter": {...}}`, without `query` around it."""
    everything = good(wix.send("POST", f"{SITES}/count", {"filter": EVERYTHING}, account=owner))
    published = {"filter": {"published": True} | EVERYTHING}
    some = good(wix.send("POST", f"{SITES}/count", published, account=owner))

    assert int(everything["count"]) == len(sites)
    assert int(some["count"]) == sum(bool(site.get("published")) for site in sites)


def test_counting_has_the_same_default_namespace(wix: Partner, owner, sites):
    answer = good(wix.send("POST", f"{SITES}/count", {"filter": {}}, account=owner))

    assert int(answer["count"]) == sum(site["namespace"] == "WIX" for site in sites)


# --- what Wix leaves open ------------------------------------------------------------------------


@pytest.mark.assumed
@pytest.mark.parametrize(
    ("filter_", "count"),
    [
        ({"searchPhrase": "seite 3"}, 1),
        ({"searchPhrase": "seite"}, 4),
        ({"appIds": {"$hasSome": ["app-1", "app-3"]}}, 2),
        ({"appIds": {"$hasAll": ["app-1", "app-3"]}}, 0),
        ({"state": "ACTIVE"}, 4),
        ({"state": "TRASHED"}, 0),
    ],
)
def test_filters_of_older_pages_still_work(filter_, count, wix, owner):
    assert len(wix.sites(owner, filter=filter_)) == count


@pytest.mark.assumed
@pytest.mark.parametrize("body", [None, {}, {"query": {}}, {"cursorPaging": {"limit": 100}}])
def test_a_body_without_a_query_asks_for_the_first_page(body, wix: Partner, owner):
    answer = good(wix.send("POST", f"{SITES}/query", body, account=owner))

    assert answer["sites"] == good(wix.query_sites(owner))["sites"]


@pytest.mark.assumed
def test_paging_at_the_top_of_a_body_leads_through_all_sites(wix: Partner, owner):
    found, paging = [], {"limit": 1}
    while paging:
        body = {"cursorPaging": paging}
        answer = good(wix.send("POST", f"{SITES}/query", body, account=owner))
        found += answer["sites"]
        cursor = next_cursor(answer)
        paging = {"limit": 1, "cursor": cursor} if cursor else {}

    assert [one["id"] for one in found] == [one["id"] for one in wix.sites(owner)]


@pytest.mark.assumed
def test_a_display_name_is_found_as_it_is_written(wix: Partner, owner):
    (found,) = wix.sites(owner, filter={"displayName": "Seite 3"})

    assert found["displayName"] == "Seite 3"
    assert wix.sites(owner, filter={"displayName": {"$eq": "Seite"}}) == []
    refused = wix.query_sites(owner, filter={"displayName": {"$startsWith": "Seite"}})
    assert refused.status_code == 400


@pytest.mark.assumed
@pytest.mark.parametrize("field", ["premium", "appIds"])
def test_counting_knows_no_premium_and_no_app_ids(field, wix, owner):
    operand = {"$hasSome": ["app-1"]} if field == "appIds" else {"$eq": True}

    answer = wix.send("POST", f"{SITES}/count", {"filter": {field: operand}}, account=owner)

    assert answer.status_code == 400
    assert [one["field"] for one in violations_of(answer)] == [f"filter.{field}"]


@pytest.mark.assumed
@pytest.mark.parametrize(
    "wrong",
    [
        {"filter": {"viewUrl": "x"}},
        {"filter": {"published": {"$gt": True}}},
        {"filter": {"ownerAccountId": {"$eq": "x"}}},
        {"sort": [{"fieldName": "name"}]},
        {"cursorPaging": {"limit": 101}},
    ],
)
def test_what_the_page_does_not_list_is_refused(wrong, wix, owner):
    assert wix.query_sites(owner, **wrong).status_code == 400


@pytest.mark.assumed
@pytest.mark.parametrize(("scope", "sees_both"), [("account", False), ("tree", True)])
def test_the_main_accounts_header_may_or_may_not_show_all_sites(
    scope, sees_both, wix, owner, switch
):
    switch(sites_scope=scope)

    owners = {site["ownerAccountId"] for site in wix.sites()}

    assert wix.target.account_id in owners
    assert (owner in owners) == sees_both


@pytest.mark.assumed
def test_an_unauthenticated_call_may_get_403_and_a_web_page(wix, control):
    control("faults", {"rules": [{"match": "sites", "effect": "html_403"}]})

    answer = wix.query_sites()

    assert answer.status_code == 403
    assert answer.headers["Content-Type"].startswith("text/html")
