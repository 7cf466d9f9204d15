"""Serve a Wix of our own, to develop, test and practise against."""

from __future__ import annotations

import signal
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from resellers.sandbox import Sandbox, SandboxError

NUMBERS = {
    "port": (8001, "port to listen on, 0 for a free one"),
    "seed": (1, "seed of the world: the same seed gives the same world"),
    "accounts": (120, "number of customers' accounts"),
    "packages": (400, "number of packages"),
    "calls_per_minute": (200, "limit of calls a minute and key, 0 for none"),
}


class Command(BaseCommand):
    """Prints address, key and account id, one a line, and serves until Ctrl-C or SIGTERM."""

    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
        parser.add_argument("--state", metavar="FILE", help="file to keep the world in")
        for name, (default, meaning) in NUMBERS.items():
            parser.add_argument(
                f"--{name.replace('_', '-')}",
                metavar="N",
                default=default,
                help=f"{meaning} (default {default})",
            )

    def handle(self, *args: Any, **options: Any) -> None:
        numbers = {name: _whole(name, options[name]) for name in NUMBERS}
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            sandbox = Sandbox(host=options["host"], state_file=options["state"], **numbers)
        except SandboxError as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write(f"address:    {sandbox.url}")
        self.stdout.write(f"API key:    {sandbox.api_key}")
        self.stdout.write(f"account ID: {sandbox.account_id}")
        self.stdout.flush()
        try:
            sandbox.serve_forever()
        except KeyboardInterrupt:
            pass
        finally:
            sandbox.stop()


def _whole(name: str, given: object) -> int:
    try:
        return int(str(given))
    except ValueError:
        option = f"--{name.replace('_', '-')}"
        raise CommandError(
            f"{option} must be a whole number, but is {given!r}", returncode=2
        ) from None
