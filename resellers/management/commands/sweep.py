import logging
import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections

from resellers import presence
from resellers.connection import require_settings
from resellers.mirror import sync
from resellers.models import Heartbeat
from resellers.operations import engine, settle

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Carry out what is due, again and again: work goes on with Redis or beat dead."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="one round, then end")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            require_settings()
        except ImproperlyConfigured as error:
            raise CommandError(str(error), returncode=2) from error
        ended = threading.Event()
        if not options["once"]:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: ended.set())
        while not ended.is_set():
            close_old_connections()
            try:
                self.round()
            except Exception:
                # Whatever it was, the sweep is what everything else is rescued by: it goes on.
                logger.exception("a round of the sweep was cut short; the next one follows")
            if options["once"]:
                return
            ended.wait(settings.OPERATIONS["SWEEP_SECONDS"])

    def round(self) -> None:
        """Everything that is due now."""
        presence.mark(Heartbeat.Role.SWEEP)
        while engine.run_due():
            presence.mark(Heartbeat.Role.SWEEP)
        for run_id in sync.due():
            sync.run(run_id, seconds=settings.OPERATIONS["TASK_SECONDS"])
        settle.settle_due()
