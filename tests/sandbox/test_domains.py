"""Domain search, connected domains, and registered domains behind their switch."""

from collections.abc import Callable
from typing import Any

import pytest
import requests

from tests.sandbox.conftest import NOWHERE, Caller, Customer, code_of, fields_of

CHECK = "/domain-search/v2/check-domain-availability"
SUGGEST = "/domain-search/v2/suggest-domains"
CONNECTED = "/domains/v1/connected-domains"
REGISTERED = "/domains/v1/registered-domains"
NO_KEY = {"account": None, "Authorization": None}
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


def test_a_free_domain_is_available_with_and_without_a_key(wix: Caller):
    path = f"{CHECK}?domain=Backstube.example"

    answers = [wix.send("GET", path), wix.send("GET", path, **NO_KEY)]

    for answer in answers:
        assert answer.json()["availability"] == {
            "domain": "backstube.example",
            "available": True,
            "premium": False,
            "premiumType": "UNKNOWN_PREMIUM_TYPE",
        }
    assert wix.send("GET", path, Authorization="wrong").status_code == 401


def test_a_taken_domain_is_not_available(wix: Caller):
    answer = wix.send("GET", f"{CHECK}?domain=taken-name.example").json()

    assert answer["availability"]["available"] is False


@pytest.mark.parametrize(
    ("path", "code"),
    [
        (f"{CHECK}?domain=backstube", "INVALID_DOMAIN"),
        (f"{CHECK}?domain=-x.example", "INVALID_DOMAIN"),
        (f"{CHECK}?domain=www.backstube.example", "INVALID_DOMAIN"),
        (f"{CHECK}?domain=backstube.museum", "DOMAINS_UNSUPPORTED_TLD"),
        (f"{SUGGEST}?query=back!stube", "INVALID_QUERY"),
        (f"{SUGGEST}?query=backstube&tlds=.de", "INVALID_TLD_FORMAT"),
        (f"{SUGGEST}?query=backstube&tlds=de&tlds=museum", "TLD_NOT_SUPPORTED"),
    ],
)
def test_search_refuses_with_its_own_codes(wix: Caller, path: str, code: str):
    answer = wix.send("GET", path, **NO_KEY)

    assert (answer.status_code, code_of(answer)) == (400, code)
    assert answer.json()["message"] == (answer.json()["details"]["applicationError"]["description"])


@pytest.mark.parametrize(
    ("path", "field"),
    [
        (CHECK, "domain"),
        (f"{CHECK}?domain=ab", "domain"),
        (f"{CHECK}?domain={'a' * 60}.example", "domain"),
        (f"{SUGGEST}?query=ab", "query"),
        (f"{SUGGEST}?query={'a' * 101}", "query"),
        (f"{SUGGEST}?query=abc&paging.limit=21", "paging.limit"),
        (f"{SUGGEST}?query=abc&{'&'.join(['tlds=de'] * 11)}", "tlds"),
        (f"{SUGGEST}?query=abc&maxLength=64", "maxLength"),
    ],
)
def test_search_names_wrong_arguments(wix: Caller, path: str, field: str):
    assert fields_of(wix.send("GET", path, **NO_KEY)) == [field]


def test_suggestions_come_in_pages(wix: Caller):
    path = f"{SUGGEST}?query=brot%20und%20kuchen&tlds=de&tlds=com&paging.limit=6"
    answer = wix.send("GET", path, **NO_KEY).json()
    found = [one["domain"] for one in answer["suggestions"]]
    while answer["pagingMetadata"]["hasNext"]:
        cursor = answer["pagingMetadata"]["cursors"]["next"]
        answer = wix.send("GET", f"{path}&paging.cursor={cursor}", **NO_KEY).json()
        found += [one["domain"] for one in answer["suggestions"]]

    assert len(set(found)) == len(found) > 6
    assert {one.rpartition(".")[2] for one in found} == {"de", "com"}
    short = wix.send("GET", f"{SUGGEST}?query=brot&maxLength=8", **NO_KEY).json()
    assert all(len(one["domain"]) <= 8 for one in short["suggestions"])


def test_search_may_refuse_a_key_or_want_one(wix: Caller):
    path = f"{CHECK}?domain=backstube.example"
    wix.switch(domain_search_auth="refuse_key")
    with_key, without = wix.send("GET", path), wix.send("GET", path, **NO_KEY)
    wix.switch(domain_search_auth="need_key")
    now_without = wix.send("GET", path, **NO_KEY)

    assert (with_key.status_code, code_of(with_key)) == (403, "access_denied")
    assert without.status_code == 200
    assert now_without.status_code == 401
    assert wix.send("GET", path).status_code == 200


def connect(
    wix: Caller, customer: Customer, domain: str = "kunde.example", **more: Any
) -> requests.Response:
    site = more.pop("site", customer.site)
    body = {"domain": domain, "connectionType": "POINTING", **more}
    body = {name: value for name, value in body.items() if value is not None}
    return wix.send(
        "POST", CONNECTED, {"connectedDomain": body}, customer.account, wix_site_id=site
    )


def test_a_domain_is_connected_got_listed_and_deleted(wix: Caller, customer: Customer):
    customer.plan()
    account = customer.account
    info = {"assignmentType": "PRIMARY"}
    made = connect(wix, customer, siteInfo=info).json()["connectedDomain"]

    assert made["id"] == made["domain"] == "kunde.example"
    assert made["siteInfo"] == {"id": customer.site, **info}
    assert made["dnsPropagationStatus"] == "UNKNOWN_DNS_PROPAGATION_STATUS"
    got = wix.send("GET", f"{CONNECTED}/kunde.example", account=account)
    assert got.json()["connectedDomain"] == made
    listed = wix.send("GET", CONNECTED, account=account).json()
    assert listed["connectedDomains"] == [made]
    assert listed["pagingMetadata"] == {
        "count": 1,
        "cursors": {"next": None, "prev": None},
        "hasNext": False,
    }
    setup = wix.send(
        "GET", "/domains/v1/connected-domain-setup-info/kunde.example", account=account
    )
    record = setup.json()["connectedDomainSetupInfo"]["nameserverRecord"]["nsRecord"]
    assert record["values"]
    assert wix.sites(account, id=customer.site)[0]["domainConnected"]

    assert wix.send("DELETE", f"{CONNECTED}/kunde.example", account=account).status_code == 200
    gone = wix.send("GET", f"{CONNECTED}/kunde.example", account=account)
    assert (gone.status_code, code_of(gone)) == (404, "NOT_FOUND")
    assert not wix.sites(account, id=customer.site)[0]["domainConnected"]


def test_a_new_primary_domain_takes_the_place_of_the_old(wix: Caller, customer: Customer):
    customer.plan()
    info = {"assignmentType": "PRIMARY"}
    connect(wix, customer, "alt.example", siteInfo=info)
    connect(wix, customer, "neu.example", siteInfo=info)

    path = f"{CONNECTED}/alt.example"
    old = wix.send("GET", path, account=customer.account).json()["connectedDomain"]

    assert old["siteInfo"] == {}


def test_a_subdomain_has_no_connection_type(wix: Caller, customer: Customer):
    customer.plan()

    answer = connect(wix, customer, "shop.kunde.example", connectionType=None)

    assert answer.json()["connectedDomain"]["connectionType"] == "UNKNOWN_CONNECTION_TYPE"


def test_dns_takes_up_to_two_days(wix: Caller, customer: Customer):
    customer.plan()
    connect(wix, customer)
    path = f"{CONNECTED}/kunde.example"

    seen = []
    for seconds in (120, 2 * 86_400):
        wix.advance(seconds)
        domain = wix.send("GET", path, account=customer.account).json()["connectedDomain"]
        seen.append(domain["dnsPropagationStatus"])

    assert seen == ["IN_PROGRESS", "COMPLETED"]


def test_connected_domains_are_listed_newest_first_in_pages(wix: Caller, customer: Customer):
    for number in range(5):
        connect(wix, customer, f"kunde-{number}.example", site=None)
        wix.advance(1)
    path = f"{CONNECTED}?paging.limit=2"
    answer = wix.send("GET", path, account=customer.account).json()
    found = answer["connectedDomains"]
    while cursor := answer["pagingMetadata"]["cursors"]["next"]:
        path_on = f"{path}&paging.cursor={cursor}"
        answer = wix.send("GET", path_on, account=customer.account).json()
        found += answer["connectedDomains"]

    assert [one["domain"] for one in found] == [f"kunde-{n}.example" for n in (4, 3, 2, 1, 0)]


@pytest.mark.parametrize(
    ("status", "code", "domain", "wish"),
    [
        (400, "Invalid domain", "kunde", {}),
        (400, "Invalid domain", "-.example", {}),
        (400, "Invalid connection type", "kunde.example", {"connectionType": None}),
        (400, "Invalid connection type", "shop.kunde.example", {}),
        (400, "DOMAINS_GUID_NOT_VALID", "kunde.example", {"site": "no-guid"}),
        (403, "DOMAINS_GUID_NOT_FOUND", "kunde.example", {"site": NOWHERE}),
        (403, "DOMAINS_PERMISSION_DENIED", "kunde.example", {"site": "foreign"}),
        (403, "DOMAINS_DOMAIN_NOT_PERMITTED", "my-wix.example", {}),
        (403, "INVALID_DOMAINS_PREVIEW_RECORDS", "no-dns.example", {}),
        (403, "NON_PREMIUM_SITE", "kunde.example", {"site": "free"}),
        (409, "DOMAINS_ALREADY_EXISTS", "leuchtfeder.example", {"connectionType": "POINTING"}),
    ],
)
def test_connecting_is_refused_with_the_documented_codes(
    wix: Caller, customer: Customer, status: int, code: str, domain: str, wish: dict[str, Any]
):
    customer.plan()
    places = {"foreign": wix.sites(wix.sandbox.account_id)[0]["id"], "free": customer.other_site}
    if "site" in wish:
        wish = {**wish, "site": places.get(wish["site"], wish["site"])}
    connect(wix, customer, "leuchtfeder.example")

    answer = connect(wix, customer, domain, **wish)

    assert (answer.status_code, code_of(answer)) == (status, code)


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


def shown(wix: Caller, customer: Customer, domain: str = "kunde.example") -> dict[str, Any]:
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
    active = shown(wix, customer)

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


def test_a_wrong_address_shows_up_only_later(wix: Caller, customer: Customer):
    wix.switch(registered_domains="on")
    instance = wix.order(customer.account, "Domain .example")

    assert register(wix, customer, instance, postalCode="00000").status_code == 200
    wix.advance(10)

    failed = shown(wix, customer)
    assert failed["status"] == "FAILED_REGISTRATION"
    assert failed["failedRegistrationInfo"]["code"] == "OTHER"


def test_an_expired_domain_can_be_redeemed_once(wix: Caller, customer: Customer):
    wix.switch(registered_domains="on")
    register(wix, customer, wix.order(customer.account, "Domain .example"))
    wix.advance(10)
    expires = shown(wix, customer)["expirationDate"]
    path = f"{REGISTERED}/kunde.example/redeem"
    too_early = wix.send("POST", path, {}, customer.account)
    wix.advance(366 * 86_400)

    assert shown(wix, customer)["status"] == "CANCELED"
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
