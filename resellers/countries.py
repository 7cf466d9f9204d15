"""Countries: the codes that ISO 3166-1 has officially assigned, and what people call them."""

from collections.abc import Mapping
from typing import Any

import pycountry

from .folding import sort_key

# By code, in the order of the names.
NAMES: Mapping[str, str] = dict(
    sorted(
        (
            (country.alpha_2, getattr(country, "common_name", country.name))
            for country in pycountry.countries
        ),
        key=lambda pair: sort_key(pair[1]),
    )
)


# Where Wix registers no domain without a part of the country, as its sandbox has them.
SUBDIVIDED = frozenset({"AU", "BR", "CA", "CN", "DE", "ES", "IN", "IT", "JP", "MX", "US"})
SUBDIVISION_LENGTH = 2  # of a code that Wix takes


def subdivisions(country: str) -> dict[str, str]:
    """The parts of a country by their ISO 3166-2 codes without the country's, by name.

    Only those with codes of the length that Wix takes.
    """
    found: Any = pycountry.subdivisions.get(country_code=country) or ()
    parts = {one.code.partition("-")[2]: one.name for one in found}
    by_name = sorted(parts.items(), key=lambda pair: sort_key(pair[1]))
    return {code: name for code, name in by_name if len(code) == SUBDIVISION_LENGTH}


def has_other_codes(country: str) -> bool:
    """Whether a part of the country itself has a code that Wix cannot take."""
    found: Any = pycountry.subdivisions.get(country_code=country) or ()
    tops = [one for one in found if one.parent_code is None]
    return any(len(one.code.partition("-")[2]) != SUBDIVISION_LENGTH for one in tops)


def country_words(code: str) -> str:
    """`Germany (DE)`; a code that no country has stays as it is."""
    name = NAMES.get(code)
    return f"{name} ({code})" if name else code
