"""Countries: the codes that ISO 3166-1 has officially assigned, and what people call them."""

from collections.abc import Mapping

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


def country_words(code: str) -> str:
    """`Germany (DE)`; a code that no country has stays as it is."""
    name = NAMES.get(code)
    return f"{name} ({code})" if name else code
