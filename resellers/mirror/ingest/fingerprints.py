"""What tells that an answer says of a package what the last one said, without comparing them.

The fingerprint stands with the package once the mirror says all that the answer says. Whoever
writes one of its rows in another way empties it, since the database does that by itself: then the
next answer is compared field by field.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from uuid import UUID

from resellers import wix
from resellers.mirror.writing import update_each
from resellers.models import Package

# One more with every change of what `rows` makes of an answer: then all of them are compared anew.
READING = 2


@dataclass(frozen=True, slots=True)
class Held:
    """What the mirror holds of a package without its fields."""

    fingerprint: UUID | None
    confirmed_at: datetime | None


def of(package: wix.Package) -> UUID:
    """Of all that Wix said of the package and its services, in the words in which it did."""
    text = json.dumps([READING, package.raw], separators=(",", ":"))
    return UUID(bytes=blake2b(text.encode(), digest_size=16).digest())


def held(ids: Iterable[UUID]) -> dict[UUID, Held]:
    """Those of these packages that the mirror has, in one statement."""
    columns = ("id", "fingerprint", "last_confirmed_at")
    found = Package.objects.filter(id__in=ids).values_list(*columns)
    return {id_: Held(*columns) for id_, *columns in found}


def confirm(prints: Mapping[UUID, UUID], at: datetime) -> None:
    """Note that these packages were checked then, as far as they still have these fingerprints and
    were not checked later."""
    Package.objects.filter(
        id__in=prints, fingerprint__in=prints.values(), last_confirmed_at__lt=at
    ).update(last_confirmed_at=at, missing_since=None)


def note(packages: Sequence[Package], prints: Mapping[UUID, UUID | None], at: datetime) -> None:
    """Note that these packages, whose locks the caller holds, were checked then, and that they and
    their services say what an answer of that fingerprint says; None where they do so in part."""
    for package in packages:
        package.fingerprint = prints[package.pk]
        package.last_confirmed_at, package.missing_since = at, None
    update_each(Package, packages, ("fingerprint", "last_confirmed_at", "missing_since"))
