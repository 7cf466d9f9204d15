"""Asking for a file, and taking back that one did."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from resellers import audit, scopes
from resellers.models import ExportFile
from resellers.wake import wake

from . import storage

if TYPE_CHECKING:
    from django.contrib.auth.models import User

TASK = "resellers.write_export"
MOST_UNFINISHED = 3  # of one person


class TooMany(Exception):
    """Enough of that person's files are being made; str() says so."""


def ask(*, by: "User", request_id: UUID, **about: Any) -> ExportFile:
    """Have a file made; the one that this form has asked for already, where it has.

    `about` is what the row keeps of the list and of how its file is written. Raises TooMany.
    """
    mine = ExportFile.objects.filter(by=by)
    if found := mine.filter(request_id=request_id).first():
        return found
    if mine.unfinished().count() >= MOST_UNFINISHED:
        raise TooMany(
            gettext("%(most)s files of yours are being made already: wait for one, or remove it.")
            % {"most": MOST_UNFINISHED}
        )
    try:
        with transaction.atomic():
            export = ExportFile.objects.create(
                by=by, request_id=request_id, groups=scopes.groups_of(by), **about
            )
            _record(
                "export.asked",
                export,
                by,
                list=export.title,
                query=export.parameters,
                columns=export.columns,
                **export.dialect,
            )
            wake(TASK, export.pk)
    except IntegrityError:  # the same click, a moment ago
        return mine.get(request_id=request_id)
    return export


def remove(export: ExportFile, *, by: "User") -> None:
    """Have it made no further, or kept no longer: neither the row nor its bytes are left."""
    with transaction.atomic():
        _record("export.removed", export, by, file=str(export))
        export.delete()
    storage.keep_only(export)


def _record(event: str, export: ExportFile, by: "User", **body: Any) -> None:
    audit.record(event, by=by, body={"export": export.pk, **body})
