"""The one place where bytes go to Wix and come back, within a deadline and with retries of reads.

Reads are tried up to four times inside one deadline. Writes are sent once: whoever asked for a
write decides what to do about an error, and the error's class tells what is allowed.
"""

from __future__ import annotations

import copy
import json
import logging
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from http.client import HTTPException
from typing import Any, Self, cast
from urllib.parse import quote, urlencode

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError
from urllib3.util import Timeout

from resellers.storable import storable

from .api_key import ApiKey
from .body import decode_json, read_body
from .deadline import POOL_CLASSES, nothing_leaves_after
from .errors import (
    LONGEST_RAW,
    WixAnswer,
    WixBadPayload,
    WixError,
    WixPaceTimeout,
    WixRateLimited,
    WixServerError,
    WixUnreachable,
)
from .exchange import Answer, Request, Run
from .failures import http_date, no_answer, refusal
from .fields import Unreadable
from .pacing import Lane, Pacer
from .types import Call, Raw

logger = logging.getLogger("resellers.wix")

MOST_TRIES = 4
CONNECT_SECONDS = 5.0
LONGEST_BACKOFF = 8.0
REQUEST_ID = "x-wix-request-id"
USER_AGENT = "wix-reseller-dashboard/1.0"

# What a server, or the way to it, can make the HTTP libraries raise.
WIRE_FAULTS = (requests.RequestException, HTTPError, HTTPException, OSError, ValueError)
# Refusals that speak of the form of a request and not of its matter: `Transport.send(instead=)`.
BODY_REFUSED = frozenset({400, 415})
KEY_REFUSED = frozenset({401, 403})


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = cast(Any, POOL_CLASSES)


class Transport:
    """Sends requests to one address with one key. Safe to share between threads."""

    def __init__(
        self,
        *,
        base_url: str,
        api_key: str,
        lane: Lane,
        pacer: Pacer | None,
        deadline: float,
        backoff: float,
        observer: Callable[[Call], None] | None,
    ) -> None:
        self._base_url = base_url
        self._key = ApiKey(api_key)
        self._lane = lane
        self._pacer = pacer
        self._deadline = deadline
        self._backoff = backoff
        self._observer = observer
        self._not_after: float | None = None
        # An adapter without a session around it: no redirects, no cookies, nothing taken from
        # the environment.
        self._adapter = _Adapter(max_retries=0, pool_maxsize=16)

    @property
    def key_fingerprint(self) -> str:
        return self._key.fingerprint

    def close(self) -> None:
        self._adapter.close()

    def not_after(self, moment: float) -> Self:
        """The same, on the same connections, but that nothing leaves after that moment."""
        limited = copy.copy(self)
        limited._not_after = moment
        return limited

    def in_lane(self, lane: Lane) -> Self:
        """The same, on the same connections, but waiting for its turn in that lane."""
        other = copy.copy(self)
        other._lane = lane
        return other

    def send(
        self,
        request: Request,
        *,
        instead: Request | None = None,
        when: frozenset[int] = frozenset(),
    ) -> Answer:
        """The 2xx answer to a request, or a WixError; the deadline covers all of it.

        `instead` goes out once where the request was refused with a status in `when`, which
        means that it was not carried out.
        """
        run = Run(request, time.monotonic() + self._deadline)
        try:
            try:
                body, text = self._settle(run)
            except WixAnswer as refusal:
                if instead is None or refusal.status not in when:
                    raise
                run.request = instead
                body, text = self._settle(run)
        except WixError as error:
            error.call = run.call(error.code)
            self._report(error.call)
            raise
        call = run.call()
        self._report(call)
        return Answer(body, call, text)

    def _settle(self, run: Run) -> tuple[Raw, str]:
        tries = MOST_TRIES if run.request.repeatable else 1
        failure: WixError | None = None
        for number in range(1, tries + 1):
            try:
                self._take_turn(run)
            except WixPaceTimeout as late:
                raise failure or late from None
            try:
                return self._attempt(run)
            except (WixUnreachable, WixRateLimited, WixServerError) as error:
                failure = error
                wait = random.uniform(0, min(LONGEST_BACKOFF, self._backoff * 2 ** (number - 1)))
                if isinstance(error, WixRateLimited):
                    wait = error.wait if error.wait is not None else wait
                    if self._pacer is not None:
                        self._pacer.hold(error.wait)
                if number == tries or run.status == 501 or wait >= run.left():
                    raise
            time.sleep(wait)
        raise AssertionError("the last try returns or raises")

    def _take_turn(self, run: Run) -> None:
        # Half of what is left at most: a write that has waited its turn still needs time to
        # be answered, or its outcome would be unknown for nothing.
        if self._pacer is not None:
            self._pacer.acquire(self._lane, max(0.0, run.left() / 2))

    def _attempt(self, run: Run) -> tuple[Raw, str]:
        """One request on the wire and what its answer means."""
        prepared = self._prepare(run.request)
        run.attempts += 1
        run.status = run.request_id = run.wix_date = None
        # A read that hangs leaves half the time for another try.
        seconds = max(0.001, run.left() / 2 if run.request.repeatable else run.left())
        run.sent_at = datetime.now(UTC)
        started = time.monotonic()
        try:
            with nothing_leaves_after(self._not_after):
                return self._exchange(run, prepared, seconds)
        # These errors carry the request, key and all, so they are not chained to ours.
        except WIRE_FAULTS as error:
            failure = no_answer(run, error)
        finally:
            run.duration = time.monotonic() - started
        raise failure

    def _exchange(
        self, run: Run, prepared: requests.PreparedRequest, seconds: float
    ) -> tuple[Raw, str]:
        timeout = Timeout(connect=min(CONNECT_SECONDS, seconds / 2), total=seconds)
        text = ""
        with self._adapter.send(prepared, stream=True, timeout=cast(Any, timeout)) as response:
            run.status = response.status_code
            named = storable(response.headers.get(REQUEST_ID, ""))
            run.request_id = self._key.redact(named)[:200] or None
            run.wix_date = http_date(response.headers.get("Date", ""))
            if not 200 <= response.status_code < 300:
                raise self._refusal(run, response)
            try:
                data = self._body(response)
                text = data.decode(errors="replace")[:LONGEST_RAW]
                return decode_json(data), text
            except Unreadable as unreadable:
                raise WixBadPayload(
                    str(unreadable),
                    place=unreadable.place,
                    status=run.status,
                    request_id=run.request_id,
                    raw=text,
                ) from None

    def _prepare(self, request: Request) -> requests.PreparedRequest:
        url = self._base_url + request.path
        prepared = requests.Request(
            request.method,
            url + (f"?{urlencode(request.query, quote_via=quote)}" if request.query else ""),
            headers=_headers(request),
            data=None if request.body is None else json.dumps(request.body).encode(),
            auth=self._key if request.with_key else None,
        ).prepare()
        if (prepared.url or "").partition("?")[0] != url:
            raise ValueError(f"the path {request.path} would not be sent as it is")
        return prepared

    def _refusal(self, run: Run, response: requests.Response) -> WixError:
        """The error that an answer other than 2xx stands for."""
        try:
            data = self._body(response)
        except (Unreadable, *WIRE_FAULTS):  # the status alone says what became of the call
            data = b""
        if run.status == 503 and self._pacer is not None:
            self._pacer.slow_down()
        return refusal(run, data, response.headers.get("Retry-After", ""), self._key.redact)

    def _body(self, response: requests.Response) -> bytes:
        chunks = response.raw.stream(64 * 1024, decode_content=False)
        body = read_body(chunks, response.headers.get("Content-Encoding", ""))
        return self._key.redact_body(body)

    def _report(self, call: Call) -> None:
        level = logging.INFO if call.status and 200 <= call.status < 300 else logging.WARNING
        logger.log(
            level,
            "%s %s: %s in %d ms, attempts %d, request %s, key %s",
            call.method,
            call.path_template,
            call.status or "no answer",
            call.duration_ms,
            call.attempts,
            call.request_id or "-",
            f"…{call.idempotency_key[-6:]}" if call.idempotency_key else "-",
        )
        if self._observer is None:
            return
        try:
            self._observer(call)
        except Exception:  # an answer from Wix must not be lost to a fault in counting it
            logger.exception("the observer of a call failed")


def _headers(request: Request) -> dict[str, str]:
    headers = {
        "Accept": "application/json",
        "Accept-Encoding": "gzip",  # the one packing whose unpacked size we limit
        "User-Agent": USER_AGENT,
    }
    if request.body is not None:
        headers["Content-Type"] = "application/json"
    if request.account_id is not None:
        headers["wix-account-id"] = request.account_id
    if request.site_id is not None:
        headers["wix-site-id"] = request.site_id
    return headers
