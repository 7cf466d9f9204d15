from typing import Any

from django.core.management.base import BaseCommand, CommandError

from resellers import audit
from resellers.models import AuditEntry, AuditHead


class Command(BaseCommand):
    help = "Verify the audit trail's chain; exit status 1 where it does not hold."

    def handle(self, *args: Any, **options: Any) -> None:
        breaks = list(audit.verify())
        for found in breaks:
            self.stderr.write(found.words)
        if breaks:
            raise CommandError(f"The audit trail does not hold in {len(breaks)} places.")
        head = AuditHead.objects.filter(pk=1).first() or AuditHead()
        self.stdout.write(
            f"The audit trail holds: {AuditEntry.objects.count()} entries,"
            f" head {head.seq} {head.hash}"
        )
