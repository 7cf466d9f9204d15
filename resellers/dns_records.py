"""What the net says of a domain's records: asked of a resolver that a setting names, over HTTPS.

Its answers are the JSON that public resolvers give for DNS over HTTPS. Without the setting nothing
is asked, and Wix's own word is all there is.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import requests
from django.conf import settings

SECONDS = 5
# As a resolver numbers the types of records.
TYPES = {"A": 1, "NS": 2, "CNAME": 5}


class NoAnswer(Exception):
    """The resolver cannot be asked, or says nothing usable."""


@dataclass(frozen=True, slots=True)
class Record:
    """A record as it is to be: its type, the name it stands at, its values."""

    type: str
    host: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """That record and what stands there now."""

    record: Record
    values: tuple[str, ...]

    @property
    def is_set(self) -> bool:
        """Whether all that is to stand there does, and nothing beside it."""
        return _plain(self.values) == _plain(self.record.values)


def is_on() -> bool:
    """Whether a resolver is named."""
    return bool(settings.DNS_RESOLVER)


def look_up(records: Iterable[Record]) -> list[Found]:
    """What the resolver says of each. Raises NoAnswer."""
    return [Found(record, _values(record)) for record in records]


def _values(record: Record) -> tuple[str, ...]:
    try:
        answer = requests.get(
            settings.DNS_RESOLVER,
            params={"name": record.host, "type": record.type},
            headers={"Accept": "application/dns-json"},
            timeout=SECONDS,
            allow_redirects=False,
        )
        answer.raise_for_status()
        found = answer.json()
        listed = found.get("Answer", []) if found["Status"] in (0, 3) else None
        if listed is None:
            raise NoAnswer(f"status {found['Status']}")
        return tuple(
            str(one["data"]) for one in listed if one.get("type") == TYPES.get(record.type)
        )
    except (requests.RequestException, ValueError, KeyError, TypeError, AttributeError) as error:
        raise NoAnswer(type(error).__name__) from error


def _plain(values: Iterable[str]) -> set[str]:
    return {value.strip().lower().rstrip(".") for value in values}
