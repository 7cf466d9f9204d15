"""Files that wait for Confirm, each for an hour and no longer."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings

from resellers import retention
from resellers.clock import in_seconds
from resellers.models import Upload
from resellers.storable import storable

if TYPE_CHECKING:
    from django.contrib.auth.models import User

DAY = 24 * 3600


def store_upload(kind: Upload.Kind, name: str, content: bytes, *, by: "User") -> Upload:
    """Store a file until it is confirmed."""
    return Upload.objects.create(kind=kind, name=storable(name)[:200], content=content, by=by)


def stored_upload(kind: Upload.Kind, id_: UUID, *, by: "User") -> Upload | None:
    """This person's own file, while it is kept and not yet imported."""
    since = in_seconds(-settings.RETENTION["UPLOADS"] * DAY)
    return Upload.objects.filter(pk=id_, kind=kind, by=by, at__gte=since, imported_at=None).first()


def forget_old_uploads() -> None:
    """Remove the files whose hour is over; what was imported has its entry in the audit trail."""
    retention.remove_old("UPLOADS")
