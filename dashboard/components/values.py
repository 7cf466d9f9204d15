"""How numbers, words and the absence of a value look."""

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import ngettext

from resellers import formats

NOTHING = mark_safe('<span class="none">&ndash;</span>')


def number(value: int | None) -> SafeString | str:
    return NOTHING if value is None else formats.number(value)


def counted(value: int, one: str, many: str) -> str:
    """`1 service`, `1,200 services`: whatever nouns are written here stand in the catalogue."""
    return f"{formats.number(value)} {ngettext(one, many, value)}"


def type_words(service_type: str) -> str:
    """A service type as people read it: Wix's capitals and underscores made plain."""
    if service_type.isupper() and len(service_type) > len("SEO"):
        return service_type.replace("_", " ").capitalize()
    return service_type
