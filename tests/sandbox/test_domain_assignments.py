"""Domain assignments: one primary domain a site, the others redirect to it."""

import pytest
import requests

from tests.sandbox.conftest import NOWHERE, Caller, Customer, code_of, fields_of

ASSIGNMENTS = "/domains/v1/domain-assignments"
CONNECTED = "/domains/v1/connected-domains"


@pytest.fixture
def owner(wix: Caller, customer: Customer) -> Customer:
    """A customer with a plan on both sites and four domains on neither."""
    customer.plan()
    customer.plan(customer.other_site)
    for name in ("a", "b", "c", "d"):
        domain = {"domain": f"{name}.example", "connectionType": "POINTING"}
        made = wix.send("POST", CONNECTED, {"connectedDomain": domain}, customer.account)
        assert made.status_code == 200
    return customer


def put(
    wix: Caller, of: Customer, domain: str, site: str, kind: str | None = "REDIRECT"
) -> requests.Response:
    wanted = {"domain": f"{domain}.example", "siteInfo": {"id": site, "assignmentType": kind}}
    return wix.send("POST", ASSIGNMENTS, {"domainAssignment": wanted}, of.account)


def put_all(wix: Caller, of: Customer, domains: str, site: str) -> None:
    for domain in domains:
        assert put(wix, of, domain, site).status_code == 200


def on(wix: Caller, of: Customer, site: str) -> dict[str, str]:
    """The site's domains by their first letters: PRIMARY, or the one they redirect to."""
    listed = wix.send("GET", f"{ASSIGNMENTS}?siteIds={site}", account=of.account).json()
    found = {}
    for one in listed["domainAssignments"]:
        info = one["siteInfo"]
        assert info["id"] == site
        redirect = info.get("redirectInfo", {}).get("primaryDomain", "")
        found[one["domain"][0]] = redirect[:1] or info["assignmentType"]
    return found


def test_a_redirect_on_a_site_without_domains_becomes_its_primary_one(wix: Caller, owner: Customer):
    first = put(wix, owner, "a", owner.site).json()["domainAssignment"]
    second = put(wix, owner, "b", owner.site, None).json()["domainAssignment"]

    assert first["siteInfo"] == {"id": owner.site, "assignmentType": "PRIMARY"}
    assert first["id"] == first["domain"] == "a.example"
    assert second["siteInfo"]["assignmentType"] == "REDIRECT"
    assert on(wix, owner, owner.site) == {"a": "PRIMARY", "b": "a"}
    (site,) = wix.sites(owner.account, id=owner.site)
    assert site["domainConnected"]


def test_as_primary_it_takes_the_place_of_all_domains_of_the_site(wix: Caller, owner: Customer):
    put_all(wix, owner, "abc", owner.site)

    put(wix, owner, "d", owner.site, "PRIMARY")

    assert on(wix, owner, owner.site) == {"d": "PRIMARY"}


def test_set_as_primary_turns_the_one_before_into_a_redirect(wix: Caller, owner: Customer):
    put_all(wix, owner, "abc", owner.site)

    answer = wix.send("PATCH", f"{ASSIGNMENTS}/c.example", account=owner.account)
    again = wix.send("PATCH", f"{ASSIGNMENTS}/C.example", {}, owner.account)

    assert answer.json()["domainAssignment"]["siteInfo"]["assignmentType"] == "PRIMARY"
    assert again.json() == answer.json()
    assert on(wix, owner, owner.site) == {"a": "c", "b": "c", "c": "PRIMARY"}


def test_a_redirect_moves_to_another_site_and_a_primary_domain_does_not(
    wix: Caller, owner: Customer
):
    put_all(wix, owner, "ab", owner.site)

    moved = put(wix, owner, "b", owner.other_site)
    refused = put(wix, owner, "a", owner.other_site)

    assert moved.status_code == 200
    assert (refused.status_code, code_of(refused)) == (428, "DOMAIN_IS_PRIMARY_OF_ANOTHER_SITE")
    assert on(wix, owner, owner.site) == {"a": "PRIMARY"}
    assert on(wix, owner, owner.other_site) == {"b": "PRIMARY"}


def test_where_it_is_already_it_stays_as_it_is(wix: Caller, owner: Customer):
    put_all(wix, owner, "ab", owner.site)

    same = put(wix, owner, "b", owner.site, "PRIMARY").json()["domainAssignment"]

    assert same["siteInfo"]["assignmentType"] == "REDIRECT"
    assert on(wix, owner, owner.site) == {"a": "PRIMARY", "b": "a"}


def test_deleting_the_primary_domain_deletes_all_redirects(wix: Caller, owner: Customer):
    put_all(wix, owner, "abc", owner.site)

    one = wix.send("DELETE", f"{ASSIGNMENTS}/c.example", account=owner.account)
    left = on(wix, owner, owner.site)
    every = wix.send("DELETE", f"{ASSIGNMENTS}/a.example", account=owner.account)

    assert (one.status_code, every.status_code) == (200, 200)
    assert left == {"a": "PRIMARY", "b": "a"}
    assert on(wix, owner, owner.site) == {}
    gone = wix.send("GET", f"{ASSIGNMENTS}/b.example", account=owner.account)
    assert (gone.status_code, code_of(gone)) == (404, "NOT_FOUND")
    assert wix.send("GET", f"{CONNECTED}/b.example", account=owner.account).status_code == 200


def test_disconnecting_the_primary_domain_takes_the_redirects_off_too(wix: Caller, owner: Customer):
    put_all(wix, owner, "ab", owner.site)

    wix.send("DELETE", f"{CONNECTED}/a.example", account=owner.account)

    assert on(wix, owner, owner.site) == {}


def test_without_its_plan_a_site_loses_its_domains(wix: Caller, owner: Customer):
    put_all(wix, owner, "ab", owner.site)
    plan = next(
        one["instanceId"]
        for package in wix.all_packages()
        for one in package["productInstances"]
        if one.get("siteId") == owner.site
    )

    wix.cancel(owner.account, plan)

    assert on(wix, owner, owner.site) == {}


def test_a_registered_domain_comes_onto_its_site_and_may_be_assigned_too(
    wix: Caller, owner: Customer
):
    wix.switch(registered_domains="on", registration_seconds=0)
    put_all(wix, owner, "a", owner.site)
    person = dict.fromkeys(("firstName", "lastName", "city", "address"), "Test")
    person |= {"phone": "+49891", "postalCode": "80331", "email": "a@b.example"}
    person |= {"countryCode": "DE", "subdivisionCode": "BY"}
    wanted = {
        "domain": "zz-registered.example",
        "productInstanceId": wix.order(owner.account, "Domain .example"),
        "contacts": {"registrant": person},
    }
    path = "/domains/v1/registered-domains"
    body = {"registeredDomain": wanted}
    made = wix.send("POST", path, body, owner.account, wix_site_id=owner.site)
    assert made.status_code == 200, made.text
    wix.advance(1)

    assert on(wix, owner, owner.site) == {"a": "PRIMARY", "z": "a"}
    set_ = wix.send("PATCH", f"{ASSIGNMENTS}/zz-registered.example", account=owner.account)
    assert set_.status_code == 200
    assert on(wix, owner, owner.site) == {"a": "z", "z": "PRIMARY"}


def test_assignments_are_listed_by_name_for_the_sites_that_are_named(wix: Caller, owner: Customer):
    put_all(wix, owner, "ca", owner.site)
    put_all(wix, owner, "db", owner.other_site)
    both = f"{ASSIGNMENTS}?siteIds={owner.site}&siteIds={owner.other_site.upper()}&paging.limit=3"

    first = wix.send("GET", both, account=owner.account).json()
    cursor = first["pagingMetadata"]["cursors"]["next"]
    second = wix.send("GET", f"{both}&paging.cursor={cursor}", account=owner.account).json()
    none = wix.send("GET", f"{ASSIGNMENTS}?paging.cursor={cursor}", account=owner.account).json()
    foreign = wix.send("GET", both).json()

    assert [one["domain"][0] for one in first["domainAssignments"]] == ["a", "b", "c"]
    assert [one["domain"][0] for one in second["domainAssignments"]] == ["d"]
    assert none["domainAssignments"] == foreign["domainAssignments"] == []


def test_an_assignment_that_cannot_be_is_refused(wix: Caller, owner: Customer):
    free = wix.send(
        "POST", "/funnel/projects/v1/create", {"type": "WIX", "name": "Frei"}, owner.account
    ).json()["project"]["metaSiteId"]

    for domain, site, status, code in (
        ("nobodys", owner.site, 404, "NOT_FOUND"),
        ("a", free, 403, "NON_PREMIUM_SITE"),
        ("a", NOWHERE, 403, "DOMAINS_GUID_NOT_FOUND"),
        ("a", "{" + owner.site + "}", 400, "DOMAINS_GUID_NOT_VALID"),
    ):
        answer = put(wix, owner, domain, site)
        assert (answer.status_code, code_of(answer)) == (status, code)

    wrong = wix.send("POST", ASSIGNMENTS, {"domainAssignment": {}}, owner.account)
    assert fields_of(wrong) == ["domainAssignment.domain", "domainAssignment.siteInfo"]
    for method in ("GET", "PATCH", "DELETE"):
        answer = wix.send(method, f"{ASSIGNMENTS}/a.example", account=owner.account)
        assert (answer.status_code, code_of(answer)) == (404, "NOT_FOUND")


def test_a_site_has_at_most_three_hundred_redirects(wix: Caller, owner: Customer):
    world = wix.sandbox.world
    with world.lock:
        for number in range(301):
            world.assign_domain(f"n{number}.example", owner.site, "REDIRECT", world.clock.now())

    refused = put(wix, owner, "a", owner.site)

    assert (refused.status_code, code_of(refused)) == (428, "TOO_MANY_REDIRECTS")
