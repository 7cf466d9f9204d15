"""Whether lists can be made files: the folder that these are written in, and its room."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryFile

from django.conf import settings
from django.template.defaultfilters import filesizeformat

from .finding import Finding, note, ok, wrong

PARTS = ("Files",)
TRIED = 1 << 20  # bytes that are written, and gone at once
# All of a million services, twice: so much one takes that goes on after a lost worker.
ROOM = 1_000_000_000


def look_at_files() -> Iterator[Finding]:
    """Whether this process can write where files of lists are kept, and how much room there is.

    The folder is not made: it would be its who examines, not theirs who write files.
    """
    [part] = PARTS
    folder = Path(settings.EXPORTS_DIR)
    there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    try:
        with TemporaryFile(dir=there) as file:
            file.write(bytes(TRIED))
            file.flush()
        free = shutil.disk_usage(there).free
    except OSError as error:
        yield wrong(
            part,
            f"{folder} cannot be written to: {error.strerror or type(error).__name__}.",
            "Give the user who runs web, workers and sweep room and the right to write there, or"
            " set EXPORTS_DIR. Until then no list is made a file in the background.",
        )
        return
    room = f"{filesizeformat(free)} are free"
    if free < ROOM:
        yield note(
            part,
            f"{folder} can be written to, but only {room}.",
            "Make room: all of a million services are 400 MB, twice that after a lost worker.",
        )
    elif there != folder:
        yield ok(part, f"{folder} is made with the first file; {room} there.")
    else:
        yield ok(part, f"{folder} can be written to; {room}.")
