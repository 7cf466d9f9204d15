"""Pictures of every page, for the README and for whoever looks at the design: `make shots`.

Not collected with the tests, since its name does not begin like theirs. Each page is opened once
and photographed in every width and look. An address that leads to a page and has no picture fails
the run, so a new page brings its step in a walk below.
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from tests.browser import walks
from tests.browser.conftest import WholeSystem

FOLDER = Path(__file__).parent.parent.parent / "docs" / "screenshots"
EVERYTHING = FOLDER / "all"  # not committed
HEIGHTS = {360: 740, 1280: 900, 1920: 1080}
LOOKS = ("light", "dark")
# In these, people see what the dark and the narrow look make of the tokens.
IN_EVERY_LOOK = ("overview", "instances", "instance", "operation")
COMMITTED = {
    *IN_EVERY_LOOK,
    *("login", "account", "accounts", "package", "packages", "sites", "search", "catalogue"),
    *("failures", "instance-failed", "operations", "mirror", "reports", "audit", "policy"),
    *("reassign", "plan", "adjust", "order", "order-plan", "cancel", "cancel-plan"),
    "import-catalog-refused",
}

# Addresses without a picture: by how they end, and by name.
NO_PAGE = {
    ".csv": "a file",
    "/facets/": "a part of a list, which the list shows",
    "/columns/": "keeps a choice and leads back",
    "/dialect/": "keeps a choice and leads back",
    "/refresh/": "has Wix read and leads back",
    "/refresh/<wix_id:wix_id>/": "has Wix read for one row",
}
NOT_SHOWN = {
    "logout": "leads to the log-in",
    "healthz": "for machines",
    "readyz": "for machines",
    "read_only_set": "leads back to the policy",
    "read_only_lift": "leads back to the policy",
    "reasons_set": "leads back to the policy",
    "refusal_clear": "leads back to the product",
    "resume_writes": "leads back to where one was",
    "operation_withdraw": "leads back to the operation",
    "operation_retry": "leads to a plan",
    "operation_look_again": "leads back to the operation",
    "operation_finish": "leads back to the operation",
    "mirror_sync": "leads to the mirror",
    "account_note": "leads back to the account",
    "package_note": "leads back to the package",
    "instance_note": "leads back to the service",
    "note_pin": "leads back to where the note stands",
    "note_unpin": "leads back to where the note stands",
    "run_stop": "leads to the mirror",
}


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


@dataclass
class Camera:
    """Photographs pages, and notes which addresses it has seen and what does not fit."""

    seen: set[str] = field(default_factory=set)
    sideways: list[str] = field(default_factory=list)

    def shoot(self, page: Page, name: str) -> None:
        """Take a page as it stands in every width and look."""
        page.wait_for_load_state("networkidle")
        self._note(page)
        for width, height in HEIGHTS.items():
            page.set_viewport_size({"width": width, "height": height})
            if page.evaluate("document.documentElement.scrollWidth - innerWidth") > 0:
                self.sideways.append(f"{name} at {width}")
            for look in LOOKS:
                page.emulate_media(color_scheme=look, reduced_motion="reduce")
                page.screenshot(path=EVERYTHING / f"{width}-{look}" / f"{name}.png", full_page=True)
                if suffix := committed(name, width, look):
                    page.screenshot(path=FOLDER / f"{name}{suffix}")
        page.set_viewport_size({"width": 1280, "height": HEIGHTS[1280]})
        page.emulate_media(color_scheme="light", reduced_motion="reduce")

    def visit(self, page: Page, pages: dict[str, str]) -> None:
        """Open these addresses and take each, by the picture's name."""
        for name, address in pages.items():
            page.goto(address)
            self.shoot(page, name)

    def _note(self, page: Page) -> None:
        from django.urls import Resolver404, resolve

        try:
            self.seen.add(resolve(urlsplit(page.url).path).url_name or "")
        except Resolver404:
            return


def committed(name: str, width: int, look: str) -> str | None:
    """How the committed file of this picture ends; None where it is kept out of the repository."""
    if name not in COMMITTED:
        return None
    if (width, look) == (1280, "light"):
        return ".png"
    if name not in IN_EVERY_LOOK:
        return None
    return {(1280, "dark"): "-dark.png", (360, "light"): "-narrow.png"}.get((width, look))


def addresses(patterns: Any, before: str = "") -> Iterator[tuple[str, str]]:
    """Every address of the site: its name, and how it reads."""
    for one in patterns:
        if hasattr(one, "url_patterns"):
            yield from addresses(one.url_patterns, f"{before}{one.pattern}")
        else:
            yield one.name or "", f"/{before}{one.pattern}"


def without_picture(seen: set[str]) -> dict[str, str]:
    """The addresses of pages that no picture shows, by name."""
    from django.urls import get_resolver

    return {
        name: address
        for name, address in addresses(get_resolver().url_patterns)
        if name not in seen | set(NOT_SHOWN) and not address.endswith(tuple(NO_PAGE))
    }


def test_every_page_has_its_picture(
    whole_system: WholeSystem,
    browse_as: Callable[..., Page],
    new_page: Callable[..., Page],
    tmp_path: Path,
):
    shutil.rmtree(EVERYTHING, ignore_errors=True)
    camera = Camera()
    wide = {"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce"}
    operator, manager, admin, viewer = (
        browse_as(role, **wide) for role in ("operator", "manager", "admin", "viewer")
    )
    ground = walks.Ground.of(whole_system)

    walks.outside(camera, new_page(**wide), viewer)
    walks.moves(camera, operator, ground)
    walks.orders(camera, operator, ground)
    walks.browse(camera, operator, ground)
    walks.lists(camera, operator, ground)
    walks.endings(camera, manager, ground)
    walks.names(camera, manager, ground, tmp_path)
    walks.rules(camera, admin)

    assert without_picture(camera.seen) == {}
    assert camera.sideways == []
