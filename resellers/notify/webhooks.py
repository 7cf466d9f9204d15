"""A call of a webhook, signed, to an address that was looked up once and checked.

The signature is that of Standard Webhooks (https://www.standardwebhooks.com), for which receivers
find libraries in most languages.
"""

import base64
import hashlib
import hmac
import time
from http.client import HTTPException
from socket import AI_NUMERICHOST, gaierror, getaddrinfo
from typing import Any, cast
from urllib.parse import urlsplit

import requests
from django.conf import settings
from django.utils.translation import gettext
from requests.adapters import HTTPAdapter
from requests_hardened.ip_filter import InvalidIPAddress, get_ip_address
from requests_hardened.ip_filter_adapter import IPFilterAdapter
from urllib3.exceptions import HTTPError
from urllib3.util import Timeout

from resellers.models import Delivery, Webhook
from resellers.storable import storable
from resellers.wix.deadline import POOL_CLASSES, NotConnected

from .outcome import Outcome

USER_AGENT = "wix-reseller-dashboard/1.0"
PREFIX = "whsec_"
LONGEST_ADDRESS = 500
LONGEST_ANSWER = 1000  # bytes of it are read
OTHER_KEY = (
    "Its secret was made with a SECRET_KEY that is no longer known here: make a new secret for it."
)
REMOVED = "The webhook was removed."
SWITCHED_OFF = "The webhook is switched off."


class _Timed(HTTPAdapter):
    """Connections whose time-outs hold for the whole of an answer."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = cast(Any, POOL_CLASSES)


class _Pinned(_Timed, IPFilterAdapter):
    """The same, to the one address that the name stood for when it was checked."""

    def __init__(self, *, secure: bool) -> None:
        IPFilterAdapter.__init__(self, is_https_proto=secure)


def send(delivery: Delivery) -> Outcome:
    """Call it, once. Raises nothing that a receiver, or the way to it, can bring about."""
    hook = delivery.webhook
    if hook is None or hook.removed_at:
        return Outcome(arrived=False, answer=REMOVED, is_final=True)
    if not hook.active:
        return Outcome(arrived=False, answer=SWITCHED_OFF, is_final=True)
    secret = secret_of(hook)
    if secret is None:
        return Outcome(arrived=False, answer=OTHER_KEY, is_final=True)
    # An adapter without a session around it: no redirects, no cookies, nothing taken from the
    # environment.
    adapter = _adapter(hook.address)
    try:
        request = requests.Request(
            "POST", hook.address, headers=_headers(delivery, secret), data=delivery.body.encode()
        ).prepare()
        seconds = float(settings.NOTIFY["CALL_SECONDS"])
        timeout = Timeout(connect=seconds / 2, total=seconds)
        with adapter.send(request, stream=True, timeout=cast(Any, timeout)) as answer:
            return _outcome(answer)
    except InvalidIPAddress as error:
        words = f"{error} is an address of a private network or of this machine: not called."
        return Outcome(arrived=False, answer=words, is_final=True)
    except (requests.RequestException, HTTPError, HTTPException, OSError, ValueError) as error:
        return _no_answer(error)
    finally:
        adapter.close()


def checked_address(text: str) -> str:
    """The address as it is called. Raises ValueError, in words for who wrote it, for one that may
    not be: a name is looked up only when it is called."""
    text = text.strip()
    schemes = ("https", "http") if settings.WEBHOOKS_TO_PRIVATE_ADDRESSES else ("https",)
    try:
        address = requests.Request("POST", text).prepare().url or ""
        parts = urlsplit(address)
        _ = parts.port
    except (requests.RequestException, ValueError):
        address, parts = "", urlsplit("")
    if not parts.hostname or parts.scheme not in schemes:
        raise ValueError(gettext("Write an address that begins with https:// and names a host."))
    if parts.username is not None or parts.fragment:
        words = gettext(
            "Write it without a user, a password and a #: the signature says who calls."
        )
        raise ValueError(words)
    if len(address) > LONGEST_ADDRESS:
        raise ValueError(gettext("This is too long for an address."))
    if not settings.WEBHOOKS_TO_PRIVATE_ADDRESSES and _is_private(parts.hostname):
        raise ValueError(
            gettext("This is an address of a private network or of this machine: choose another.")
        )
    return address


def _is_private(host: str) -> bool:
    """Whether the host is given as an address of the kind, however that is written."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        getaddrinfo(host, None, flags=AI_NUMERICHOST)
        get_ip_address(host, 443, allow_loopback=False)
    except InvalidIPAddress:
        return True
    except (OSError, ValueError):
        return False  # a name
    return False


def signature(secret: str, identity: str, timestamp: int, body: str) -> str:
    """What stands in `webhook-signature` over exactly these."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{identity}.{timestamp}.{body}".encode()
    return "v1," + base64.b64encode(hmac.digest(key, signed, "sha256")).decode()


def secret_of(hook: Webhook) -> str | None:
    """The secret that calls of that webhook are signed with. None where it cannot be made anew.

    No table holds it: it is made of the webhook's salt and of our own key, or an older one that is
    still among SECRET_KEY_FALLBACKS.
    """
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        secret = make_secret(hook.salt, key)
        if fingerprint(secret) == hook.secret_fingerprint:
            return secret
    return None


def make_secret(salt: str, key: str) -> str:
    made = hmac.digest(key.encode(), f"webhook:{salt}".encode(), "sha256")
    return PREFIX + base64.b64encode(made).decode()


def fingerprint(secret: str) -> str:
    """By which a secret is known again, and that tells nothing of it."""
    return hashlib.sha256(secret.encode()).hexdigest()[:16]


def _adapter(address: str) -> HTTPAdapter:
    if settings.WEBHOOKS_TO_PRIVATE_ADDRESSES:
        return _Timed(max_retries=0)
    return _Pinned(secure=address.startswith("https:"))


def _headers(delivery: Delivery, secret: str) -> dict[str, str]:
    identity, timestamp = f"msg_{delivery.pk}", int(time.time())
    return {
        "Content-Type": "application/json",
        "User-Agent": USER_AGENT,
        "webhook-id": identity,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(secret, identity, timestamp, delivery.body),
    }


def _outcome(answer: requests.Response) -> Outcome:
    status = answer.status_code
    try:
        # Packed as it comes: what is never unpacked cannot be a bomb.
        text = answer.raw.read(LONGEST_ANSWER, decode_content=False).decode(errors="replace")
    except (HTTPError, HTTPException, OSError):
        text = ""  # its status says enough
    words = " ".join(storable(text).split())
    if 200 <= status < 300:
        return Outcome(arrived=True, answer=words, status=status)
    if 300 <= status < 400:
        words = "It leads elsewhere, and redirects are not followed: set the address it leads to."
    return Outcome(arrived=False, answer=words, status=status, is_everybodys=True)


def _no_answer(error: Exception) -> Outcome:
    """What is said of a call without an answer: whether it was sent, in few words."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, NotConnected):
            words = f"It cannot be reached: {cause.reason}"
            return Outcome(arrived=False, answer=storable(words), is_everybodys=True)
        if isinstance(cause, gaierror | UnicodeError):
            words = "Its name cannot be looked up."
            return Outcome(arrived=False, answer=words, is_everybodys=True)
        if isinstance(cause, TimeoutError):
            words = f"No answer within {settings.NOTIFY['CALL_SECONDS']} s."
            return Outcome(arrived=None, answer=words, is_everybodys=True)
        cause = cause.__cause__ or cause.__context__
    words = f"The call broke off: {type(error).__name__}."
    return Outcome(arrived=None, answer=words, is_everybodys=True)
