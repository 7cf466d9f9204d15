"""The time zones that a person can choose, as a select shows them."""

from collections import defaultdict
from functools import cache
from zoneinfo import available_timezones

from django.utils.translation import gettext_noop

# Spellings of old, and zones without a place: they are offered to nobody.
PLACES = (
    *(gettext_noop("Africa"), gettext_noop("America"), gettext_noop("Antarctica")),
    *(gettext_noop("Arctic"), gettext_noop("Asia"), gettext_noop("Atlantic")),
    *(gettext_noop("Australia"), gettext_noop("Europe"), gettext_noop("Indian")),
    gettext_noop("Pacific"),
)


@cache
def zones() -> dict[str, list[tuple[str, str]]]:
    """Each zone and its place in words, under the part of the world it lies in; UTC first."""
    found = defaultdict(list)
    for zone in sorted(available_timezones()):
        part, _, place = zone.partition("/")
        if part in PLACES:
            found[part].append((zone, place.replace("_", " ").replace("/", ", ")))
    return {gettext_noop("Everywhere"): [("UTC", "UTC")]} | dict(found)
