"""The Wix client: one object for one address, one key and one main account."""

from __future__ import annotations

import copy
import ipaddress
from collections.abc import Callable
from typing import Self, get_args
from urllib.parse import urlsplit

from . import arguments
from .calls.accounts import AccountCalls
from .calls.domains import DomainCalls
from .calls.packages import PackageCalls
from .calls.sites import SiteCalls
from .pacing import Lane, Pacer
from .transport import Transport
from .types import Call

WIX = "https://www.wixapis.com"


class WixClient(PackageCalls, SiteCalls, AccountCalls, DomainCalls):
    """Calls Wix's account-level REST API with one key of the main account.

    `deadline` is the most seconds a call may take, waiting for its turn, retries of reads and
    the last byte of the body included. `pacer` says when a call may go out; `lane` is the queue
    it waits in. `backoff` is the longest wait in seconds before the first retry of a read.
    `search_with_key` sends the key with domain searches at once, and not only where they are
    refused without. `observer` is called with each finished `Call`.

    Every method raises WixError, and ValueError for arguments that are never sent. Make one
    client per process; its threads may share it.
    """

    def __init__(
        self,
        *,
        api_key: str,
        account_id: str,
        base_url: str = WIX,
        lane: Lane = "people",
        pacer: Pacer | None = None,
        deadline: float = 20.0,
        backoff: float = 1.0,
        search_with_key: bool = False,
        observer: Callable[[Call], None] | None = None,
    ) -> None:
        if not api_key or not all("!" <= character <= "~" for character in api_key):
            raise ValueError("api_key must be printable ASCII without spaces")
        if lane not in get_args(Lane):
            raise ValueError(f"lane must be one of {', '.join(get_args(Lane))}")
        if not deadline > 0:
            raise ValueError("deadline must be more than 0")
        self.account_id = arguments.guid("account_id", account_id)
        self._search_with_key = search_with_key
        self._transport = Transport(
            base_url=_checked_base_url(base_url),
            api_key=api_key,
            lane=lane,
            pacer=pacer,
            deadline=deadline,
            backoff=backoff,
            observer=observer,
        )

    @property
    def key_fingerprint(self) -> str:
        """Which key its calls have: another may have been set since it was made."""
        return self._transport.key_fingerprint

    def not_after(self, moment: float) -> Self:
        """The same client, on the same connections, of which no call leaves after `moment`.

        `moment` is one of `time.monotonic`. It is looked at last when the connection stands, just
        before each part of the request goes out, so that a process that stood still on its way
        sends nothing when it wakes: WixUnreachable, as of any call that was not sent.
        """
        limited = copy.copy(self)
        limited._transport = self._transport.not_after(moment)
        return limited

    def in_lane(self, lane: Lane) -> Self:
        """The same client, on the same connections, whose calls wait in that lane."""
        other = copy.copy(self)
        other._transport = self._transport.in_lane(lane)
        return other

    def close(self) -> None:
        """Close the connections that are kept open."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


def _checked_base_url(base_url: str) -> str:
    """`scheme://host[:port]` in lower case. Plain http would show the key to the network, so it
    is for this machine only."""
    if not all("!" <= character <= "~" for character in base_url):
        raise ValueError("base_url must be printable ASCII without spaces")
    parts = urlsplit(base_url)
    try:
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        raise ValueError("base_url has no valid port") from None
    host = parts.hostname or ""
    if not host or parts.username is not None or parts.password is not None:
        raise ValueError("base_url must be scheme://host[:port]")
    if parts.path.rstrip("/") or parts.query or parts.fragment or "\\" in base_url:
        raise ValueError("base_url must have no path, query or fragment")
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(host)):
        raise ValueError("base_url must be https, or http on this machine")
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
