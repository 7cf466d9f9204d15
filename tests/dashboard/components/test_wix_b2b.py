"""Where only Wix's B2B team can help, a mail to it is one press away, with all it asks for."""

import re
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from dashboard.components.wix_b2b import mail_address
from resellers.mirror.learned_refusals import learn
from resellers.models import OperationState
from resellers.refusals import BY_TEXT, CATALOGUE, explain
from tests import worlds
from tests.dashboard.components.test_explanations import PART
from tests.dashboard.stories import call
from tests.environment import ROOT

pytestmark = [pytest.mark.django_db, pytest.mark.once]

AT = datetime(2026, 11, 20, 9, 14, 2, tzinfo=UTC)
MAIL = re.compile(r'<a href="(mailto:[^"]+)">Wix B2B</a>')
# Reference: Resellers, Errors. The codes whose troubleshooting ends in asking Wix B2B.
ASK = {
    *("PRODUCT_NOT_FOUND", "PRODUCT_LIMIT_EXCEEDED", "PRODUCT_SETTINGS_NOT_FOUND"),
    *("INCOMPATIBLE_BILLING_CYCLE", "INVALID_BILLING_CYCLE", "INVALID_PRODUCTS"),
    *("PRODUCT_TYPE_ALREADY_ASSIGNED", "PRODUCT_NOT_SUPPORTED_ON_SITE", "INCOMPATIBLE_PRODUCT"),
    *("INCOMPATIBLE_PRODUCT_INSTANCE_STATUS", "OPERATION_NOT_SUPPORTED_FOR_PRODUCT"),
}


def mails(html: str) -> list[tuple[str, str, str]]:
    """Each mail that this part of a page offers: to whom, its subject, its text."""
    found = []
    for address in MAIL.findall(html):
        parts = urlsplit(unescape(address))
        fields = parse_qs(parts.query, strict_parsing=True)
        found.append((unquote(parts.path), fields["subject"][0], fields["body"][0]))
    return found


def mails_of(client, address, **headers):
    return mails(client.get(address, headers=headers).content.decode())


def refused(code="PRODUCT_LIMIT_EXCEEDED", **fields):
    operation = worlds.operation(
        state=OperationState.FAILED, outcome_code=code, outcome="Wix would not.", finished_at=AT
    )
    answer = {"status": 428, "code": code, "wix_request_id": "1763629.77.1", "sent_at": AT}
    call(operation, "assign", "refused", method="PATCH", path="/v1/x", **(answer | fields))
    return operation


def test_a_refusal_offers_a_mail_with_its_ids_code_time_and_request_id(viewer):
    operation = refused()

    [(to, subject, body)] = mails_of(viewer, operation.get_absolute_url())

    assert to == "bizdev@wix.com"
    assert "PRODUCT_LIMIT_EXCEEDED" in subject
    for fact in (
        *(f"Service: {operation.instance_id}", f"Package: {operation.package_id}"),
        *(f"Account: {operation.account_id}", f"Site: {operation.site_id}"),
        "Code: PRODUCT_LIMIT_EXCEEDED",
        "Call: 2026-11-20 09:14:02 UTC PATCH /v1/x, status 428, PRODUCT_LIMIT_EXCEEDED, request id"
        " 1763629.77.1",
    ):
        assert fact in body, fact


def test_an_order_that_was_refused_names_the_products_that_were_wanted():
    product = worlds.new_id()
    operation = worlds.operation(wish={"lines": [{"product_id": str(product)}]})

    assert f"Product%3A%20{product}" in mail_address(operation)


def test_whom_to_write_to_is_a_setting(viewer, settings):
    settings.WIX_B2B_EMAIL = "partners+eu@wix.example"

    [(to, *_)] = mails_of(viewer, refused().get_absolute_url())

    assert to == "partners+eu@wix.example"


def test_a_mail_tells_nobodys_name_and_no_key(viewer, settings):
    settings.WIX_API_KEY = "SECRET-KEY"
    account = worlds.account("Anna Berg", email="anna@berg.example")
    service = worlds.instance(
        worlds.package(account, external_id="for-anna-berg"),
        worlds.site(account, "annas-shop"),
        status="FAILED",
        failure_code="SECRET-KEY of jo@doe.example",
        failure_message="Anna did not pay",
    )

    found = mails_of(viewer, service.get_absolute_url())

    assert found
    for mail in map(" ".join, found):
        assert not re.search("anna|jo@doe|SECRET-KEY|berg", mail, re.IGNORECASE)
        assert str(service.pk) in mail


@pytest.mark.parametrize("address", ["/failures/failed-services/", "page", "badge"])
def test_a_service_that_failed_outside_offers_the_mail_wherever_it_is_told(viewer, address):
    service = worlds.instance(status="FAILED", failure_code="EXTERNAL_FAILURE", status_since=AT)
    worlds.answered(service.package, "1763629.77.2")
    page = viewer.get("/failures/failed-services/").content.decode()
    badge = re.search(r'hx-get="(/help/failure-EXTERNAL_FAILURE/[^"]*)"', page)[1]
    places = {"page": (service.get_absolute_url(), {}), "badge": (badge, PART)}
    path, headers = places.get(address, (address, {}))

    found = mails_of(viewer, path, **headers)

    assert found
    for _, subject, body in found:
        assert "EXTERNAL_FAILURE" in subject
        assert f"Service: {service.pk}" in body
        assert "Since: 2026-11-20 09:14:02 UTC" in body
        assert "Request: 1763629.77.2" in body


def test_a_blocked_site_is_asked_about_by_its_id(viewer):
    site = worlds.site(blocked=True)
    page = viewer.get("/sites/").content.decode()
    badge = re.search(r'hx-get="(/help/site-blocked/[^"]*)"', page)[1]

    [(_, _, body)] = mails_of(viewer, badge, **PART)

    assert f"Site: {site.pk}" in body
    assert f"Account: {site.account_id}" in body


@pytest.mark.parametrize("of", ["x", "", "00000000-0000-4000-8000-000000000000", "%00"])
def test_an_explanation_of_nothing_we_know_offers_the_mail_without_ids(viewer, of):
    [(_, _, body)] = mails_of(viewer, f"/help/failure-UNKNOWN/?of={of}", **PART)

    assert "Service" not in body


def test_what_stands_against_a_product_offers_the_mail(viewer):
    product = worlds.product()
    learn(product, "PRODUCT_SETTINGS_NOT_FOUND", "No settings", "1763629.77.3")

    [(_, _, body)] = mails_of(viewer, product.get_absolute_url())

    assert f"Product: {product.pk}" in body
    assert "Code: PRODUCT_SETTINGS_NOT_FOUND" in body
    assert "Request: 1763629.77.3" in body


def test_a_refusal_beside_a_field_offers_the_mail_there_and_leads_to_the_field_above(operator):
    product = worlds.product(limit=0)
    account = worlds.account()
    fields = {"lines": "1", "lines-0-target_product": product.pk, "lines-0-cycle": "1 YEAR"}

    page = operator.post(
        f"/packages/new/?account={account.pk}", fields | {"lines-0-country": "DE"}
    ).content.decode()

    [body] = [body for _, subject, body in mails(page) if "PRODUCT_LIMIT_EXCEEDED" in subject]
    assert f"Account: {account.pk}" in body
    above = re.search(r'<li><a href="#lines-0-target_product">(.*?)</li>', page)[1]
    assert "Ask Wix B2B for a higher limit" in above
    assert "mailto" not in above


def test_every_troubleshooting_of_wix_that_says_to_ask_them_says_so_here_too():
    meant = [CATALOGUE[code] for code in ASK]
    meant += [known.unasked for known in meant if known.unasked_step and known.who == "we"]
    meant += [explain("MISSING_PRODUCT_DETAILS", 428, "You haven't provided `catalogProductId`.")]
    meant += [known for _, known in BY_TEXT["INCOMPATIBLE_PRODUCT_INSTANCE_STATUS"][1:]]

    silent = {known.code for known in meant if "Wix B2B" not in known.next_step}

    # Where we tell it ourselves, the catalogue is what is to be corrected.
    assert silent <= {"PRODUCT_NOT_FOUND", "INVALID_PRODUCTS"}
    assert all("Wix B2B" in CATALOGUE[code].next_step for code in ASK)


def test_no_template_shows_a_next_step_without_the_mail():
    pattern = re.compile(r"\{\{[^}]*next_step\s*\}\}")
    # What an operation's state means, what is said aloud only, and words of our own making.
    without = {"_facts.html", "_explanation.html", "choose.html", "doctor.html"}

    files = Path(ROOT / "templates").rglob("*.html")

    assert {file.name for file in files if pattern.search(file.read_text())} <= without
