"""PostgreSQL is frozen, not dead: each page says so in words and in time, and is back with it."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import requests
from django.test import Client

from tests import servers

from . import restarts
from .ground import Ground
from .report import Report
from .waiting import wait

if TYPE_CHECKING:
    from django.contrib.auth.models import User

LABEL = "database.frozen"
SECONDS = 5.0  # within which a page must say what is wrong
HUNG = 60.0
BACK_SECONDS = 30
PAGES = ("/", "/instances/", "/accounts/", "/operations/", "/search/?q=a", "/login/", "/readyz")
WORDS = {"/readyz": "the database does not answer"}
# As behind a proxy that speaks TLS, since that is what production is.
SETTINGS = {"DEBUG": "false", "ALLOWED_HOSTS": "127.0.0.1", "TRUSTED_PROXIES": "127.0.0.1"}


def database_frozen(ground: Ground, report: Report) -> None:
    """Freeze all of PostgreSQL under a web process with open connections, page by page, then at
    once."""
    if not report.wants(LABEL):
        return
    assert ground.database is not None
    port = servers.free_port()
    arguments = ("-m", "gunicorn", "-b", f"127.0.0.1:{port}", "-w", "1", "--log-level", "warning")
    with ground.process(*arguments, "dashboard.wsgi:application", **SETTINGS):
        web = _Web(port, ground.by)
        wait(lambda: web.status("/healthz") == 200, HUNG)
        for path in PAGES:
            web.all_at_once(PAGES * 2)  # so that every thread has a connection
            restarts.freeze(ground.database)
            try:
                _judge(report, web, path)
            finally:
                restarts.thaw(ground.database)
            is_back = wait(lambda path=path: web.status(path) in (200, 302), BACK_SECONDS)
            if not is_back:
                report.note(f"{LABEL} {path}", "never back", ["it did not come back"])
        web.all_at_once(PAGES * 2)
        restarts.freeze(ground.database)
        try:
            slowest = max(seconds for _, _, seconds in web.all_at_once(PAGES * 2))
        finally:
            restarts.thaw(ground.database)
        late = [f"one took {slowest:.1f} s"] if slowest > SECONDS else []
        report.note(f"{LABEL} {2 * len(PAGES)} pages at once", f"{slowest:.1f} s at most", late)


def _judge(report: Report, web: "_Web", path: str) -> None:
    status, text, seconds = web.page(path)
    wrongs = []
    if status != 503 or WORDS.get(path, "The database does not answer") not in text:
        wrongs.append(f"it says {status}: {text[:200]}")
    if seconds > SECONDS:
        wrongs.append(f"it took {seconds:.1f} s")
    report.note(f"{LABEL} {path}", f"{status} in {seconds:.1f} s", wrongs)


class _Web:
    """The web process on that port, asked in somebody's name."""

    def __init__(self, port: int, by: "User") -> None:
        self._address = f"http://127.0.0.1:{port}"
        client = Client()
        client.force_login(by)
        (cookie,) = (morsel.value for morsel in client.cookies.values())
        self._headers = {"X-Forwarded-Proto": "https", "Cookie": f"__Host-session={cookie}"}

    def page(self, path: str) -> tuple[int, str, float]:
        """Its status, its text, and after how many seconds it was there; 0 where it never was."""
        started = time.monotonic()
        try:
            answer = requests.get(
                self._address + path, headers=self._headers, timeout=HUNG, allow_redirects=False
            )
        except requests.RequestException as error:
            return 0, str(error), time.monotonic() - started
        return answer.status_code, answer.text, time.monotonic() - started

    def status(self, path: str) -> int:
        return self.page(path)[0]

    def all_at_once(self, paths: tuple[str, ...]) -> list[tuple[int, str, float]]:
        with ThreadPoolExecutor(len(paths)) as pool:
            return list(pool.map(self.page, paths))
