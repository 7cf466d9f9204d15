"""What the calls about one domain, and about the domains of one account, have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from .. import arguments
from ..exchange import Answer, Request
from ..parsing import read_page
from ..transport import Transport
from ..types import Page, Raw

T = TypeVar("T")


class DomainRequests:
    _transport: Transport

    def _send_about(
        self, method: str, path: str, account_id: str, domain: str, body: Raw | None = None
    ) -> Answer:
        """The answer to a call about that domain; `path` has its place."""
        return self._transport.send(
            Request(
                method,
                path,
                repeatable=method == "GET",
                account_id=arguments.guid("account_id", account_id),
                path_values={"domain": arguments.domain("domain", domain)},
                body=body,
            )
        )

    def _list(
        self,
        path: str,
        account_id: str,
        limit: int,
        cursor: str | None,
        name: str,
        read: Callable[[object, str], T],
        asked: Sequence[tuple[str, str]] = (),
    ) -> Page[T]:
        """A page of a list; `asked` is what stands in the address before its paging."""
        paging = [("paging.limit", str(arguments.limit(limit)))]
        if cursor is not None:
            paging.append(("paging.cursor", cursor))
        answer = self._transport.send(
            Request(
                "GET",
                path,
                repeatable=True,
                account_id=arguments.guid("account_id", account_id),
                query=(*asked, *paging),
            )
        )
        return answer.read(lambda: read_page(answer.body, answer.call, name, read=read))
