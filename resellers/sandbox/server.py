"""A sandbox: a world behind a port, and a state file if it is to be kept.

from . import Sandbox
sandbox = Sandbox(port=0, seed=1)
sandbox.start()          # sandbox.url, sandbox.api_key, sandbox.account_id
sandbox.stop()
"""

from __future__ import annotations

import errno
import os
import threading
from pathlib import Path

from .control.api import ROOT, Control
from .gateway.gateway import Gateway
from .hosts import HostCheck
from .http_server import HttpServer
from .seed.build import build
from .wire.messages import Answer, Request
from .world.clock import SECOND
from .world.state_file import AutoSaver, BadStateFile, load
from .world.world import World


class SandboxError(Exception):
    """The sandbox cannot be served; the message says why in one line."""


class Sandbox:
    """A Wix of our own on a port: 0 takes a free one, 0 calls a minute means no limit.

    With a state file the world found there is served, whatever its seed and sizes, else the
    file is begun. Raises SandboxError if the port is taken, a number makes no sense, or the file
    cannot be read or written.
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        seed: int = 1,
        accounts: int = 120,
        packages: int = 400,
        calls_per_minute: int = 200,
        state_file: str | os.PathLike[str] | None = None,
    ) -> None:
        for name, value in (
            ("accounts", accounts),
            ("packages", packages),
            ("calls per minute", calls_per_minute),
        ):
            if value < 0:
                raise SandboxError(f"{name} must not be negative, but is {value}")
        if not 0 <= port <= 65_535:
            raise SandboxError(f"the port must be between 0 and 65535, but is {port}")
        self._server = _bind(host, port)
        self._host_check = HostCheck(host)
        try:
            path = None if state_file is None else Path(state_file)
            world = _stored_world(path) or build(seed, accounts, packages)
            self.gateway = Gateway(world, calls_per_minute)
            self.control = Control(self.gateway, {"accounts": accounts, "packages": packages})
            self._saver = AutoSaver(path, lambda: self.gateway.world) if path else None
            if self._saver is not None:
                _save_first(self._saver, path)
        except BaseException:
            self._server.server_close()
            raise
        self._server.receiver = self._receive
        self._server.now = self._now
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        return f"http://{self._server.server_name}:{self._server.server_port}"

    @property
    def world(self) -> World:
        return self.gateway.world

    @property
    def api_key(self) -> str:
        return self.world.api_key

    @property
    def account_id(self) -> str:
        """The parent account's id."""
        return self.world.parent.id

    def start(self) -> None:
        """Serve from a background thread."""
        self._begin()
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.1,), name="sandbox", daemon=True
        )
        self._thread.start()

    def __enter__(self) -> Sandbox:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def serve_forever(self) -> None:
        """Serve from this thread until it is interrupted; call `stop` afterwards."""
        self._begin()
        self._server.serve_forever(0.1)

    def stop(self) -> None:
        """Close the port and every connection, and save a last time."""
        if self._thread is not None:
            self._server.shutdown()
            self._thread.join()
            self._thread = None
        self._server.server_close()
        self._server.cut_connections()
        self.gateway.close()
        if self._saver is not None:
            self._saver.stop()

    def _begin(self) -> None:
        if self._saver is not None:
            self._saver.start()

    def _now(self) -> float:
        return self.world.clock.now() / SECOND

    def _receive(self, request: Request) -> tuple[str, Answer | None, str | None]:
        refused = self._host_check.refusal(request)
        if refused is not None:
            return "send", refused, None
        if request.path == ROOT or request.path.startswith(f"{ROOT}/"):
            return "send", self.control.answer(request), None
        outcome = self.gateway.receive(request)
        return outcome.act, outcome.answer, outcome.service


def _bind(host: str, port: int) -> HttpServer:
    try:
        return HttpServer((host, port))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise SandboxError(f"port {port} on {host} is already taken") from error
        raise SandboxError(f"cannot listen on port {port} of {host}: {error}") from error


def _stored_world(path: Path | None) -> World | None:
    if path is None:
        return None
    try:
        return load(path)
    except (OSError, BadStateFile) as error:
        raise SandboxError(f"cannot read the state file {path}: {error}") from error


def _save_first(saver: AutoSaver, path: Path | None) -> None:
    try:
        saver.save()
    except OSError as error:
        raise SandboxError(f"cannot write the state file {path}: {error}") from error
