"""Making, copying, handing over and trashing sites, on our sandbox alone.

Reference: Create Project; Site Actions; Site Publisher; B2B Site Management, Transfer Site.
"""

import pytest

from tests.conformance.buying import Customer
from tests.conformance.partner import NOWHERE, Partner, code_of, good
from tests.conformance.test_packages import is_guid

pytestmark = pytest.mark.lasting

TRANSFER = "/b2b-site-management/v1/transfer-site"
PROJECT = "/funnel/projects/v1/create"


def site_of(wix: Partner, account: str, site: str) -> dict | None:
    """The site as its account sees it, whatever its namespace."""
    asked = {"id": site, "namespace": {"$in": ["WIX", "HEADLESS", "VIBE", "BRANDED_APP"]}}
    found = wix.sites(account, filter=asked)
    return found[0] if found else None


def build(wix: Partner, account: str = "", kind: str = "WIX") -> str:
    body = {"type": kind, "name": "Neubau"}
    return good(wix.send("POST", PROJECT, body, account=account))["project"]["metaSiteId"]


@pytest.mark.parametrize("kind", ["WIX", "VIBE", "HEADLESS", "BRANDED_APP"])
def test_a_project_is_a_site_by_its_meta_site_id(kind, wix: Partner):
    body = {"type": kind, "name": "Projekt", "apps": [{"appDefId": "app-1"}]}

    project = good(wix.send("POST", PROJECT, body))["project"]

    assert is_guid(project["metaSiteId"])
    assert project["metaSiteId"] != project["siteId"]
    assert project["apps"] == [{"appDefId": "app-1"}]
    made = site_of(wix, "", project["metaSiteId"])
    assert made
    assert (made["namespace"], made["displayName"]) == (kind, "Projekt")
    assert not made["published"]


def test_a_project_needs_a_type(wix: Partner):
    assert wix.send("POST", PROJECT, {"name": "Projekt"}).status_code == 400


def test_a_site_is_made_from_a_standard_template(wix: Partner):
    body = {"originTemplateId": NOWHERE, "siteName": "konform-1"}

    site = good(wix.send("POST", "/msm/v1/meta-site/create-from-template", body))["metaSiteId"]

    made = site_of(wix, "", site)
    assert made
    assert made["name"] == "konform-1"


def test_a_site_is_made_from_an_own_studio_template(wix: Partner):
    path = f"/wixstudio/templates/v1/templates/{NOWHERE}/create-site"

    answer = good(wix.send("POST", path, {}))

    (name,) = answer
    assert name.startswith("createdSiteMeta")
    assert site_of(wix, "", answer[name])


def test_a_site_is_copied_without_its_plan(wix: Partner):
    body = {"sourceSiteId": build(wix), "siteDisplayName": "Kopie"}

    copy = good(wix.send("POST", "/site-actions/v1/sites/duplicate", body))["newSiteId"]

    made = site_of(wix, "", copy)
    assert made
    assert (made["displayName"], made["premium"]) == ("Kopie", False)


def test_a_site_is_published_by_the_site_header_alone(wix: Partner):
    site = build(wix)
    publish = "/site-publisher/v1/site/publish"

    answer = good(wix.send("POST", publish, {}, account=None, headers={"wix-site-id": site}))

    assert answer == {}
    made = site_of(wix, "", site)
    assert made
    assert made["published"]
    assert made["viewUrl"]


def test_sites_are_trashed_each_with_its_own_result(wix: Partner, customer: Customer):
    """The call is 200 even if items failed."""
    free, paid = build(wix, customer.orders.account), customer.orders.sites[0]
    customer.delivered(customer.orders.line(site=paid))

    answer = good(
        customer.send("POST", "/site-actions/v1/bulk/sites/delete", {"ids": [free, paid]})
    )

    first, second = (one["itemMetadata"] for one in answer["results"])
    assert (first["id"], first["success"]) == (free, True)
    assert (second["id"], second["success"]) == (paid, False)
    assert second["error"]["code"] == "PREMIUM_NOT_PERMITTED"
    assert answer["bulkActionMetadata"] == {"totalSuccesses": 1, "totalFailures": 1}
    trashed = site_of(wix, customer.orders.account, free)
    assert trashed
    assert trashed["trashedDate"]


@pytest.mark.parametrize("count", [0, 21])
def test_1_to_20_sites_are_trashed_at_once(count, wix: Partner):
    body = {"ids": [NOWHERE] * count}

    assert wix.send("POST", "/site-actions/v1/bulk/sites/delete", body).status_code == 400


def test_a_site_is_handed_over_to_the_headers_account(wix: Partner, customer: Customer):
    """Built in the agency's account, handed over, and only then ordered for."""
    site, target = build(wix), customer.orders.account
    wish = {
        "siteId": site,
        "sourceAccountId": wix.target.account_id,
        "enableNotifications": False,
    }

    answer = good(wix.send("POST", TRANSFER, {"siteTransfer": wish}, account=target))
    package = customer.create(customer.orders.line(site=site))["package"]

    assert answer == {"siteTransfer": wish}
    moved = site_of(wix, target, site)
    assert moved
    assert moved["ownerAccountId"] == target
    assert site_of(wix, "", site) is None
    assert package["productInstances"][0]["siteId"] == site


@pytest.mark.parametrize(
    ("site", "source", "receiver", "status", "code"),
    [
        ("free", "main", NOWHERE, 428, "TARGET_ACCOUNT_ID_NOT_FOUND"),
        ("free", "child", "main", 400, "SITE_NOT_FOUND"),
        ("paid", "child", "main", 428, "SITE_TRANSFER_NOT_SUPPORTED"),
    ],
)
def test_a_transfer_is_refused_with_its_documented_code(
    site, source, receiver, status, code, wix: Partner, customer: Customer
):
    accounts = {"main": wix.target.account_id, "child": customer.orders.account}
    paid = customer.orders.sites[0]
    customer.delivered(customer.orders.line(site=paid))
    wish = {
        "siteId": build(wix) if site == "free" else paid,
        "sourceAccountId": accounts[source],
    }

    answer = wix.send(
        "POST", TRANSFER, {"siteTransfer": wish}, account=accounts.get(receiver, receiver)
    )

    assert (answer.status_code, code_of(answer)) == (status, code)


def test_a_pair_of_accounts_that_wix_has_not_allowed_is_refused(wix: Partner):
    state = wix.session.get(f"{wix.target.base_url}/_sandbox/state", timeout=10).json()
    pair = state["forbidden_transfer"]
    wish = {"siteId": build(wix, pair["source"]), "sourceAccountId": pair["source"]}

    answer = wix.send("POST", TRANSFER, {"siteTransfer": wish}, account=pair["target"])

    assert (answer.status_code, code_of(answer)) == (403, "SITE_TRANSFER_NOT_ALLOWED")
