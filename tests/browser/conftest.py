"""Chromium on the whole system: pages, a worker, beat, a sandbox behind HTTP, a synced mirror.

Each page a test opens is watched: an error on its console or a request to another host fails it.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
import requests
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, expect

from tests import servers

if TYPE_CHECKING:
    from resellers.models import ProductInstance
    from resellers.sandbox import Sandbox
    from tests.conftest import Mirror

# Chromium reports each refused page as an error of the console. Here a refusal may be the point.
REFUSED = "Failed to load resource: the server responded with a status of 4"
# What htmx says of a question that a newer one has replaced, and of an earlier address that the
# browser then loads by itself. Other causes it names beside these.
REPLACED = ("htmx:afterRequest", "htmx:sendAbort", "htmx:historyCacheMissLoadError")

# On a busy machine everything comes late; that it comes is what a test waits for.
expect.set_options(timeout=20_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = f"{Path(__file__).parent}{os.sep}"
    for item in items:
        if str(item.path).startswith(here):
            item.add_marker("browser")


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    servers.need("Chromium")
    return {"executable_path": servers.chromium_program(), "args": servers.CHROMIUM_OPTIONS}


@pytest.fixture(scope="session", autouse=True)
def django_beside_playwright() -> Iterator[None]:
    """Playwright keeps an event loop in this thread, in which Django would refuse to work."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield


@dataclass(frozen=True)
class WholeSystem:
    """Everything running: the dashboard's address, and the sandbox behind its back."""

    address: str
    sandbox: "Sandbox"
    mirror: "Mirror"

    def truth(self, instance: "ProductInstance") -> dict[str, Any]:
        """The instance as the sandbox has it."""
        return self._get(f"instances/{instance.pk}")

    def journal(self, after: int = 0) -> list[dict[str, Any]]:
        """The calls that the sandbox received after that number, in order."""
        calls: list[dict[str, Any]] = self._get(f"journal?after={after}")
        return calls

    def inject_faults(self, *rules: dict[str, Any]) -> None:
        """Put these faults in force instead of the ones before: `match`, `effect`, `times`, …"""
        answer = requests.post(
            f"{self.sandbox.url}/_sandbox/faults", json={"rules": rules}, timeout=10
        )
        answer.raise_for_status()

    def _get(self, path: str) -> Any:
        answer = requests.get(f"{self.sandbox.url}/_sandbox/{path}", timeout=10)
        answer.raise_for_status()
        return answer.json()


@pytest.fixture(autouse=True)
def short_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists of few rows: each costs the browser as much as a page without a list has in all."""
    from dashboard.lists import page

    monkeypatch.setattr(page, "PAGE_SIZE", 10)


@pytest.fixture
def whole_system(
    transactional_db: None, live_server: Any, sandbox: "Sandbox", mirror: "Mirror", tmp_path: Path
) -> Iterator[WholeSystem]:
    """Web, worker, beat and sweep as threads on one database, beside a sandbox and its mirror."""
    from dashboard.management.commands import demo

    with demo.worker(), demo.beat(tmp_path / "beat-schedule"), demo.sweep():
        yield WholeSystem(live_server.url, sandbox, mirror)


@pytest.fixture
def new_page(
    new_context: Callable[..., BrowserContext], whole_system: WholeSystem
) -> Iterator[Callable[..., Page]]:
    """A function that opens a watched page in a browser profile of its own."""
    faults: list[str] = []

    def new_page(**options: Any) -> Page:
        page = new_context(base_url=whole_system.address, **options).new_page()
        watch(page, faults)
        return page

    yield new_page
    assert faults == []


@pytest.fixture
def browse_as(new_page: Callable[..., Page], whole_system: WholeSystem) -> Callable[..., Page]:
    """A function that opens a page for a person of that role, who has logged in a moment ago."""
    from django.conf import settings
    from django.test import Client

    from tests import worlds

    def browse_as(role: str, username: str = "", **options: Any) -> Page:
        person, page = Client(), new_page(**options)
        person.force_login(worlds.user(role, username))
        session = person.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": whole_system.address}]
        )
        return page

    return browse_as


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """A watched page on which nobody has logged in."""
    return new_page()


def watch(page: Page, faults: list[str]) -> None:
    """Note every error on the page's console and every request that leaves its host."""

    def on_console(message: ConsoleMessage) -> None:
        of_a_file = "/static/" in message.location.get("url", "")
        refused = message.text.startswith(REFUSED) and not of_a_file
        expected = refused or message.text.startswith(REPLACED)
        if message.type == "error" and not expected:
            faults.append(f"console: {message.text}")

    def on_request(request: Request) -> None:
        host = urlsplit(request.url).hostname
        if host not in ("localhost", "127.0.0.1", None):
            faults.append(f"request to another host: {request.url}")

    page.on("console", on_console)
    page.on("pageerror", lambda error: faults.append(f"script: {error}"))
    page.on("request", on_request)
