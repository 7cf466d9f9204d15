"""How the audit trail does: whether what guards it stands, and when its head left last."""

from collections.abc import Iterator

from resellers import audit_guards, audit_head
from resellers.durations import ago

from .finding import Finding, ok, wrong

PART = "Audit trail"


def look_at_trail() -> Iterator[Finding]:
    """Whether each trigger refuses what it was laid to refuse; the chain itself takes long."""
    fallen = list(audit_guards.fallen())
    if fallen:
        yield wrong(
            PART,
            f"{'; '.join(found.words for found in fallen)}.".capitalize(),
            "Only who owns the tables can do that: hold the trail against a head that was kept"
            " elsewhere, by `manage.py verify_audit --head`. The migrations"
            f" {' and '.join(audit_guards.LAID_BY)} have what lays the triggers.",
        )
        return
    last = audit_head.left_at()
    left = f"; its head left the database {ago(last)}" if last else ""
    yield ok(PART, f"What guards it stands{left}.")
