"""The tests' ground: which database they run on, and what they share.

`TEST_DATABASE=postgres` runs what the database has a part in on a private PostgreSQL; otherwise all
tests run, on a SQLite file. Real servers, a real sandbox, real rows: nothing of ours is mocked.
"""

import gc
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests import databases, environment, randomness, servers

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.test import Client
    from pytest_django.fixtures import SettingsWrapper

    from resellers.sandbox import Sandbox
    from tests.mirrors import Mirror, StoredRows

randomness.load_profile()

TESTS = Path(__file__).parent
SETTINGS = "dashboard.settings"


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    randomness.choose_seed()
    if randomness.FULL:
        config.option.hypothesis_seed = str(randomness.seed())
    if hasattr(config, "workerinput"):
        return  # what the first process has set is in the environment
    if os.environ.get("DJANGO_SETTINGS_MODULE", SETTINGS) != SETTINGS:
        raise pytest.UsageError("Unset DJANGO_SETTINGS_MODULE: the tests choose their settings.")
    # Started in the background, a run ignores SIGINT, and so would each process that a test starts.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for name in environment.TESTS:
        os.environ.pop(f"{name}_FILE", None)
    os.environ.update(environment.TESTS, DJANGO_SETTINGS_MODULE=SETTINGS)
    if databases.wanted() == databases.POSTGRES and not config.option.collectonly:
        if servers.postgresql_folder() is None:
            wrong = servers.everything_is_required()
            pytest.exit("PostgreSQL was not found: nothing run on it.", returncode=int(wrong))
        os.environ["DATABASE_URL"] = servers.start_postgresql().url
    from django.conf import settings

    assert settings.DATABASES  # read now: pytest-django sets Django up only where settings are


def pytest_report_header() -> list[str]:
    found = ", ".join(f"{name}: {where or 'not found'}" for name, where in servers.found().items())
    drawn = f"SEED={randomness.seed()} FULL=1" if randomness.FULL else "the same in every run"
    return [f"database: {databases.wanted()}", f"found here: {found}", f"random: {drawn}"]


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    return databases.is_left_out(collection_path, TESTS) or None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    items[:], left_out = databases.choose(items, TESTS)
    config.hook.pytest_deselected(items=left_out)


def pytest_collection_finish() -> None:
    """What reading the tests left stays for good: looked through again and again for what could go,
    it costs a fourteenth of the run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    found = servers.found()
    there = (
        ", ".join(name for name, where in found.items() if where) or "none of the optional parts"
    )
    terminalreporter.write_line(f"Ran on {databases.wanted()}. Found here: {there}.")
    missing = ", ".join(name for name, where in found.items() if not where)
    if missing:
        terminalreporter.write_line(f"Not found, so what needs it was left out: {missing}.")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    wrongly = [one for one in skipped if not servers.is_left_out_rightly(str(one.longrepr))]
    if servers.everything_is_required() and reporter and wrongly:
        reporter.write_line("")
        reporter.write_line("Tests were skipped, though everything is required.", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


# --- database, broker, servers -------------------------------------------------------------------


@pytest.fixture(scope="session")
def django_db_modify_db_settings(worker_id: str, tmp_path_factory: Any) -> None:
    """A database of its own for each process; on SQLite a file, since threads must share it."""
    from django.db import connections

    database = connections.settings["default"]
    if "sqlite" in database["ENGINE"]:
        file = tmp_path_factory.mktemp("database") / "test.sqlite3"
        database["TEST"]["NAME"] = str(file)
        if made := databases.made():
            shutil.copy(made, file)
            database["TEST"]["MIGRATE"] = False
    else:
        database["TEST"]["NAME"] = f"test_{worker_id}"


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Whether the test database has its tables already."""
    return databases.made() is not None


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    """The test database, whose emptying between tests may set the audit's triggers aside.

    The roles and their rights stay, as `migrate` made them: making them anew takes longer than
    everything else about the emptying.
    """
    from django.contrib.auth.models import Group, Permission
    from django.contrib.contenttypes.models import ContentType
    from django.core.management.commands import flush
    from django.db import connection

    from resellers.models import Tally

    operations = type(connection.ops)
    empty = operations.sql_flush
    models = (ContentType, Permission, Group, Group.permissions.through)
    stay = {model._meta.db_table for model in models}

    def empty_the_rest(self: Any, style: Any, tables: list[str], **options: Any) -> list[str]:
        rest = [table for table in tables if table not in stay]
        if connection.vendor == "postgresql":
            return [_emptied_by_postgresql(rest)]
        # What is deleted elsewhere is counted there.
        rest.sort(key=lambda table: table == Tally._meta.db_table)
        aside, back = _audit_triggers()
        return [*aside, *empty(self, style, rest, **options), *back]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operations, "sql_flush", empty_the_rest)
        patch.setattr(flush, "emit_post_migrate_signal", lambda *_, **__: None)
        yield


def _emptied_by_postgresql(tables: list[str]) -> str:
    """Statements that delete all rows, with neither foreign keys nor the audit's triggers asked.

    A test leaves few rows, and TRUNCATE makes the files of each table and index anew: that took
    fifty times as long.
    """
    deleted = "; ".join(f'DELETE FROM "{table}"' for table in tables)
    role = "SET LOCAL session_replication_role"
    return f"{role} = replica; {deleted}; {role} = origin"


def _audit_triggers() -> tuple[list[str], list[str]]:
    """Statements that set aside what refuses to empty the audit trail, and that put it back."""
    from django.db import connection

    names = ("audit_no_delete", "audit_head_no_delete")
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE name IN (%s, %s)", names)
        definitions = [definition for (definition,) in cursor.fetchall()]
    return [f"DROP TRIGGER {name}" for name in names], definitions


@pytest.fixture(autouse=True)
def nothing_left_over(settings: "SettingsWrapper") -> Iterator[None]:
    """Cheap passwords, no way to Wix, and no message left for the next test's worker."""
    from kombu.transport.memory import Channel

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Each client would read the folder of static files through before its first request.
    settings.WHITENOISE_AUTOREFRESH = True
    settings.WIX_BASE_URL = environment.NOWHERE
    yield
    for queue in Channel.queues.values():
        queue.queue.clear()


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """The address of a private Redis."""
    servers.need("Redis")
    server = servers.start_redis()
    yield server.url
    server.stop()


# --- Wix, the mirror, the engine -----------------------------------------------------------------


@pytest.fixture
def sandbox(settings: "SettingsWrapper", request: pytest.FixtureRequest) -> "Iterator[Sandbox]":
    """A small fresh world behind real HTTP, with the settings pointed at it."""
    from resellers.sandbox import Sandbox

    size = getattr(request, "param", {"accounts": 12, "packages": 40})
    world = Sandbox(seed=1, calls_per_minute=0, **size)
    world.start()
    settings.WIX_BASE_URL = world.url
    settings.WIX_API_KEY = world.api_key
    settings.WIX_ACCOUNT_ID = world.account_id
    yield world
    world.stop()


@pytest.fixture(scope="session")
def stored_rows() -> "dict[object, StoredRows]":
    """By the world, what its first filling left in this process's database."""
    return {}


@pytest.fixture
def mirror(
    db: None,
    sandbox: "Sandbox",
    tmp_path: Path,
    stored_rows: "dict[object, StoredRows]",
) -> "Mirror":
    """The sandbox's world in the mirror: by way of the import and sync code itself the first time
    that such a world is asked for, and from then on with the rows which that left."""
    from django.db import connection

    from tests import mirrors

    world = sandbox.world
    fingerprint = (world.seed, world.anchor, world.revision, len(world.accounts))
    # Inside a test's own transaction nothing is done that waits for a commit.
    key = (*fingerprint, connection.in_atomic_block)
    if key in stored_rows:
        return stored_rows[key].write(sandbox)
    stored_rows[key] = mirrors.StoredRows(lambda: mirrors.fill_mirror(sandbox, tmp_path))
    return stored_rows[key].first


@pytest.fixture
def run_due(settings: "SettingsWrapper") -> Callable[..., None]:
    """A function that carries out, in this process, all that is due or will be in a moment.

    It returns once nothing is due within `within` seconds, or `until` says that it is enough, and
    fails after `seconds`. Waits between the engine's readings are shrunk to hundredths of a second.
    """
    import time
    from datetime import timedelta

    from resellers.clock import database_now
    from resellers.flows import engine as flows
    from resellers.mirror import sync
    from resellers.models import Flow, Operation, SyncRun
    from resellers.operations import engine

    settings.OPERATIONS = settings.OPERATIONS | {
        "READ_LADDER": (0.01, 0.01, 0.02, 0.02, 0.03, 0.03),
        "CREATE_LADDER": (0.01, 0.01, 0.02, 0.02, 0.03, 0.03, 0.03),
        "RETRY_SECONDS": (0.02, 0.02, 0.05),
        "FLOW_SECONDS": 0.01,
        "THROTTLE_SECONDS": (0.02, 0.05, 0.1),
    }

    def run_due(
        *, seconds: float = 120, within: float = 2, until: Callable[[], bool] = lambda: False
    ) -> None:
        give_up_at = time.monotonic() + seconds
        while not until():
            for run_id in sync.due():
                sync.run(run_id)
            if engine.run_next() or flows.run_next():
                continue
            soon = {"next_run_at__lte": database_now() + timedelta(seconds=within)}
            coming = (
                Operation.objects.under_way().filter(**soon),
                Flow.objects.under_way().filter(**soon),
                SyncRun.objects.open().filter(**soon),
            )
            if not any(queryset.exists() for queryset in coming):
                return
            assert time.monotonic() < give_up_at, "something is still due"
            time.sleep(0.01)

    return run_due


# --- people --------------------------------------------------------------------------------------


@pytest.fixture
def log_in(db: None) -> "Callable[[str], Client]":
    """A function that gives a logged-in client of a role; the person is its `.user`."""
    from django.test import Client

    from tests import worlds

    def log_in(role: str, username: str = "") -> "Client":
        client = Client()
        client.user: User = worlds.user(role, username)
        client.force_login(client.user)
        return client

    return log_in


@pytest.fixture
def viewer(log_in: "Callable[[str], Client]") -> "Client":
    return log_in("viewer")


@pytest.fixture
def operator(log_in: "Callable[[str], Client]") -> "Client":
    return log_in("operator")


@pytest.fixture
def manager(log_in: "Callable[[str], Client]") -> "Client":
    return log_in("manager")


@pytest.fixture
def admin(log_in: "Callable[[str], Client]") -> "Client":
    return log_in("admin")
