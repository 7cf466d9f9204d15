"""Making a file: its rows are fixed first, then written chunk by chunk, each noted in the row.

A process that dies loses at most the chunk it was at. The next one copies what the row calls whole,
takes its hash anew from these bytes, and goes on.
"""

import logging
import time
from contextlib import closing
from itertools import islice

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db.models.functions import Now
from django.utils.translation import gettext, ngettext

from resellers import audit, leases, notify
from resellers.clock import database_now
from resellers.models import ExportFile
from resellers.operations.engine import failpoints
from resellers.transactions import briefly
from resellers.wake import wake

from . import sources, storage
from .asking import TASK
from .sources import CannotMake, Source
from .storage import Written

logger = logging.getLogger(__name__)

MOST_INTERRUPTIONS = 8  # in a row, without a chunk between them

# What of a file changes while it is made.
NOTED = (
    *("rows_expected", "fixed_at", "rows_written", "bytes_written", "checked_from"),
    *("checked_until", "name", "keys_as", "stored_as"),
)
State = ExportFile.State


def due() -> list[int]:
    """The ids of the files that nobody makes though their time has come."""
    rows = leases.due(ExportFile.objects.unfinished())
    return list(rows.order_by("next_run_at", "id").values_list("pk", flat=True))


def run(export_id: int, *, seconds: float) -> bool:
    """Make that file, for so long at most; whether it was this process that did.

    Safe to call at any time, and twice.
    """
    give_up_at = time.monotonic() + seconds
    export = leases.claim(ExportFile.objects.unfinished(), export_id, state=State.RUNNING)
    if export is None:
        return False
    try:
        _carry_on(export, give_up_at)
    except leases.LostLease:
        logger.info("export %s went on in another process, or was removed", export.pk)
        storage.remove(storage.name_of(export, "csv"), storage.name_of(export, "keys"))
    return True


def _carry_on(export: ExportFile, give_up_at: float) -> None:
    try:
        if export.interruptions > MOST_INTERRUPTIONS:
            raise CannotMake(gettext("Its worker was lost again and again: see the log."))
        with closing(Written(storage.name_of(export, "csv"))) as written:
            _go_on(export, written)
            with sources.opened(export) as source:
                _write(export, source, written, give_up_at)
    except leases.LostLease:
        raise
    except CannotMake as error:
        _fail(export, str(error))
    except (*leases.TRANSIENT, SoftTimeLimitExceeded):
        logger.exception("export %s was interrupted", export.pk)
        wake(TASK, export.pk, after=min(leases.interrupted(export), 30))
    except OSError as error:
        logger.exception("export %s could not be written", export.pk)
        words = gettext("Its folder could not be written to: %(why)s")
        _fail(export, words % {"why": error.strerror or type(error).__name__})
    except Exception as error:
        logger.exception("export %s crashed", export.pk)
        leases.drop_broken_connection()
        words = gettext("A fault of the dashboard stopped it (%(name)s): see the log.")
        _fail(export, words % {"name": type(error).__name__})


def _go_on(export: ExportFile, written: Written) -> None:
    """Take up what is whole of it; with nothing, or where that is gone, it begins anew."""
    has_keys = bool(export.keys_as) and (storage.folder() / export.keys_as).exists()
    if not (has_keys and written.go_on_from(export.stored_as, export.bytes_written)):
        export.rows_expected, export.fixed_at = None, None
        export.rows_written = export.bytes_written = 0
    export.stored_as = written.name
    _note(export)
    storage.keep_only(export, export.stored_as, export.keys_as)
    failpoints.at("export-claimed")


def _write(export: ExportFile, source: Source, written: Written, give_up_at: float) -> None:
    if export.rows_expected is None:
        _begin(export, source, written)
    keys = storage.read_keys(export.keys_as, after=export.rows_written)
    while batch := list(islice(keys, settings.OPERATIONS["EXPORT_ROWS"])):
        if time.monotonic() > give_up_at:
            leases.release(export)
            wake(TASK, export.pk)
            return
        chunk, rows = source.chunk(batch)
        export.rows_written += rows
        if rows != len(batch):
            raise CannotMake(_mismatch(export, len(batch) - rows))
        written.append(chunk)
        failpoints.at("export-written")
        export.bytes_written = written.length
        _note(export, interruptions=0)
        failpoints.at("export-noted")
    _end(export, written)


def _begin(export: ExportFile, source: Source, written: Written) -> None:
    """Fix which rows it has and in which order, and write its head."""
    export.keys_as = storage.name_of(export, "keys")
    export.fixed_at = database_now()
    export.rows_expected = storage.write_keys(export.keys_as, source.keys())
    export.checked_from, export.checked_until = source.checked()
    export.name = source.name(export.rows_expected, export.fixed_at)
    written.append(source.head())
    export.bytes_written = written.length
    failpoints.at("export-fixed")
    _note(export)


def _note(export: ExportFile, **others: int) -> None:
    """Write down how far it is, and hold it for another term. Raises LostLease."""
    values = {name: getattr(export, name) for name in NOTED}
    leases.renew(export, **values, **others)


def _end(export: ExportFile, written: Written) -> None:
    """Offer it, if it is as it was announced."""
    if export.rows_written != export.rows_expected:
        raise CannotMake(_mismatch(export, (export.rows_expected or 0) - export.rows_written))
    if not written.is_on_disk:
        raise CannotMake(gettext("What stands on the disk is not what was written."))
    failpoints.at("export-ending")
    with briefly():
        leases.end(export, state=State.READY, sha256=written.sha256, finished_at=Now())
        export.state = State.READY
        number = export.rows_written
        audit.record(
            "export.written",
            body={
                "export": export.pk,
                "file": export.name,
                "rows": number,
                "sha256": written.sha256,
            },
        )
        words = ngettext(
            "%(number)s row, ready to be taken", "%(number)s rows, ready to be taken", number
        )
        notify.of_export(export, title=export.title, text=words % {"number": f"{number:,}"})
    storage.keep_only(export, export.stored_as)


def _fail(export: ExportFile, why: str) -> None:
    """Say that it is not made, and keep nothing of it."""
    with briefly():
        leases.end(export, state=State.FAILED, trouble=why, finished_at=Now())
        export.state = State.FAILED
        body = {"export": export.pk, "list": export.title, "why": why}
        audit.record("export.failed", body=body)
        notify.of_export(export, title=export.title, text=why)
    storage.keep_only(export)


def _mismatch(export: ExportFile, missing: int) -> str:
    return gettext(
        "%(expected)s rows were to be written, and %(missing)s of them could not be read any more:"
        " they changed meanwhile. Ask for it again."
    ) % {"expected": f"{export.rows_expected:,}", "missing": f"{missing:,}"}
