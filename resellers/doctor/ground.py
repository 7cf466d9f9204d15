"""What everything stands on: the settings, the database, the broker."""

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from kombu.transport.redis import PRIORITY_STEPS, Channel
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from resellers import unicode_like
from resellers.clock import database_now

from .finding import Finding, note, ok, wrong

REDIS_SECONDS = 2.0
QUEUES = ("ops", "sync")  # as the Celery application routes them
CLOCKS_MAY_DIFFER = timedelta(seconds=5)
MIGRATE = "Run `manage.py migrate`."


def look_at_settings() -> Iterator[Finding]:
    """Whether every setting that this installation needs has a value."""
    needed = ["WIX_API_KEY", "WIX_ACCOUNT_ID"]
    missing = [name for name in needed if not getattr(settings, name)]
    if not settings.SECRET_KEY_GIVEN:
        missing.insert(0, "SECRET_KEY")
    if not settings.ALLOWED_HOSTS and not settings.DEBUG:
        missing.append("ALLOWED_HOSTS")
    if missing:
        yield wrong(
            "Settings",
            f"Not set: {', '.join(missing)}.",
            "Set them in the environment or in .env, or NAME_FILE to a file that holds the value.",
        )
    elif settings.DEBUG:
        yield note(
            "Settings",
            "DEBUG is on: pages show their insides, and cookies travel without HTTPS.",
            "Never use it where customers are real.",
        )
    else:
        yield ok("Settings", "All that is needed is set.")


def look_at_database() -> Iterator[Finding]:
    """Whether the database answers, and has the tables of this code."""
    part = "Database"
    file = _missing_file()
    if file is not None:
        yield wrong(part, f"There is no file {file} yet.", MIGRATE)
        return
    started = time.monotonic()
    try:
        version = _version()
    except DatabaseError as error:
        yield wrong(
            part,
            f"{_place()} does not answer: {_reason(error)}",
            "Start it, or correct DATABASE_URL. Until then nothing is shown and nothing is sent.",
        )
        return
    milliseconds = round((time.monotonic() - started) * 1000)
    answers = f"{version} answers in {milliseconds} ms"
    executor = MigrationExecutor(connection)
    known = executor.loader.graph.leaf_nodes()
    to_come = len(executor.migration_plan(known))
    if to_come:
        all_ = len(executor.loader.disk_migrations)
        words = f"{answers}, but {to_come} of {all_} migrations are not applied."
        yield wrong(part, words, MIGRATE)
        return
    apart = abs(database_now() - timezone.now())
    if apart > CLOCKS_MAY_DIFFER:
        yield wrong(
            part,
            f"{answers}, but its clock and this machine's are {apart.total_seconds():.0f} s apart.",
            "Set both clocks by a time server: ages and leases are measured by them.",
        )
        return
    if not unicode_like.folds():
        yield note(
            part,
            f"{answers}, but its locale knows only ASCII letters: `šiaul` does not find Šiaulių.",
            "Move it to a database made with `createdb --locale=C.UTF-8 --template=template0`.",
        )
        return
    yield ok(part, f"{answers}; all migrations are applied.")


def database_answers() -> bool:
    """Whether there is a database and it answers."""
    if _missing_file() is not None:
        return False
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def look_at_broker() -> Iterator[Finding]:
    """Whether Redis answers, and how many messages wait in it."""
    part = "Broker"
    if not settings.REDIS_URL:
        yield note(part, "None set: messages stay within one process, which is for trials only.")
        return
    place = urlsplit(settings.REDIS_URL)
    name = f"Redis at {place.hostname}:{place.port or 6379}"
    started = time.monotonic()
    try:
        with _redis() as redis:
            redis.ping()
            milliseconds = round((time.monotonic() - started) * 1000)
            memory = redis.info("memory")
            waiting = {queue: sum(map(redis.llen, _keys(queue))) for queue in QUEUES}
    except (RedisError, OSError, ValueError) as error:
        yield wrong(
            part,
            f"{name} does not answer: {_reason(error)}",
            "Start it, or correct REDIS_URL. Until then the sweep carries out what staff ask for.",
        )
        return
    lengths = ", ".join(f"{count} in {queue}" for queue, count in waiting.items())
    words = f"{name} answers in {milliseconds} ms; messages waiting: {lengths}."
    if memory.get("maxmemory") and memory.get("maxmemory_policy") != "noeviction":
        yield note(
            part,
            f"{words} It may throw messages away when it is full.",
            "Set its maxmemory-policy to noeviction.",
        )
    else:
        yield ok(part, words)


def _keys(queue: str) -> list[str]:
    """Where the broker keeps the messages of a queue: a list for each priority."""
    return [f"{queue}{Channel.sep}{step}" if step else queue for step in PRIORITY_STEPS]


def _redis() -> Redis:
    return Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=REDIS_SECONDS,
        socket_connect_timeout=REDIS_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )


def _missing_file() -> Path | None:
    """SQLite's file where it does not exist: connecting would make an empty one."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor != "sqlite" or ":memory:" in name or name.startswith("file:"):
        return None
    return None if Path(name).exists() else Path(name)


def _place() -> str:
    if connection.vendor == "sqlite":
        return f"SQLite in {connection.settings_dict['NAME']}"
    held = connection.settings_dict
    return f"PostgreSQL at {held['HOST'] or 'this machine'}:{held['PORT'] or 5432}"


def _version() -> str:
    """The database's name and version, asked of itself. Raises DatabaseError."""
    on_file = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_version()" if on_file else "SHOW server_version")
        version = cursor.fetchone()[0].split()[0]
    return f"{'SQLite' if on_file else 'PostgreSQL'} {version}"


def _reason(error: Exception) -> str:
    """The last words of a driver's message, which repeats the address before them."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    words = lines[0].rsplit("failed: ", 1)[-1].rstrip(".").rsplit(". ", 1)[-1]
    return words + "."
