"""How packages look and are read one by one. Reference: Packages object; Get Package."""

import re
from datetime import datetime
from uuid import UUID

import pytest

from tests.conformance.conftest import needed
from tests.conformance.partner import PACKAGES, Partner, good, instances_of, read

STATUSES = {"PENDING", "AWAITING_ACTION", "ENABLED", "FAILED", "CANCELED"}
FAILURES = {"UNKNOWN", "DELIVERY_TIMEOUT", "EXTERNAL_FAILURE"}
BILLING_TYPES = {"UNKNOWN", "ONE_TIME", "RECURRING"}
UNITS = {"UNKNOWN", "DAY", "WEEK", "MONTH", "YEAR"}
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


def is_moment(text: object) -> bool:
    return isinstance(text, str) and bool(RFC_3339.fullmatch(text) and datetime.fromisoformat(text))


def is_guid(text: object) -> bool:
    return isinstance(text, str) and len(text) == 36 and bool(UUID(text))


def billing_of(instance: dict) -> dict:
    """Older samples name it `paymentInfo`."""
    return instance.get("billingInfo") or instance.get("paymentInfo") or {}


def test_a_package_has_an_id_an_owner_dates_and_1_to_1000_instances(newest):
    for package in newest:
        assert is_guid(package["id"])
        assert is_guid(package["accountId"])
        assert is_moment(package["createdDate"])
        assert is_moment(package["updatedDate"])
        assert 1 <= len(package["productInstances"]) <= 1000


def test_an_external_id_is_a_text_of_at_most_100_characters_or_none(newest):
    for package in newest:
        assert len(package.get("externalId") or "") <= 100


def test_an_instance_has_an_id_a_product_a_status_and_dates(newest):
    for instance in instances_of(newest):
        assert is_guid(instance["instanceId"])
        assert is_guid(instance["catalogProductId"])
        assert instance["status"] in STATUSES
        assert is_moment(instance["createdDate"])
        assert is_moment(instance["updatedDate"])


def test_ids_are_used_once(newest):
    packages = [package["id"] for package in newest]
    instances = [instance["instanceId"] for instance in instances_of(newest)]

    assert len(set(packages)) == len(packages)
    assert len(set(instances)) == len(instances)


def test_a_site_is_a_guid_and_absent_while_floating(newest):
    assert all(is_guid(one["siteId"]) for one in instances_of(newest) if one.get("siteId"))


def test_a_failure_stands_only_with_failed_and_says_why(newest):
    for instance in instances_of(newest):
        failure = instance.get("failure")
        assert failure is None or instance["status"] == "FAILED"
        assert failure is None or failure["code"] in FAILURES


def test_billing_is_of_a_documented_type_and_only_what_recurs_has_a_cycle(newest):
    for instance in instances_of(newest):
        billing = billing_of(instance)
        cycle = billing.get("cycleDuration")
        assert billing["type"] in BILLING_TYPES
        assert cycle is None or billing["type"] == "RECURRING"
        assert cycle is None or (cycle["unit"] in UNITS and int(cycle["count"]) >= 0)


def test_a_country_is_of_two_letters_and_a_discount_code_of_at_most_25(newest):
    for instance in instances_of(newest):
        assert re.fullmatch(r"[A-Z]{2}", instance.get("countryCode") or "DE")
        assert len(instance.get("discountCode") or "") <= 25


def test_an_expiration_is_a_moment_where_there_is_one(newest):
    for instance in instances_of(newest):
        assert instance.get("expirationDate") is None or is_moment(instance["expirationDate"])


def test_get_shows_the_package_that_the_query_showed(wix: Partner, newest):
    settled = [
        package
        for package in newest
        if not {"PENDING", "AWAITING_ACTION"} & {one["status"] for one in instances_of([package])}
    ]
    queried = needed(settled, "settled packages")[0]

    got = wix.get(queried)

    for field in ("id", "accountId", "externalId", "createdDate"):
        assert got.get(field) == queried.get(field)
    assert [one["instanceId"] for one in got["productInstances"]] == [
        one["instanceId"] for one in queried["productInstances"]
    ]


def test_get_fails_with_another_account_than_the_packages(wix: Partner, newest):
    """Reference: Get Package: "the account must be the package's"."""
    main = wix.target.account_id
    foreign = [package for package in newest if package["accountId"] != main]
    package = needed(foreign, "packages of child accounts")[0]

    answer = wix.send("GET", f"{PACKAGES}/{package['id']}")

    assert 400 <= answer.status_code < 500


@pytest.mark.assumed
@pytest.mark.parametrize(("position", "status"), [("403", 403), ("404", 404)])
def test_an_account_mismatch_is_403_or_404(position, status, wix, newest, switch):
    switch(account_mismatch=position)
    main = wix.target.account_id
    package = next(package for package in newest if package["accountId"] != main)

    assert wix.send("GET", f"{PACKAGES}/{package['id']}").status_code == status


@pytest.mark.assumed
def test_ids_are_compared_without_regard_to_case_and_no_slash_may_trail(wix, newest):
    path = f"{PACKAGES}/{newest[0]['id'].upper()}"

    account = newest[0]["accountId"].upper()
    assert good(wix.send("GET", path, account=account))["package"]["id"] == newest[0]["id"]
    assert wix.send("GET", f"{path}/", account=account).status_code == 404


@pytest.mark.assumed
@pytest.mark.parametrize("name", ["billingInfo", "paymentInfo", "contractDetails.billingInfo"])
def test_billing_may_stand_under_three_names(name, wix, newest, switch):
    switch(billing_name=name.partition(".")[0])

    (instance, *_) = wix.get(newest[0])["productInstances"]

    assert read(instance, f"{name}.type") in BILLING_TYPES


@pytest.mark.assumed
def test_an_instances_dates_may_be_seconds_and_nanos(wix, newest, switch):
    switch(dates="instance_objects")

    package = wix.get(newest[0])

    assert is_moment(package["createdDate"])
    assert set(package["productInstances"][0]["createdDate"]) == {"seconds", "nanos"}


@pytest.mark.assumed
def test_an_external_id_may_be_wrapped(wix, newest, switch):
    switch(external_id="wrapped")
    package = next(package for package in newest if package.get("externalId"))

    assert wix.get(package)["externalId"] == {"value": package["externalId"]}


@pytest.mark.assumed
@pytest.mark.parametrize("form", ["absent", "null"])
def test_what_is_empty_may_be_absent_or_null(form, wix, switch):
    switch(empty_values=form)

    answer = good(wix.query(filter={"externalId": "no-such-reference"}))

    assert not answer.get("packages")
    assert ("packages" in answer) == (form == "null")
