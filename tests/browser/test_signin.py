"""The way in as people walk it: an invitation, an app, a passkey, a hold and its lifting."""

import io
import re
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page, expect

from dashboard.sign_in_settings import Oidc
from resellers import cases
from resellers.cases import verbs
from resellers.models import BulkRun, Case
from tests import worlds
from tests.dashboard.signin import providers
from tests.dashboard.signin.second_factors import code_of

pytestmark = pytest.mark.browser
PASSWORD = "copper kettle and a violin"


def log_in(page: Page, username: str, password: str) -> None:
    page.goto("/login/")
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Log in", exact=True).click()


def accept(page: Page, link: str) -> None:
    page.goto(urlsplit(link).path)
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_label("Once more").fill(PASSWORD)
    page.get_by_role("button", name="Set the password and go on").click()
    page.wait_for_url(lambda url: urlsplit(url).path == "/")


def test_the_first_admin_invites_demands_a_factor_and_the_colleague_sets_an_app_up(new_page):
    said = io.StringIO()
    call_command("invite", "rita", "--role", "admin", stdout=said, stderr=io.StringIO())
    admin, colleague = new_page(), new_page()
    accept(admin, said.getvalue().split()[0])

    admin.goto("/people/")
    admin.get_by_role("link", name="Invite", exact=True).click()
    admin.get_by_label("Username").fill("mary")
    admin.get_by_role("button", name="Invite").click()
    link = admin.get_by_text(re.compile("/login/link/")).inner_text()
    admin.goto("/policy/")
    admin.get_by_label("Viewer").check()
    admin.locator("form[action*=second-factor]").get_by_role("button", name="Save").click()
    expect(admin.get_by_text("it counts from the next page")).to_be_visible()

    colleague.goto(urlsplit(re.search(r"https?://\S+|/login/\S+", link)[0]).path)
    colleague.get_by_label("New password").fill(PASSWORD)
    colleague.get_by_label("Once more").fill(PASSWORD)
    colleague.get_by_role("button", name="Set the password and go on").click()
    expect(colleague.get_by_role("heading", name="Set up a second factor")).to_be_visible()
    colleague.get_by_role("link", name="Set up an app").click()
    colleague.get_by_text("Type it instead").click()
    secret = colleague.locator(".secret").inner_text()
    colleague.get_by_label("Code").fill(code_of(secret))
    colleague.get_by_role("button", name="Confirm").click()
    recovery = colleague.locator(".codes code").first.inner_text()
    colleague.get_by_role("link", name="I have them").click()
    expect(colleague.get_by_role("heading", name="Overview")).to_be_visible()

    again = new_page()
    log_in(again, "mary", PASSWORD)
    again.get_by_label("Code").fill(recovery)
    again.get_by_role("button", name="Go on").click()
    expect(again.get_by_role("heading", name="Overview")).to_be_visible()


def test_a_passkey_is_made_and_lets_in_without_a_password(browse_as):
    page = browse_as("viewer")
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})

    page.goto("/me/factors/passkeys/add/")
    page.get_by_label("Name").fill("Laptop")
    page.get_by_role("button", name="Make the passkey").click()
    page.get_by_role("link", name="I have them").click()
    page.goto("/me/factors/")
    expect(page.get_by_text("Laptop").first).to_be_visible()
    page.locator("#user-menu > summary").click()
    page.get_by_role("button", name="Log out").click()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()

    page.context.clear_cookies()
    log_in(page, "viewer", worlds.PASSWORD)
    page.get_by_role("button", name="Use your passkey").click()
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()


@pytest.mark.at_length
def test_who_tries_too_often_waits_until_an_admin_lifts_it(browse_as, new_page):
    worlds.user("viewer", "mary")
    page, admin = new_page(), browse_as("admin")
    for place in range(6):
        log_in(page, "mary", f"guess number {place}")
        expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("not looked at")
    log_in(page, "mary", worlds.PASSWORD)
    expect(page.get_by_role("alert")).to_contain_text("not looked at")

    admin.goto("/people/")
    admin.get_by_role("button", name="Lift mary").click()
    expect(admin.get_by_text("The hold is lifted")).to_be_visible()
    log_in(page, "mary", worlds.PASSWORD)

    expect(page.get_by_role("heading", name="Overview")).to_be_visible()


@pytest.mark.at_length
def test_who_is_known_to_the_agencys_own_sign_in_is_in_with_the_role_of_their_group(
    whole_system, new_context, settings
):
    with providers.running() as issuer:
        settings.SITE_URL = ""
        settings.OIDC = Oidc(issuer, "desk", "a secret", "Agency ID", roles={"Desk": "operator"})
        # Not watched: the provider's page has files of another host.
        page = new_context(base_url=whole_system.address).new_page()
        page.route("https://cdn.jsdelivr.net/**", lambda route: route.abort())
        page.goto("/instances/?status=FAILED")
        page.get_by_role("link", name="Go on with Agency ID").click()
        expect(page).to_have_url(re.compile(re.escape(issuer)))
        page.get_by_role("button", name="cy-3").click()
        expect(page.get_by_role("alert")).to_contain_text("gives you no role here")

        page.goto("/instances/?status=FAILED")
        page.get_by_role("link", name="Go on with Agency ID").click()
        page.get_by_role("button", name="ann-1").click()

        expect(page).to_have_url(f"{whole_system.address}/instances/?status=FAILED")
        page.goto("/me/")
        expect(page.get_by_text("You log in as ann")).to_be_visible()
        assert page.goto("/packages/new/").status == 200
        assert page.goto("/policy/").status == 403
        page.locator("#user-menu > summary").click()
        page.locator("#user-menu").get_by_role("button", name="Log out").click()
        expect(page.get_by_role("link", name="Go on with Agency ID")).to_be_visible()


@pytest.mark.at_length
def test_who_leaves_with_three_open_things_is_out_and_a_colleague_goes_on_with_them(browse_as):
    leaver, colleague = browse_as("operator", "leaver"), browse_as("operator", "mary")
    admin, person = browse_as("admin"), User.objects.get(username="leaver")
    cases.keep()
    case = Case.objects.open().filter(owner=None).first()
    verbs.take([case.pk], by=person)
    flow = worlds.flow(person)
    run = BulkRun.objects.create(
        kind="order_again", by=person, state="paused", confirmed_at=timezone.now()
    )
    leaver.goto(case.get_absolute_url())
    expect(leaver.get_by_role("heading", level=1)).to_be_visible()

    admin.goto(f"/people/{person.pk}/")
    for words in ("1 open case", "1 flow under way", "1 bulk change under way"):
        expect(admin.get_by_role("listitem").filter(has_text=words)).to_be_visible()
    admin.get_by_role("button", name="Deactivate").click()
    expect(admin.get_by_text("Choose who goes on").first).to_be_visible()
    admin.locator("select[name=to]").select_option(label="mary")
    admin.get_by_role("button", name="Deactivate").click()
    expect(admin.get_by_text("can no longer log in")).to_be_visible()

    leaver.reload()
    expect(leaver.get_by_role("heading", name="Log in")).to_be_visible()
    log_in(leaver, "leaver", worlds.PASSWORD)
    expect(leaver.get_by_role("alert")).to_contain_text("do not match")
    for row, address in ((case, case.get_absolute_url()), (flow, f"/flows/{flow.pk}/")):
        row.refresh_from_db()
        assert row.owner.username == "mary"
        colleague.goto(address)
        expect(colleague.get_by_role("heading", level=1)).to_be_visible()
    run.refresh_from_db()
    assert run.by.username == "mary"
    colleague.goto(f"/bulk/{run.pk}/")
    expect(colleague.get_by_role("button", name="Resume")).to_be_visible()
