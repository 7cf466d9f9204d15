from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from resellers import audit, audit_guards, audit_head
from resellers.models import AuditEntry


class Command(BaseCommand):
    help = "Verify the audit trail's chain and its guards; exit status 1 where it does not hold."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--head",
            action="append",
            default=[],
            metavar="SEQ:HASH",
            help="a head that was kept elsewhere, or a file that names some; may be given again",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            anchors = [head for text in options["head"] for head in audit_head.read_heads(text)]
        except ValueError as error:
            raise CommandError(str(error), returncode=2) from error
        breaks = [*audit.verify(), *audit_head.against(anchors), *audit_guards.fallen()]
        for found in breaks:
            self.stderr.write(found.words)
        if breaks:
            raise CommandError(f"The audit trail does not hold in {len(breaks)} places.")
        head = audit_head.current()
        self.stdout.write(
            f"The audit trail holds: {AuditEntry.objects.count()} entries, head {head}"
        )
        if anchors:
            self.stdout.write(f"It is the one of which {len(anchors)} heads were kept.")
