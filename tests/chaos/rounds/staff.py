"""People at work in real sessions: they open forms, have plans shown, confirm, and decide."""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from threading import Event
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

import requests

from tests import browsing, worlds
from tests.dashboard.submitting import hidden_fields

from .evidence import Row

if TYPE_CHECKING:
    from resellers.sandbox import Sandbox
    from resellers.sandbox.world.entities import Instance

MAILBOX = "Mailbox Starter"
TWICE = 0.1  # of confirmations: pressed again
HOT, OFTEN = 12, 0.3  # some services that everybody wants something of
PAUSE = (0.05, 0.8)
LOOKS = 8  # until a worker has looked what a flow asks for
REASON = "asked by phone"


class StaffSession(browsing.Person):
    """Somebody who takes error pages, refusals and silence as they come, and goes on."""

    takes_errors = True

    def __init__(
        self, address: str, username: str, sandbox: "Sandbox", chance: random.Random
    ) -> None:
        super().__init__(address, username)
        self.sandbox = sandbox
        self.chance = chance
        self.clicks: list[Row] = []
        self.counts: Counter[str] = Counter()
        self.operations: list[int] = []
        self._jobs: dict[Callable[[], None], int] = {
            self.reassign: 6,
            self.assign: 4,
            self.unassign: 3,
            self.adjust: 3,
            self.rename: 2,
            self.order: 3,
            self.cancel_service: 1,
            self.cancel_package: 1,
            self.connect: 3,
            self.look_after_one: 4,
            self.refresh: 1,
            self.read: 1,
            self.resume: 1,
        }

    def work(self, ended: Event) -> None:
        """One job after another until that is so."""
        while not ended.is_set():
            job = self.chance.choices(list(self._jobs), list(self._jobs.values()))[0]
            try:
                job()
                self.counts[job.__name__] += 1
            except requests.RequestException:
                self.counts["no answer"] += 1
                time.sleep(0.3)
            except LookupError:
                self.counts["not offered"] += 1
            time.sleep(self.chance.uniform(*PAUSE))

    # --- jobs ------------------------------------------------------------------------------------

    def reassign(self) -> None:
        self._to_a_site("reassign", self._service(on_site=True))

    def assign(self) -> None:
        self._to_a_site("assign", self._service(on_site=False))

    def unassign(self) -> None:
        self._ask(f"/instances/{self._service(on_site=True).id}/unassign/")

    def adjust(self) -> None:
        path = f"/instances/{self._service().id}/adjust/"
        page = self.get(path)
        product_id = self.chance.choice(list(offered(page, "target_product")))
        cycles = self.sandbox.world.products[product_id].cycles
        cycle = str(self.chance.choice(cycles)) if cycles else ""
        self._go_on(page, path, target_product=product_id, cycle=cycle)

    def rename(self) -> None:
        name = f"name-{self.chance.randrange(10**9)}"
        self._ask(f"/packages/{self._service().package_id}/external-id/", external_id=name)

    def order(self) -> None:
        owner = self._owner(self._service())
        products = self.sandbox.world.products.values()
        line = {
            "target_product": next(one.id for one in products if one.name == MAILBOX),
            "cycle": "1 YEAR",
            "country": "DE",
        }
        fields = {f"lines-0-{name}": text for name, text in line.items()}
        name = f"order-{self.chance.randrange(10**9)}"
        path = f"/packages/new/?account={owner}"
        self._ask(path, lines="1", external_id=name, **fields)

    def cancel_service(self) -> None:
        service = self._service()
        self._cancel(f"/instances/{service.id}/cancel/", self._owner(service))

    def cancel_package(self) -> None:
        service = self._service()
        self._cancel(f"/packages/{service.package_id}/cancel/", self._owner(service))

    def connect(self) -> None:
        """A domain bought elsewhere, as far as its flow asks Wix for something."""
        path = "/flows/new/domain_connection/"
        domain = f"chaos-{self.chance.randrange(10**9)}.example"
        begun = hidden_fields(self.get(path), path)
        wanted = {"site": self._site_with_plan(), "domain": domain, "way": "POINTING"}
        flow = self._request("POST", path, data=begun | wanted)
        here = flow.url.removeprefix(self.address)
        for _ in range(LOOKS):
            if offers(page := self.get(here), "confirm"):
                break
            time.sleep(PAUSE[1])
        # What the flow asks for has a number that comes of the flow's own. Its page comes whatever
        # becomes of the click.
        request_id = str(uuid5(UUID(begun["request_id"]), "connect:1"))
        self.clicks.append({"request_id": request_id, "answer": "lost", "status": None})
        self._send_on(page, f"{here}confirm/", "confirm", {})

    def look_after_one(self) -> None:
        """Look at one of the last operations, and do what its page offers."""
        if not self.operations:
            return
        number = self.chance.choice(self.operations[-20:])
        here = f"/operations/{number}/"
        page = self.get(here)
        actions = [f"{here}{what}/" for what in ("withdraw", "look-again", "retry")]
        found = [action for action in actions if offers(page, action)]
        if found:
            action = self.chance.choice(found)
            self._send_on(page, action, action, {})
            return
        for action, fields in forms_naming(page, ("undo_of", "retry_of")):
            self._confirm(action, self._request("POST", action, data=fields))
            return

    def refresh(self) -> None:
        path = f"/instances/{self._service().id}/"
        page = self.get(path)
        self._send_on(page, f"{path}refresh/", f"{path}refresh/", {})

    def read(self) -> None:
        self.sync(self.chance.choice(("incremental", "incremental", "full")))

    def sync(self, kind: str) -> None:
        """Have Wix read: `full` or `incremental`."""
        page = self.get("/mirror/")
        self._send_on(page, "/mirror/sync/", "/mirror/sync/", {"kind": kind})

    def resume(self) -> None:
        """Let writing go on after a refused key, where that is what the page asks for."""
        page, action = self.get("/"), "/operations/resume-writes/"
        if offers(page, action):
            self._send_on(page, action, action, {})

    def act_on(self, number: int, what: str, **fields: str) -> None:
        """Decide about an operation that needs somebody: `look-again`, `retry`, `finish`."""
        here = f"/operations/{number}/"
        action = f"{here}{what}/"
        self._send_on(self.get(here), action, action, fields)

    # --- how a wish is confirmed -----------------------------------------------------------------

    def _to_a_site(self, slug: str, service: "Instance") -> None:
        path = f"/instances/{service.id}/{slug}/"
        page = self.get(path)
        self._go_on(page, path, target_site=self.chance.choice(list(offered(page, "target_site"))))

    def _cancel(self, path: str, owner: str) -> None:
        name = self.sandbox.world.accounts.rows[owner].name or owner[:8]
        self._ask(path, account_name=name, password=worlds.PASSWORD)

    def _ask(self, path: str, **fields: str) -> None:
        self._go_on(self.get(path), path, **fields)

    def _go_on(self, page: requests.Response, path: str, **fields: str) -> None:
        """Send the form that the page shows, and confirm the plan that comes."""
        self._confirm(path, self._send_on(page, path, path, {"reason": REASON} | fields))

    def _confirm(self, path: str, plan: requests.Response) -> None:
        """Press Confirm; LookupError where the plan cannot be confirmed."""
        fields = hidden_fields(plan, "confirm")
        click: Row = {"request_id": fields["request_id"], "answer": "lost", "status": None}
        self.clicks.append(click)
        for _ in range(2 if self.chance.random() < TWICE else 1):
            answer = self._request("POST", path, data=fields)
            click["status"] = answer.status_code
            if answer.history and "/operations/" in answer.url:
                click["answer"] = "recorded"
                self.operations.append(int(answer.url.rstrip("/").rpartition("/")[2]))
            elif 400 <= answer.status_code < 500 and click["answer"] != "recorded":
                click["answer"] = "refused"

    # --- what there is ---------------------------------------------------------------------------

    def _service(self, *, on_site: bool | None = None) -> "Instance":
        """A service that works, on a site or on none where that matters."""
        world = self.sandbox.world
        with world.lock:
            found = [
                one
                for package in sorted(world.packages, key=lambda package: package.id)
                for one in package.instances
                if one.status == "ENABLED"
                and not one.ending
                and on_site in (None, one.site_id is not None)
            ]
        hot = self.chance.random() < OFTEN
        return self.chance.choice(found[:HOT] if hot else found)

    def _site_with_plan(self) -> str:
        """A customer's site that may have a domain of its own."""
        world = self.sandbox.world
        with world.lock:
            own = {account.id for account in world.children}
            found = [
                site.id
                for site in world.sites
                if site.account_id in own and not site.trashed and world.has_premium(site.id)
            ]
        return self.chance.choice(sorted(found))

    def _owner(self, service: "Instance") -> str:
        return self.sandbox.world.packages.rows[service.package_id].account_id


# --- pages ---------------------------------------------------------------------------------------


def offers(page: requests.Response, action: str) -> bool:
    """Whether the page has a form that leads there."""
    try:
        hidden_fields(page, action)  # type: ignore[arg-type]
    except LookupError:
        return False
    return True


def offered(page: requests.Response, name: str) -> Iterator[str]:
    """The values of that name which can be chosen and are not what is now."""
    choices = _Choices(name)
    choices.feed(page.text)
    yield from choices.found


class _Choices(HTMLParser):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        is_one = tag == "input" and given.get("type") == "radio" and given.get("name") == self.name
        if is_one and "disabled" not in given:
            self.found.append(given.get("value") or "")


def forms_naming(
    page: requests.Response, names: tuple[str, ...]
) -> Iterator[tuple[str, dict[str, str]]]:
    """The address and hidden fields of each form that carries one of these."""
    forms = _Forms()
    forms.feed(page.text)
    for action, fields in forms.found:
        if action and fields.keys() & set(names):
            yield action, fields


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.found.append((given.get("action") or "", {}))
        elif tag == "input" and given.get("type") == "hidden" and self.found:
            self.found[-1][1][given["name"] or ""] = given.get("value") or ""
