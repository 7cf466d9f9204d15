"""What both import commands share: one file in, a line of counts or every problem out."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from resellers.mirror.imports import ImportPlan, ImportRefused, Problem


class ImportCommand(BaseCommand):
    """`what` names the rows, `take` imports them."""

    what = ""
    # They would read every page, and this process serves none: `manage.py check` is for them.
    requires_system_checks = ()

    @staticmethod
    def take(path: Path) -> ImportPlan:
        """Import the file; raises ImportRefused."""
        raise ImportRefused([Problem("nothing", f"{path}: this command imports nothing")])

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a CSV file")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = self.take(options["file"])
        except ImportRefused as refused:
            *others, last = refused.errors
            for problem in others:
                self.stderr.write(problem)
            raise CommandError(f"{last} (nothing was imported)", returncode=2) from refused
        for row, name, old, new in done.mangled:
            was = f" was {old!r} and" if old else ""
            self.stderr.write(f"line {row}: {name}{was} is {new!r}: did a spreadsheet rewrite it?")
        self.stdout.write(
            f"{self.what}: {done.created} new, {done.changed} changed,"
            f" {done.unchanged} as they were."
        )
