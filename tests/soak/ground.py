"""What the soak runs on: private servers, a sandbox in a process of its own, and its mirror."""

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import redis
import requests

from tests import environment, processes, servers

BUILD_SECONDS = 900.0
LONG = 600  # seconds for one statement or table while the mirror is filled
UNLIMITED, AS_WIX = "600000", "175"  # calls a minute


@dataclass(frozen=True)
class World:
    """The sandbox's control addresses."""

    url: str

    def post(self, path: str, **body: Any) -> None:
        answer = requests.post(f"{self.url}/_sandbox/{path}", json=body, timeout=60)
        assert answer.ok, answer.text

    def state(self) -> dict[str, Any]:
        answer = requests.get(f"{self.url}/_sandbox/state", timeout=60)
        answer.raise_for_status()
        return dict(answer.json())


@dataclass(frozen=True)
class Ground:
    """Where everything is: the world, the environment of processes, the names of the people."""

    world: World
    env: dict[str, str]
    folder: Path
    services: int
    people: tuple[str, ...]


@contextmanager
def soak_ground(rows: int, people: int) -> Iterator[Ground]:
    """A mirror of about so many services, and so many operators; once a process. Raises
    RuntimeError where PostgreSQL or Redis is not found."""
    database, broker = servers.start_postgresql(), servers.start_redis()
    port = servers.free_port()
    sizes = {"accounts": max(30, rows // 10), "packages": rows * 2 // 5, "calls-per-minute": 0}
    command = ["manage.py", "wix_sandbox", "--port", str(port)]
    command += [word for name, size in sizes.items() for word in (f"--{name}", str(size))]
    bare = environment.of_process(environment.TESTS)
    with (
        tempfile.TemporaryDirectory(prefix="soak-", ignore_cleanup_errors=True) as folder,
        (Path(folder) / "sandbox.out").open("wb") as output,
        processes.process(*command, env=bare, stdout=output, stderr=output),
    ):
        world = World(f"http://127.0.0.1:{port}")
        processes.wait_until(lambda: _answers(world), "the sandbox answers", seconds=BUILD_SECONDS)
        state = world.state()
        env = environment.of_process(
            environment.TESTS,
            DJANGO_SETTINGS_MODULE="dashboard.settings",
            # Neither a log of all statements, as with DEBUG, nor TLS, as in production.
            DEBUG="false",
            DEMO="true",
            DATABASE_URL=database.url,
            REDIS_URL=broker.url,
            WIX_BASE_URL=world.url,
            WIX_API_KEY=state["api_key"],
            WIX_ACCOUNT_ID=state["account_id"],
            WIX_CALLS_PER_MINUTE=AS_WIX,
        )
        for name in environment.TESTS:
            os.environ.pop(f"{name}_FILE", None)
        os.environ.update(env | {"WIX_CALLS_PER_MINUTE": UNLIMITED})
        services = _fill(world, Path(folder))
        names = tuple(_staff(people))
        redis.Redis.from_url(broker.url).flushdb()  # the pace that filling went at
        yield Ground(world, env, Path(folder), services, names)
        from django.db import connections

        connections.close_all()
    broker.stop()
    database.stop()


def _answers(world: World) -> bool:
    try:
        return bool(world.state())
    except requests.RequestException:
        return False


def _fill(world: World, folder: Path) -> int:
    """Tables, catalogue, customers and a full reading; how many services that gave."""
    import logging

    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    logging.getLogger("resellers").setLevel(logging.CRITICAL)
    call_command("migrate", verbosity=0)

    from resellers.mirror import sync
    from resellers.mirror.imports.table import MAX_ROWS
    from resellers.models import ProductInstance, SyncRun

    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    for name, command in (("catalog", "import_catalog"), ("customers", "import_customers")):
        answer = requests.get(f"{world.url}/_sandbox/{name}.csv", timeout=LONG)
        head, *lines = answer.text.splitlines(keepends=True)
        for first in range(0, len(lines), MAX_ROWS):
            table = folder / f"{name}.csv"
            table.write_text(head + "".join(lines[first : first + MAX_ROWS]), newline="")
            call_command(command, str(table), verbosity=0)
    run = sync.run(sync.want(SyncRun.Kind.FULL).pk)
    assert run, "another worker has the run"
    assert run.state == SyncRun.State.SUCCEEDED, run.error
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
    return ProductInstance.objects.count()


def _staff(people: int) -> Iterator[str]:
    """Operators with one password, which is hashed once."""
    from django.contrib.auth.models import Group, User

    from tests import worlds

    first = worlds.user("operator", "staff-0")
    yield first.username
    group = Group.objects.get(name="operator")
    for number in range(1, people):
        person = User.objects.create(username=f"staff-{number}", password=first.password)
        person.groups.add(group)
        yield person.username


# --- what people look at -------------------------------------------------------------------------


@dataclass(frozen=True)
class Sample:
    """Records that people open, and words that they look for."""

    accounts: tuple[UUID, ...]
    packages: tuple[UUID, ...]
    movable: tuple[UUID, ...]
    words: tuple[str, ...]


def sample(size: int = 400) -> Sample:
    """Some of the mirror's records; movable are services whose customer has another site."""
    from django.db.models import Count

    from resellers.models import Account, InstanceStatus, Package, ProductInstance

    accounts = list(Account.objects.exclude(name="").order_by("id")[:size])
    packages = list(Package.objects.order_by("id")[:size])
    able = Account.objects.annotate(number=Count("sites")).filter(number__gte=2).order_by("id")
    services = ProductInstance.objects.filter(
        account__in=list(able.values_list("pk", flat=True)[:size]),
        status=InstanceStatus.ENABLED,
        site__isnull=False,
    )
    movable = tuple(services.order_by("id").values_list("pk", flat=True)[:size])
    words = {word for one in accounts for word in re.findall(r"\w{4,}", one.name)}
    words |= {one.external_id for one in packages if one.external_id}
    words |= {str(one.pk)[:8] for one in packages[:40]} | {"nobody-has-this"}
    return Sample(
        tuple(one.pk for one in accounts),
        tuple(one.pk for one in packages),
        movable,
        tuple(sorted(words)),
    )
