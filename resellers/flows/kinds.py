"""Every sort of flow, a file each; a new one is a file and a line at the end of this one."""

from collections.abc import Mapping
from types import MappingProxyType

from .domain_connection import DomainConnection
from .domain_purchase import DomainPurchase
from .flow_kind import FlowKind
from .site_handover import SiteHandover

_kinds: dict[str, FlowKind] = {}
# By name, in the order in which people are offered them. A row may be of a kind that is not here.
FLOW_KINDS: Mapping[str, FlowKind] = MappingProxyType(_kinds)


def register(kind: FlowKind) -> None:
    """Let flows of this kind be begun and carried on."""
    _kinds[kind.name] = kind


def unregister(name: str) -> None:
    """Let no flow of that kind be begun or carried on any more; its rows still show."""
    del _kinds[name]


for kind in (SiteHandover(), DomainPurchase(), DomainConnection()):
    register(kind)
