"""Through pages that only show: records, lists, menus, what is imported, what an admin sees."""

import contextlib
import csv
import io
from pathlib import Path
from typing import Any

from django.core.management import call_command
from playwright.sync_api import Page, expect

from resellers.models import Account, Case, OperationState, PackageTemplate, SyncRun
from tests import worlds
from tests.browser.walks import REASON, Camera, Ground
from tests.one_of_everything import every_call


def browse(camera: Camera, page: Page, ground: Ground) -> None:
    """Every record's page and everything there is beside lists and forms."""
    moved, failed = ground.moved, ground.failed
    name = moved.account.name.split()[0]
    camera.visit(
        page,
        {
            "overview": "/",
            "account": f"/accounts/{moved.account_id}/",
            "package": f"/packages/{moved.package_id}/",
            "account-timeline": f"/accounts/{moved.account_id}/?tab=timeline",
            "site": f"/sites/{moved.site_id}/",
            "site-domains": f"/sites/{moved.site_id}/domains/",
            "instance": f"/instances/{moved.pk}/",
            "instance-failed": f"/instances/{failed.pk}/",
            "instance-floating": f"/instances/{ground.floating.pk}/",
            "reading": f"/mirror/runs/{SyncRun.objects.filter(kind='full').latest('pk').pk}/",
            "reports": "/reports/",
            "me": "/me/",
            "confirm": "/me/confirm/",
            "password": "/me/password/",
            "sessions": "/me/sessions/",
            "factors": "/me/factors/",
            "factors-app": "/me/factors/app/",
            "factors-passkey": "/me/factors/passkeys/add/",
            "keys": "/keys/",
            "help": "/help/",
            "notifications": "/me/notifications/",
            "search": f"/search/?q={name}",
            "search-nothing": "/search/?q=no+such+thing+anywhere",
        },
    )


def hard(camera: Camera, page: Page, ground: Ground) -> None:
    """What names may be at their worst, and the ends of operations that no walk comes to."""
    nameless = Account.objects.filter(name="").earliest("id")
    long = worlds.account("Hollerbusch " + "x" * 488)
    on_site = {"site": worlds.site(long, "y" * 500), "product": worlds.product("z" * 200)}
    service = worlds.instance(worlds.package(long), **on_site)
    ends = (OperationState.FAILED, OperationState.CANCELED, OperationState.NEEDS_ATTENTION)
    for state in ends:
        operation = worlds.operation(
            worlds.instance(
                ground.moved.package, site=ground.moved.site, product=ground.adjusted[1]
            ),
            state=state,
            reason=REASON,
            plan={"rows": [["site", "Site", str(ground.moved.site), str(ground.target)]]},
            outcome="Wix gave no answer, and the service stands on neither site."
            if state == OperationState.NEEDS_ATTENTION
            else "Nothing was changed.",
            outcome_code="" if state == OperationState.CANCELED else "SITE_NOT_FOUND",
        )
        address = operation.get_absolute_url()
        camera.visit(page, {f"operation-{state.replace('_', '-')}": address})
    camera.visit(
        page,
        {
            "account-without-a-name": nameless.get_absolute_url(),
            "account-long-name": long.get_absolute_url(),
            "instance-long-name": service.get_absolute_url(),
            "instances-long-name": f"/instances/?account={long.pk}",
        },
    )


def around(camera: Camera, page: Page, ground: Ground) -> None:
    """What opens over a page: its menus, the palette, and word of what ended elsewhere."""
    name = ground.moved.account.name.split()[0]
    page.goto("/instances/")
    for panel in ("health", "bell", "user-menu"):
        page.locator(f"#{panel} > summary").click()
        camera.shoot(page, f"over-{panel}")
        page.keyboard.press("Escape")
    page.locator(".end summary").first.click()
    camera.shoot(page, "over-row-menu")
    page.goto("/instances/")
    page.keyboard.press("Control+k")
    page.keyboard.type(name)
    expect(page.locator("#found [role=option]").first).to_be_visible()
    camera.shoot(page, "over-palette")
    page.goto("/instances/")
    page.keyboard.press("?")
    camera.shoot(page, "over-keys")


def lists(camera: Camera, page: Page, ground: Ground) -> None:
    """Every list, and one of them in each of its states."""
    nouns = ("accounts", "packages", "instances", "sites", "domains")
    nouns += ("failures", "operations", "mirror")
    camera.visit(page, {noun: f"/{noun}/" for noun in nouns})
    case = Case.objects.open().filter(cause="failed").earliest("id")
    of_cause = f"kind=failed&failure_code={case.code}"
    camera.visit(
        page,
        {
            "failures-cause": f"/failures/?{of_cause}",
            "failures-case": f"/failures/?{of_cause}&case={case.pk}",
            "case": case.get_absolute_url(),
            "failed-services": "/failures/failed-services/",
        },
    )
    camera.visit(page, {"instances-filtered": "/instances/?status=ENABLED&floating=1"})
    page.locator("#facet-status-open").click()
    camera.shoot(page, "instances-filters")
    page.goto("/instances/")
    page.locator("#columns-open").click()
    page.get_by_label("Name of a set").fill("Renewals")
    page.get_by_label("Name of a set").press("Enter")
    expect(page.locator("button.set")).to_have_text(["Renewals"])
    page.locator("#columns-open").click()
    camera.shoot(page, "instances-columns")
    # Loaded anew: a picture leaves styles in the page that htmx would be refused to carry over.
    page.goto("/instances/")
    page.locator("#columns-open").click()
    page.get_by_role("button", name="Standard columns").click()
    page.wait_for_url("**/instances/")
    page.locator("#export-open").click()
    camera.shoot(page, "instances-export")
    page.get_by_role("button", name="for spreadsheets").click()
    expect(page.get_by_role("link", name="Download CSV")).to_be_visible()
    camera.shoot(page, "export-ready")
    camera.visit(page, {"exports": "/exports/"})
    page.goto("/instances/")
    for box in page.locator(".pick input[name=id]").all()[:3]:
        box.check()
    camera.shoot(page, "instances-ticked")
    camera.visit(
        page,
        {
            "instances-nothing": "/instances/?q=no-such-thing",
            "instances-nonsense": "/instances/?sort=nonsense",
        },
    )


def names(camera: Camera, page: Page, ground: Ground, folder: Path) -> None:
    """Catalogue and customers: by hand, and from a file that is wrong and then right."""
    camera.visit(
        page,
        {
            "catalogue": "/catalog/",
            "product": f"/catalog/{ground.moved.product_id}/",
            "product-new": "/catalog/new/",
        },
    )
    page.get_by_role("button", name="Save").click()
    camera.shoot(page, "product-new-refused")
    of_account = f"/accounts/{ground.moved.account_id}/"
    contact = worlds.contact(ground.moved.account)
    template = PackageTemplate.objects.create(name="Starter shop", made_by=contact.added_by)
    camera.visit(
        page,
        {
            "account-edit": f"{of_account}edit/",
            "templates": "/packages/templates/",
            "template-new": "/packages/templates/new/",
            "template": f"/packages/templates/{template.pk}/",
            "contacts": f"{of_account}contacts/",
            "contact-new": f"{of_account}contacts/new/",
            "contact": f"{of_account}contacts/{contact.pk}/",
        },
    )
    good = {
        "catalog": [{"product_id": worlds.new_id(), "name": "Gift Card", "service_type": "SHOP"}],
        "accounts": [{"account_id": ground.moved.account_id, "name": "A Better Name"}],
    }
    for noun, rows in good.items():
        camera.visit(page, {f"import-{noun}": f"/{noun}/import/"})
        wrong = [{**row, next(iter(row)): text} for row in rows for text in ("", "17", "an id")]
        for state, lines in (("refused", wrong), ("dry-run", rows)):
            page.goto(f"/{noun}/import/")
            page.get_by_label("CSV file").set_input_files(_file(folder / f"{noun}.csv", lines))
            page.get_by_role("button", name="Show what would change").click()
            camera.shoot(page, f"import-{noun}-{state}")
    camera.visit(page, {"audit": "/audit/"})
    page.locator(".unfold").nth(1).click()
    camera.shoot(page, "audit-opened")


def _file(path: Path, rows: list[dict[str, Any]]) -> Path:
    table = io.StringIO()
    writer = csv.DictWriter(table, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(table.getvalue(), encoding="utf-8")
    return path


def rules(camera: Camera, page: Page) -> None:
    """What an admin alone sees, and every page while nothing may be changed."""
    camera.visit(page, {"doctor-unasked": "/doctor/"})
    with contextlib.suppress(SystemExit):
        call_command("doctor", stdout=io.StringIO())
    camera.visit(page, {"playbook-note": "/failures/playbook/?kind=failed&failure_code=UNKNOWN"})
    hook = every_call(worlds.user("admin", "webhooks-admin"))
    webhooks = {"webhooks": "/policy/webhooks/", "webhook": f"/policy/webhooks/{hook.pk}/"}
    camera.visit(page, webhooks)
    person = worlds.user("operator", "colleague")
    pages = {"people": "/people/", "person": f"/people/{person.pk}/"}
    pages |= {"person-scope": f"/people/{person.pk}/scope/"}
    camera.visit(page, pages | {"roles": "/roles/", "api-docs": "/api/v1/docs"})
    page.goto("/people/invite/")
    if page.get_by_label("Your password").count():  # the log-in is ten minutes old
        page.get_by_label("Your password").fill(worlds.PASSWORD)
        page.get_by_role("button", name="Go on").click()
    camera.visit(page, {"people-invite": "/people/invite/", "tokens": "/me/tokens/"})
    camera.visit(page, {"styleguide": "/styleguide/", "doctor": "/doctor/", "policy": "/policy/"})
    page.get_by_label("Reason", exact=True).fill("Wix moves our account tonight.")
    page.get_by_role("button", name="Make the dashboard read-only").click()
    camera.shoot(page, "policy-read-only")
    page.get_by_role("button", name="Lift read-only").click()
