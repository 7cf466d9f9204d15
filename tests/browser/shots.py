"""Pictures of every page, for the README and for whoever looks at the design: `make shots`.

Not collected with the tests, since its name does not begin like theirs.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import WholeSystem

FOLDER = Path(__file__).parent.parent.parent / "docs" / "screenshots"
WIDE = {"width": 1360, "height": 900}
NARROW = {"width": 360, "height": 740}
# In these, people see what the dark and the narrow look make of the tokens.
IN_EVERY_LOOK = ("overview", "instances", "instance", "operation")


@pytest.fixture
def sandbox(settings) -> Iterator:
    """The demo's world instead of the tests' small one."""
    from resellers.sandbox import Sandbox

    world = Sandbox(seed=1, calls_per_minute=0)
    world.start()
    settings.WIX_BASE_URL = world.url
    settings.WIX_API_KEY = world.api_key
    settings.WIX_ACCOUNT_ID = world.account_id
    yield world
    world.stop()


def test_every_page_has_its_picture(
    whole_system: WholeSystem, browse_as: Callable[..., Page], new_page: Callable[..., Page]
):
    from resellers.models import ProductInstance

    FOLDER.mkdir(parents=True, exist_ok=True)
    operator = browse_as("operator", viewport=WIDE, reduced_motion="reduce")
    instance, site = whole_system.mirror.movable()
    failed = ProductInstance.objects.filter(status="FAILED").order_by("id").first()

    def shoot(name: str, page: Page = operator) -> None:
        page.screenshot(path=FOLDER / f"{name}.png")

    anonymous = new_page(viewport=WIDE)
    anonymous.goto("/login/")
    shoot("login", anonymous)

    operator.goto(f"/instances/{instance.pk}/reassign/")
    shoot("reassign")
    choose(operator, "Target site", str(site.pk))
    operator.get_by_role("button", name="Show the plan").click()
    shoot("plan")
    operator.get_by_role("button", name="Confirm").click()
    operator.get_by_text("Succeeded").first.wait_for()
    done = operator.url

    pages = {
        "overview": "/",
        "accounts": "/accounts/",
        "account": f"/accounts/{instance.account_id}/",
        "packages": "/packages/",
        "package": f"/packages/{instance.package_id}/",
        "instances": "/instances/",
        "instance": f"/instances/{instance.pk}/",
        "instance-failed": f"/instances/{failed.pk}/",
        "adjust": f"/instances/{instance.pk}/adjust/",
        "sites": "/sites/",
        "failures": "/failures/",
        "operations": "/operations/",
        "operation": done,
        "mirror": "/mirror/",
        "reports": "/reports/",
        "search": f"/search/?q={instance.account.name.split()[0]}",
    }
    looks = {"": {}, "-dark": {"color_scheme": "dark"}, "-narrow": {"viewport": NARROW}}
    for suffix, options in looks.items():
        page = operator
        if suffix:
            page = browse_as("operator", f"operator{suffix}", **({"viewport": WIDE} | options))
        for name, address in pages.items():
            if not suffix or name in IN_EVERY_LOOK:
                page.goto(address)
                page.wait_for_load_state("networkidle")
                shoot(f"{name}{suffix}", page)


def choose(page: Page, label: str, value: str) -> None:
    """Choose by value, whether the choices are a select or radios."""
    field = page.get_by_label(label)
    if page.locator(f"select option[value='{value}']").count():
        field.select_option(value)
    else:
        page.locator(f"input[value='{value}']").check()
