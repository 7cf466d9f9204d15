"""The verbs there are; a new one is a file and a line here."""

from collections.abc import Mapping
from types import MappingProxyType

from .order_again import OrderAgain
from .verb import AnyVerb

VERBS: Mapping[str, AnyVerb] = MappingProxyType({verb.name: verb for verb in (OrderAgain(),)})


def verb_of(name: str) -> AnyVerb:
    """The verb of that name. Raises KeyError."""
    return VERBS[name]
