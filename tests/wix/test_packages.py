from datetime import UTC, datetime

import pytest

from resellers.wix import BillingInfo, NewProduct, WixBadPayload, WixRefused

from .examples import (
    CUSTOMER,
    INSTANCE,
    KEY,
    MAIN,
    OTHER_SITE,
    PACKAGE,
    PRODUCT,
    SITE,
    instance,
    package,
    refusal,
)
from .scripted import reply

YEARLY = BillingInfo("RECURRING", "YEAR", 1)


def test_a_page_of_packages_is_asked_for_with_the_main_account(wix, client):
    wix.answers(reply(200, {"packages": [package()], "metadata": {"count": 1, "cursors": {}}}))

    page = client.query_packages(
        filter={"accountId": {"$eq": CUSTOMER}},
        sort=[{"fieldName": "createdDate", "order": "DESC"}],
        limit=50,
    )

    call = wix.received[0]
    assert (call.method, call.path) == ("POST", "/resellers/v1/packages/query")
    assert call.headers["authorization"] == KEY
    assert call.headers["wix-account-id"] == MAIN
    assert call.headers["accept-encoding"] == "gzip"
    assert call.headers["content-type"] == "application/json"
    assert call.json == {
        "query": {
            "filter": {"accountId": {"$eq": CUSTOMER}},
            "sort": [{"fieldName": "createdDate", "order": "DESC"}],
            "cursorPaging": {"limit": 50},
        }
    }
    assert [item.id for item in page.items] == [PACKAGE]
    assert (page.next_cursor, page.count, page.rejected) == (None, 1, ())


def test_a_customers_packages_are_asked_for_in_its_own_name_where_that_is_wanted(wix, client):
    wix.answers(reply(200, {"packages": [package()], "metadata": {"count": 1, "cursors": {}}}))

    client.query_packages(filter={"accountId": {"$eq": CUSTOMER}}, account_id=CUSTOMER)

    assert wix.received[0].headers["wix-account-id"] == CUSTOMER


def test_a_cursor_is_sent_alone(wix, client):
    wix.answers(reply(200, {"packages": [], "metadata": {"cursors": {"next": "further"}}}))

    page = client.query_packages(filter={}, sort=[], cursor="opaque")

    assert wix.received[0].json == {"query": {"cursorPaging": {"limit": 100, "cursor": "opaque"}}}
    assert page.next_cursor == "further"


@pytest.mark.parametrize(
    "asked", [{"filter": {"id": PACKAGE}}, {"sort": [{"fieldName": "createdDate"}]}]
)
def test_filter_and_sort_beside_a_cursor_raise_before_anything_is_sent(wix, client, asked):
    with pytest.raises(ValueError, match="cursor"):
        client.query_packages(cursor="opaque", **asked)
    with pytest.raises(ValueError, match="cursor"):
        client.query_sites(account_id=CUSTOMER, cursor="opaque", **asked)

    assert wix.received == []


def test_a_package_is_read_field_by_field(wix, client):
    failed = instance(
        instanceId=OTHER_SITE,
        siteId=None,
        status="FAILED",
        failure={"code": "DELIVERY_TIMEOUT", "message": "delivery deadline passed"},
        discountCode="AUTUMN",
        referenceProductInstanceId=OTHER_SITE,
        expirationDate="2027-11-20T00:00:00Z",
    )
    sent = package(productInstances=[instance(), failed], parentAccountId=MAIN)
    wix.answers(reply(200, {"package": sent}))

    answer = client.get_package(account_id=CUSTOMER, package_id=PACKAGE.upper())

    assert wix.received[0].path == f"/resellers/v1/packages/{PACKAGE}"
    assert wix.received[0].headers["wix-account-id"] == CUSTOMER
    found = answer.package
    assert (found.id, found.account_id, found.parent_account_id) == (PACKAGE, CUSTOMER, MAIN)
    assert found.external_id == "ord-2026-000417"
    assert found.created_at == datetime(2026, 11, 20, 9, 14, 2, 530_000, tzinfo=UTC)
    assert (found.raw, found.unparsed) == (sent, ())
    first, second = found.instances
    assert (first.id, first.catalog_product_id, first.site_id) == (INSTANCE, PRODUCT, SITE)
    assert (first.status, first.billing, first.country_code) == ("ENABLED", YEARLY, "DE")
    assert (second.site_id, second.status) == (None, "FAILED")
    assert second.failure_code == "DELIVERY_TIMEOUT"
    assert second.failure_message == "delivery deadline passed"
    assert (second.discount_code, second.reference_instance_id) == ("AUTUMN", OTHER_SITE)
    assert second.expires_at == datetime(2027, 11, 20, tzinfo=UTC)


def test_the_call_is_told_with_the_answer(wix, client):
    wix.answers(reply(200, {"package": package()}, {"x-wix-request-id": "req-77"}))

    call = client.assign_product_instance(
        account_id=CUSTOMER, instance_id=INSTANCE, site_id=SITE, idempotency_key="op-1:assign:1"
    ).call

    assert call.method == "PATCH"
    assert call.path_template == "/resellers/v1/packages/product-instances/{instance_id}/{site_id}"
    assert call.path == f"/resellers/v1/packages/product-instances/{INSTANCE}/{SITE}"
    assert (call.status, call.code, call.request_id) == (200, None, "req-77")
    assert (call.attempts, call.idempotency_key) == (1, "op-1:assign:1")
    assert call.sent_at.tzinfo is UTC
    assert 0 <= call.duration_ms < 5000


def test_an_order_names_its_products_as_version_two_wants_them(wix, client):
    wix.answers(reply(200, {"package": package()}))

    client.create_package(
        account_id=CUSTOMER,
        products=[
            NewProduct(PRODUCT.upper(), "de", billing=YEARLY, site_id=SITE),
            NewProduct(
                PRODUCT,
                "DE",
                billing=BillingInfo("ONE_TIME"),
                discount_code="AUTUMN",
                reference_instance_id=INSTANCE,
            ),
        ],
        external_id="ord-1",
        idempotency_key="ord-1-create",
    )

    call = wix.received[0]
    assert (call.method, call.path) == ("POST", "/resellers/v2/packages")
    assert call.headers["wix-account-id"] == CUSTOMER
    assert call.json == {
        "products": [
            {
                "catalogProductId": PRODUCT,
                "countryCode": "DE",
                "billingInfo": {"type": "RECURRING", "cycleDuration": {"unit": "YEAR", "count": 1}},
                "siteId": SITE,
            },
            {
                "catalogProductId": PRODUCT,
                "countryCode": "DE",
                "billingInfo": {"type": "ONE_TIME"},
                "discountCode": "AUTUMN",
                "referenceProductInstanceId": INSTANCE,
            },
        ],
        "externalId": "ord-1",
        "idempotencyKey": "ord-1-create",
    }


INSTANCE_PATH = f"/resellers/v1/packages/product-instances/{INSTANCE}"


@pytest.mark.parametrize(
    ("name", "arguments", "method", "path"),
    [
        ("cancel_package", {"package_id": PACKAGE}, "DELETE", f"/resellers/v1/packages/{PACKAGE}"),
        ("cancel_product_instance", {"instance_id": INSTANCE}, "DELETE", INSTANCE_PATH),
        (
            "assign_product_instance",
            {"instance_id": INSTANCE, "site_id": SITE},
            "PATCH",
            f"{INSTANCE_PATH}/{SITE}",
        ),
        (
            "unassign_product_instance",
            {"instance_id": INSTANCE},
            "PATCH",
            f"{INSTANCE_PATH}/unassign",
        ),
    ],
)
def test_a_write_carries_the_owners_account_and_its_key(wix, client, name, arguments, method, path):
    wix.answers(reply(200, {"package": package()}))

    answer = getattr(client, name)(account_id=CUSTOMER, idempotency_key="key-1", **arguments)

    call = wix.received[0]
    assert (call.method, call.path) == (method, path)
    assert call.headers["wix-account-id"] == CUSTOMER
    assert call.json == {"idempotencyKey": "key-1"}
    assert answer.package.id == PACKAGE


def test_an_adjustment_sends_only_what_changes(wix, client):
    wix.answers(reply(200, {"package": package()}), reply(200, {"package": package()}))

    client.adjust_product_instance(
        account_id=CUSTOMER, instance_id=INSTANCE, catalog_product_id=PRODUCT, discount_code="X"
    )
    client.adjust_product_instance(
        account_id=CUSTOMER, instance_id=INSTANCE, billing_info=YEARLY, idempotency_key="adj-1"
    )

    assert wix.received[0].path == INSTANCE_PATH
    assert [call.json for call in wix.received] == [
        {"catalogProductId": PRODUCT, "discountCode": "X"},
        {
            "billingInfo": {"type": "RECURRING", "cycleDuration": {"unit": "YEAR", "count": 1}},
            "idempotencyKey": "adj-1",
        },
    ]


@pytest.mark.parametrize("name", ["updatedPackage", "updated_package"])
def test_a_new_external_id_travels_in_the_path_and_comes_back_under_either_name(wix, client, name):
    sent = package(externalId="ord-2")
    billing = sent["productInstances"][0].pop("billingInfo")
    sent["productInstances"][0]["paymentInfo"] = billing
    wix.answers(reply(200, {name: sent}))

    answer = client.update_package_external_id(
        account_id=CUSTOMER, package_id=PACKAGE, external_id="ord-2"
    )

    call = wix.received[0]
    assert (call.method, call.path) == ("PATCH", f"/resellers/v1/packages/update/{PACKAGE}/ord-2")
    assert call.body == b""
    assert answer.package.external_id == "ord-2"
    assert answer.package.instances[0].billing == BillingInfo("RECURRING", "YEAR", 1)


@pytest.mark.parametrize("status", [400, 415])
def test_a_cancellation_refused_for_its_body_is_sent_once_more_without(wix, client, status):
    wix.answers(reply(status, {"message": "no body, please"}), reply(200, {"package": package()}))

    answer = client.cancel_package(account_id=CUSTOMER, package_id=PACKAGE, idempotency_key="key-1")

    assert [call.json for call in wix.received] == [{"idempotencyKey": "key-1"}, None]
    assert (answer.call.attempts, answer.call.idempotency_key) == (2, None)


def test_a_cancellation_refused_twice_is_refused(wix, client):
    wix.answers(reply(400, refusal("NOT_NOW")), reply(400, refusal("NOT_NOW")))

    with pytest.raises(WixRefused) as refused:
        client.cancel_package(account_id=CUSTOMER, package_id=PACKAGE, idempotency_key="key-1")

    assert refused.value.code == "NOT_NOW"
    assert len(wix.received) == 2


def test_a_cancellation_refused_for_a_reason_is_not_sent_again(wix, client):
    wix.answers(reply(428, refusal("TOO_LATE")))

    with pytest.raises(WixRefused):
        client.cancel_package(account_id=CUSTOMER, package_id=PACKAGE, idempotency_key="key-1")

    assert len(wix.received) == 1


def test_an_answer_about_another_package_is_not_taken_for_ours(wix, client):
    wix.answers(reply(200, {"package": package(id=OTHER_SITE)}))

    with pytest.raises(WixBadPayload) as bad:
        client.get_package(account_id=CUSTOMER, package_id=PACKAGE)

    assert bad.value.place == "package.id"
    assert bad.value.call.status == 200


NOT_IDS = [
    "",
    " ",
    PACKAGE[:-1],
    PACKAGE + "0",
    "{" + PACKAGE + "}",
    "../x",
    "a/b",
    "a?b",
    "%2e%2e",
    PACKAGE[:-1] + "\0",
    PACKAGE + "\n",
    "\ud800" * 36,
    "x" * 10_000,
    None,
    7,
]


@pytest.mark.parametrize("value", NOT_IDS)
def test_what_is_not_a_guid_never_enters_a_path(wix, client, value):
    with pytest.raises(ValueError, match="package_id"):
        client.get_package(account_id=CUSTOMER, package_id=value)
    with pytest.raises(ValueError, match="site_id"):
        client.assign_product_instance(account_id=CUSTOMER, instance_id=INSTANCE, site_id=value)
    with pytest.raises(ValueError, match="account_id"):
        client.get_package(account_id=value, package_id=PACKAGE)

    assert wix.received == []


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ("a/b", "a%2Fb"),
        ("a b", "a%20b"),
        ("50%", "50%25"),
        ("a%2f", "a%252f"),
        ("ä?#&=", "%C3%A4%3F%23%26%3D"),
        ("../x", "..%2Fx"),
        ("...", "..."),
        ("🙂" * 100, "%F0%9F%99%82" * 100),
    ],
)
def test_an_external_id_of_any_text_is_one_segment_of_the_path(wix, client, value, path):
    wix.answers(reply(200, {"updatedPackage": package(externalId=value)}))

    client.update_package_external_id(account_id=CUSTOMER, package_id=PACKAGE, external_id=value)

    assert wix.received[0].path == f"/resellers/v1/packages/update/{PACKAGE}/{path}"


@pytest.mark.parametrize("value", ["", ".", "..", "x" * 101, None])
def test_an_external_id_that_would_bend_the_path_is_refused(wix, client, value):
    with pytest.raises(ValueError, match="external_id"):
        client.update_package_external_id(
            account_id=CUSTOMER, package_id=PACKAGE, external_id=value
        )

    assert wix.received == []


@pytest.mark.parametrize(
    ("name", "arguments", "named"),
    [
        ("query_packages", {"limit": 101}, "limit"),
        ("query_packages", {"limit": 0}, "limit"),
        ("create_package", {"account_id": CUSTOMER, "products": []}, "products"),
        (
            "create_package",
            {"account_id": CUSTOMER, "products": [NewProduct(PRODUCT, "DEU")]},
            "country_code",
        ),
        (
            "create_package",
            {"account_id": CUSTOMER, "products": [NewProduct(PRODUCT, "DE")] * 1001},
            "products",
        ),
        (
            "adjust_product_instance",
            {"account_id": CUSTOMER, "instance_id": INSTANCE},
            "billing_info",
        ),
        (
            "unassign_product_instance",
            {"account_id": CUSTOMER, "instance_id": INSTANCE, "idempotency_key": "k" * 101},
            "idempotency_key",
        ),
    ],
)
def test_arguments_wix_would_refuse_are_named_before_anything_is_sent(
    wix, client, name, arguments, named
):
    with pytest.raises(ValueError, match=named):
        getattr(client, name)(**arguments)

    assert wix.received == []
