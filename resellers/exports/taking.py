"""Taking a file: who may, and that it is still what was written."""

import hashlib
import logging
from typing import TYPE_CHECKING, BinaryIO

from django.db import transaction
from django.utils.translation import gettext

from resellers import audit, scopes
from resellers.models import ExportFile

from . import storage

if TYPE_CHECKING:
    from django.contrib.auth.models import User


logger = logging.getLogger(__name__)


class Broken(Exception):
    """The file is not what was written, and is offered no more; str() says so."""


class Unreadable(Exception):
    """The file cannot be read now, which says nothing of what stands in it; str() says why."""


def may_see_customers(export: ExportFile, person: "User") -> bool:
    """Whether that person may still see all customers that they could when it was made."""
    now, then = scopes.groups_of(person), export.groups
    return now is None or (then is not None and set(then) <= set(now))


def open_whole(export: ExportFile) -> BinaryIO:
    """The file, at its beginning, after all of it was held against its hash.

    Raises Broken, and Unreadable.
    """
    try:
        file = (storage.folder() / export.stored_as).open("rb")
        if _is_whole(file, export):
            return file
    except FileNotFoundError:
        pass
    except OSError as error:
        logger.exception("the file of export %s cannot be read", export.pk)
        words = gettext("Its folder cannot be read: %(why)s")
        raise Unreadable(words % {"why": error.strerror or type(error).__name__}) from error
    raise _broken(export)


def _is_whole(file: BinaryIO, export: ExportFile) -> bool:
    digest, is_whole = hashlib.sha256(), False
    try:
        for block in storage.blocks_of(file, export.bytes_written + 1):
            digest.update(block)
        is_there = file.tell() == export.bytes_written
        is_whole = is_there and digest.hexdigest() == export.sha256
        file.seek(0)
        return is_whole
    finally:
        if not is_whole:
            file.close()


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
