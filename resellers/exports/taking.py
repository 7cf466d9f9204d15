"""Taking a file: who may, and that it is still what was written."""

import hashlib
from typing import TYPE_CHECKING, BinaryIO

from django.db import transaction
from django.utils.translation import gettext

from resellers import audit, scopes
from resellers.models import ExportFile

from . import storage

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class Broken(Exception):
    """The file is not what was written, and is offered no more; str() says so."""


def may_see_customers(export: ExportFile, person: "User") -> bool:
    """Whether that person may still see all customers that they could when it was made."""
    now, then = scopes.groups_of(person), export.groups
    return now is None or (then is not None and set(then) <= set(now))


def open_whole(export: ExportFile) -> BinaryIO:
    """The file, at its beginning, after all of it was held against its hash. Raises Broken."""
    digest = hashlib.sha256()
    try:
        file = (storage.folder() / export.stored_as).open("rb")
    except FileNotFoundError as error:
        raise _broken(export) from error
    length = export.bytes_written
    for block in storage.blocks_of(file, length + 1):
        digest.update(block)
    if file.tell() != length or digest.hexdigest() != export.sha256:
        file.close()
        raise _broken(export)
    file.seek(0)
    return file


def _broken(export: ExportFile) -> Broken:
    words = gettext("What stands on the disk is not what was written. Ask for it again.")
    ready = ExportFile.objects.filter(pk=export.pk, state=ExportFile.State.READY)
    with transaction.atomic():
        if ready.update(state=ExportFile.State.FAILED, trouble=words):
            audit.record(
                "export.failed", body={"export": export.pk, "list": export.title, "why": words}
            )
    storage.remove(export.stored_as)
    return Broken(words)
