"""Every page as it comes, in light and in dark: nothing that axe finds, no error, no other host.

The console and the hosts are watched by the fixture that opens the page.
"""

from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.urls import Resolver404, get_resolver, resolve
from django.urls.resolvers import URLPattern, URLResolver
from playwright.sync_api import expect

from dashboard.lists import page as list_page
from resellers import notes
from resellers.flows.domain_proposals import propose
from resellers.models import (
    Account,
    Case,
    ExportFile,
    OperationState,
    PackageTemplate,
    ProductInstance,
    SyncRun,
)
from resellers.operations import bulk
from resellers.operations.bulk import Selection
from tests import worlds
from tests.browser.accessible import bring_axe, complaints
from tests.one_of_everything import every_call

LISTS = (
    *("accounts", "packages", "instances", "sites", "failures", "operations", "mirror"),
    *("catalog", "audit", "bulk", "flows", "domains", "people"),
)
# The tabs that several records have look alike on each.
TABS = {
    "account": ("", "packages", "sites"),
    "package": ("",),
    "instance": ("", "operations", "timeline", "notes", "wix"),
    "site": ("", "domains", "wix"),
}
# What answers with a file, a part, a word for machines, or to a POST alone.
NO_PAGE_ENDS = (
    *("_export", "_selection", "_errors", "_facets", "_changed", "_refresh"),
    *("_columns", "_density", "_dialect", "_view_save", "_view_change", "_background"),
    # A page without a script, and in each list the same: that of one list is looked at.
    "_facet",
)
NO_PAGES = {
    *("view_as", "view_as_end"),
    *("healthz", "readyz", "metrics", "logout", "live", "resume_writes", "mirror_sync", "run_stop"),
    *("operation_withdraw", "operation_retry", "operation_look_again", "operation_finish"),
    *("help_entry", "help_outcome"),
    *("read_only_set", "read_only_lift", "reasons_set", "refusal_clear"),
    *("webhook_secret", "webhook_test", "webhook_remove", "delivery_again"),
    *("contact_erase", "contact_export", "template_remove"),
    *("site_domains_propose", "site_domains_choose", "site_domains_mail"),
    *("bulk_confirm", "bulk_pause", "bulk_resume", "bulk_stop", "bulk_again", "bulk_rows"),
    "bulk_choose",
    *(f"flow_{verb}" for verb in ("answer", "confirm", "retry", "look", "pause", "resume")),
    *("flow_read", "flow_hand", "flow_give_up", "flow_note"),
    # Has a test of its own.
    "styleguide",
    *("export_file", "export_manifest", "export_remove"),
    *("my_menu", "my_theme", "my_tour", "notifications_read"),
    *("my_session_end", "my_sessions_end", "account_inactive", "mfa_login_webauthn"),
    *("person_role", "person_link", "person_factors_reset", "hold_lift"),
    *("person_sessions_end", "person_deactivate", "person_reactivate", "second_factor_set"),
    *("link_open", "link_use", "openid_connect_login", "openid_connect_callback"),
    *("link_open", "link_use", "my_token_revoke", "token_revoke"),
    # JSON, for who has a token.
    *("api_openapi", "api_unknown"),
    *(f"api_{one}{s}" for one in ("customer", "package", "service") for s in ("", "s")),
    *(f"api_{one}{s}" for one in ("operation", "case") for s in ("", "s")),
    # The same as `login`, as allauth calls it.
    "account_login",
    # Only who has a second factor gets there: looked at where one is set up.
    *("mfa_authenticate", "mfa_deactivate_totp", "mfa_remove_webauthn"),
    *("mfa_view_recovery_codes", "mfa_generate_recovery_codes"),
    *("case_work", "case_pin"),
    *("account_note", "package_note", "instance_note", "note_pin", "note_unpin"),
}


def names(patterns) -> set[str]:
    """The names of all addresses that are pages."""
    found = set()
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "admin":
                found |= names(pattern.url_patterns)
        elif isinstance(pattern, URLPattern) and pattern.name:
            found.add(pattern.name)
    return {name for name in found - NO_PAGES if not name.endswith(NO_PAGE_ENDS)}


def addresses(mirror) -> list[str]:
    """Every page, in each of the ways it comes to the admin."""
    person = worlds.user("manager", "colleague")
    service, site = mirror.movable()
    failed = ProductInstance.objects.filter(status="FAILED").order_by("id").first()
    floating = ProductInstance.objects.filter(site=None, status="ENABLED").order_by("id").first()
    propose(site, ["bakery.example", "xn--bcker-gra.example"], by=person)
    note = notes.add_note(service, "Asked Wix B2B.\nTicket 20418.", by=person)
    notes.pin(note, by=person)
    operations = [
        worlds.operation(
            worlds.instance(service.package), by=person, state=state, outcome="It ended so."
        )
        for state in (
            OperationState.SUCCEEDED,
            OperationState.FAILED,
            OperationState.ROLLED_BACK,
            OperationState.NEEDS_ATTENTION,
            OperationState.CANCELED,
        )
    ]
    SyncRun.objects.create(
        kind="account",
        subject="account:x",
        account=service.account,
        state="failed",
        error="Wix is away.",
        wix_request_id="dead-beef-0001",
    )
    found = [
        "/",
        "/help/",
        "/keys/",
        "/reports/",
        "/doctor/",
        "/policy/",
        "/search/",
        "/search/?q=a",
        "/search/?q=%00",
    ]
    found += [f"/{noun}/" for noun in LISTS]
    found += ["/instances/?q=nothing-is-called-so"]
    found += ["/instances/?status=FAILED&sort=expires", "/instances/?account=x"]
    found += ["/instances/facets/account/?status=FAILED"]
    records = {
        "account": service.account,
        "package": service.package,
        "instance": service,
        "site": site,
    }
    found += [
        record.get_absolute_url() + (f"?tab={tab}" if tab else "")
        for noun, record in records.items()
        for tab in TABS[noun]
    ]
    found += [f"{service.get_absolute_url()}?tab=timeline&kind={kind}" for kind in ("notes", "x")]
    found += [record.get_absolute_url() for record in (failed, failed.account, floating)]
    found += [Account.objects.filter(name="").first().get_absolute_url()]
    found += [f"{service.get_absolute_url()}{kind}/" for kind in ("reassign", "unassign", "adjust")]
    found += [f"{floating.get_absolute_url()}assign/", f"{service.get_absolute_url()}cancel/"]
    found += [f"{service.package.get_absolute_url()}{kind}/" for kind in ("cancel", "external-id")]
    found += ["/packages/new/", f"/packages/new/?account={service.account_id}"]
    found += [f"{service.account.get_absolute_url()}edit/", service.product.get_absolute_url()]
    contact = worlds.contact(service.account)
    of_account = f"{service.account.get_absolute_url()}contacts/"
    template = PackageTemplate.objects.create(name="Starter", made_by=contact.added_by)
    found += ["/packages/templates/", "/packages/templates/new/"]
    found += [f"/packages/templates/{template.pk}/"]
    found += [of_account, f"{of_account}new/", f"{of_account}{contact.pk}/"]
    found += [f"/sites/{site.pk}/domains/", "/me/", "/me/notifications/"]
    found += [f"/me/{page}/" for page in ("confirm", "password", "sessions", "factors")]
    found += [f"/people/{person.pk}/", f"/people/{person.pk}/scope/", "/people/invite/", "/roles/"]
    found += ["/me/tokens/", "/api/v1/docs"]
    found += ["/me/factors/app/", "/me/factors/passkeys/add/"]
    found += ["/catalog/new/", "/catalog/import/", "/accounts/import/"]
    found += [f"{service.get_absolute_url()}reassign/?target_site={site.pk}"]
    found += [operation.get_absolute_url() for operation in operations]
    case = Case.objects.open().filter(cause="failed").earliest("id")
    of_cause = f"kind=failed&failure_code={case.code}"
    found += [f"/failures/?{of_cause}", f"/failures/?{of_cause}&case={case.pk}"]
    found += [case.get_absolute_url(), f"/failures/playbook/?{of_cause}"]
    found += ["/failures/failed-services/"]
    found += ["/bulk/new/?kind=order_again", f"/bulk/new/?kind=order_again&id={failed.pk}"]
    everyone = Selection(frozenset(ProductInstance.objects.values_list("pk", flat=True)[:12]))
    planned = bulk.plan_run(bulk.VERBS["order_again"], everyone, by=person)
    found += [planned.get_absolute_url(), f"{planned.get_absolute_url()}?part=refused"]
    flows = [worlds.flow(person, at, site=site) for at in ("transfer", "package")]
    flows += [worlds.flow(person, "transfer", state=state) for state in ("waiting", "stopped")]
    found += ["/flows/new/site_handover/", *(flow.get_absolute_url() for flow in flows)]
    found += ["/policy/webhooks/", f"/policy/webhooks/{every_call(person).pk}/"]
    export = ExportFile.objects.create(
        by=User.objects.get(username="admin"),
        noun="sites",
        title="Sites",
        view="all",
        zone="UTC",
        state="failed",
    )
    found += ["/exports/", export.get_absolute_url()]
    found += [f"/mirror/runs/{run.pk}/" for run in SyncRun.objects.all()[:2]]
    found += ["/accounts/00000000-0000-4000-8000-000000000000/", "/nothing/"]
    return found


def view_of(address: str) -> str:
    """The name of the page; for an address that leads nowhere, the address."""
    try:
        return str(resolve(address.partition("?")[0]).url_name)
    except Resolver404:
        return address


def files(mirror) -> dict[str, str]:
    """A file to import for each noun, which changes something."""
    account_id = mirror.movable()[0].account_id
    return {
        "catalog": f"product_id,name,service_type\n{uuid4()},Gift Card,SHOP\n",
        "accounts": f"account_id,name\n{account_id},A Better Name\n",
    }


@pytest.fixture
def very_short_lists(monkeypatch):
    monkeypatch.setattr(list_page, "PAGE_SIZE", 4)  # a fault of a list is in each of its rows


def test_every_page_is_clean_in_light_and_in_dark(whole_system, browse_as, very_short_lists):
    page = browse_as("admin", reduced_motion="reduce")
    bring_axe(page)
    found: list[str] = []
    for address in addresses(whole_system.mirror):
        page.goto(address)
        assert page.get_by_role("heading", level=1).count() == 1, address
        found += complaints(page)

    assert found == []


def test_the_log_in_and_each_import_are_clean_and_no_page_is_left_out(
    whole_system, browse_as, new_page, very_short_lists
):
    anonymous, page = new_page(), browse_as("admin", reduced_motion="reduce")
    anonymous.goto("/login/")
    found = complaints(anonymous)
    anonymous.goto("/login/forgotten/")
    found += complaints(anonymous)
    seen = {"login", "password_forgotten", *map(view_of, addresses(whole_system.mirror))}
    for noun, content in files(whole_system.mirror).items():
        page.goto(f"/{noun}/import/")
        file = {"name": f"{noun}.csv", "mimeType": "text/csv", "buffer": content.encode()}
        page.get_by_label("CSV file").set_input_files(file)
        page.get_by_role("button", name="Show what would change").click()
        expect(page.get_by_role("button", name="Confirm")).to_be_visible()
        found += complaints(page)
        seen.add(resolve(urlsplit(page.url).path).url_name)

    assert found == []
    assert names(get_resolver().url_patterns) - seen == set(), "pages that nobody looked at"


def test_what_opens_on_a_page_is_clean_too(whole_system, browse_as):
    failed = ProductInstance.objects.filter(status="FAILED").order_by("id").first()
    page = browse_as("operator", reduced_motion="reduce")
    page.goto(failed.get_absolute_url())
    found: list[str] = []

    for badge in ("Failed", failed.failure_code or "No code"):
        page.locator("main").get_by_role("link", name=badge, exact=True).first.click()
        expect(page.get_by_role("dialog", name=badge)).to_be_visible()
        found += complaints(page)
        page.keyboard.press("Escape")  # or it may cover the next one
    for menu in ("health", "bell", "user-menu"):
        page.locator(f"#{menu} > summary").click()
        found += complaints(page)
        page.keyboard.press("Escape")
    page.get_by_role("searchbox", name="Search").fill(failed.account.name[:3] or str(failed.pk)[:4])
    page.locator("#found [role=option]").first.wait_for()
    found += complaints(page)

    assert found == []


def test_the_walk_knows_its_pages_by_name():
    known = names(get_resolver().url_patterns)

    assert {"overview", "login", "account_detail", "run_page", "instance_reassign"} <= known
    assert not known & NO_PAGES
