"""Query Packages: filters, sorting, cursors, and a clear no to the rest."""

from typing import Any

import pytest

from tests.sandbox.conftest import PACKAGES, Caller, Customer, code_of, fields_of


def query(wix: Caller, account: str | None = "parent", **query: Any):
    return wix.send("POST", f"{PACKAGES}/query", {"query": query}, account)


def found(wix: Caller, **filter_: Any) -> list[dict[str, Any]]:
    """All packages that match, over all pages."""
    answer = query(wix, filter=filter_, cursorPaging={"limit": 7})
    packages = []
    while True:
        assert answer.status_code == 200, answer.text
        packages += answer.json()["packages"]
        cursor = answer.json()["metadata"]["cursors"].get("next")
        if not cursor:
            return packages
        answer = query(wix, cursorPaging={"cursor": cursor, "limit": 7})


def listed(wix: Caller) -> list[dict[str, Any]]:
    unlisted = wix.state()["unlisted_package_ids"]
    return [one for one in wix.all_packages() if one["id"] not in unlisted]


def test_an_empty_query_shows_the_newest_hundred(wix: Caller):
    wix.control("reset", {"packages": 130})

    page = query(wix).json()

    dates = [one["createdDate"] for one in page["packages"]]
    assert len(dates) == page["metadata"]["count"] == 100
    assert dates == sorted(dates, reverse=True)


@pytest.mark.parametrize("limit", [1, 7, 59, 100])
@pytest.mark.parametrize("order", ["ASC", "DESC"])
@pytest.mark.parametrize("field", ["createdDate", "updatedDate"])
def test_pages_show_every_package_once_and_in_order(
    wix: Caller, limit: int, order: str, field: str
):
    paging: dict[str, Any] = {"limit": limit}
    sort = [{"fieldName": field, "order": order}]
    answer = query(wix, sort=sort, cursorPaging=paging).json()
    packages = answer["packages"]
    while cursor := answer["metadata"]["cursors"].get("next"):
        answer = query(wix, cursorPaging={"limit": limit, "cursor": cursor}).json()
        packages += answer["packages"]

    keys = [(one[field], one["id"]) for one in packages]
    assert keys == sorted(keys, reverse=order == "DESC")
    assert len(set(keys)) == len(listed(wix))
    assert answer["metadata"]["cursors"] == {}


def test_several_sort_fields_apply_in_sequence(wix: Caller):
    sort = [{"fieldName": "updatedDate"}, {"fieldName": "createdDate", "order": "DESC"}]
    first = query(wix, sort=sort, cursorPaging={"limit": 30}).json()
    cursor = first["metadata"]["cursors"]["next"]
    rest = query(wix, cursorPaging={"cursor": cursor}).json()

    dates = [one["updatedDate"] for one in first["packages"] + rest["packages"]]
    assert dates == sorted(dates)
    assert len(dates) == len(listed(wix))


def test_new_packages_do_not_shift_the_pages(wix: Caller, customer: Customer):
    first = query(wix, cursorPaging={"limit": 20}).json()
    wix.create(customer.account, wix.line("Core"))

    cursor = first["metadata"]["cursors"]["next"]
    second = query(wix, cursorPaging={"limit": 20, "cursor": cursor}).json()

    paged = [one["id"] for one in first["packages"] + second["packages"]]
    assert len(set(paged)) == 40


def test_one_answer_covers_the_tree_whichever_account_asks(wix: Caller, customer: Customer):
    customer.plan()

    as_parent = query(wix).json()["packages"]
    as_child = query(wix, account=customer.account).json()["packages"]

    assert as_parent == as_child
    assert len({one["accountId"] for one in as_parent}) > 3


def test_one_package_is_seen_only_by_its_accounts_filter(wix: Caller):
    (hidden,) = wix.state()["unlisted_package_ids"]
    (package,) = (one for one in wix.all_packages() if one["id"] == hidden)

    assert hidden not in [one["id"] for one in found(wix)]
    assert found(wix, id=hidden) == []
    by_account = found(wix, accountId={"$eq": package["accountId"]})
    assert hidden in [one["id"] for one in by_account]
    wix.switch(unlisted_package=False)
    assert len(found(wix)) == len(wix.all_packages())


FILTERS = [
    ("id", lambda one: one["id"]),
    ("accountId", lambda one: one["accountId"]),
    ("externalId", lambda one: one.get("externalId")),
]


@pytest.mark.parametrize(("field", "read"), FILTERS, ids=[field for field, _ in FILTERS])
def test_fields_of_the_package_are_filtered_by_equality(wix: Caller, field: str, read):
    packages = listed(wix)
    wanted = next(read(one) for one in packages if read(one))
    other = next(read(one) for one in packages if read(one) not in (None, wanted))
    by_account = field == "accountId"
    if by_account:
        packages = wix.all_packages()

    def expect(matching):
        return sorted(one["id"] for one in packages if matching(read(one)))

    def ids(filter_):
        return sorted(one["id"] for one in found(wix, **{field: filter_}))

    assert ids(wanted) == ids({"$eq": wanted}) == expect(lambda value: value == wanted)
    assert ids({"$in": [wanted, other]}) == expect(lambda value: value in (wanted, other))
    assert ids({"$in": []}) == []
    packages = listed(wix)
    assert ids({"$ne": wanted}) == expect(lambda value: value != wanted)
    assert ids({"$exists": True}) == expect(lambda value: value is not None)
    assert ids({"$exists": False}) == expect(lambda value: value is None)


@pytest.mark.parametrize("field", ["createdDate", "updatedDate"])
@pytest.mark.parametrize(
    ("operator", "keeps"),
    [
        ("$eq", lambda date, pivot: date == pivot),
        ("$ne", lambda date, pivot: date != pivot),
        ("$gt", lambda date, pivot: date > pivot),
        ("$gte", lambda date, pivot: date >= pivot),
        ("$lt", lambda date, pivot: date < pivot),
        ("$lte", lambda date, pivot: date <= pivot),
    ],
)
def test_dates_are_compared(wix: Caller, field: str, operator: str, keeps):
    packages = listed(wix)
    pivot = sorted(one[field] for one in packages)[20]

    expected = {one["id"] for one in packages if keeps(one[field], pivot)}
    assert {one["id"] for one in found(wix, **{field: {operator: pivot}})} == expected
    sorted_otherwise = query(
        wix, filter={field: {operator: pivot}}, sort=[{"fieldName": "createdDate"}]
    )
    assert {one["id"] for one in sorted_otherwise.json()["packages"]} == expected


@pytest.mark.parametrize("order", ["ASC", "DESC"])
def test_a_large_world_gives_the_same_answers_along_its_sorted_lists(wix: Caller, order: str):
    wix.control("reset", {"packages": 5000, "accounts": 40})
    packages = listed(wix)
    dates = sorted(one["updatedDate"] for one in packages)
    first, last = dates[1000], dates[4500]

    body: dict[str, Any] = {
        "filter": {
            "updatedDate": {"$gt": first, "$lte": last},
            "productInstances.status": {"$hasSome": ["ENABLED"]},
        },
        "sort": [{"fieldName": "updatedDate", "order": order}],
    }
    paged = []
    while body:
        answer = query(wix, **body).json()
        paged += [(one["updatedDate"], one["id"]) for one in answer["packages"]]
        cursor = answer["metadata"]["cursors"].get("next")
        body = {"cursorPaging": {"cursor": cursor}} if cursor else {}

    expected = sorted(
        (one["updatedDate"], one["id"])
        for one in packages
        if first < one["updatedDate"] <= last
        and "ENABLED" in [instance["status"] for instance in one["productInstances"]]
    )
    assert len(expected) > 3000
    assert paged == (expected if order == "ASC" else expected[::-1])


def test_a_span_of_dates_with_another_zone_and_without_fraction(wix: Caller):
    between = {"$gte": "2020-01-01T00:00:00+02:00", "$lt": "2100-01-01T00:00:00Z"}

    assert len(found(wix, createdDate=between)) == len(listed(wix))


INSTANCE_FILTERS = [
    ("instanceId", lambda one: one["instanceId"]),
    ("siteId", lambda one: one.get("siteId")),
    ("catalogProductId", lambda one: one["catalogProductId"]),
    ("status", lambda one: one["status"]),
    ("failure", lambda one: one.get("failure")),
    ("failure.code", lambda one: (one.get("failure") or {}).get("code")),
    ("failure.message", lambda one: (one.get("failure") or {}).get("message")),
    ("billingInfo", lambda one: one["billingInfo"]),
    ("billingInfo.type", lambda one: one["billingInfo"]["type"]),
    ("billingInfo.cycleDuration", lambda one: one["billingInfo"].get("cycleDuration")),
    (
        "billingInfo.cycleDuration.unit",
        lambda one: one["billingInfo"].get("cycleDuration", {}).get("unit"),
    ),
    (
        "billingInfo.cycleDuration.count",
        lambda one: one["billingInfo"].get("cycleDuration", {}).get("count"),
    ),
    ("createdDate", lambda one: one["createdDate"]),
    ("updatedDate", lambda one: one["updatedDate"]),
    ("countryCode", lambda one: one["countryCode"]),
]


@pytest.mark.parametrize(
    ("field", "read"), INSTANCE_FILTERS, ids=[field for field, _ in INSTANCE_FILTERS]
)
def test_fields_of_the_instances_are_filtered_by_some_and_by_all(wix: Caller, field: str, read):
    packages = listed(wix)
    values = [
        (one["id"], [read(instance) for instance in one["productInstances"]]) for one in packages
    ]
    known = [value for _, in_package in values for value in in_package if value is not None]
    first, last = known[0], known[-1]

    def ids(filter_):
        return {one["id"] for one in found(wix, **{f"productInstances.{field}": filter_})}

    some = {one for one, inside in values if first in inside or last in inside}
    both = {one for one, inside in values if first in inside and last in inside}
    assert ids({"$hasSome": [first, last]}) == some
    assert ids({"$hasAll": [first, last]}) == both
    assert ids({"$hasSome": []}) == set()


def test_whole_instances_are_compared_by_what_is_named(wix: Caller):
    wanted = {"status": "FAILED", "billingInfo": {"type": "RECURRING"}}

    packages = found(wix, productInstances={"$hasSome": [wanted]})

    assert packages
    for one in packages:
        assert "FAILED" in [instance["status"] for instance in one["productInstances"]]


def test_a_status_is_compared_without_regard_to_case_and_all_instances_come(
    wix: Caller, customer: Customer
):
    package = wix.create(
        customer.account, wix.line("Core", customer.site), wix.line("Mailbox Starter")
    ).json()["package"]
    wix.deliver()
    failing = package["productInstances"][0]["instanceId"]
    wix.control(f"instances/{failing}", {"status": "FAILED"})

    packages = found(
        wix, **{"productInstances.status": {"$hasSome": ["Failed"]}, "id": package["id"]}
    )

    (only,) = packages
    assert [one["status"] for one in only["productInstances"]] == ["FAILED", "ENABLED"]


def test_several_fields_all_hold(wix: Caller):
    package = listed(wix)[0]

    assert len(found(wix, id=package["id"], accountId=package["accountId"])) == 1
    assert found(wix, id=package["id"], externalId="another") == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"filter": {"expirationDate": "2026-01-01T00:00:00Z"}}, "query.filter.expirationDate"),
        ({"filter": {"discountCode": "x"}}, "query.filter.discountCode"),
        ({"filter": {"parentAccountId": "x"}}, "query.filter.parentAccountId"),
        ({"filter": {"$or": []}}, "query.filter.$or"),
        ({"filter": {"$not": {}}}, "query.filter.$not"),
        ({"filter": {"id": {"$startsWith": "a"}}}, "query.filter.id"),
        ({"filter": {"createdDate": {"$in": []}}}, "query.filter.createdDate"),
        ({"filter": {"createdDate": "yesterday"}}, "query.filter.createdDate"),
        ({"filter": {"createdDate": {"$gt": 5}}}, "query.filter.createdDate"),
        ({"filter": {"id": {"$in": "x"}}}, "query.filter.id"),
        ({"filter": {"id": {"$exists": "x"}}}, "query.filter.id"),
        (
            {"filter": {"productInstances.status": "FAILED"}},
            "query.filter.productInstances.status",
        ),
        (
            {"filter": {"productInstances.expirationDate": {"$hasSome": []}}},
            "query.filter.productInstances.expirationDate",
        ),
        ({"filter": []}, None),
        ({"filter": "id"}, "query.filter"),
        ({"sort": [{"fieldName": "externalId"}]}, "query.sort[0].fieldName"),
        ({"sort": [{"fieldName": "createdDate", "order": "UP"}]}, "query.sort[0].order"),
        ({"sort": {"fieldName": "createdDate"}}, "query.sort"),
        ({"cursorPaging": {"limit": 101}}, "query.cursorPaging.limit"),
        ({"cursorPaging": {"limit": 0}}, "query.cursorPaging.limit"),
        ({"cursorPaging": {"limit": "many"}}, "query.cursorPaging.limit"),
        ({"paging": {"limit": 101}}, "query.paging.limit"),
        ({"paging": {"offset": -1}}, "query.paging.offset"),
        ({"paging": {}, "cursorPaging": {}}, "query.paging"),
        ({"cursorPaging": 5}, "query.cursorPaging"),
        ({"fieldsets": "all"}, "query.fieldsets"),
    ],
)
def test_what_is_not_supported_is_refused_by_name(
    wix: Caller, wrong: dict[str, Any], field: str | None
):
    answer = query(wix, **wrong)

    if field is None:
        assert answer.status_code == 200
    else:
        assert answer.status_code == 400
        assert fields_of(answer) == [field]


def test_a_query_is_required_and_may_be_empty(wix: Caller):
    answer = wix.send("POST", f"{PACKAGES}/query", {})

    assert answer.status_code == 400
    assert fields_of(answer) == ["query"]
    assert query(wix, fields=["id"], fieldsets=[]).json()["packages"][0]["productInstances"]


def test_a_cursor_takes_another_limit_and_refuses_filter_and_sort(wix: Caller):
    sort = [{"fieldName": "createdDate"}]
    first = query(wix, sort=sort, cursorPaging={"limit": 5}).json()
    cursor = first["metadata"]["cursors"]["next"]

    with_limit = query(wix, cursorPaging={"cursor": cursor, "limit": 9})
    with_sort = query(wix, sort=sort, cursorPaging={"cursor": cursor})
    with_filter = query(wix, filter={"id": "x"}, cursorPaging={"cursor": cursor})

    assert len(with_limit.json()["packages"]) == 9
    assert (with_sort.status_code, code_of(with_sort)) == (400, "INVALID_CURSOR")
    assert (with_filter.status_code, code_of(with_filter)) == (400, "INVALID_CURSOR")


def test_a_cursor_that_was_altered_or_belongs_elsewhere_is_refused(wix: Caller):
    first = query(wix, cursorPaging={"limit": 5}).json()
    cursor = first["metadata"]["cursors"]["next"]
    body = {"query": {"cursorPaging": {"cursor": cursor}}}

    altered = query(wix, cursorPaging={"cursor": cursor[:-4] + "AAAA"})
    elsewhere = wix.send("POST", "/site-list/v2/sites/query", body)
    not_base64 = query(wix, cursorPaging={"cursor": "äöü"})
    wix.control("reset", {"seed": 8})
    after_reset = wix.send("POST", f"{PACKAGES}/query", body, Authorization=wix.sandbox.api_key)

    for answer in (altered, elsewhere, not_base64, after_reset):
        assert (answer.status_code, code_of(answer)) == (400, "INVALID_CURSOR")


def test_offset_paging_counts_the_total_and_gives_no_cursors(wix: Caller):
    total = len(listed(wix))

    page = query(wix, paging={"limit": 10, "offset": total - 4}).json()

    assert len(page["packages"]) == 4
    assert page["metadata"] == {
        "count": 4,
        "offset": total - 4,
        "total": total,
        "tooManyToCount": False,
    }
