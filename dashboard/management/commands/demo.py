"""`manage.py demo`: the whole system in one process, on an invented Wix.

Sandbox, web, worker, beat and sweep are threads, the database is SQLite in `.demo/`, and Celery's
messages stay in memory: they reach this process only, so nothing here runs as a second one.
"""

import fcntl
import io
import logging
import os
import signal
import socket
import threading
import time
import urllib.request
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from celery.beat import Service
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler

from dashboard.celery import app
from dashboard.frame.demo import PASSWORD
from resellers.management.commands.sweep import keep_sweeping
from resellers.mirror import figures, sync
from resellers.models import Role, SyncRun
from resellers.sandbox import Sandbox, SandboxError

HOST = "127.0.0.1"
SYNC_SECONDS = 120
STOP_SECONDS = 3


class Command(BaseCommand):
    help = "Run everything here and now, with an invented Wix: http://127.0.0.1:8000/"
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("start it as `manage.py demo`", returncode=2)
        web_port = free_port("WEB_PORT", 8000)
        sandbox_port = free_port("SANDBOX_PORT", 8001)
        if web_port == sandbox_port:
            raise CommandError("WEB_PORT and SANDBOX_PORT must differ", returncode=2)
        keep_quiet()
        # SIGTERM ends it as Ctrl-C does, whatever it is doing.
        signal.signal(signal.SIGTERM, interrupt)
        with ExitStack() as running:
            try:
                self.start(running, web_port, sandbox_port)
                threading.Event().wait()
            except KeyboardInterrupt:
                for number in (signal.SIGINT, signal.SIGTERM):
                    signal.signal(number, signal.SIG_IGN)
                self.say("\nStopping.")
        if any(thread.name.startswith("ThreadPoolExecutor") for thread in threading.enumerate()):
            # Python would wait for a task that is still under way. It need not end: the row is the
            # queue, and the next start goes on where it stands.
            self.stdout.flush()
            os._exit(0)

    def start(self, running: ExitStack, web_port: int, sandbox_port: int) -> None:
        """Start everything, each to be stopped by `running`, and say where it is."""
        folder: Path = settings.DATA_DIR
        folder.mkdir(exist_ok=True)
        running.enter_context(only_one(folder / "lock"))
        try:
            sandbox = Sandbox(
                HOST, sandbox_port, seed=1, calls_per_minute=0, state_file=folder / "sandbox.json"
            )
        except SandboxError as error:
            raise CommandError(str(error), returncode=2) from error
        sandbox.start()
        running.callback(sandbox.stop)
        settings.WIX_BASE_URL = sandbox.url
        settings.WIX_API_KEY = sandbox.api_key
        settings.WIX_ACCOUNT_ID = sandbox.account_id
        settings.WIX_CALLS_PER_MINUTE = 6000
        settings.SITE_URL = f"http://{HOST}:{web_port}"
        self.say(f"An invented Wix answers at {sandbox.url}")
        call_command("migrate", verbosity=0)
        make_users()
        self.take_names(sandbox.url, folder)
        running.enter_context(worker())
        self.read_all()
        running.enter_context(beat(folder / "beat-schedule"))
        running.enter_context(sweep())
        running.enter_context(web(web_port))
        names = ", ".join(Role.values)
        self.say(
            f"\nThe dashboard is at http://{HOST}:{web_port}/\n"
            f"Log in as {names}; the password is {PASSWORD}.\n"
            f"Ctrl-C ends it. Its world stays in {folder.name}/ until you remove that folder."
        )

    def take_names(self, url: str, folder: Path) -> None:
        """Import the sandbox's catalogue and customers: Wix gives ids, no names."""
        for name, command in (("catalog", "import_catalog"), ("customers", "import_customers")):
            table = folder / f"{name}.csv"
            with urllib.request.urlopen(f"{url}/_sandbox/{name}.csv") as answer:  # noqa: S310
                table.write_bytes(answer.read())
            call_command(command, str(table), stdout=io.StringIO())

    def read_all(self) -> None:
        """Have the worker read all of Wix; where the mirror is whole, only what has changed."""
        if figures.read().mirror_whole_at:
            sync.want(SyncRun.Kind.INCREMENTAL)
            return
        run = sync.want(SyncRun.Kind.FULL)
        give_up_at = time.monotonic() + SYNC_SECONDS
        while run.is_open and time.monotonic() < give_up_at:
            time.sleep(0.1)
            run.refresh_from_db()
        if run.state != SyncRun.State.SUCCEEDED:
            raise CommandError(
                f"The first reading of Wix did not end well: {run.error or run.state}"
            )
        self.say(
            f"Read {run.packages_seen} packages and {run.sites_seen} sites in {run.calls} calls"
        )

    def say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()


def free_port(name: str, default: int) -> int:
    """The port that this environment variable names; CommandError where it cannot be had."""
    text = os.environ.get(name, "").strip() or str(default)
    if not (text.isdecimal() and 0 < int(text) < 65536):
        raise CommandError(f"{name} must be a port between 1 and 65535: {text!r}", returncode=2)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, int(text)))
        except OSError as error:
            why = error.strerror or str(error)
            raise CommandError(
                f"Port {text} cannot be had ({why}); set {name} to another one", returncode=2
            ) from error
    return int(text)


def interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def keep_quiet() -> None:
    """Only what went wrong is told; pages and readings that went well are not."""
    logging.disable(logging.WARNING)
    warnings.filterwarnings("ignore", "No directory at", UserWarning)


def make_users() -> None:
    """One person a role, named like it."""
    from django.contrib.auth.models import Group, User

    for role in Role.values:
        if not User.objects.filter(username=role).exists():
            user = User.objects.create_user(role, f"{role}@demo.example", PASSWORD)
            user.groups.add(Group.objects.get(name=role))


@contextmanager
def only_one(lock: Path) -> Iterator[None]:
    """Hold the lock file; CommandError where another demo works in the same folder."""
    with lock.open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            words = f"Another demo is running in {lock.parent}"
            raise CommandError(words, returncode=2) from None
        yield


@contextmanager
def worker() -> Iterator[None]:
    """A Celery worker for both queues, on threads of this process."""
    controller = app.WorkController(
        pool="threads",
        concurrency=4,
        queues=["ops", "sync"],
        hostname=f"threads@{socket.gethostname()}",
        without_heartbeat=True,
        without_mingle=True,
        without_gossip=True,
    )
    thread = threading.Thread(target=controller.start, name="worker", daemon=True)
    thread.start()
    try:
        yield
    finally:
        # It waits for the tasks under way: long enough for a call to end, not for a whole reading.
        ending = threading.Thread(target=controller.stop, daemon=True)
        ending.start()
        ending.join(STOP_SECONDS)


@contextmanager
def beat(schedule: Path) -> Iterator[None]:
    """Celery's clock, as a thread; it keeps in that file when it last sent what."""
    clock = Service(app, max_interval=1, schedule_filename=str(schedule))
    thread = threading.Thread(target=clock.start, name="beat", daemon=True)
    thread.start()
    # The first beat is due in a quarter of a minute; until then pages would miss the worker.
    app.send_task("resellers.heartbeat")
    try:
        yield
    finally:
        clock.stop()
        thread.join(STOP_SECONDS)


@contextmanager
def sweep() -> Iterator[None]:
    """The sweep, as a thread."""
    ended = threading.Event()
    thread = threading.Thread(target=keep_sweeping, args=(ended,), name="sweep", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(STOP_SECONDS)


@contextmanager
def web(port: int) -> Iterator[None]:
    """The pages, on loopback, each request in a thread of its own."""
    from dashboard.wsgi import application

    server = ThreadedWSGIServer((HOST, port), WSGIRequestHandler)
    server.set_app(application)
    thread = threading.Thread(target=server.serve_forever, name="web", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
