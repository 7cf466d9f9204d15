"""The doctor: looks at every part of the system, and says what is wrong and what to do.

Nothing it does changes anything at Wix, and nothing keeps it from its end: what cannot be looked at
is said along with the rest.
"""

import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError
from django.db.models.functions import Now

from resellers.connection import known_keys
from resellers.models import Examination

from . import access, deliveries, files, ground, processes, trail, work
from .finding import Finding, Verdict, untried, wrong

__all__ = ["Finding", "Verdict", "examine", "keep", "summary"]


@dataclass(frozen=True, slots=True)
class Look:
    """One look, and the parts it tells of: they are named even where it cannot be taken."""

    parts: tuple[str, ...]
    take: Callable[[], Iterator[Finding]]
    needs_database: bool = True


SHORTEST_SECRET = 4
BLOT = "[secret]"


def looks() -> tuple[Look, ...]:
    """Every look, in the order in which people read what was found."""
    return (
        Look(("Settings",), ground.look_at_settings, needs_database=False),
        Look(("Database",), ground.look_at_database, needs_database=False),
        Look(("Broker",), ground.look_at_broker, needs_database=False),
        Look(processes.PARTS, processes.look_at_processes),
        Look(access.PARTS, access.look_at_wix, needs_database=False),
        Look(work.write_parts(), work.look_at_writes),
        Look(("Writing",), work.look_at_breaker),
        Look(("Mirror",), work.look_at_mirror),
        Look(("Figures",), work.look_at_figures),
        Look((trail.PART,), trail.look_at_trail),
        Look(files.PARTS, files.look_at_files, needs_database=False),
        Look(deliveries.PARTS, deliveries.look_at_deliveries),
    )


def examine() -> tuple[Finding, ...]:
    """What is found of each part, in the order people read it. Raises nothing and holds no secret.

    It takes a second or two, half a minute where Wix does not answer.
    """
    has_database = ground.database_answers()
    found = [finding for look in looks() for finding in _taken(look, has_database)]
    secrets = _secrets()
    return tuple(_clean(finding, secrets) for finding in found)


def store(findings: tuple[Finding, ...]) -> bool:
    """Store them as the last examination; False where the database does not take them."""
    values = {
        "examined_at": Now(),
        "host": socket.gethostname()[:200],
        "findings": [finding.as_json() for finding in findings],
    }
    if not ground.database_answers():
        return False
    try:
        Examination.objects.update_or_create(pk=1, defaults=values)
    except DatabaseError:
        return False
    return True


def summary(findings: tuple[Finding, ...]) -> str:
    """What to say of all of them in one line."""
    bad = [finding.part for finding in findings if finding.verdict == Verdict.WRONG]
    if not bad:
        return "Nothing is wrong."
    return f"{len(bad)} of {len(findings)} {'is' if len(bad) == 1 else 'are'} wrong: " + (
        ", ".join(bad) + "."
    )


def _taken(look: Look, has_database: bool) -> list[Finding]:
    if look.needs_database and not has_database:
        return [untried(part, "Cannot be told without the database.") for part in look.parts]
    try:
        return list(look.take())
    except DatabaseError:
        return [
            untried(part, "Cannot be told: the database has no table for it.")
            for part in look.parts
        ]
    except Exception as error:  # noqa: BLE001  (one fault of ours must not hide all other findings)
        words = f"Could not be looked at: {type(error).__name__}."
        return [wrong(part, words, "Report this: it is a fault of ours.") for part in look.parts]


def _secrets() -> list[str]:
    """What must not be printed, the longest first."""
    known = (
        *known_keys(),
        settings.SECRET_KEY,
        settings.DATABASES["default"].get("PASSWORD"),
        settings.EMAIL_HOST_PASSWORD,
        urlsplit(settings.REDIS_URL).password,
    )
    secrets = {str(secret) for secret in known if secret and len(str(secret)) >= SHORTEST_SECRET}
    return sorted(secrets, key=len, reverse=True)


def _clean(finding: Finding, secrets: list[str]) -> Finding:
    """The finding without secrets and in one line, whatever Wix or a server put into its words."""
    words = finding.words
    for secret in secrets:
        words = words.replace(secret, BLOT)
    printable = "".join(character if character.isprintable() else " " for character in words)
    return replace(finding, words=" ".join(printable.split()))
