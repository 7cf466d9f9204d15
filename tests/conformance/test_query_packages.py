"""Query Packages: pages, order, scope. Reference: Query Packages; About Sorting and Paging."""

import pytest

from tests.conformance.conftest import needed
from tests.conformance.partner import (
    PACKAGES,
    Partner,
    code_of,
    good,
    instances_of,
    next_cursor,
    violations_of,
)


def paging_of(answer: dict) -> dict:
    """Sample and type name it `metadata`, the prose `pagingMetadata`."""
    return dict(answer.get("metadata") or answer.get("pagingMetadata") or {})


def ids(packages: list[dict]) -> list[str]:
    return [package["id"] for package in packages]


def made_in_order(packages: list[dict], field: str, order: str) -> bool:
    dates = [package[field] for package in packages]
    return dates == sorted(dates, reverse=order == "DESC")


def test_an_empty_query_shows_the_newest_hundred_at_most(wix: Partner):
    packages = good(wix.query())["packages"]

    assert 0 < len(packages) <= 100
    assert made_in_order(packages, "createdDate", "DESC")


def test_a_body_without_a_query_is_refused(wix: Partner):
    """`query` is required, though it may be empty."""
    assert wix.send("POST", f"{PACKAGES}/query", {}).status_code == 400


@pytest.mark.parametrize("limit", [1, 2, 100])
def test_a_page_holds_what_was_asked_for_at_most(limit, wix: Partner):
    answer = good(wix.query(cursorPaging={"limit": limit}))

    assert len(answer["packages"]) <= limit
    assert int(paging_of(answer)["count"]) == len(answer["packages"])


def test_cursors_lead_through_the_whole_list_once(wix: Partner):
    """From the newest to the oldest and back again: each package once, and none left out."""
    down = wix.packages(sort=[{"fieldName": "createdDate", "order": "DESC"}])
    up = wix.packages(sort=[{"fieldName": "createdDate", "order": "ASC"}])

    assert len(set(ids(down))) == len(down)
    assert len(set(ids(up))) == len(up)
    # What was made between the two walks is at the end of the second.
    assert set(ids(down)) == set(ids(up[: len(down)]))
    assert made_in_order(down, "createdDate", "DESC")
    assert made_in_order(up, "createdDate", "ASC")


def test_small_pages_show_what_large_ones_show(wix: Partner, newest):
    oldest_first = [{"fieldName": "createdDate", "order": "ASC"}]
    large = good(wix.query(sort=oldest_first, cursorPaging={"limit": 20}))["packages"]

    answer = good(wix.query(sort=oldest_first, cursorPaging={"limit": 7}))
    small = answer["packages"]
    while (cursor := next_cursor(answer)) and len(small) < len(large):
        answer = good(wix.query(cursorPaging={"limit": 7, "cursor": cursor}))
        small += answer["packages"]

    assert ids(small)[: len(large)] == ids(large)


def test_the_last_page_names_no_next_cursor(wix: Partner, newest):
    """The sample's last page is `"cursors": {}`."""
    answer = good(wix.query(filter={"id": {"$eq": newest[0]["id"]}}))

    assert next_cursor(answer) is None
    assert not paging_of(answer).get("hasNext")


def test_a_cursor_takes_another_limit(wix: Partner, newest):
    first = good(wix.query(cursorPaging={"limit": 1}))
    cursor = needed(next_cursor(first), "second package")

    second = good(wix.query(cursorPaging={"limit": 3, "cursor": cursor}))

    assert ids(first["packages"] + second["packages"]) == ids(newest[:4])


@pytest.mark.parametrize(
    "beside",
    [
        {"filter": {"externalId": {"$eq": "ord-1"}}},
        {"sort": [{"fieldName": "createdDate", "order": "ASC"}]},
    ],
    ids=["filter", "sort"],
)
def test_filter_or_sort_beside_a_cursor_is_an_invalid_cursor(beside, wix: Partner):
    first = good(wix.query(cursorPaging={"limit": 1}))
    cursor = needed(next_cursor(first), "second package")

    answer = wix.query(cursorPaging={"cursor": cursor}, **beside)

    assert 400 <= answer.status_code < 500


def test_a_cursor_keeps_its_filter_and_sort(wix: Partner, newest):
    oldest_first = [{"fieldName": "createdDate", "order": "ASC"}]
    since = {"createdDate": {"$gte": newest[-1]["createdDate"]}}
    first = good(wix.query(filter=since, sort=oldest_first, cursorPaging={"limit": 1}))
    cursor = needed(next_cursor(first), "second package")

    second = good(wix.query(cursorPaging={"limit": 2, "cursor": cursor}))

    paged = first["packages"] + second["packages"]
    assert made_in_order(paged, "createdDate", "ASC")
    assert all(one["createdDate"] >= newest[-1]["createdDate"] for one in paged)


def test_offset_paging_shows_a_part_of_the_same_list_without_cursors(wix: Partner, newest):
    """Cursors come back unless `paging` is used."""
    answer = good(wix.query(paging={"limit": 3, "offset": 1}))

    assert ids(answer["packages"]) == ids(newest[1:4])
    assert next_cursor(answer) is None


def test_fields_and_fieldsets_are_taken_and_whole_packages_come(wix: Partner):
    """The official sample asks for `id` alone and gets everything."""
    (package,) = good(wix.query(fields=["id"], fieldsets=[], cursorPaging={"limit": 1}))["packages"]

    assert package["productInstances"]


@pytest.mark.parametrize("field", ["createdDate", "updatedDate"])
@pytest.mark.parametrize("order", ["ASC", "DESC"])
def test_both_dates_can_be_sorted_by(field, order, wix: Partner):
    answer = good(wix.query(sort=[{"fieldName": field, "order": order}]))

    assert made_in_order(answer["packages"], field, order)


def test_an_order_that_is_not_named_ascends(wix: Partner):
    answer = good(wix.query(sort=[{"fieldName": "createdDate"}], cursorPaging={"limit": 20}))

    assert made_in_order(answer["packages"], "createdDate", "ASC")


def test_the_answer_is_the_main_accounts_whichever_account_asks(wix: Partner, children, newest):
    """Reference: Query Packages: parent or sub-account in the header, the same packages."""
    child = needed(children, "child accounts")[0]

    as_child = good(wix.query(child))["packages"]

    assert ids(as_child) == ids(newest[:100])


def test_one_child_account_is_seen_by_filtering(wix: Partner, newest):
    account = newest[0]["accountId"]

    packages = wix.packages(filter={"accountId": {"$eq": account}})

    assert newest[0]["id"] in ids(packages)
    assert {package["accountId"] for package in packages} == {account}


# --- what Wix leaves open ------------------------------------------------------------------------


@pytest.mark.assumed
@pytest.mark.parametrize("name", ["metadata", "pagingMetadata"])
def test_the_paging_object_may_have_either_name(name, wix, switch):
    switch(paging_name=name)

    assert good(wix.query())[name]["cursors"]["next"]


@pytest.mark.assumed
@pytest.mark.parametrize(
    ("form", "cursors"),
    [
        ("empty_cursors", {}),
        ("no_cursors", None),
        ("null_cursors", {"next": None, "prev": None}),
        ("empty_text", {"next": ""}),
    ],
)
def test_the_last_page_may_say_so_in_four_ways(form, cursors, wix, switch, newest):
    switch(last_page=form)

    answer = good(wix.query(filter={"id": newest[0]["id"]}))

    assert answer["metadata"].get("cursors") == cursors


@pytest.mark.assumed
@pytest.mark.parametrize("cursor", ["made-up", "bm90IG91cnM"])
def test_a_cursor_that_is_not_known_is_400_invalid_cursor(cursor, wix):
    answer = wix.query(cursorPaging={"cursor": cursor})

    assert (answer.status_code, code_of(answer)) == (400, "INVALID_CURSOR")


@pytest.mark.assumed
def test_a_cursor_may_outlive_its_time(wix, switch, control):
    switch(cursor_seconds=60)
    cursor = next_cursor(good(wix.query(cursorPaging={"limit": 5})))
    control("clock", {"advance_seconds": 61})

    answer = wix.query(cursorPaging={"cursor": cursor})

    assert (answer.status_code, code_of(answer)) == (400, "INVALID_CURSOR")


@pytest.mark.assumed
def test_offset_paging_tells_the_total_and_takes_100_at_most(wix):
    answer = good(wix.query(paging={"limit": 100, "offset": 200}))

    total = len(wix.packages())
    assert answer["metadata"] == {
        "count": len(answer["packages"]),
        "offset": 200,
        "total": total,
        "tooManyToCount": False,
    }
    assert wix.query(paging={"limit": 101}).status_code == 400


@pytest.mark.assumed
def test_a_page_of_more_than_100_is_refused_by_name(wix):
    answer = wix.query(cursorPaging={"limit": 101})

    assert answer.status_code == 400
    (violation,) = violations_of(answer)
    assert violation["field"] == "query.cursorPaging.limit"


@pytest.mark.assumed
def test_one_package_may_show_only_when_its_account_is_asked_for(wix, switch, target):
    switch(unlisted_package=True)
    state = wix.session.get(f"{target.base_url}/_sandbox/state", timeout=10).json()
    (hidden,) = state["unlisted_package_ids"]
    switch(unlisted_package=False)
    (package,) = wix.packages(filter={"id": hidden})
    switch(unlisted_package=True)

    assert hidden not in ids(wix.packages())
    assert hidden in ids(wix.packages(filter={"accountId": package["accountId"]}))


@pytest.mark.assumed
def test_a_status_is_compared_without_regard_to_case(wix):
    """One official sample spells a filter's value `Enabled`."""
    as_sample = wix.packages(filter={"productInstances.status": {"$hasSome": ["Enabled"]}})
    as_enum = wix.packages(filter={"productInstances.status": {"$hasSome": ["ENABLED"]}})

    assert ids(as_sample) == ids(as_enum)
    assert "ENABLED" in {one["status"] for one in instances_of(as_enum)}
