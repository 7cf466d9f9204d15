"""Pictures of every page, for the README and for whoever looks at the design: `make shots`.

Not collected with the tests, since its name does not begin like theirs. Each page is opened once
and photographed in every width and look. An address that leads to a page and has no picture fails
the run, so a new page brings its step in a walk below.

`make shots ONLY="lists/instances* around/*"` takes these alone, by walk and picture, and keeps the
others as they are.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser import walks, walks_of_pages
from tests.browser.conftest import WholeSystem

FOLDER = Path(__file__).parent.parent.parent / "docs" / "screenshots"
EVERYTHING = FOLDER / "all"  # not committed
HEIGHTS = {360: 740, 1024: 768, 1440: 900, 1920: 1080}
USUAL = 1440
LOOKS = ("light", "dark")
# The README's dozen: of each the width and look that it shows.
COMMITTED = {
    ("overview", USUAL, "light"): "overview.png",
    ("overview", USUAL, "dark"): "overview-dark.png",
    ("instances", USUAL, "light"): "instances.png",
    ("instances", 360, "light"): "instances-narrow.png",
    ("account", USUAL, "light"): "account.png",
    ("instance-failed", USUAL, "light"): "instance-failed.png",
    ("reassign", USUAL, "light"): "reassign.png",
    ("plan", USUAL, "light"): "plan.png",
    ("operation", USUAL, "light"): "operation.png",
    ("operation", USUAL, "dark"): "operation-dark.png",
    ("failures", USUAL, "light"): "failures.png",
    ("search", USUAL, "light"): "search.png",
}

# Addresses without a picture: by how they end, and by name.
NO_PAGE = {
    ".csv": "a file",
    "/export/": "has a file made and leads to it",
    "/facets/": "a part of a list, which the list shows",
    "/changed/": "a part of a list, which the list shows",
    "/facets/<slug:name>/": "the values of one filter, which the list shows",
    "/density/": "keeps a choice and leads back",
    "/columns/": "keeps a choice and leads back",
    "/dialect/": "keeps a choice and leads back",
    "/views/": "keeps a view and leads to it",
    "/views/<int:pk>/": "changes a view and leads back",
    "/refresh/": "has Wix read and leads back",
    "/refresh/<wix_id:wix_id>/": "has Wix read for one row",
}
NOT_SHOWN = {
    "notifications_read": "leads back to where one was",
    "my_tour": "leads back to where one was",
    "my_menu": "leads back to where one was",
    "my_theme": "leads back to where one was",
    "logout": "leads to the log-in",
    "account_login": "the log-in, as allauth calls it",
    "account_inactive": "told to who has left",
    "mfa_login_webauthn": "leads on from the log-in",
    "my_session_end": "leads back to the sessions",
    "openid_connect_login": "leads to the agency's own sign-in",
    "openid_connect_callback": "leads on from there",
    "link_open": "leads on to where a password is set",
    "link_use": "opened by a link that works once",
    "person_role": "leads back to the person",
    "person_link": "shows a link on a page of its own",
    "person_factors_reset": "leads back to the person",
    "person_sessions_end": "leads back to the person",
    "person_deactivate": "leads back to the person",
    "person_reactivate": "leads back to the person",
    "hold_lift": "leads back to the people",
    "view_as": "leads to the overview",
    "view_as_end": "leads back to the roles",
    "second_factor_set": "leads back to the policy",
    "my_sessions_end": "leads to the log-in",
    "my_token_revoke": "leads back to the tokens",
    "token_revoke": "leads back to the person",
    **dict.fromkeys(
        [
            *("api_openapi", "api_unknown", "api_customers", "api_customer", "api_packages"),
            *("api_package", "api_services", "api_service", "api_operations", "api_operation"),
            *("api_cases", "api_case"),
        ],
        "for machines",
    ),
    "live": "a part of every page",
    "healthz": "for machines",
    "readyz": "for machines",
    "metrics": "for machines",
    "read_only_set": "leads back to the policy",
    "read_only_lift": "leads back to the policy",
    "reasons_set": "leads back to the policy",
    "webhook_secret": "shows a secret on the webhook's page",
    "webhook_test": "leads back to the webhook",
    "webhook_remove": "leads back to the webhooks",
    "delivery_again": "leads back to the webhook",
    "contact_erase": "leads back to the contacts",
    "contact_export": "a file",
    "template_remove": "leads back to the templates",
    "refusal_clear": "leads back to the product",
    "resume_writes": "leads back to where one was",
    "operation_withdraw": "leads back to the operation",
    "operation_retry": "leads to a plan",
    "operation_look_again": "leads back to the operation",
    "operation_finish": "leads back to the operation",
    "export_manifest": "a file",
    "export_remove": "leads to the other files",
    "mirror_sync": "leads to the mirror",
    "account_note": "leads back to the account",
    "package_note": "leads back to the package",
    "instance_note": "leads back to the service",
    "note_pin": "leads back to where the note stands",
    "note_unpin": "leads back to where the note stands",
    "run_stop": "leads to the mirror",
    "case_work": "leads back to the cases",
    "case_pin": "leads back to the case",
    "bulk_choose": "leads back to the plan",
    "bulk_confirm": "leads to the run",
    "bulk_pause": "leads back to the run",
    "bulk_resume": "leads back to the run",
    "bulk_stop": "leads back to the run",
    "bulk_again": "leads to a plan",
    **{
        f"flow_{verb}": "leads back to the flow"
        for verb in ("answer", "confirm", "retry", "look", "pause", "resume", "hand", "note")
    },
    "flow_give_up": "leads back to the flow",
    "site_domains_propose": "leads back to the site's domains",
    "site_domains_choose": "leads back to the site's domains",
    "site_domains_mail": "leads back to the site's domains",
    "help_entry": "a part of every page that has its word",
    "help_outcome": "a part of the operation's page",
    "mfa_authenticate": "for who has a second factor",
    "mfa_deactivate_totp": "for who has a second factor",
    "mfa_remove_webauthn": "for who has a second factor",
    "mfa_view_recovery_codes": "for who has a second factor",
    "mfa_generate_recovery_codes": "for who has a second factor",
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

    only: list[str] = field(default_factory=list)  # patterns of walk/picture; none: everything
    walk: str = ""
    seen: set[str] = field(default_factory=set)
    sideways: list[str] = field(default_factory=list)

    def goes(self, walk: str) -> bool:
        """Whether a picture of that walk may be wanted; the next ones are taken on it."""
        self.walk = walk
        return not self.only or any(fnmatchcase(walk, one.split("/")[0]) for one in self.only)

    def wants(self, name: str) -> bool:
        """Whether this picture is to be taken."""
        path = f"{self.walk}/{name}"
        return not self.only or any(fnmatchcase(path, one) for one in self.only)

    def shoot(self, page: Page, name: str) -> None:
        """Take a page as it stands in every width and look."""
        if not self.wants(name):
            return
        page.wait_for_load_state("networkidle")
        self._note(page)
        for width, height in HEIGHTS.items():
            page.set_viewport_size({"width": width, "height": height})
            if page.evaluate("document.documentElement.scrollWidth - innerWidth") > 0:
                self.sideways.append(f"{name} at {width}")
            for look in LOOKS:
                page.emulate_media(color_scheme=look, reduced_motion="reduce")
                page.screenshot(path=EVERYTHING / f"{width}-{look}" / f"{name}.png", full_page=True)
                if file := COMMITTED.get((name, width, look)):
                    page.screenshot(path=FOLDER / file)
        page.set_viewport_size({"width": USUAL, "height": HEIGHTS[USUAL]})
        page.emulate_media(color_scheme="light", reduced_motion="reduce")

    def visit(self, page: Page, pages: dict[str, str]) -> None:
        """Open and take these addresses, by picture; a walk goes on from the last of them."""
        for name, address in pages.items():
            if self.wants(name) or name == list(pages)[-1]:
                page.goto(address)
                self.shoot(page, name)

    def _note(self, page: Page) -> None:
        from django.urls import Resolver404, resolve

        try:
            self.seen.add(resolve(urlsplit(page.url).path).url_name or "")
        except Resolver404:
            return


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
    camera = Camera(only=os.environ.get("ONLY", "").split())
    if not camera.only:
        shutil.rmtree(EVERYTHING, ignore_errors=True)
    wide = {"viewport": {"width": USUAL, "height": HEIGHTS[USUAL]}, "reduced_motion": "reduce"}
    operator, manager, admin, viewer = (
        browse_as(role, **wide) for role in ("operator", "manager", "admin", "viewer")
    )
    ground = walks.Ground.of(whole_system)
    steps: dict[str, Callable[[], None]] = {
        "outside": lambda: walks.outside(camera, new_page(**wide), viewer),
        "moves": lambda: walks.moves(camera, operator, ground),
        "orders": lambda: walks.orders(camera, operator, ground),
        "browse": lambda: walks_of_pages.browse(camera, operator, ground),
        "around": lambda: walks_of_pages.around(camera, operator, ground),
        "many": lambda: walks.many(camera, operator, ground),
        "flows": lambda: walks.flows(camera, operator, ground),
        "lists": lambda: walks_of_pages.lists(camera, operator, ground),
        "hard": lambda: walks_of_pages.hard(camera, operator, ground),
        "endings": lambda: walks.endings(camera, manager, ground),
        "names": lambda: walks_of_pages.names(camera, manager, ground, tmp_path),
        "rules": lambda: walks_of_pages.rules(camera, admin),
    }
    for name, step in steps.items():
        if camera.goes(name):
            step()

    assert camera.only or without_picture(camera.seen) == {}
    assert camera.sideways == []


def test_a_dashboard_that_was_never_filled_has_its_pictures(
    live_server: Any, new_context: Callable[..., BrowserContext], settings: Any
):
    from django.test import Client

    from tests import worlds

    camera = Camera(only=os.environ.get("ONLY", "").split())
    if not camera.goes("empty"):
        return
    person, name = Client(), settings.SESSION_COOKIE_NAME
    person.force_login(worlds.user("operator"))
    page = new_context(base_url=live_server.url, reduced_motion="reduce").new_page()
    session = {"name": name, "value": person.cookies[name].value, "url": live_server.url}
    page.context.add_cookies([session])
    page.set_viewport_size({"width": USUAL, "height": HEIGHTS[USUAL]})
    pages = {
        "empty-overview": "/",
        "empty-instances": "/instances/",
        "empty-failures": "/failures/",
    }
    camera.visit(page, pages)
    assert camera.sideways == []
