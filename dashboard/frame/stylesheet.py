"""One style sheet from a file a component: what pages load as `app.css`."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.files.storage import FileSystemStorage, Storage

NAME = "app.css"
# Tokens and bare elements before what is built on them, fingers and paper last; between them none
# counts on another's place.
FIRST, LAST = ("tokens", "base"), ("touch", "print")


class StylesheetFinder(BaseFinder):
    """Finds `app.css`, for `collectstatic` as for what serves files from their sources.

    Its parts stay as they are: a browser gets them one after another in one file.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="stylesheet-")

    def check(self, **kwargs: Any) -> list[Any]:
        """Nothing of it is set."""
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """The path of the joined file, if that is what is looked for."""
        found = str(self._joined()) if path == NAME else ""
        return [found] if find_all and found else found or []

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, Storage]]:
        """The joined file, and where it lies."""
        if not matches_patterns(NAME, ignore_patterns or ()):
            yield NAME, FileSystemStorage(self._joined().parent)

    def _joined(self) -> Path:
        """The file, written anew where a part has changed since."""
        file, parts = Path(self._folder.name) / NAME, parts_in_order()
        text = "".join(part.read_text() for part in parts)
        if not file.exists() or file.read_text() != text:
            file.parent.mkdir(exist_ok=True)
            file.write_text(text)
        return file


def parts_in_order() -> list[Path]:
    """The files that make up the style sheet, in the order of the cascade."""
    parts = {part.stem: part for part in sorted((settings.BASE_DIR / "static/css").glob("*.css"))}
    between = [name for name in parts if name not in FIRST + LAST]
    return [parts[name] for name in (*FIRST, *between, *LAST)]
