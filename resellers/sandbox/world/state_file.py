"""A world in a file: written whole and put in place at once, so that it is never half there.

Faults are not kept, they belong to the run. Of the journal the newest calls are.
"""

from __future__ import annotations

import heapq
import json
import logging
import os
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .catalogue import catalogue
from .entities import (
    Account,
    Billing,
    ConnectedDomain,
    Cycle,
    DomainAssignment,
    Failure,
    Instance,
    Package,
    RegisteredDomain,
    Site,
)
from .idempotency import StoredAnswer, StoredAnswers
from .records import Event
from .tables import DomainAssignmentTable, Packages, Sites, Table
from .world import World

logger = logging.getLogger(__name__)

FORMAT = 1
JOURNAL = 2000


class BadStateFile(ValueError):
    """The file holds no world that this sandbox can read."""


def as_json(world: World) -> dict[str, Any]:
    """Everything that makes up the world, as JSON."""
    return {
        "format": FORMAT,
        "seed": world.seed,
        "anchor": world.anchor,
        "clock_offset": world.clock.offset,
        "ids_made": world.ids.made,
        "keys": world.keys,
        "switches": world.switches.as_dict(),
        "accounts": [_fields(one) for one in world.accounts],
        "sites": [_fields(one) for one in world.sites],
        "packages": [
            {**_fields(one), "instances": [_fields(instance) for instance in one.instances]}
            for one in world.packages
        ],
        "connected_domains": [_fields(one) for one in world.connected_domains],
        "registered_domains": [_fields(one) for one in world.registered_domains],
        "domain_assignments": [_fields(one) for one in world.domain_assignments],
        "events": sorted(world.events),
        "event_count": world.event_count,
        "replies": [
            [*name, _fields(reply)] for name, reply in world.stored_answers.by_name.items()
        ],
        "journal": {
            "last": world.journal.last,
            "entries": world.journal.after(world.journal.last - JOURNAL),
        },
    }


def _fields(row: Any) -> dict[str, Any]:
    """The fields of an entity and of those inside it."""
    return {name: _plain(getattr(row, name)) for name in row.__slots__}


def _plain(value: Any) -> Any:
    return _fields(value) if isinstance(value, Billing | Cycle | Failure) else value


def from_json(saved: dict[str, Any]) -> World:
    """The world a file holds. Raises BadStateFile."""
    try:
        return _from_json(saved)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise BadStateFile(f"it is not a sandbox's state ({error!r})") from error


def _from_json(saved: dict[str, Any]) -> World:
    if saved["format"] != FORMAT:
        raise ValueError(f"format {saved['format']}")
    accounts = [Account(**one) for one in saved["accounts"]]
    world = World(saved["seed"], accounts[0], saved["anchor"])
    world.accounts = Table(accounts)
    world.clock.offset = saved["clock_offset"]
    world.ids.made = saved["ids_made"]
    world.keys = saved.get("keys") or world.keys
    world.switches.set(saved["switches"])
    world.products = {one.id: one for one in catalogue(world.seed).values()}
    world.sites = Sites(Site(**{**one, "app_ids": tuple(one["app_ids"])}) for one in saved["sites"])
    world.packages = Packages(_package(one) for one in saved["packages"])
    assignments = saved.get("domain_assignments") or _assignments_of(saved["connected_domains"])
    world.connected_domains = Table(
        ConnectedDomain(**{name: one[name] for name in ConnectedDomain.__slots__})
        for one in saved["connected_domains"]
    )
    world.registered_domains = Table(RegisteredDomain(**one) for one in saved["registered_domains"])
    world.domain_assignments = DomainAssignmentTable(DomainAssignment(**one) for one in assignments)
    world.events = [Event(*one) for one in saved["events"]]
    heapq.heapify(world.events)
    world.event_count = saved["event_count"]
    world.stored_answers = StoredAnswers(
        {
            (account, name, key): StoredAnswer(**reply)
            for account, name, key, reply in saved["replies"]
        }
    )
    world.journal = type(world.journal)(**saved["journal"])
    return world


def _assignments_of(connected_domains: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The assignments of a file whose connected domains still carry their site."""
    return [
        {
            **{name: one[name] for name in ("domain", "account_id", "site_id", "assignment_type")},
            "created": one["created"],
            "updated": one["created"],
        }
        for one in connected_domains
        if one.get("site_id")
    ]


def _package(saved: dict[str, Any]) -> Package:
    instances = tuple(_instance(one) for one in saved["instances"])
    return Package(**{**saved, "instances": instances})


def _instance(saved: dict[str, Any]) -> Instance:
    billing, failure = saved["billing"], saved["failure"]
    cycle = billing["cycle"] and Cycle(**billing["cycle"])
    return Instance(
        **{
            **saved,
            "billing": Billing(billing["type"], cycle),
            "failure": failure and Failure(**failure),
        }
    )


class AutoSaver:
    """Keeps a world in a file: loads it, and saves it within a second of a change."""

    def __init__(self, path: Path, current: Callable[[], World]) -> None:
        self._path = path
        self._current = current
        self._saved: tuple[World, int] | None = None
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._stop.clear()
        self._thread = threading.Thread(target=self._run, name="sandbox-saver", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Save a last time."""
        if self._thread is not None:
            self._stop.set()
            self._thread.join()
            self._thread = None
            self.save()

    def save(self) -> None:
        """Write the world if anything changed. Raises OSError."""
        world = self._current()
        with world.lock:
            mark = (world, world.state_version)
            if self._saved and self._saved[0] is world and self._saved[1] == world.state_version:
                return
            state = as_json(world)
        write(self._path, json.dumps(state))
        self._saved = mark

    def _run(self) -> None:
        while not self._stop.wait(1.0):
            try:
                self.save()
            except OSError:
                logger.exception("the sandbox could not save its state")


def load(path: Path) -> World | None:
    """The world in that file, or None if there is no file. Raises BadStateFile, OSError."""
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return None
    try:
        saved = json.loads(text)
    except ValueError as error:
        raise BadStateFile(f"it is not JSON ({error})") from error
    return from_json(saved)


def write(path: Path, text: str) -> None:
    """Put the text in the file's place at once. Raises OSError."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink()
        raise
