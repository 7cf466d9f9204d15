"""Through all pages of the site, for pictures of them: fresh, refused, planned, under way, done."""

from dataclasses import dataclass
from typing import Protocol

from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from resellers.models import (
    Account,
    CatalogProduct,
    Package,
    ProductInstance,
    Site,
)
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
    camera.visit(stranger, {"password-forgotten": "/login/forgotten/"})
    stranger.get_by_label("Username or mail address").fill("nobody")
    stranger.get_by_role("button", name="Mail me a link").click()
    stranger.wait_for_url("**/?sent=1")
    camera.shoot(stranger, "password-link-sent")
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
    page.get_by_role("button", name="Add a product", exact=True).click()
    fill_line(page, 2, product=products["shop"].pk, cycle="1 YEAR", site=site.pk)
    plan(page)
    camera.shoot(page, "order-refused")
    fill_line(page, 2, product=products["free"].pk, cycle="1 YEAR", site="", free=reference.pk)
    page.get_by_label("Reason").fill(REASON)
    plan(page)
    page.get_by_text("Show the request to Wix").click()
    camera.shoot(page, "order-plan")

    camera.visit(page, {"external-id": f"/packages/{ground.package.pk}/external-id/"})
    page.get_by_label("External id", exact=True).fill(ground.package.external_id)
    plan(page)
    camera.shoot(page, "external-id-refused")
    page.get_by_label("External id", exact=True).fill("customer-17-renewed")
    plan(page)
    camera.shoot(page, "external-id-plan")


def many(camera: Camera, page: Page, ground: Ground) -> None:
    """Failed services ordered again at once: what was chosen, the plan, and the run."""
    named = f"kind=order_again&id={ground.failed.pk}"
    camera.visit(page, {"bulk-new": f"/bulk/new/?{named}"})
    page.get_by_role("button", name="Show the plan").click()
    camera.shoot(page, "bulk-plan")
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    camera.shoot(page, "bulk-run")
    camera.visit(page, {"bulk": "/bulk/"})


def flows(camera: Camera, page: Page, ground: Ground) -> None:
    """A site handed over: begun, planned, waiting, stopped."""
    person = User.objects.get(username="operator")
    camera.visit(page, {"flow-new": f"/flows/new/site_handover/?account={ground.moved.account_id}"})
    page.get_by_role("button", name="Begin").click()
    camera.shoot(page, "flow-new-refused")
    there = {"site": ground.target, "account": ground.floating.account}
    for name, at, state in (
        ("flow-plan", "transfer", "open"),
        ("flow-waits", "delivered", "waiting"),
        ("flow-stopped", "transfer", "stopped"),
        ("flow-asks", "package", "open"),
        ("flow-new-site", "describe", "open"),
        ("flow-chain", "agree", "open"),
        ("flow-over", "package", "given_up"),
    ):
        data = {"from": str(ground.target.account_id), "site": str(ground.target.pk)}
        data |= {"new": True} if at == "describe" else {}
        data |= {"paid": [str(ground.moved.pk)]} if at == "agree" else {}
        flow = worlds.flow(person, at, **there, state=state, data=data)
        camera.visit(page, {name: flow.get_absolute_url()})
    camera.visit(page, {"flows": "/flows/"})


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
    page.get_by_label("Type the customer's name").fill(package.account.name)
    page.get_by_label("Reason").fill(REASON)
    plan(page)
    expect(page.get_by_role("button", name="Confirm")).to_be_visible()
