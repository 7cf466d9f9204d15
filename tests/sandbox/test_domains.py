"""Domain search and connected domains."""

from typing import Any

import pytest
import requests

from tests.sandbox.conftest import NOWHERE, Caller, Customer, code_of, fields_of

CHECK = "/domain-search/v2/check-domain-availability"
SUGGEST = "/domain-search/v2/suggest-domains"
CONNECTED = "/domains/v1/connected-domains"
NO_KEY = {"account": None, "Authorization": None}


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


def test_umlauts_are_written_out_in_what_is_suggested(wix: Caller):
    answer = wix.send(
        "GET", f"{SUGGEST}?query=Nordb%C3%A4ckerei%20Gr%C3%B6%C3%9Fe", **NO_KEY
    ).json()

    assert answer["suggestions"][0]["domain"].startswith("nordbaeckerei-groesse.")


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
    assert wix.sites(account, id=customer.site)[0]["domainConnected"]

    assert wix.send("DELETE", f"{CONNECTED}/kunde.example", account=account).status_code == 200
    gone = wix.send("GET", f"{CONNECTED}/kunde.example", account=account)
    assert (gone.status_code, code_of(gone)) == (404, "NOT_FOUND")
    assert not wix.sites(account, id=customer.site)[0]["domainConnected"]


NAMESERVERS = {
    "nameserverRecord": {
        "nsRecord": {
            "hostName": "kunde.example",
            "ttl": 3600,
            "values": ["ns1.dns.example", "ns2.dns.example"],
        }
    }
}
POINTING = {
    "pointingRecords": {
        "aRecord": {"hostName": "kunde.example", "ttl": 3600, "values": ["192.0.2.7"]},
        "cnameRecord": {
            "hostName": "www.kunde.example",
            "ttl": 3600,
            "value": "pointing.dns.example",
        },
    }
}
SUBDOMAIN = {
    "subdomainRecords": {
        "cnameRecords": [
            {"hostName": "shop.kunde.example", "ttl": 3600, "value": "pointing.dns.example"}
        ]
    }
}


@pytest.mark.parametrize(
    ("domain", "connection_type", "records"),
    [
        ("kunde.example", "NAMESERVERS", NAMESERVERS),
        ("kunde.example", "POINTING", POINTING),
        ("shop.kunde.example", None, SUBDOMAIN),
    ],
)
def test_what_to_enter_at_the_registrar_follows_from_the_kind_of_connection(
    wix: Caller, customer: Customer, domain: str, connection_type: str | None, records: dict
):
    customer.plan()
    connect(wix, customer, domain, connectionType=connection_type)

    path = f"/domains/v1/connected-domain-setup-info/{domain}"
    info = wix.send("GET", path, account=customer.account).json()["connectedDomainSetupInfo"]

    assert info.pop("connectedDomainId") == domain
    assert set(info.pop("registrar")) == {"name", "nameServers"}
    assert info == records


def test_a_connected_domain_has_dates_and_a_redirect_names_its_primary_domain(
    wix: Caller, customer: Customer
):
    customer.plan()
    first = connect(wix, customer, "eins.example").json()["connectedDomain"]
    wix.advance(60)

    second = connect(wix, customer, "zwei.example", siteInfo={"assignmentType": "REDIRECT"})

    redirect = second.json()["connectedDomain"]
    assert redirect["siteInfo"] == {
        "id": customer.site,
        "assignmentType": "REDIRECT",
        "redirectInfo": {"primaryDomain": "eins.example"},
    }
    assert first["createdDate"] == first["updatedDate"] < redirect["createdDate"]


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
