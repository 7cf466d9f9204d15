"""Registered domains, behind their switch: from the order to expiry, and every refusal."""

from collections.abc import Callable
from typing import Any

import pytest
import requests

from tests.sandbox.conftest import NOWHERE, Caller, Customer, code_of, fields_of

REGISTERED = "/domains/v1/registered-domains"
CONTACT = {
    "firstName": "Test",
    "lastName": "Registrant",
    "email": "registrant@kunde.example",
    "phone": "+4989123456",
    "address": "Hauptstr 1",
    "city": "Muenchen",
    "postalCode": "80331",
    "subdivisionCode": "BY",
    "countryCode": "DE",
}


def register(
    wix: Caller,
    customer: Customer,
    instance: str,
    domain: str = "kunde.example",
    site: str | None = None,
    **contact: Any,
) -> requests.Response:
    wish = {
        "domain": domain,
        "productInstanceId": instance,
        "contacts": {"registrant": {**CONTACT, **contact}},
    }
    body = {"registeredDomain": wish}
    return wix.send("POST", REGISTERED, body, customer.account, wix_site_id=site)


def read_domain(wix: Caller, customer: Customer, domain: str = "kunde.example") -> dict[str, Any]:
    answer = wix.send("GET", f"{REGISTERED}/{domain}", account=customer.account)
    return answer.json()["registeredDomain"]


def test_registered_domains_are_closed_unless_switched_on(wix: Caller, customer: Customer):
    unknown = wix.send("GET", REGISTERED, account=customer.account)
    wix.switch(registered_domains="forbidden")
    forbidden = wix.send("GET", REGISTERED, account=customer.account)

    assert unknown.status_code == 404
    assert "x-wix-responded-by" not in unknown.headers
    assert forbidden.status_code == 403


def test_a_domain_is_registered_after_a_while(wix: Caller, customer: Customer):
    wix.switch(registered_domains="on")
    instance = wix.order(customer.account, "Domain .example")

    made = register(wix, customer, instance).json()["registeredDomain"]
    wix.advance(10)
    active = read_domain(wix, customer)

    assert made["id"] == "kunde.example"
    assert made["status"] == "PENDING_REGISTRATION"
    assert made["revision"] == "1"
    assert made["pendingRegistrationInfo"]["latestAttempt"]["number"] == 1
    assert made["expirationDate"] is None
    assert active["status"] == "ACTIVE"
    assert active["icannConfirmationStatus"] == "CONFIRMED_BY_ALL"
    assert active["dnsPropagationStatus"] == "COMPLETED"
    assert active["expirationDate"] > active["createdDate"]
    listed = wix.send("GET", REGISTERED, account=customer.account).json()
    assert listed["registeredDomains"] == [active]


def test_a_registered_domain_and_its_service_end_together(wix: Caller, customer: Customer):
    wix.switch(registered_domains="on")
    instance = wix.order(customer.account, "Domain .example")
    wix.advance(86_400)

    register(wix, customer, instance)
    wix.advance(10)

    ends = read_domain(wix, customer)["expirationDate"]
    assert wix.truth(instance)["expirationDate"] == ends
    wix.advance(365 * 86_400)
    assert read_domain(wix, customer)["status"] == wix.truth(instance)["status"] == "CANCELED"


def test_a_wrong_address_shows_up_only_later(wix: Caller, customer: Customer):
    wix.switch(registered_domains="on")
    instance = wix.order(customer.account, "Domain .example")

    assert register(wix, customer, instance, postalCode="00000").status_code == 200
    wix.advance(10)

    failed = read_domain(wix, customer)
    assert failed["status"] == "FAILED_REGISTRATION"
    assert failed["failedRegistrationInfo"]["code"] == "OTHER"


def test_an_expired_domain_can_be_redeemed_once(wix: Caller, customer: Customer):
    wix.switch(registered_domains="on")
    register(wix, customer, wix.order(customer.account, "Domain .example"))
    wix.advance(10)
    expires = read_domain(wix, customer)["expirationDate"]
    path = f"{REGISTERED}/kunde.example/redeem"
    too_early = wix.send("POST", path, {}, customer.account)
    wix.advance(366 * 86_400)

    assert read_domain(wix, customer)["status"] == "CANCELED"
    redeemed = wix.send("POST", path, {}, customer.account).json()["registeredDomain"]

    assert too_early.status_code == 400
    assert redeemed["status"] == "ACTIVE"
    assert redeemed["expirationDate"][:4] == str(int(expires[:4]) + 1)


def bad_name(domain: str) -> Callable[[Caller, Customer], requests.Response]:
    return lambda wix, of: register(wix, of, wix.order(of.account, "Domain .example"), domain)


def on_free_site(wix, of):
    return register(wix, of, wix.order(of.account, "Domain .example"), site=of.site)


def on_foreign_site(wix, of):
    site = wix.sites(wix.sandbox.account_id)[0]["id"]
    return register(wix, of, wix.order(of.account, "Domain .example"), site=site)


def with_foreign_instance(wix, of):
    return register(wix, of, wix.order(wix.sandbox.account_id, "Domain .example"))


def with_another_product(wix, of):
    return register(wix, of, wix.order(of.account, "Mailbox Starter"))


def with_another_tld(wix, of):
    return register(wix, of, wix.order(of.account, "Domain .de"))


def with_used_instance(wix, of):
    instance = wix.order(of.account, "Domain .example")
    assert register(wix, of, instance, "eins.example").status_code == 200
    return register(wix, of, instance, "zwei.example")


def with_canceled_instance(wix, of):
    instance = wix.order(of.account, "Domain .example")
    wix.cancel(of.account, instance)
    return register(wix, of, instance)


def with_pending_instance(wix, of):
    package = wix.create(of.account, wix.line("Domain .example")).json()["package"]
    return register(wix, of, package["productInstances"][0]["instanceId"])


def with_five_years(wix, of):
    years = {"type": "RECURRING", "cycleDuration": {"unit": "YEAR", "count": 5}}
    line = wix.line("Domain .example", billingInfo=years)
    package = wix.create(of.account, line).json()["package"]
    wix.deliver()
    return register(wix, of, package["productInstances"][0]["instanceId"])


def twice(wix, of):
    instance = wix.order(of.account, "Domain .example")
    assert register(wix, of, instance).status_code == 200
    return register(wix, of, instance)


def without_sku(wix, of):
    return register(wix, of, wix.order(of.account, "Domain .shop"), "kunde.shop")


def with_unknown_instance(wix, of):
    return register(wix, of, NOWHERE)


CAUSES = [
    (400, "INVALID_DOMAIN", "no TLD", bad_name("kunde")),
    (400, "INVALID_DOMAIN", "bad letters", bad_name("kün de.example")),
    (400, "DOMAIN_TOO_LONG", "long", bad_name("k" * 60 + ".example")),
    (400, "DOMAIN_TOO_SHORT", "short", bad_name("k")),
    (400, "TLD_NOT_SUPPORTED", "TLD", bad_name("kunde.museum")),
    (400, "SUBDOMAIN_NOT_SUPPORTED", "subdomain", bad_name("www.kunde.example")),
    (400, "DOMAIN_ALREADY_TAKEN", "taken", bad_name("taken.example")),
    (400, "CANNOT_ASSIGN_DOMAIN_TO_FREE_SITE", "free site", on_free_site),
    (403, "PERMISSION_DENIED", "foreign site", on_foreign_site),
    (403, "PERMISSION_DENIED", "foreign instance", with_foreign_instance),
    (400, "PRODUCT_INSTANCE_NOT_FOUND", "unknown instance", with_unknown_instance),
    (400, "INVALID_PRODUCT_INSTANCE", "another product", with_another_product),
    (400, "INVALID_PRODUCT_INSTANCE", "used instance", with_used_instance),
    (400, "INVALID_TLD", "another TLD", with_another_tld),
    (400, "PRODUCT_INSTANCE_NOT_ACTIVE", "canceled", with_canceled_instance),
    (400, "AWAITING_PRODUCT_ACTIVATION", "pending", with_pending_instance),
    (400, "INVALID_BILLING_CYCLE", "five years", with_five_years),
    (400, "REGISTERED_DOMAIN_ALREADY_EXISTS", "twice", twice),
    (400, "SKU_NOT_FOUND", "no SKU", without_sku),
]


@pytest.mark.parametrize(
    ("status", "code", "cause"),
    [(status, code, cause) for status, code, _, cause in CAUSES],
    ids=[what for _, _, what, _ in CAUSES],
)
def test_registering_is_refused_with_the_documented_codes(
    wix: Caller, customer: Customer, status: int, code: str, cause
):
    wix.switch(registered_domains="on")

    answer = cause(wix, customer)

    assert (answer.status_code, code_of(answer)) == (status, code)


def test_an_unknown_registered_domain_is_400(wix: Caller, customer: Customer):
    wix.switch(registered_domains="on")

    answer = wix.send("GET", f"{REGISTERED}/nie.example", account=customer.account)

    assert (answer.status_code, code_of(answer)) == (400, "REGISTERED_DOMAIN_NOT_FOUND")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("firstName", ""),
        ("lastName", "x"),
        ("city", "x" * 65),
        ("phone", "1" * 21),
        ("postalCode", "1"),
        ("email", "two@@signs"),
        ("countryCode", "DEU"),
        ("subdivisionCode", None),
    ],
)
def test_contacts_are_checked_formally(
    wix: Caller, customer: Customer, field: str, value: str | None
):
    wix.switch(registered_domains="on")
    instance = wix.order(customer.account, "Domain .example")

    answer = register(wix, customer, instance, **{field: value})

    assert fields_of(answer) == [f"registeredDomain.contacts.registrant.{field}"]
