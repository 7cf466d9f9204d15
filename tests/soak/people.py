"""People at work: each logs in, browses, searches, filters, and moves a service now and then."""

import random
import re
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import quote

import requests

from tests import browsing
from tests.chaos.rounds.staff import offered
from tests.dashboard.submitting import hidden_fields
from tests.soak.ground import Sample

PAUSE = (4.0, 12.0)  # seconds in which somebody reads what came
LISTS = ("/instances/", "/packages/", "/accounts/", "/sites/", "/failures/", "/operations/")
FILTERED = (
    *("/instances/?status=FAILED", "/instances/?floating=1", "/instances/?status=PENDING"),
    *("/operations/?state=succeeded", "/packages/?q=order", "/instances/?q=plan"),
)
PLAN_TRIES, WATCH_TRIES = 20, 8
_FURTHER = re.compile(r'href="([^"]*[?&;]after=[^"]*)"')


@dataclass
class Record:
    """What all of them met, since it was last begun anew."""

    browsed: list[float] = field(default_factory=list)  # seconds of each page
    acted: list[float] = field(default_factory=list)  # of forms, plans and confirmations
    confirmed: int = 0
    errors: list[str] = field(default_factory=list)


class Staff(browsing.Person):
    """One person, for whom refusals are answers and errors are noted."""

    takes_errors = True

    def __init__(self, address: str, username: str, sample: Sample) -> None:
        self.record = Record()
        self.sample = sample
        self.chance = random.Random(username)
        self.acts = False
        self._times = self.record.browsed
        super().__init__(address, username)

    def work(self, ended: threading.Event, record: Record, *, acts: bool) -> None:
        """One thing after another until that is so; what changes something only if they act."""
        self.record = record
        jobs: dict[Callable[[], None], int] = {
            self.overview: 2,
            self.browse: 6,
            self.filter: 4,
            self.search: 5,
            self.open_record: 5,
        }
        if acts:
            jobs[self.move] = 3
        # Nobody begins in the same moment as all others.
        ended.wait(self.chance.uniform(0, PAUSE[1]))
        while not ended.is_set():
            job = self.chance.choices(list(jobs), list(jobs.values()))[0]
            self._times = record.acted if job == self.move else record.browsed
            try:
                job()
            except requests.RequestException as error:
                record.errors.append(f"{job.__name__}: {type(error).__name__}")
            except LookupError:
                pass  # not offered just now
            ended.wait(self.chance.uniform(*PAUSE))

    def look_around(self) -> None:
        """Have each process show every list before anything is measured."""
        for path in (*LISTS, *FILTERED) * 2:
            self.get(path)

    # --- jobs ------------------------------------------------------------------------------------

    def overview(self) -> None:
        self.get("/")

    def browse(self) -> None:
        """A list, and often its next page."""
        page = self.get(self.chance.choice(LISTS))
        further = _FURTHER.search(page.text)
        if further and self.chance.random() < 0.5:
            path = unescape(further[1])
            self.get(path if path.startswith("/") else page.url.removeprefix(self.address) + path)

    def filter(self) -> None:
        self.get(self.chance.choice(FILTERED))

    def search(self) -> None:
        word = quote(self.chance.choice(self.sample.words))
        self.get(f"/search/?q={word}")

    def open_record(self) -> None:
        kind, ids = self.chance.choice(
            (
                ("accounts", self.sample.accounts),
                ("packages", self.sample.packages),
                ("instances", self.sample.movable),
            )
        )
        self.get(f"/{kind}/{self.chance.choice(ids)}/")

    def move(self) -> None:
        """Have the plan of a move shown, confirm it, and watch it for a while."""
        path = f"/instances/{self.chance.choice(self.sample.movable)}/reassign/"
        page = self.get(path)
        site = self.chance.choice(list(offered(page, "target_site")))
        fields = {"reason": "asked by phone", "target_site": site}
        confirm: dict[str, str] = {}
        for _ in range(PLAN_TRIES):
            plan = self._send_on(page, path, path, fields)
            try:
                confirm = hidden_fields(plan, "confirm")  # type: ignore[arg-type]
                break
            except LookupError:
                if plan.status_code != 200:
                    raise
                time.sleep(0.5)  # it waits for a reading
        answer = self._request("POST", path, data=confirm)
        if not (answer.history and "/operations/" in answer.url):
            return
        self.record.confirmed += 1
        for _ in range(WATCH_TRIES):
            time.sleep(2)
            if "Succeeded" in self.get(answer.url.removeprefix(self.address)).text:
                return

    def _request(self, method: str, path: str, **more: object) -> requests.Response:
        begun = time.monotonic()
        # A kept connection that the server closes meanwhile is tried again by a browser alone.
        answer = super()._request(method, path, headers={"Connection": "close"}, **more)
        self._times.append(time.monotonic() - begun)
        if answer.status_code >= 500:
            self.record.errors.append(f"{method} {path}: {answer.status_code}")
        return answer


def at_work(
    staff: Sequence[Staff], seconds: float, *, acts: bool, each: Callable[[], None]
) -> Record:
    """All of them for so long, and what they met; `each` is called every other second or so."""
    record, ended = Record(), threading.Event()
    with ThreadPoolExecutor(len(staff)) as pool:
        under_way = [pool.submit(one.work, ended, record, acts=acts) for one in staff]
        until = time.monotonic() + seconds
        try:
            while time.monotonic() < until:
                each()
                time.sleep(min(2.0, max(0.0, until - time.monotonic())))
        finally:
            ended.set()
        for one in under_way:
            one.result()
    return record
