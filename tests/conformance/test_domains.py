"""Looking for domains, and those connected and registered. Reference: Domains."""

import pytest
import requests

from tests.conformance.conftest import needed
from tests.conformance.partner import Partner, code_of, good

CHECK = "/domain-search/v2/check-domain-availability"
SUGGEST = "/domain-search/v2/suggest-domains"
CONNECTED = "/domains/v1/connected-domains"
REGISTERED = "/domains/v1/registered-domains"
SEARCH_REFUSALS = {
    "INVALID_DOMAIN": (CHECK, [("domain", "bakery")]),
    "DOMAINS_UNSUPPORTED_TLD": (CHECK, [("domain", "bakery.invalid")]),
    "INVALID_QUERY": (SUGGEST, [("query", "bread & butter?")]),
    "INVALID_TLD_FORMAT": (SUGGEST, [("query", "bakery"), ("tlds", ".example")]),
    "TLD_NOT_SUPPORTED": (SUGGEST, [("query", "bakery"), ("tlds", "invalid")]),
}


def search(wix: Partner, path: str, *asked: tuple[str, str]) -> requests.Response:
    """A search without a key, and with one where that is denied: Wix's pages say both."""
    answer = wix.send("GET", path, key=None, account=None, params=asked)
    if answer.status_code in (401, 403):
        return wix.send("GET", path, params=asked)
    return answer


def test_whether_a_domain_can_be_had(wix: Partner):
    domain = needed(wix.target.domain, "domain to ask for (CONFORMANCE_DOMAIN)")

    availability = good(search(wix, CHECK, ("domain", domain)))["availability"]

    assert availability["domain"] == domain
    assert isinstance(availability.get("available", False), bool)
    assert isinstance(availability.get("premium", False), bool)
    assert isinstance(availability["premiumType"], str)


def test_suggestions_come_in_pages(wix: Partner):
    first = good(search(wix, SUGGEST, ("query", "bakery bread"), ("paging.limit", "2")))
    cursor = needed((first["pagingMetadata"].get("cursors") or {}).get("next"), "more suggestions")
    asked = [("query", "bakery bread"), ("paging.limit", "2"), ("paging.cursor", cursor)]
    second = good(search(wix, SUGGEST, *asked))

    names = [one["domain"] for one in first["suggestions"] + second["suggestions"]]
    assert len(set(names)) == len(names) == 4
    assert int(first["pagingMetadata"]["count"]) == 2
    assert all("." in name for name in names)


def test_suggestions_keep_to_the_endings_asked_for(wix: Partner):
    domain = needed(wix.target.domain, "ending to ask for (CONFORMANCE_DOMAIN)")
    tld = domain.rpartition(".")[2]

    found = good(search(wix, SUGGEST, ("query", "bakery bread"), ("tlds", tld)))["suggestions"]

    assert {one["domain"].rpartition(".")[2] for one in found} == {tld}


@pytest.mark.parametrize("code", SEARCH_REFUSALS)
def test_a_search_is_refused_with_its_documented_code(code, wix: Partner):
    path, asked = SEARCH_REFUSALS[code]

    answer = search(wix, path, *asked)

    assert (answer.status_code, code_of(answer)) == (400, code)


def test_connected_domains_come_in_pages(wix: Partner):
    answer = good(wix.send("GET", CONNECTED, params={"paging.limit": "100"}))

    domains = answer.get("connectedDomains") or []
    assert int(answer["pagingMetadata"].get("count") or 0) == len(domains)
    assert all(one["id"] == one["domain"] for one in domains)


def test_a_domain_that_is_not_connected_is_404_not_found(wix: Partner):
    answer = wix.send("GET", f"{CONNECTED}/nobody-has-connected-this.example")

    assert (answer.status_code, code_of(answer)) == (404, "NOT_FOUND")


# --- what cannot be taken back, and what is assumed ----------------------------------------------


@pytest.mark.lasting
def test_a_domain_is_connected_read_and_disconnected(wix: Partner, orders):
    wish = {"domain": "verbunden.example", "connectionType": "NAMESERVERS"}

    made = good(wix.send("POST", CONNECTED, {"connectedDomain": wish}, account=orders.account))[
        "connectedDomain"
    ]
    read = good(wix.send("GET", f"{CONNECTED}/verbunden.example", account=orders.account))
    setup = good(
        wix.send(
            "GET",
            "/domains/v1/connected-domain-setup-info/verbunden.example",
            account=orders.account,
        )
    )["connectedDomainSetupInfo"]
    gone = wix.send("DELETE", f"{CONNECTED}/verbunden.example", account=orders.account)
    after = wix.send("GET", f"{CONNECTED}/verbunden.example", account=orders.account)

    assert made["id"] == made["domain"] == "verbunden.example"
    assert made["connectionType"] == "NAMESERVERS"
    assert made["dnsPropagationStatus"] == "UNKNOWN_DNS_PROPAGATION_STATUS"
    assert read["connectedDomain"] == made
    assert setup["nameserverRecord"]["nsRecord"]["values"]
    assert gone.status_code == 200
    assert after.status_code == 404


@pytest.mark.lasting
@pytest.mark.parametrize(
    ("wish", "site", "status", "code"),
    [
        ({"domain": "no domain", "connectionType": "POINTING"}, None, 400, "Invalid domain"),
        (
            {"domain": "www.bakery.example", "connectionType": "POINTING"},
            None,
            400,
            "Invalid connection type",
        ),
        (
            {"domain": "bakery.example", "connectionType": "POINTING"},
            "no-guid",
            400,
            "DOMAINS_GUID_NOT_VALID",
        ),
        (
            {"domain": "bakery.example", "connectionType": "POINTING"},
            "free",
            403,
            "NON_PREMIUM_SITE",
        ),
    ],
)
def test_a_connection_is_refused_with_its_documented_code(wish, site, status, code, wix, orders):
    site = orders.sites[0] if site == "free" else site
    headers = {"wix-site-id": site} if site else {}

    answer = wix.send(
        "POST", CONNECTED, {"connectedDomain": wish}, account=orders.account, headers=headers
    )

    assert (answer.status_code, code_of(answer)) == (status, code)


@pytest.mark.assumed
@pytest.mark.parametrize(("position", "status"), [("off", 404), ("forbidden", 403), ("on", 200)])
def test_registered_domains_may_be_withdrawn_forbidden_or_there(position, status, wix, switch):
    switch(registered_domains=position)

    assert wix.send("GET", REGISTERED).status_code == status


@pytest.mark.assumed
def test_a_domain_that_is_not_registered_is_400_and_not_404(wix, switch):
    switch(registered_domains="on")

    answer = wix.send("GET", f"{REGISTERED}/nobody-has-registered-this.example")

    assert (answer.status_code, code_of(answer)) == (400, "REGISTERED_DOMAIN_NOT_FOUND")


@pytest.mark.assumed
@pytest.mark.parametrize(
    ("position", "bare", "keyed"),
    [("any", 200, 200), ("refuse_key", 200, 403), ("need_key", 401, 200)],
)
def test_a_search_may_want_a_key_or_none(position, bare, keyed, wix, switch):
    switch(domain_search_auth=position)
    asked = {"domain": "bakery.example"}

    assert wix.send("GET", CHECK, key=None, account=None, params=asked).status_code == bare
    assert wix.send("GET", CHECK, params=asked).status_code == keyed
