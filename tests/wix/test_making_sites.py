import pytest

from resellers.wix import SiteDeletion, WixBadPayload

from .examples import CUSTOMER, KEY, MAIN, OTHER_SITE, SITE
from .scripted import reply


def test_a_transfer_is_asked_for_with_the_target_account(wix, client):
    taken = {"siteId": SITE.upper(), "sourceAccountId": MAIN, "enableNotifications": True}
    wix.answers(reply(200, {"siteTransfer": taken}))

    answer = client.transfer_site(
        site_id=SITE,
        source_account_id=MAIN,
        target_account_id=CUSTOMER,
        enable_notifications=True,
    )

    sent = wix.received[0]
    assert sent.headers["wix-account-id"] == CUSTOMER
    assert sent.json == {
        "siteTransfer": {"siteId": SITE, "sourceAccountId": MAIN, "enableNotifications": True}
    }
    assert (answer.site_id, answer.source_account_id) == (SITE, MAIN)


def test_a_new_project_is_known_by_its_metasite_id(wix, client):
    wix.answers(reply(200, {"project": {"metaSiteId": SITE, "siteId": OTHER_SITE}}))

    answer = client.create_project(
        account_id=CUSTOMER,
        name="Bakery",
        type="HEADLESS",
        template_id="t-1",
        folder_id="f-1",
        app_ids=["app-1"],
    )

    assert wix.received[0].json == {
        "type": "HEADLESS",
        "name": "Bakery",
        "templateId": "t-1",
        "folderId": "f-1",
        "apps": [{"appDefId": "app-1"}],
    }
    assert answer.site_id == SITE


def test_a_site_from_a_template_may_have_a_name(wix, client):
    wix.answers(reply(200, {"metaSiteId": SITE}))

    client.create_site_from_template(account_id=CUSTOMER, template_id="t-1", site_name="bakery_1")

    assert wix.received[0].json == {"originTemplateId": "t-1", "siteName": "bakery_1"}


@pytest.mark.parametrize(
    "answer",
    [
        {"createdSiteMetaSiteId": SITE},
        {"createdSiteMeta": SITE.upper()},
        {"createdSiteMetadata": {"id": SITE}},
    ],
)
def test_a_studio_templates_site_is_found_by_how_its_field_begins(wix, client, answer):
    wix.answers(reply(200, answer))

    made = client.create_site_from_studio_template(account_id=CUSTOMER, template_id="t-1")

    assert made.site_id == SITE


def test_a_new_site_without_an_id_is_not_taken_for_made(wix, client):
    wix.answers(*[reply(200, {"siteId": SITE})] * 2)

    for name, place in (
        ("create_site_from_studio_template", "createdSiteMeta"),
        ("create_site_from_template", "metaSiteId"),
    ):
        with pytest.raises(WixBadPayload) as bad:
            getattr(client, name)(account_id=CUSTOMER, template_id="t-1")
        assert bad.value.place == place


def test_publishing_names_the_site_instead_of_the_account(wix, client):
    wix.answers(reply(200, b""))

    answer = client.publish_site(site_id=SITE)

    sent = wix.received[0]
    assert (sent.headers["wix-site-id"], sent.headers["authorization"]) == (SITE, KEY)
    assert "wix-account-id" not in sent.headers
    assert (sent.json, answer.raw) == ({}, {})


def test_each_site_of_a_bulk_deletion_has_an_end_of_its_own(wix, client):
    error = {"code": "PREMIUM_NOT_PERMITTED", "description": "NOT_PERMITTED"}
    results = [
        {"itemMetadata": {"id": SITE, "originalIndex": "0", "success": False, "error": error}},
        {"itemMetadata": {"id": OTHER_SITE, "originalIndex": "1", "success": True}},
    ]
    wix.answers(reply(200, {"results": results, "bulkActionMetadata": {"totalSuccesses": 1}}))

    answer = client.bulk_delete_sites(account_id=CUSTOMER, site_ids=[SITE, OTHER_SITE])

    assert wix.received[0].json == {"ids": [SITE, OTHER_SITE]}
    assert answer.results == (
        SiteDeletion(SITE, False, "PREMIUM_NOT_PERMITTED", "NOT_PERMITTED"),
        SiteDeletion(OTHER_SITE, True, None, None),
    )
    assert (answer.total_successes, answer.total_failures) == (1, 1)


@pytest.mark.parametrize(
    "results",
    [None, [], [{"itemMetadata": {"id": OTHER_SITE, "success": True}}], [{}], [7]],
)
def test_a_deletion_that_does_not_tell_of_every_site_is_not_taken_for_done(wix, client, results):
    wix.answers(reply(200, {"results": results}))

    with pytest.raises(WixBadPayload) as bad:
        client.bulk_delete_sites(account_id=CUSTOMER, site_ids=[SITE])

    assert bad.value.place.startswith("results")


@pytest.mark.parametrize(
    ("name", "arguments", "named"),
    [
        ("bulk_delete_sites", {"account_id": CUSTOMER, "site_ids": []}, "site_ids"),
        ("bulk_delete_sites", {"account_id": CUSTOMER, "site_ids": [SITE] * 21}, "site_ids"),
        (
            "create_site_from_template",
            {"account_id": CUSTOMER, "template_id": "t", "site_name": "Bakery!"},
            "site_name",
        ),
        (
            "create_site_from_studio_template",
            {"account_id": CUSTOMER, "template_id": "../x"},
            "template_id",
        ),
        ("publish_site", {"site_id": "site"}, "site_id"),
        ("create_project", {"account_id": CUSTOMER, "name": ""}, "name"),
    ],
)
def test_arguments_wix_would_refuse_are_named(wix, client, name, arguments, named):
    with pytest.raises(ValueError, match=named):
        getattr(client, name)(**arguments)

    assert wix.received == []
