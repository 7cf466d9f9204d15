"""Weight and paint: the services' first page in a browser, beside Django admin's list of the same
rows.

Served as in production: by gunicorn over TLS, from collected files. Each load is a first visit, in
a profile of its own that holds no more than the session.
"""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

import requests
import urllib3
from playwright.sync_api import Browser, Page, StorageState, sync_playwright

from tests import environment, processes, servers
from tests.bench.figure import Figure
from tests.certificates import make_certificate

OURS, PEERS = "/instances/", "/admin/resellers/productinstance/"
ROWS = 50
LOADS = 9  # of each, in turn
HEAVIEST = 120.0  # KiB
USERNAME = "bench"
VIEW = {"width": 1440, "height": 900}
# How each page's own address names the record of a row.
RECORDS = {
    OURS: re.compile(r'<a class="name[^"]*" href="/instances/([0-9a-f-]{36})/"'),
    PEERS: re.compile(r'<a href="/admin/resellers/productinstance/([0-9a-f-]{36})/change/'),
}
# What the browser itself noted of the load; sizes are those of the wire, heads included.
NOTED = """async () => {
  const entries = (type) => new Promise((done) => {
    const observer = new PerformanceObserver((list) => done(list.getEntries()))
    observer.observe({type, buffered: true})
    setTimeout(done, 300, [])
  })
  const files = ['navigation', 'resource'].flatMap((type) => performance.getEntriesByType(type))
  const shifts = (await entries('layout-shift')).filter((entry) => !entry.hadRecentInput)
  const paints = await entries('largest-contentful-paint')
  return {
    bytes: files.reduce((sum, file) => sum + file.transferSize, 0),
    shift: shifts.reduce((sum, entry) => sum + entry.value, 0),
    paint: Math.max(...paints.map((entry) => entry.startTime)),
  }
}"""


@dataclass(frozen=True, slots=True)
class Load:
    """One first visit: bytes over the wire, requests to other hosts, shift of the layout, and the
    milliseconds to the largest paint."""

    bytes: int
    strangers: int
    shift: float
    paint: float


def measure() -> Iterator[Figure]:
    """The page's weight, where it asks, whether it moves and when it is there; nothing without
    Chromium."""
    if not servers.found()["Chromium"]:
        return
    ours, peers = _loads()
    of = f"first {ROWS} services"
    yield Figure(
        f"{of}, first visit: over the wire",
        _typical(ours, "bytes") / 1024,
        _typical(peers, "bytes") / 1024,
        HEAVIEST,
        "KiB",
    )
    strangers = [max(load.strangers for load in loads) for loads in (ours, peers)]
    yield Figure(f"{of}: requests to other hosts", *strangers, 0, "", digits=0)
    shifts = [max(load.shift for load in loads) for loads in (ours, peers)]
    yield Figure(f"{of}: cumulative layout shift", *shifts, 0, "", digits=4)
    paint, limit = _typical(ours, "paint"), _typical(peers, "paint")
    yield Figure(f"{of}, first visit: largest paint", paint, limit, limit, digits=0)


def _typical(loads: list[Load], what: str) -> float:
    return median(getattr(load, what) for load in loads)


def _loads() -> tuple[list[Load], list[Load]]:
    """The loads of our page and of the admin's, by turns, so that both meet the same machine."""
    _make_ready()
    with _web() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=servers.chromium_program(), args=servers.CHROMIUM_OPTIONS
        )
        session = _log_in(browser, address)
        loads: dict[str, list[Load]] = {OURS: [], PEERS: []}
        rows = {}
        for at in range(LOADS + 1):
            for path, found in loads.items():
                load, html = _visit(browser, session, address + path)
                rows[path] = list(dict.fromkeys(RECORDS[path].findall(html)))
                found.extend([load] if at else [])  # the first warms the server up
        browser.close()
    assert len(rows[OURS]) == ROWS, f"the page shows {len(rows[OURS])} rows"
    assert rows[OURS] == rows[PEERS], "the two pages show different rows"
    return loads[OURS], loads[PEERS]


def _visit(browser: Browser, session: StorageState, address: str) -> tuple[Load, str]:
    with browser.new_context(
        storage_state=session, ignore_https_errors=True, viewport=VIEW
    ) as profile:
        page, asked = profile.new_page(), []
        page.on("request", lambda request: asked.append(urlsplit(request.url).netloc))
        answer = page.goto(address, wait_until="networkidle")
        assert answer is not None
        assert answer.status == 200, f"{address}: {answer.status}"
        noted = page.evaluate(NOTED)
        strangers = sum(host != urlsplit(address).netloc for host in asked)
        return Load(noted["bytes"], strangers, noted["shift"], noted["paint"]), answer.text()


def _log_in(browser: Browser, address: str) -> StorageState:
    from tests import worlds

    with browser.new_context(ignore_https_errors=True) as profile:
        page: Page = profile.new_page()
        page.goto(f"{address}/login/")
        page.get_by_label("Username").fill(USERNAME)
        page.get_by_label("Password", exact=True).fill(worlds.PASSWORD)
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url(f"{address}/")
        return profile.storage_state()


def _make_ready() -> None:
    """Somebody whom the admin lets in too, and a day on which nothing is amiss."""
    from django.utils import timezone

    from resellers.models import Heartbeat
    from tests import worlds

    worlds.user("admin", USERNAME, is_staff=True, is_superuser=True)
    for role in Heartbeat.Role:
        at = timezone.now() + timedelta(hours=1)  # later than the last load
        Heartbeat.objects.update_or_create(role=role, defaults={"last_seen_at": at})


@contextmanager
def _web() -> Iterator[str]:
    """The address of gunicorn with both pages, in the settings of production."""
    with tempfile.TemporaryDirectory() as folder:
        place = f"localhost:{servers.free_port()}"
        certificate, key = make_certificate(Path(folder), "DNS:localhost")
        env = environment.of_process(
            environment.PRODUCTION,
            ALLOWED_HOSTS="localhost",
            DATABASE_URL=processes.database_url(),
            DJANGO_SETTINGS_MODULE="dashboard.settings",
            BENCH_STATIC_ROOT=str(Path(folder) / "static"),
        )
        collect = [sys.executable, "-m", "tests.bench.peer"]
        subprocess.run(collect, cwd=environment.ROOT, env=env, check=True)
        arguments = ("-m", "gunicorn", "-b", place, "-w", "2", "--log-level", "error")
        files = (f"--certfile={certificate}", f"--keyfile={key}")
        with processes.process(*arguments, *files, "tests.bench.peer.wsgi:application", env=env):
            processes.wait_until(lambda: _answers(f"https://{place}"), "the web server answers")
            yield f"https://{place}"


def _answers(address: str) -> bool:
    urllib3.disable_warnings()  # nobody vouches for the certificate
    try:
        return requests.get(f"{address}/healthz", timeout=2, verify=False).ok
    except requests.RequestException:
        return False
