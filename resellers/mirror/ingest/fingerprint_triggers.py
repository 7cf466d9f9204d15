"""The triggers by which the database empties the fingerprint of a package that is written otherwise
than from an answer, or a service of which is."""

from collections.abc import Iterator

from resellers import triggers
from resellers.models import Package, ProductInstance

from .rows import INSTANCE_FIELDS, PACKAGE_FIELDS

FAMILY = "fingerprint"
PACKAGES, SERVICES = Package._meta.db_table, ProductInstance._meta.db_table


def lay() -> None:
    """Have the triggers; where they were not, no fingerprint is trusted, and what Wix shows next is
    compared field by field."""
    if triggers.lay(FAMILY, wanted()):
        Package.objects.filter(fingerprint__isnull=False).update(fingerprint=None)


def wanted() -> Iterator[triggers.Trigger]:
    """All of them.

    They run after the row was written: on PostgreSQL one that ran before would lock, and log, each
    row of a page that is merely confirmed.
    """
    # Whoever brings an answer in has written the new fingerprint along, or writes it next.
    yield triggers.Trigger(
        FAMILY,
        "package",
        f"UPDATE OF {', '.join((*PACKAGE_FIELDS, 'raw'))}",
        PACKAGES,
        _empty("NEW.id"),
        "NEW.fingerprint = OLD.fingerprint",
    )
    yield triggers.Trigger(
        FAMILY,
        "service",
        f"UPDATE OF {', '.join((*INSTANCE_FIELDS, 'raw'))}",
        SERVICES,
        _empty("OLD.package_id, NEW.package_id"),
    )
    yield triggers.Trigger(FAMILY, "service", "DELETE", SERVICES, _empty("OLD.package_id"))


def _empty(ids: str) -> str:
    return (
        f"UPDATE {PACKAGES} SET fingerprint = NULL"  # noqa: S608  (names of ours)
        f" WHERE id IN ({ids}) AND fingerprint IS NOT NULL"
    )
