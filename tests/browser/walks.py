"""Through all pages of the site, for pictures of them: fresh, refused, planned, under way, done."""

import contextlib
import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from django.core.management import call_command
from playwright.sync_api import Page, expect

from resellers.models import Account, CatalogProduct, Package, ProductInstance, Site, SyncRun
from tests import worlds
from tests.browser.conftest import WholeSystem
from tests.browser.test_cancel import forget_the_passwords, package_of_three
from tests.browser.test_main_job import PATIENCE, adjustable
from tests.browser.test_orders import failed_service, fill_line, orderable

REASON = "The customer asked for it by telephone."


class Camera(Protocol):
    """What takes the pictures."""

    def shoot(self, page: Page, name: str) -> None: ...

    def visit(self, page: Page, pages: dict[str, str]) -> None: ...


@dataclass(frozen=True)
class Ground:
    """The records that the walks lead to."""

    system: WholeSystem
    moved: ProductInstance
    target: Site
    floating: ProductInstance
    adjusted: tuple[ProductInstance, CatalogProduct]
    failed: ProductInstance
    order: tuple[Account, Site, ProductInstance, dict[str, CatalogProduct]]
    package: Package

    @classmethod
    def of(cls, system: WholeSystem) -> "Ground":
        """Such records of this world; LookupError where it lacks one."""
        floating = ProductInstance.objects.filter(site=None, status="ENABLED", gone_at=None)
        at_home = [one for one in floating.select_related("account") if one.account.sites.exists()]
        moved, target = system.mirror.movable()
        return cls(
            system,
            moved,
            target,
            at_home[0],
            adjustable(system.mirror),
            failed_service(),
            orderable(),
            package_of_three(),
        )


def plan(page: Page) -> None:
    page.get_by_role("button", name="Show the plan").click()


def outside(camera: Camera, stranger: Page, viewer: Page) -> None:
    """The door, and what is not there or not for everybody."""
    camera.visit(stranger, {"login": "/login/"})
    stranger.get_by_label("Username").fill("nobody")
    stranger.get_by_label("Password").fill("a guess")
    stranger.get_by_role("button", name="Log in").click()
    camera.shoot(stranger, "login-refused")
    nothing = worlds.new_id()
    camera.visit(viewer, {"403": "/packages/new/", "404": f"/instances/{nothing}/"})


def moves(camera: Camera, page: Page, ground: Ground) -> None:
    """Every change of one service: form, refusal, plan, and the operation as it goes on."""
    moved, target = f"/instances/{ground.moved.pk}/", str(ground.target.pk)
    adjusted, product = ground.adjusted
    camera.visit(page, {"assign": f"/instances/{ground.floating.pk}/assign/"})
    free = page.locator("input[name=target_site]:not(:disabled)")
    if free.count():
        free.first.check()
        plan(page)
        camera.shoot(page, "assign-plan")
    camera.visit(page, {"unassign": f"{moved}unassign/"})
    plan(page)
    camera.shoot(page, "unassign-plan")
    camera.visit(page, {"adjust": f"/instances/{adjusted.pk}/adjust/"})
    page.locator(f"input[value='{product.pk}']").check()
    page.get_by_label("Billing cycle").select_option(product.cycles[0])
    plan(page)
    camera.shoot(page, "adjust-plan")

    camera.visit(page, {"reassign": f"{moved}reassign/"})
    plan(page)
    camera.shoot(page, "reassign-refused")
    page.locator(f"input[value='{target}']").check()
    page.get_by_label("Reason").fill(REASON)
    plan(page)
    camera.shoot(page, "plan")
    refusal = {"match": "assign", "effect": "refuse:PRODUCT_TYPE_ALREADY_ASSIGNED", "times": 1}
    ground.system.inject_faults(refusal)
    page.get_by_role("button", name="Confirm").click()
    page.wait_for_url("**/operations/*/")
    expect(page.locator(".page-head .badge")).to_contain_text("Rolled back", timeout=PATIENCE)
    camera.shoot(page, "operation-rolled-back")

    page.goto(f"{moved}reassign/?target_site={target}")
    page.get_by_label("Reason").fill(REASON)
    plan(page)
    ground.system.inject_faults({"match": "any", "effect": "delay:4000"})
    page.get_by_role("button", name="Confirm").click()
    page.wait_for_url("**/operations/*/")
    expect(page.locator(".page-head .badge")).not_to_contain_text("Waiting", timeout=PATIENCE)
    camera.shoot(page, "operation-under-way")
    ground.system.inject_faults()
    expect(page.locator(".page-head .badge")).to_contain_text("Succeeded", timeout=PATIENCE)
    camera.shoot(page, "operation")


def orders(camera: Camera, page: Page, ground: Ground) -> None:
    """A new package, one ordered again, another external id."""
    account, site, reference, products = ground.order
    failed = ground.failed
    camera.visit(
        page,
        {
            "order-choose": "/packages/new/",
            "order-again": f"/packages/new/?account={failed.account_id}&again_of={failed.pk}",
            "order": f"/packages/new/?account={account.pk}",
        },
    )
    fill_line(page, 1, product=products["shop"].pk, cycle="1 MONTH", site=site.pk)
    page.get_by_role("button", name="Add a product").click()
    fill_line(page, 2, product=products["shop"].pk, cycle="1 YEAR", site=site.pk)
    plan(page)
    camera.shoot(page, "order-refused")
    fill_line(page, 2, product=products["free"].pk, cycle="1 YEAR", site="", free=reference.pk)
    page.get_by_label("Reason").fill(REASON)
    plan(page)
    page.get_by_text("Show the request to Wix").click()
    camera.shoot(page, "order-plan")

    camera.visit(page, {"external-id": f"/packages/{ground.package.pk}/external-id/"})
    page.get_by_label("External id", exact=True).fill("two words")
    plan(page)
    camera.shoot(page, "external-id-refused")
    page.get_by_label("External id", exact=True).fill("customer-17-renewed")
    plan(page)
    camera.shoot(page, "external-id-plan")


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
            "instance": f"/instances/{moved.pk}/",
            "instance-failed": f"/instances/{failed.pk}/",
            "instance-floating": f"/instances/{ground.floating.pk}/",
            "reading": f"/mirror/runs/{SyncRun.objects.filter(kind='full').latest('pk').pk}/",
            "reports": "/reports/",
            "search": f"/search/?q={name}",
            "search-nothing": "/search/?q=no+such+thing+anywhere",
        },
    )


def lists(camera: Camera, page: Page, ground: Ground) -> None:
    """Every list, and one of them in each of its states."""
    nouns = ("accounts", "packages", "instances", "sites", "failures", "operations", "mirror")
    camera.visit(page, {noun: f"/{noun}/" for noun in nouns})
    camera.visit(page, {"instances-filtered": "/instances/?status=ENABLED&floating=1"})
    page.locator("#filter-open").click()
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


def endings(camera: Camera, page: Page, ground: Ground) -> None:
    """Ending a service and a package, with the password asked for."""
    package = ground.package
    service = package.instances.order_by("id")[0]
    forget_the_passwords()
    camera.visit(page, {"cancel": f"/instances/{service.pk}/cancel/"})
    plan(page)
    camera.shoot(page, "cancel-refused")
    page.get_by_label("Your password").fill(worlds.PASSWORD)
    _sure(page, package)
    camera.shoot(page, "cancel-plan")
    camera.visit(page, {"cancel-package": f"/packages/{package.pk}/cancel/"})
    _sure(page, package)
    camera.shoot(page, "cancel-package-plan")


def _sure(page: Page, package: Package) -> None:
    page.get_by_label("Type the account's name").fill(package.account.name)
    page.get_by_label("Reason").fill(REASON)
    plan(page)
    expect(page.get_by_role("button", name="Confirm")).to_be_visible()


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
    camera.visit(page, {"account-edit": f"/accounts/{ground.moved.account_id}/edit/"})
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
    camera.visit(page, {"doctor": "/doctor/", "policy": "/policy/"})
    page.get_by_label("Reason", exact=True).fill("Wix moves our account tonight.")
    page.get_by_role("button", name="Make the dashboard read-only").click()
    camera.shoot(page, "policy-read-only")
    page.get_by_role("button", name="Lift read-only").click()
