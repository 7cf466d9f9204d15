"""The kinds of operation, one file each; a new one is a file and a line at the end of this one."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from ..kind import AnyKind, Kind
from ..wish import ThingT, Wish
from .adjust import Adjust
from .assign import Assign
from .cancel_instance import CancelInstance
from .cancel_package import CancelPackage
from .connect_domain import ConnectDomain
from .create_account import CreateAccount
from .create_package import CreatePackage
from .create_site import CreateSite
from .external_id import ExternalId
from .reassign import Reassign
from .register_domain import RegisterDomain
from .transfer_site import TransferSite
from .unassign import Unassign

_kinds: dict[str, AnyKind] = {}
# By name, in the order in which people are offered them. A row may be of a kind that is not here.
KINDS: Mapping[str, AnyKind] = MappingProxyType(_kinds)


def register(kind: AnyKind) -> None:
    """Let operations of this kind be asked for and carried out.

    Raises ValueError where another kind has its name or its wish.
    """
    for other in _kinds.values():
        if other.name == kind.name or other.wish_class is kind.wish_class:
            raise ValueError(f"{type(other).__name__} has this name or wish already")
    _kinds[kind.name] = kind


def unregister(name: str) -> None:
    """Let no operation of that kind be asked for or carried out any more; its rows still show."""
    del _kinds[name]


def kind_of(name: str) -> AnyKind:
    """The kind of that name; KeyError for one that does not exist."""
    return _kinds[name]


def kind_of_wish(wish: Wish[ThingT]) -> Kind[ThingT, Wish[ThingT], Any]:
    """The kind that this is a wish of; LookupError for one that does not exist."""
    for kind in _kinds.values():
        if kind.wish_class is type(wish):
            return kind
    raise LookupError(f"no kind of operation has {type(wish).__name__}")


for kind in (
    Assign(),
    Unassign(),
    Reassign(),
    Adjust(),
    CancelInstance(),
    CancelPackage(),
    CreatePackage(),
    ExternalId(),
    CreateSite(),
    CreateAccount(),
    TransferSite(),
    RegisterDomain(),
    ConnectDomain(),
):
    register(kind)
