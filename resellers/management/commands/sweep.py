import logging
import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, close_old_connections, connection

from resellers import audit_head, cases, exports, heartbeats, leases, notify
from resellers.connection import require_settings
from resellers.flows import engine as flows
from resellers.mirror import imports, sync
from resellers.models import Heartbeat, Operation
from resellers.operations import bulk, engine
from resellers.operations.engine import settle

logger = logging.getLogger(__name__)

SHORTEST = 0.5  # seconds between two rounds
EXPORT_SECONDS = 10  # of a round for one file: operations come between
# Beat has a worker keep the cases each minute; where either is silent the sweep does.
KEEPERS = {Heartbeat.Role.BEAT, Heartbeat.Role.WORKER}


class Command(BaseCommand):
    help = "Carry out what is due, again and again: work goes on with Redis or beat dead."
    # They would read every page, and this process serves none: `manage.py check` is for them.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="one round, then end")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            require_settings()
        except ImproperlyConfigured as error:
            raise CommandError(str(error), returncode=2) from error
        ended = threading.Event()
        if options["once"]:
            one_round(ended)
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: ended.set())
        keep_sweeping(ended)


def keep_sweeping(ended: threading.Event) -> None:
    """A round every few seconds, until `ended` is set; sooner where a lease runs out before."""
    try:
        while not ended.is_set():
            one_round(ended)
            ended.wait(_until_next_round())
    finally:
        connection.close()


def one_round(ended: threading.Event) -> None:
    """Everything that is due now, until `ended` is set; never raises."""
    close_old_connections()
    try:
        _carry_out_what_is_due(ended)
    except Exception:
        # Whatever it was, the sweep is what everything else is rescued by: it goes on.
        logger.exception("a round of the sweep was cut short; the next one follows")
    finally:
        close_old_connections()


def _carry_out_what_is_due(ended: threading.Event) -> None:
    heartbeats.record(Heartbeat.Role.SWEEP)
    # One by one: an operation may take most of a minute, and the sweep is seen in between.
    while not ended.is_set() and (engine.run_next() or bulk.release_next() or flows.run_next()):
        heartbeats.beat(Heartbeat.Role.SWEEP)
    for run_id in sync.due():
        if ended.is_set():
            return
        sync.run(run_id, seconds=settings.OPERATIONS["TASK_SECONDS"])
        heartbeats.beat(Heartbeat.Role.SWEEP)
    for export_id in exports.due():
        if ended.is_set():
            return
        exports.run(export_id, seconds=EXPORT_SECONDS)
        heartbeats.beat(Heartbeat.Role.SWEEP)
    settle.settle_due()
    imports.forget_old_uploads()
    if heartbeats.missing().keys() & KEEPERS:
        cases.keep()
    audit_head.leave_if_overdue()
    notify.tell_what_is_due()
    for delivery_id in notify.due():
        if ended.is_set():
            return
        notify.send(delivery_id)
        heartbeats.beat(Heartbeat.Role.SWEEP)
        # Whoever is told can wait: a receiver that hangs holds up one operation at most.
        engine.run_next()


def _until_next_round() -> float:
    """Seconds to wait: what a dead worker has held is taken up as soon as its lease runs out."""
    seconds = float(settings.OPERATIONS["SWEEP_SECONDS"])
    try:
        lease = leases.next_end(Operation.objects.under_way())
    except DatabaseError:
        return seconds
    return min(seconds, max(lease, SHORTEST)) if lease is not None else seconds
