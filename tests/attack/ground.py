"""The ground of the attacks: a private database, a web process as in production, and people."""

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests import databases, environment, processes, servers

from .report import Report
from .visitor import SESSION, Visitor

if TYPE_CHECKING:
    from django.contrib.auth.models import User

SETTINGS = "ATTACK_SETTINGS"  # another settings module than ours: see careless.py
# A text that stands in what others told us; as a page must not have it.
CANARY = "\"'><xss-canary>"
FOREIGN = "Kanarienvogel"  # the customer whom the limited manager may not see


@dataclass
class Ground:
    """Where the pages are, and who is there."""

    port: int
    report: Report
    people: "dict[str, User]"
    ids: dict[str, object]  # of one record behind each kind of address
    foreign: dict[str, object]  # the same of the customer out of scope

    def stranger(self, address: str = "203.0.113.9") -> Visitor:
        """Nobody in particular."""
        return Visitor(self.port, self.report, address)

    def visitor(self, name: str) -> Visitor:
        """That person, logged in just now."""
        from django.test import Client
        from django.utils import timezone

        from resellers.people import sessions

        client, person = Client(), self.people[name]
        client.force_login(person)
        key = client.cookies[SESSION].value
        # As the log-in page has it: each session is in the list of the person's own.
        sessions.note_seen(person, key, ip="203.0.113.9", agent="", now=timezone.now())
        return Visitor(self.port, self.report, session=key)

    def new_person(self, name: str, role: str = "viewer") -> "User":
        """Somebody else of that role."""
        from tests import worlds

        self.people[name] = worlds.user(role, name)
        return self.people[name]


@contextmanager
def private_ground(report: Report) -> Iterator[Ground]:
    """A ground of its own; this process's Django works on the same database. Once a process."""
    folder = Path(tempfile.mkdtemp(prefix="tests-attack-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    file = folder / "db.sqlite3"
    if made := databases.made():
        shutil.copy(made, file)
    else:
        databases.make_tables(file)
    for name in environment.TESTS:
        os.environ.pop(f"{name}_FILE", None)
    env = environment.of_process(
        environment.PRODUCTION,
        DJANGO_SETTINGS_MODULE=os.environ.get(SETTINGS) or "dashboard.settings",
        DATABASE_URL=f"sqlite:///{file}",
        TRUSTED_PROXIES="127.0.0.1",
    )
    os.environ.update(env)
    people, ids, foreign = _set_up()
    port, log = servers.free_port(), folder / "log"
    command = ("-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "dashboard.wsgi")
    with log.open("wb") as output:
        pipes: dict[str, Any] = {"stdout": output, "stderr": subprocess.STDOUT}
        with processes.process(*command, env=env, **pipes) as process:
            ground = Ground(port, report, people, ids, foreign)
            visitor = ground.stranger()
            try:
                processes.wait_until(
                    lambda: process.poll() is not None or visitor.get("/healthz").status == 200,
                    "the web process answers",
                )
            except AssertionError as error:
                raise RuntimeError(log.read_text(errors="replace")) from error
            if process.poll() is not None:
                raise RuntimeError(log.read_text(errors="replace"))
            report.sent = 0
            yield ground
    if os.environ.get("ATTACK_LOG"):
        sys.stderr.write(log.read_text(errors="replace"))


def _set_up() -> "tuple[dict[str, User], dict[str, object], dict[str, object]]":
    """Rows of every kind, with a person of each role and a manager limited to one group."""
    import logging

    # First, as in the web process: its Celery reads the settings, whichever they are.
    import_module("dashboard")
    import django

    django.setup()
    logging.disable(logging.CRITICAL)
    from resellers import scopes
    from tests import worlds
    from tests.one_of_everything import one_of_everything

    people = {"admin": worlds.user("admin")}
    one_of_everything(people["admin"])
    from django.contrib.auth.models import User

    people["operator"] = User.objects.get(username="operator")
    for name in ("viewer", "manager"):
        people[name] = worlds.user(name)
    people["limited"] = worlds.user("manager", "limited")
    scopes.limit(people["limited"], ["Food"], by=people["admin"])
    foreign = _records(people["admin"], FOREIGN)
    from resellers.models import Account

    ours = Account.objects.get(name="North Bakery")
    ids = {
        "accounts": ours.pk,
        "packages": ours.packages.filter(gone_at=None).first().pk,
        "instances": ours.instances.filter(status="FAILED", gone_at=None).first().pk,
        "sites": ours.sites.first().pk,
        "operations": foreign["operations"],
        "people": people["viewer"].pk,
        "failures": foreign["failures"],
        "flows": foreign["flows"],
    }
    return people, ids, foreign


def _records(person: "User", word: str) -> dict[str, object]:
    """A customer of another group, with that word in whatever is known of them."""
    from django.utils import timezone

    from resellers import cases, notes
    from resellers.models import Case
    from tests import worlds

    now = timezone.now()
    account = worlds.account(f"{word} Ltd", group=f"{word}s", email=f"{word}@x.example")
    site = worlds.site(account, f"{word}-site")
    package = worlds.package(account, external_id=f"{word}-order")
    service = worlds.instance(package, site, discount_code=word)
    failed = worlds.instance(
        package, site, status="FAILED", status_since=now, failure_code="X", failure_message=word
    )
    operation = worlds.operation(service, person, state="needs_attention", outcome=word)
    note = notes.add_note(service, word, by=person)
    flow = worlds.flow(person, site=site, account=account)
    contact = worlds.contact(account, last_name=word)
    cases.keep()
    return {
        "accounts": account.pk,
        "packages": package.pk,
        "instances": service.pk,
        "sites": site.pk,
        "operations": operation.pk,
        "failures": Case.objects.get(instance=failed).pk,
        "flows": flow.pk,
        "notes": note.pk,
        "contacts": contact.pk,
    }
