"""`manage.py doctor`: what works, what does not, and what to do about it."""

import logging
import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.urls import reverse

from resellers import doctor
from resellers.doctor import Finding, Verdict

WIDTH = 10  # of the longest verdict, and a space
PART_WIDTH = 22


class Command(BaseCommand):
    help = "Look at every part of the system; exit status 1 where one is wrong."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        # A name that came from Wix must not end this on a terminal that cannot show it.
        if hasattr(sys.stdout, "reconfigure"):
            sys.stdout.reconfigure(errors="replace")
        logging.disable(logging.CRITICAL)
        try:
            findings = doctor.examine()
            is_stored = doctor.store(findings)
        finally:
            logging.disable(logging.NOTSET)
        for finding in findings:
            self.show(finding)
        self.stdout.write("")
        if not is_stored:
            self.stdout.write(
                f"This was not kept for the page {reverse('doctor_page')}:"
                " the database cannot take it."
            )
        summary = doctor.summary(findings)
        if any(finding.verdict == Verdict.WRONG for finding in findings):
            self.stdout.write(self.style.ERROR(summary))
            sys.exit(1)
        self.stdout.write(self.style.SUCCESS(summary))

    def show(self, finding: Finding) -> None:
        """One line, and under it what to do."""
        paint = {
            Verdict.OK: self.style.SUCCESS,
            Verdict.WRONG: self.style.ERROR,
            Verdict.NOTE: self.style.WARNING,
        }.get(finding.verdict, str)
        word = finding.verdict.upper() if finding.verdict == Verdict.WRONG else finding.verdict
        self.stdout.write(f"{paint(f'{word:<{WIDTH}}')}{finding.part:<{PART_WIDTH}}{finding.words}")
        if finding.next_step:
            self.stdout.write(f"{'':<{WIDTH + PART_WIDTH}}-> {finding.next_step}")
