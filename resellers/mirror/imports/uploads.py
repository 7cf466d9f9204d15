"""Files that wait for Confirm, each for an hour and no longer."""

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from resellers.clock import in_seconds
from resellers.models import Upload
from resellers.storable import storable

if TYPE_CHECKING:
    from django.contrib.auth.models import User

RETENTION = timedelta(hours=1)


def store_upload(kind: Upload.Kind, name: str, content: bytes, *, by: "User") -> Upload:
    """Store a file until it is confirmed."""
    return Upload.objects.create(kind=kind, name=storable(name)[:200], content=content, by=by)


def stored_upload(kind: Upload.Kind, id_: UUID, *, by: "User") -> Upload | None:
    """This person's own file, while it is kept and not yet imported."""
    since = in_seconds(-RETENTION.total_seconds())
    return Upload.objects.filter(pk=id_, kind=kind, by=by, at__gte=since, imported_at=None).first()


def forget_old_uploads() -> None:
    """Remove the files whose hour is over; what was imported has its entry in the audit trail."""
    old = Upload.objects.filter(at__lt=in_seconds(-RETENTION.total_seconds()))
    # Asked for every few seconds, and on SQLite a deletion of nothing keeps others waiting too.
    if old.exists():
        old.delete()
