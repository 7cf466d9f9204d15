"""Every filter of Query Packages with every operator. Reference: Supported Filters."""

from collections.abc import Callable
from itertools import chain
from typing import Any

import pytest

from tests.conformance.conftest import needed
from tests.conformance.partner import Partner, good, instances_of, read, violations_of

EQUALITY = ("$eq", "$ne", "$in", "$exists")
COMPARISON = ("$eq", "$ne", "$gt", "$lt", "$gte", "$lte")
OF_LISTS = ("$hasSome", "$hasAll")

OF_PACKAGES = {
    **dict.fromkeys(("id", "accountId", "externalId"), EQUALITY),
    **dict.fromkeys(("createdDate", "updatedDate"), COMPARISON),
}
PLAIN_OF_INSTANCES = (
    "instanceId",
    "siteId",
    "catalogProductId",
    "status",
    "failure.code",
    "failure.message",
    "billingInfo.type",
    "billingInfo.cycleDuration.unit",
    "billingInfo.cycleDuration.count",
    "createdDate",
    "updatedDate",
    "countryCode",
)
OBJECTS_OF_INSTANCES = ("failure", "billingInfo", "billingInfo.cycleDuration")
NOT_FILTERABLE = (
    "expirationDate",
    "discountCode",
    "referenceProductInstanceId",
    "parentAccountId",
    "productInstances.expirationDate",
    "productInstances.discountCode",
    "productInstances.referenceProductInstanceId",
)
FILTERS = [(field, operator) for field, operators in OF_PACKAGES.items() for operator in operators]

HOLDS: dict[str, Callable[[Any, Any], bool]] = {
    "$eq": lambda value, wanted: value == wanted,
    "$ne": lambda value, wanted: value != wanted,
    "$in": lambda value, wanted: value in wanted,
    "$exists": lambda value, wanted: (value is not None) == wanted,
    "$gt": lambda value, wanted: value > wanted,
    "$lt": lambda value, wanted: value < wanted,
    "$gte": lambda value, wanted: value >= wanted,
    "$lte": lambda value, wanted: value <= wanted,
    "$hasSome": lambda values, wanted: any(one in values for one in wanted),
    "$hasAll": lambda values, wanted: all(one in values for one in wanted),
}


def values_of(package: dict, field: str) -> list:
    """What a package's instances hold in that field."""
    return [
        value for one in instances_of([package]) if (value := read(one, field)) not in (None, "")
    ]


def agrees(wix: Partner, newest: list[dict], filter_: dict, expected: list[dict]) -> None:
    """Assert that the filter finds what is expected among the newest packages, in their order."""
    found = good(wix.query(filter=filter_))["packages"]

    known = {package["id"] for package in newest}
    ids = [package["id"] for package in found if package["id"] in known]
    cut_off = len(found) == 100 and found[-1]["id"] in known
    assert ids == [package["id"] for package in expected][: len(ids)]
    assert len(ids) == len(expected) or cut_off


@pytest.mark.parametrize(("field", "operator"), FILTERS)
def test_a_package_is_found_by_its_own_fields(field, operator, wix: Partner, newest):
    values = [package[field] for package in newest if package.get(field)]
    middle = needed(values, field)[len(values) // 2]
    operand = {"$in": [middle, values[0]], "$exists": True}.get(operator, middle)
    expected = [
        package
        for package in newest
        if (package.get(field) is not None or operator in EQUALITY)
        and HOLDS[operator](package.get(field), operand)
    ]

    agrees(wix, newest, {field: {operator: operand}}, expected)


def test_what_has_no_external_id_is_found_by_its_absence(wix: Partner, newest):
    expected = [package for package in newest if package.get("externalId") is None]

    agrees(wix, newest, {"externalId": {"$exists": False}}, expected)


@pytest.mark.parametrize("operator", OF_LISTS)
@pytest.mark.parametrize("field", PLAIN_OF_INSTANCES)
def test_a_package_is_found_by_what_its_instances_hold(field, operator, wix: Partner, newest):
    known = list(chain.from_iterable(values_of(package, field) for package in newest))
    wanted = [needed(known, field)[0], known[-1]]
    if operator == "$hasAll":
        # Both values of one package, where a package holds two different ones.
        several = (sorted(set(values_of(package, field)), key=str) for package in newest)
        wanted = max(several, key=len)[:2]
    expected = [p for p in newest if HOLDS[operator](values_of(p, field), wanted)]

    agrees(wix, newest, {f"productInstances.{field}": {operator: wanted}}, expected)


@pytest.mark.parametrize("operator", OF_LISTS)
@pytest.mark.parametrize("field", OBJECTS_OF_INSTANCES)
def test_objects_of_instances_are_taken_as_filters(field, operator, wix: Partner, newest):
    """The table lists them; how they are compared is not said."""
    known = list(chain.from_iterable(values_of(package, field) for package in newest))

    wanted = [needed(known, field)[0]]

    assert good(wix.query(filter={f"productInstances.{field}": {operator: wanted}}))


@pytest.mark.parametrize("operator", OF_LISTS)
def test_instances_as_such_are_taken_as_filters(operator, wix: Partner, newest):
    wanted = [{"instanceId": newest[0]["productInstances"][0]["instanceId"]}]

    assert good(wix.query(filter={"productInstances": {operator: wanted}}))


def test_a_status_selects_packages_and_all_their_instances_come(wix: Partner, newest):
    """Every instance of the package is returned, also those with other statuses."""
    mixed = [p for p in newest if len(set(values_of(p, "status"))) > 1]
    package = needed(mixed, "packages of mixed statuses")[0]
    status = values_of(package, "status")[0]

    (found,) = wix.packages(
        filter={"id": package["id"], "productInstances.status": {"$hasSome": [status]}}
    )

    assert len(found["productInstances"]) == len(package["productInstances"])


def test_several_fields_must_all_hold(wix: Partner, newest):
    package = newest[0]
    both = {"id": {"$eq": package["id"]}, "accountId": {"$eq": package["accountId"]}}
    neither = {"id": {"$eq": package["id"]}, "createdDate": {"$lt": package["createdDate"]}}

    assert [one["id"] for one in wix.packages(filter=both)] == [package["id"]]
    assert wix.packages(filter=neither) == []


def test_a_bare_value_means_equal(wix: Partner, newest):
    """Reference: About the Wix API Query Language."""
    assert [one["id"] for one in wix.packages(filter={"id": newest[0]["id"]})] == [newest[0]["id"]]


def test_a_filter_that_nothing_fits_finds_nothing(wix: Partner):
    answer = good(wix.query(filter={"externalId": {"$eq": "no-order-of-anybody"}}))

    assert not answer.get("packages")


@pytest.mark.assumed
@pytest.mark.parametrize("field", NOT_FILTERABLE)
def test_a_field_that_is_not_listed_is_refused_by_name(field, wix):
    answer = wix.query(filter={field: {"$hasSome" if "." in field else "$eq": ["x"]}})

    assert answer.status_code == 400
    assert [one["field"] for one in violations_of(answer)] == [f"query.filter.{field}"]


@pytest.mark.assumed
@pytest.mark.parametrize(
    ("field", "operator"),
    [
        *((field, "$startsWith") for field in ("id", "accountId", "externalId")),
        *((field, "$gt") for field in ("id", "accountId", "externalId")),
        *((field, "$in") for field in ("createdDate", "updatedDate")),
        *((f"productInstances.{field}", "$eq") for field in PLAIN_OF_INSTANCES),
    ],
)
def test_an_operator_that_is_not_listed_is_refused_by_name(field, operator, wix):
    operand = ["2026-01-01T00:00:00Z"] if operator == "$in" else "2026-01-01T00:00:00Z"

    answer = wix.query(filter={field: {operator: operand}})

    assert answer.status_code == 400
    assert [one["field"] for one in violations_of(answer)] == [f"query.filter.{field}"]


@pytest.mark.assumed
@pytest.mark.parametrize("word", ["$and", "$or", "$not"])
def test_logic_is_not_supported_here(word, wix):
    assert wix.query(filter={word: [{"id": "x"}]}).status_code == 400


@pytest.mark.assumed
@pytest.mark.parametrize("field", ["id", "accountId", "externalId", "productInstances.status"])
def test_what_cannot_be_sorted_by_is_refused(field, wix):
    assert wix.query(sort=[{"fieldName": field}]).status_code == 400


@pytest.mark.assumed
@pytest.mark.parametrize("field", OBJECTS_OF_INSTANCES)
def test_objects_are_equal_where_all_that_is_named_is_equal(field, wix, newest):
    known = list(chain.from_iterable(values_of(package, field) for package in newest))
    expected = [package for package in newest if known[0] in values_of(package, field)]

    agrees(wix, newest, {f"productInstances.{field}": {"$hasSome": [known[0]]}}, expected)
