"""A body with wrong fields is 400, and every wrong field is named."""

from typing import Any

import pytest

from tests.sandbox.conftest import NOWHERE, PACKAGES, Caller, Customer, fields_of


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["products"]),
        ({"products": []}, ["products"]),
        ({"productInstances": [{}]}, ["products"]),
        ({"products": [{}]}, ["products[0].catalogProductId", "products[0].countryCode"]),
        (
            {"products": [{"catalogProductId": NOWHERE}]},
            ["products[0].countryCode"],
        ),
        (
            {"products": [{"catalogProductId": NOWHERE, "countryCode": "UK"}]},
            ["products[0].countryCode"],
        ),
        (
            {"products": [{"catalogProductId": NOWHERE, "countryCode": "Germany"}]},
            ["products[0].countryCode"],
        ),
        (
            {
                "products": [{"catalogProductId": 7, "countryCode": "DE"}],
                "externalId": "x" * 101,
                "idempotencyKey": "k" * 101,
            },
            ["idempotencyKey", "externalId", "products[0].catalogProductId"],
        ),
        (
            {
                "products": [
                    {
                        "catalogProductId": NOWHERE,
                        "countryCode": "DE",
                        "siteId": "",
                        "discountCode": "x" * 26,
                        "billingInfo": {"type": "SOMETIMES"},
                    }
                ]
            },
            [
                "products[0].siteId",
                "products[0].billingInfo.type",
                "products[0].discountCode",
            ],
        ),
        ({"products": [1, "x"]}, ["products[0]", "products[1]"]),
        ({"products": [{}] * 1001}, ["products"]),
    ],
)
def test_a_wrong_order_names_every_wrong_field(
    wix: Caller, customer: Customer, body: dict[str, Any], fields: list[str]
):
    answer = wix.send("POST", "/resellers/v2/packages", body, customer.account)

    assert answer.status_code == 400
    assert fields_of(answer) == fields
    assert "applicationError" not in answer.json()["details"]


def test_an_external_id_in_the_path_is_at_most_a_hundred_characters(
    wix: Caller, customer: Customer
):
    package = wix.truth(customer.plan())["packageId"]

    answer = wix.send("PATCH", f"{PACKAGES}/update/{package}/{'x' * 101}", account=customer.account)

    assert answer.status_code == 400
    assert fields_of(answer) == ["externalId"]
