"""What both import commands share: one file in, a line of counts or every problem out."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from resellers.mirror import figures
from resellers.mirror.imports import Imported, ImportRefused


class ImportCommand(BaseCommand):
    """`what` names the rows, `take` imports them."""

    what = ""

    @staticmethod
    def take(path: Path) -> Imported:
        """Import the file; raises ImportRefused."""
        raise ImportRefused([f"{path}: this command imports nothing"])

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a CSV file")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = self.take(options["file"])
        except ImportRefused as refused:
            for problem in refused.errors[:-1]:
                self.stderr.write(problem)
            raise CommandError(
                f"{refused.errors[-1]} (nothing was imported)", returncode=2
            ) from refused
        figures.recount()
        self.stdout.write(
            f"{self.what}: {done.created} new, {done.changed} changed,"
            f" {done.unchanged} as they were."
        )
