"""Handing sites over, and making, copying, publishing and trashing them."""

from typing import Any

import pytest
import requests

from tests.sandbox.conftest import NOWHERE, Caller, Customer, code_of, fields_of

TRANSFER = "/b2b-site-management/v1/transfer-site"
DELETE = "/site-actions/v1/bulk/sites/delete"


def transfer(wix: Caller, site: str, source: str, target: str) -> requests.Response:
    wish = {"siteId": site, "sourceAccountId": source, "enableNotifications": False}
    return wix.send("POST", TRANSFER, {"siteTransfer": wish}, target)


def owned(wix: Caller, account: str) -> list[str]:
    return [one["id"] for one in wix.sites(account)]


def test_a_site_is_handed_over_at_once(wix: Caller, customer: Customer):
    target = wix.sandbox.account_id

    answer = transfer(wix, customer.site, customer.account, target)

    assert answer.status_code == 200
    assert answer.json()["siteTransfer"]["siteId"] == customer.site
    assert customer.site in owned(wix, target)
    assert customer.site not in owned(wix, customer.account)


def test_what_was_handed_over_takes_what_its_new_account_orders(wix: Caller, customer: Customer):
    target = wix.sandbox.account_id
    site = customer.site
    too_early = wix.create(target, wix.line("Core", site))
    transfer(wix, site, customer.account, target)

    service = wix.order(target, "Core", site)

    assert code_of(too_early) == "SITE_NOT_FOUND"
    assert wix.truth(service)["siteId"] == site


def test_a_transfer_may_take_its_time(wix: Caller, customer: Customer):
    wix.switch(transfer_seconds=120)

    assert transfer(wix, customer.site, customer.account, wix.sandbox.account_id).ok

    assert customer.site in owned(wix, customer.account)
    wix.advance(120)
    assert customer.site in owned(wix, wix.sandbox.account_id)


def test_an_unknown_target_comes_before_everything_else(wix: Caller, customer: Customer):
    answer = transfer(wix, NOWHERE, NOWHERE, NOWHERE)

    assert (answer.status_code, code_of(answer)) == (428, "TARGET_ACCOUNT_ID_NOT_FOUND")
    assert answer.json()["message"] == "Target account wasn't found."


def test_one_pair_of_accounts_is_not_allowed(wix: Caller, customer: Customer):
    pair = wix.state()["forbidden_transfer"]

    answer = transfer(wix, NOWHERE, pair["source"], pair["target"])
    other_way = transfer(wix, NOWHERE, pair["target"], pair["source"])

    assert (answer.status_code, code_of(answer)) == (403, "SITE_TRANSFER_NOT_ALLOWED")
    assert f"{pair['source']} and {pair['target']}" in answer.json()["message"]
    assert code_of(other_way) == "SITE_NOT_FOUND"


def test_a_site_of_another_source_is_not_found_with_400(wix: Caller, customer: Customer):
    parent = wix.sandbox.account_id

    answer = transfer(wix, customer.site, parent, parent)

    assert (answer.status_code, code_of(answer)) == (400, "SITE_NOT_FOUND")
    assert answer.json()["message"] == f"{customer.site} wasn't found in {parent}."


def test_a_site_with_paid_services_stays_until_they_are_cancelled(wix: Caller, customer: Customer):
    instance = customer.plan()
    refused = transfer(wix, customer.site, customer.account, wix.sandbox.account_id)
    wix.cancel(customer.account, instance)
    wix.deliver()

    moved = transfer(wix, customer.site, customer.account, wix.sandbox.account_id)

    assert (refused.status_code, code_of(refused)) == (428, "SITE_TRANSFER_NOT_SUPPORTED")
    assert moved.status_code == 200


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["siteTransfer"]),
        ({"siteTransfer": {}}, ["siteTransfer.siteId", "siteTransfer.sourceAccountId"]),
        (
            {"siteTransfer": {"siteId": "x", "sourceAccountId": "y", "enableNotifications": "z"}},
            ["siteTransfer.enableNotifications"],
        ),
    ],
)
def test_a_transfer_names_its_wrong_fields(wix: Caller, body: dict[str, Any], fields: list[str]):
    answer = wix.send("POST", TRANSFER, body)

    assert answer.status_code == 400
    assert fields_of(answer) == fields


def test_a_project_tells_its_site_and_an_inner_id(wix: Caller, customer: Customer):
    body = {"type": "WIX", "name": "Neu", "templateId": "t", "apps": [{"appDefId": "shop"}]}
    project = wix.send("POST", "/funnel/projects/v1/create", body, customer.account).json()[
        "project"
    ]

    assert project["metaSiteId"] in owned(wix, customer.account)
    assert project["siteId"] not in owned(wix, customer.account)
    assert project["templateId"] == "t"
    assert project["apps"] == [{"appDefId": "shop"}]
    (with_app,) = wix.sites(customer.account, appIds={"$hasAll": ["shop"]})
    assert with_app["id"] == project["metaSiteId"]


def test_a_project_needs_a_type(wix: Caller):
    assert fields_of(wix.send("POST", "/funnel/projects/v1/create", {"name": "x"})) == ["type"]


def test_a_template_gives_a_site_with_a_free_name(wix: Caller, customer: Customer):
    path = "/msm/v1/meta-site/create-from-template"
    body = {"originTemplateId": NOWHERE, "siteName": "werkstatt-1"}

    made = wix.send("POST", path, body, customer.account).json()["metaSiteId"]
    again = wix.send("POST", path, body, customer.account)
    badly_named = wix.send("POST", path, {**body, "siteName": "Werk Statt"}, customer.account)

    assert wix.sites(customer.account, name="werkstatt-1")[0]["id"] == made
    assert fields_of(again) == fields_of(badly_named) == ["siteName"]


def test_a_studio_template_gives_a_studio_site(wix: Caller, customer: Customer):
    path = f"/wixstudio/templates/v1/templates/{NOWHERE}/create-site"
    answer = wix.send("POST", path, {}, customer.account).json()

    ((name, made),) = answer.items()
    assert name.startswith("createdSiteMeta")
    assert wix.sites(customer.account, id=made)[0]["editorType"] == "STUDIO"


def test_a_copy_has_neither_plan_nor_domain(wix: Caller, customer: Customer):
    customer.plan()
    body = {"sourceSiteId": customer.site, "siteDisplayName": "Kopie"}
    path = "/site-actions/v1/sites/duplicate"

    made = wix.send("POST", path, body, customer.account).json()["newSiteId"]
    foreign = wix.send("POST", path, body)

    (copy,) = wix.sites(customer.account, id=made)
    assert copy["displayName"] == "Kopie"
    assert not copy["premium"]
    assert code_of(foreign) == "SITE_NOT_FOUND"


def test_publishing_takes_the_site_header_instead_of_the_account(wix: Caller, customer: Customer):
    path = "/site-publisher/v1/site/publish"

    answer = wix.send("POST", path, {}, account=None, wix_site_id=customer.site)
    without = wix.send("POST", path, {})

    assert answer.json() == {}
    (site,) = wix.sites(customer.account, id=customer.site)
    assert site["published"]
    assert site["viewUrl"].endswith(".example")
    assert without.status_code == 403


def test_trashing_answers_each_site_for_itself(wix: Caller, customer: Customer):
    customer.plan()
    body = {"ids": [customer.site, customer.other_site, NOWHERE]}

    answer = wix.send("POST", DELETE, body, customer.account)

    results = [one["itemMetadata"] for one in answer.json()["results"]]
    assert answer.status_code == 200
    assert [one["success"] for one in results] == [False, True, False]
    assert results[0]["error"]["code"] == "PREMIUM_NOT_PERMITTED"
    assert [one["originalIndex"] for one in results] == ["0", "1", "2"]
    assert answer.json()["bulkActionMetadata"] == {"totalSuccesses": 1, "totalFailures": 2}
    (trashed,) = wix.sites(customer.account, id=customer.other_site)
    assert trashed["trashedDate"]


@pytest.mark.parametrize("ids", [None, [], [NOWHERE] * 21, [5], "x"])
def test_at_most_twenty_sites_are_trashed_at_once(wix: Caller, ids: Any):
    assert fields_of(wix.send("POST", DELETE, {"ids": ids})) == ["ids"]
