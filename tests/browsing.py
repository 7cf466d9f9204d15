"""A person at a real web process: requests that keep cookies and send forms as a browser does."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import requests

from tests import processes, servers, worlds
from tests.dashboard.submitting import hidden_fields

SECONDS = 20  # after which an answer hangs


@contextmanager
def web(env: dict[str, str]) -> Iterator["WebProcess"]:
    """gunicorn with the dashboard on a free port, as in production; killed at the end."""
    place = f"127.0.0.1:{servers.free_port()}"
    arguments = ("-m", "gunicorn", "-b", place, "-w", "1", "--log-level", "warning")
    with processes.process(*arguments, "dashboard.wsgi:application", env=env) as process:
        web = WebProcess(f"http://{place}", process)
        processes.wait_until(web.answers, "the web process answers")
        yield web


class WebProcess:
    """Where the pages are."""

    def __init__(self, address: str, process: "subprocess.Popen[bytes]") -> None:
        self.address = address
        self.process = process

    def answers(self) -> bool:
        try:
            return requests.get(f"{self.address}/healthz", timeout=2).ok
        except requests.RequestException:
            return False

    def person(self, username: str) -> "Person":
        """Somebody who has just logged in."""
        return Person(self.address, username)


class Person:
    """One session, for which every page comes as it should."""

    takes_errors = False  # whether an error page is an answer like any other

    def __init__(self, address: str, username: str) -> None:
        self.address = address
        self._session = requests.Session()
        self._session.trust_env = False
        page = self.send("/login/", "", username=username, password=worlds.PASSWORD)
        assert "Log out" in page.text, "the log-in was refused"

    def get(self, path: str) -> requests.Response:
        return self._request("GET", path)

    def send(self, path: str, form: str, **fields: str) -> requests.Response:
        """Open the page, fill that form in and send it, and follow where it leads."""
        return self._send_on(self.get(path), path, form, fields)

    def ask(self, path: str, **fields: str) -> requests.Response:
        """Have the plan shown and confirm it; the page of what was asked for."""
        plan = self.send(path, path, **fields)
        return self._send_on(plan, path, "confirm", {})

    def _send_on(
        self, page: requests.Response, path: str, form: str, fields: dict[str, str]
    ) -> requests.Response:
        return self._request("POST", path, data=hidden_fields(page, form) | fields)

    def _request(self, method: str, path: str, **more: object) -> requests.Response:
        answer = self._session.request(
            method,
            self.address + path,
            timeout=SECONDS,
            **more,  # type: ignore[arg-type]
        )
        is_well = self.takes_errors or answer.status_code == 200
        assert is_well, f"{path}: {answer.status_code}"
        return answer
