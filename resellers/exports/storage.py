"""The folder in which files are written, a file of its own for each process that writes one.

Whoever follows a process that died, or stands still, copies what is whole and goes on in a file of
its own: what the other may still write goes to where nobody looks.
"""

import hashlib
import logging
import os
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from resellers.models import ExportFile

logger = logging.getLogger(__name__)

BLOCK = 1 << 20  # bytes
STRAY_SECONDS = 24 * 3600  # a file that belongs to no row is left alone for so long


def folder() -> Path:
    """Where files are; made where it is not there, for its owner alone."""
    found = Path(settings.EXPORTS_DIR)
    found.mkdir(mode=0o700, parents=True, exist_ok=True)
    return found


def name_of(export: ExportFile, ending: str) -> str:
    """What a file is called that this claim of the row writes."""
    return f"{export.request_id.hex}-{export.fence}.{ending}"


def remove(*names: str) -> None:
    """Remove these files, so far as they are there.

    One that cannot be removed is left, and said in the log: once it is old, it goes as a stray.
    """
    for name in names:
        try:
            (folder() / name).unlink(missing_ok=True)
        except OSError:
            logger.exception("%s could not be removed", name)


def keep_only(export: ExportFile, *names: str) -> None:
    """Remove what any process has written of that row, but for these files."""
    try:
        found = {path.name for path in folder().glob(f"{export.request_id.hex}-*")}
    except OSError:
        logger.exception("what was written of export %s could not be removed", export.pk)
    else:
        remove(*found.difference(names))


def remove_strays() -> None:
    """Remove what no row names any more and nobody has written to for long: what a process left
    that was lost at the wrong moment."""
    old = [
        path.name
        for path in folder().iterdir()
        if time.time() - path.stat().st_mtime > STRAY_SECONDS and path.is_file()
    ]
    if old:
        rows = ExportFile.objects.values_list("stored_as", "keys_as")
        remove(*set(old).difference(*rows))


def write_keys(name: str, keys: Iterator[str]) -> int:
    """Write these keys down, to be read chunk by chunk; how many they are."""
    number = 0
    with (folder() / name).open("w", encoding="ascii") as file:
        for number, key in enumerate(keys, 1):  # noqa: B007
            file.write(f"{key}\n")
        _to_disk(file.fileno(), file)
    return number


def read_keys(name: str, *, after: int) -> Iterator[str]:
    """The keys that were written down, but for so many of the first."""
    with (folder() / name).open(encoding="ascii") as file:
        for line in islice(file, after, None):
            yield line.rstrip("\n")


def blocks_of(file: BinaryIO, most: int) -> Iterator[bytes]:
    """The first so many bytes of a file, or fewer where it has no more."""
    while most > 0 and (block := file.read(min(BLOCK, most))):
        most -= len(block)
        yield block


class Written:
    """A file as it is being written, with the hash of all that stands in it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._digest = hashlib.sha256()
        self._file = (folder() / name).open("wb", buffering=0)
        self.length = 0

    def go_on_from(self, name: str, length: int) -> bool:
        """Copy what another process has written whole; False, and nothing, where it is gone."""
        try:
            file = (folder() / name).open("rb")
        except FileNotFoundError:
            return False
        with file:
            for block in blocks_of(file, length):
                self._add(block)
        if self.length == length:
            return True
        self._file.seek(0)
        self._file.truncate()
        self._digest, self.length = hashlib.sha256(), 0
        return False

    def append(self, chunk: bytes) -> None:
        """Write the chunk: behind this it is on the disk."""
        self._add(chunk)
        os.fsync(self._file.fileno())

    def _add(self, block: bytes) -> None:
        rest = memoryview(block)
        while rest:
            rest = rest[self._file.write(rest) or 0 :]
        self._digest.update(block)
        self.length += len(block)

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    @property
    def is_on_disk(self) -> bool:
        """Whether who opens the file by its name finds all of it."""
        written = os.fstat(self._file.fileno())
        try:
            found = (folder() / self.name).stat()
        except FileNotFoundError:
            return False
        return os.path.samestat(found, written) and written.st_size == self.length

    def close(self) -> None:
        self._file.close()


def _to_disk(number: int, file: object) -> None:
    file.flush()  # type: ignore[attr-defined]
    os.fsync(number)
