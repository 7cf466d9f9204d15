"""Capital and small letters of every alphabet, where words are looked for.

SQLite takes only ASCII letters as equal in either case: `šiaul` would not find Šiaulių Kepykla. On
PostgreSQL that is the database's own locale, which `manage.py doctor` looks at.
"""

import re
from functools import lru_cache
from typing import Any

from django.db import connection as database
from django.db.backends.base.base import BaseDatabaseWrapper


def teach(connection: BaseDatabaseWrapper, **_: object) -> None:
    """Have a new connection to SQLite compare by `like`; a receiver of `connection_created`."""
    if connection.vendor == "sqlite":
        for arguments in (2, 3):
            connection.connection.create_function("like", arguments, like, deterministic=True)


def like(pattern: Any, text: Any, escape: str = "") -> bool | None:
    """SQL's LIKE with letters equal in either case, whatever their alphabet."""
    if pattern is None or text is None:
        return None
    found = _expression(str(pattern), escape).search(str(text).casefold())
    return found is not None


@lru_cache(maxsize=256)
def _expression(pattern: str, escape: str) -> re.Pattern[str]:
    # Nearly always `%word%`, which is then a plain search for the word.
    start, end = r"\A", r"\Z"
    if pattern.startswith("%"):
        start, pattern = "", pattern.lstrip("%")
    parts, characters = [], iter(pattern)
    for letter in characters:
        if letter == escape:
            parts.append(re.escape(next(characters, "").casefold()))
        else:
            parts.append({"%": ".*", "_": "."}.get(letter) or re.escape(letter.casefold()))
    while parts and parts[-1] == ".*":
        end = ""
        parts.pop()
    return re.compile(start + "".join(parts) + end, re.DOTALL)


def folds() -> bool:
    """Whether the database finds such letters in either case."""
    if database.vendor == "sqlite":
        return True
    with database.cursor() as cursor:
        cursor.execute("SELECT UPPER('šж') = 'ŠЖ'")
        return bool(cursor.fetchone()[0])
