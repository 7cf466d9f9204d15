"""The ground that chaos stands on: private servers, a sandbox, a mirror, hurried settings."""

import csv
import io
import itertools
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from resellers.wix import BillingInfo, NewProduct, WixClient
from tests import environment, practice, processes, servers

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from resellers.sandbox import Sandbox

# Tenths of a second where people would wait seconds; the order of things stays as it is.
HURRIED: dict[str, Any] = {
    "CALL_SECONDS": 1.5,
    "LEASE_SECONDS": 2,
    "SWEEP_SECONDS": 1,
    "READ_LADDER": [0.1, 0.1, 0.2, 0.2, 0.3, 0.3],
    "CREATE_LADDER": [0.1, 0.1, 0.2, 0.2, 0.3, 0.3, 0.3],
    "RETRY_SECONDS": [0.1, 0.2, 0.5],
    "SETTLE_SECONDS": [1, 3],
    "FLOW_SECONDS": 0.3,
}
DOMAINS, FREE_SITES = 90, 16
WORKER = ("-m", "celery", "-A", "dashboard", "worker", "-c", "1", "-l", "warning")
QUIET = ("--without-gossip", "--without-mingle", "--without-heartbeat")
Process = AbstractContextManager["subprocess.Popen[bytes]"]
_numbers = itertools.count(1)


@dataclass
class Ground:
    """A world to spoil: where its parts are, and who asks for things in it."""

    sandbox: "Sandbox"
    redis_url: str
    env: dict[str, str]
    by: "User"
    folder: Path
    database: servers.PrivateServer | None = None
    redis: servers.PrivateServer | None = None
    logs: list[Path] = field(default_factory=list)

    @contextmanager
    def process(self, *arguments: str, **env: str) -> Iterator["subprocess.Popen[bytes]"]:
        """A Python process of the dashboard that writes to a log of its own, killed at the end."""
        log = self.folder / f"{next(_numbers):04}-{arguments[-1].replace('/', '-')}.log"
        self.logs.append(log)
        with log.open("wb") as output:
            started = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=environment.ROOT,
                env=self.env | env,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        try:
            yield started
        finally:
            processes.kill(started)

    def worker(self, queues: str, **env: str) -> Process:
        """A Celery worker, with one child, on these queues: `ops,sync`."""
        return self.process(*WORKER, *QUIET, "-Q", queues, **env)

    def sweep(self) -> Process:
        """The sweep as a process of its own."""
        return self.process(*processes.SWEEP)

    def mark(self) -> int:
        """The number of the last call the sandbox has settled."""
        return self.sandbox.world.journal.last

    def calls(self, since: int) -> list[dict[str, Any]]:
        """The calls the sandbox settled after that number."""
        return self.sandbox.world.journal.after(since)


@contextmanager
def private_ground(*, seed: int, accounts: int) -> Iterator[Ground]:
    """A ground of private servers, with this process's Django set up on it; once a process.

    A hundred moves at once need some 200 accounts, and reading those takes a while. Raises
    RuntimeError where PostgreSQL or Redis is not found.
    """
    from resellers.sandbox import Sandbox

    database, redis = servers.start_postgresql(), servers.start_redis()
    sandbox = Sandbox(seed=seed, accounts=accounts, packages=600, calls_per_minute=0)
    sandbox.start()
    for name in environment.TESTS:
        os.environ.pop(f"{name}_FILE", None)
    env = environment.of_process(
        environment.TESTS,
        DJANGO_SETTINGS_MODULE="dashboard.settings",
        DATABASE_URL=database.url,
        REDIS_URL=redis.url,
        WIX_BASE_URL=sandbox.url,
        WIX_API_KEY=sandbox.api_key,
        WIX_ACCOUNT_ID=sandbox.account_id,
        WIX_REGISTERED_DOMAINS="true",
        OPERATIONS=json.dumps(HURRIED),
    )
    os.environ.update(env)
    with tempfile.TemporaryDirectory(prefix="chaos-", ignore_cleanup_errors=True) as folder:
        by = _set_up(sandbox, Path(folder))
        yield Ground(sandbox, redis.url, env, by, Path(folder), database, redis)
    sandbox.stop()
    redis.stop()
    database.stop()


def _set_up(sandbox: "Sandbox", folder: Path) -> "User":
    """Tables, roles and a full mirror; returns a person who may ask for things."""
    import logging

    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    logging.getLogger("resellers").setLevel(logging.CRITICAL)
    with connection.cursor() as cursor:
        # The private server gives up durability for speed; a crash must lose no commit here.
        cursor.execute("ALTER DATABASE postgres SET synchronous_commit = on")
    connection.close()
    call_command("migrate", verbosity=0)

    from dashboard.celery import give_up_soon
    from tests import worlds
    from tests.mirrors import fill_mirror

    give_up_soon()
    # What is canceled shows it within the hurried ladder, after a reading or two that do not.
    practice.switches(sandbox, registered_domains="on", delivery_seconds=1)
    _more_to_ask_for(sandbox)
    fill_mirror(sandbox, folder)
    return worlds.user("manager")


def _more_to_ask_for(sandbox: "Sandbox") -> None:
    """Floating services for domains, each in a package of its own, since each is spent once; and
    sites that carry nothing, of customers who have bought nothing."""
    import requests

    table = requests.get(f"{sandbox.url}/_sandbox/catalog.csv", timeout=10).text
    rows = csv.DictReader(io.StringIO(table))
    product_id = next(row["product_id"] for row in rows if row["name"] == "Domain .example")
    yearly = BillingInfo("RECURRING", "YEAR", 1)
    with WixClient(
        base_url=sandbox.url, api_key=sandbox.api_key, account_id=sandbox.account_id
    ) as wix:
        customers = [
            wix.create_account(email=f"free-{place}@customer.example").account.id
            for place in range(2)
        ]
        for place in range(FREE_SITES):
            wix.create_project(account_id=customers[0], name=f"Free site {place}")
        for place in range(DOMAINS):
            wix.create_package(
                account_id=sandbox.account_id,
                products=[NewProduct(product_id, "DE", billing=yearly)],
                external_id=f"domain-{place}",
            )
    practice.clock(sandbox, deliver_now=True)
