"""The nine package calls when all goes well: what they answer and what they change."""

from urllib.parse import quote

from tests.sandbox.conftest import INSTANCES, NOWHERE, PACKAGES, YEARLY, Caller, Customer


def test_a_new_package_is_answered_whole_and_pending(wix: Caller, customer: Customer):
    line = wix.line("Core", customer.site, discountCode="WELCOME10")
    answer = wix.create(customer.account, line, externalId="ord-1", idempotencyKey="key-1").json()

    package = answer["package"]
    (instance,) = package["productInstances"]
    assert answer["idempotencyKey"] == "key-1"
    assert package["accountId"] == customer.account
    assert package["externalId"] == "ord-1"
    assert instance["siteId"] == customer.site
    assert instance["status"] == "PENDING"
    assert instance["billingInfo"] == YEARLY
    assert instance["countryCode"] == "DE"
    assert instance["discountCode"] == "WELCOME10"
    assert instance["createdDate"] == package["createdDate"] == package["updatedDate"]
    assert package["createdDate"].endswith("Z")


def test_samples_that_write_external_id_with_an_underscore_work(wix: Caller, customer: Customer):
    answer = wix.create(customer.account, wix.line("Core"), external_id="ord-2")

    assert answer.json()["package"]["externalId"] == "ord-2"


def test_what_has_one_cycle_or_none_needs_no_billing(wix: Caller, customer: Customer):
    lines = [wix.line(name, billingInfo=None) for name in ("SEO Pro", "Logo Basic")]
    for line in lines:
        line.pop("billingInfo", None)

    instances = wix.create(customer.account, *lines).json()["package"]["productInstances"]

    assert [one["billingInfo"] for one in instances] == [YEARLY, {"type": "ONE_TIME"}]
    assert all("siteId" not in one for one in instances)


def test_an_add_on_may_refer_to_what_was_ordered_first(wix: Caller, customer: Customer):
    plan = customer.plan()

    line = wix.line("Mailbox Starter", customer.site, referenceProductInstanceId=plan)
    (instance,) = wix.create(customer.account, line).json()["package"]["productInstances"]

    assert instance["referenceProductInstanceId"] == plan


def test_a_package_is_got_with_its_own_account(wix: Caller, customer: Customer):
    package = wix.truth(customer.plan())["packageId"]

    answer = wix.send("GET", f"{PACKAGES}/{package}", account=customer.account)

    assert answer.status_code == 200
    assert answer.json()["package"]["productInstances"][0]["status"] == "ENABLED"


def test_assign_moves_straight_from_site_to_site(wix: Caller, customer: Customer):
    instance = customer.plan()

    package = wix.assign(customer.account, instance, customer.other_site).json()["package"]

    assert package["productInstances"][0]["siteId"] == customer.other_site
    assert package["productInstances"][0]["status"] == "ENABLED"
    assert package["parentAccountId"] == wix.sandbox.account_id
    assert wix.truth(instance)["siteId"] == customer.other_site
    assert [one["id"] for one in wix.sites(customer.account, premium=True)] == [customer.other_site]


def test_assign_to_where_it_stands_changes_nothing(wix: Caller, customer: Customer):
    instance = customer.plan()
    before = wix.truth(instance)

    assert wix.assign(customer.account, instance, customer.site).status_code == 200
    assert wix.truth(instance) == before
    assert wix.journal()[-1]["effect"] == "none"


def test_unassign_leaves_it_floating_without_a_site_id(wix: Caller, customer: Customer):
    instance = customer.plan()

    package = wix.unassign(customer.account, instance).json()["package"]

    assert "siteId" not in package["productInstances"][0]
    assert wix.truth(instance)["siteId"] is None


def test_assign_and_unassign_need_no_body(wix: Caller, customer: Customer):
    instance = customer.plan()

    unassigned = wix.send("PATCH", f"{INSTANCES}/{instance}/unassign", account=customer.account)
    path = f"{INSTANCES}/{instance}/{customer.site}"

    assert unassigned.status_code == 200
    assert wix.send("PATCH", path, account=customer.account).status_code == 200


def test_adjust_keeps_the_instance_and_its_cycle(wix: Caller, customer: Customer):
    instance = customer.plan()

    answer = wix.adjust(
        customer.account, instance, catalogProductId=wix.product("Business"), idempotencyKey="a"
    ).json()

    (adjusted,) = answer["package"]["productInstances"]
    assert answer["idempotencyKey"] == "a"
    assert adjusted["instanceId"] == instance
    assert adjusted["catalogProductId"] == wix.product("Business")
    assert adjusted["billingInfo"] == YEARLY
    assert adjusted["status"] == "ENABLED"


def test_adjust_changes_the_cycle_alone(wix: Caller, customer: Customer):
    instance = customer.plan()
    monthly = {"type": "RECURRING", "cycleDuration": {"unit": "MONTH", "count": 1}}

    assert wix.adjust(customer.account, instance, billingInfo=monthly).status_code == 200

    assert wix.truth(instance)["billingInfo"] == monthly
    assert wix.truth(instance)["catalogProductId"] == wix.product("Core")


def test_adjust_to_what_it_is_changes_nothing(wix: Caller, customer: Customer):
    instance = customer.plan()

    answer = wix.adjust(customer.account, instance, catalogProductId=wix.product("Core"))

    assert answer.status_code == 200
    assert wix.journal()[-1]["effect"] == "none"


def test_a_cancelled_instance_shows_pending_and_then_canceled(wix: Caller, customer: Customer):
    instance = customer.plan()

    package = wix.cancel(customer.account, instance, idempotencyKey="c").json()["package"]
    wix.advance(4)

    assert package["productInstances"][0]["status"] == "PENDING"
    assert wix.truth(instance)["status"] == "CANCELED"


def test_cancelling_a_package_ends_what_lives_and_leaves_what_failed(
    wix: Caller, customer: Customer
):
    lines = [wix.line("Core", customer.site), wix.line("Mailbox Starter", customer.site)]
    package = wix.create(customer.account, *lines).json()["package"]
    wix.deliver()
    _, mail = (one["instanceId"] for one in package["productInstances"])
    failure = {"code": "EXTERNAL_FAILURE", "message": "no luck"}
    wix.control(f"instances/{mail}", {"status": "FAILED", "failure": failure, "siteId": None})

    path = f"{PACKAGES}/{package['id']}"
    answer = wix.send("DELETE", path, account=customer.account)
    wix.advance(4)
    settled = wix.send("GET", path, account=customer.account).json()["package"]

    after = [one["status"] for one in answer.json()["package"]["productInstances"]]
    assert after == ["PENDING", "FAILED"]
    statuses = [one["status"] for one in settled["productInstances"]]
    assert statuses == ["CANCELED", "FAILED"]


def test_cancelling_again_is_accepted_and_changes_nothing(wix: Caller, customer: Customer):
    instance = customer.plan()
    wix.cancel(customer.account, instance)
    wix.cancel(customer.account, instance)
    wix.deliver()

    again = wix.cancel(customer.account, instance)

    assert again.status_code == 200
    assert [one["effect"] for one in wix.journal()[-3:]] == ["applied", "none", "none"]


def test_a_connected_domain_falls_with_its_plan(wix: Caller, customer: Customer):
    instance = customer.plan()
    body = {"connectedDomain": {"domain": "kunde.example", "connectionType": "POINTING"}}
    wix.send(
        "POST",
        "/domains/v1/connected-domains",
        body,
        customer.account,
        wix_site_id=customer.site,
    )
    assert wix.sites(customer.account, id=customer.site)[0]["domainConnected"]

    wix.unassign(customer.account, instance)
    wix.assign(customer.account, instance, customer.site)

    site = wix.sites(customer.account, id=customer.site)[0]
    assert site["premium"]
    assert not site["domainConnected"]


def test_an_external_id_is_replaced_and_answered_as_updated_package(
    wix: Caller, customer: Customer
):
    package = wix.truth(customer.plan())["packageId"]
    reference = "Auftrag 17/2024 ü %41"

    path = f"{PACKAGES}/update/{package}/{quote(reference, safe='')}"
    answer = wix.send("PATCH", path, account=customer.account)

    assert answer.json()["updatedPackage"]["externalId"] == reference
    assert "package" not in answer.json()
    found = wix.send(
        "POST", f"{PACKAGES}/query", {"query": {"filter": {"externalId": reference}}}
    ).json()["packages"]
    assert [one["id"] for one in found] == [package]


def test_a_change_moves_both_updated_dates(wix: Caller, customer: Customer):
    instance = customer.plan()
    before = wix.truth(instance)
    path = f"{PACKAGES}/{before['packageId']}"
    package = wix.send("GET", path, account=customer.account).json()["package"]

    wix.unassign(customer.account, instance)

    changed = wix.send("GET", path, account=customer.account).json()["package"]
    assert wix.truth(instance)["updatedDate"] > before["updatedDate"]
    assert changed["updatedDate"] > package["updatedDate"]
    assert changed["createdDate"] == package["createdDate"]


def test_literals_are_matched_before_parameters(wix: Caller, customer: Customer):
    instance = customer.plan()

    assert wix.unassign(customer.account, instance).status_code == 200
    assert wix.send("GET", f"{PACKAGES}/query").json()["message"] == (
        "Package with id query was not found."
    )
    assert wix.send("PATCH", f"{PACKAGES}/update/{NOWHERE}/unassign").status_code == 404
