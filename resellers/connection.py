"""The one place where settings meet the Wix client."""

import logging
import re
import threading
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from resellers.wix import WixClient
from resellers.wix.api_key import fingerprint_of
from resellers.wix.pacing import LocalPacer, Pacer, RedisPacer

logger = logging.getLogger(__name__)
Lane = Literal["people", "sync"]
WIX_HOST = "www.wixapis.com"
_pacers: dict[tuple[str, str, int], Pacer] = {}
_pacers_lock = threading.Lock()
_KEY = re.compile("[\x21-\x7e]+")


def require_settings() -> None:
    """Raise ImproperlyConfigured naming every setting that production needs and has not."""
    if settings.DEBUG or settings.DEMO:
        return
    missing = [name for name in ("WIX_API_KEY", "WIX_ACCOUNT_ID") if not getattr(settings, name)]
    if not settings.SECRET_KEY_GIVEN:
        missing.insert(0, "SECRET_KEY")
    if missing:
        raise ImproperlyConfigured(
            f"Not started: set {', '.join(missing)} in the environment,"
            " or NAME_FILE to a file that holds the value."
        )


def wix_client(lane: Lane, *, deadline: float | None = None) -> WixClient:
    """A client with our key, sharing this process's pace. Close it after use, or use `with`.

    `deadline` is the most seconds that a call of it may take, where that is less than usual.
    """
    return WixClient(
        base_url=settings.WIX_BASE_URL,
        api_key=api_key(),
        account_id=settings.WIX_ACCOUNT_ID,
        lane=lane,
        pacer=_pacer(),
        deadline=deadline or float(settings.OPERATIONS["CALL_SECONDS"]),
    )


def hold_calls(seconds: float) -> None:
    """Let no call to Wix leave for so long, and fewer for some minutes after."""
    _pacer().hold(seconds)


def _pacer() -> Pacer:
    # What one Wix said of too many calls holds for no other.
    key = (settings.WIX_BASE_URL, settings.REDIS_URL, settings.WIX_CALLS_PER_MINUTE)
    with _pacers_lock:
        if key not in _pacers:
            _, url, rate = key
            _pacers[key] = RedisPacer(url, rate) if url else LocalPacer(rate)
        return _pacers[key]


def is_practice() -> bool:
    """Whether the dashboard talks to something other than Wix itself."""
    return bool(urlsplit(settings.WIX_BASE_URL).hostname != WIX_HOST)


def key_fingerprint() -> str:
    """Eight characters that tell one key from another and reveal neither."""
    return fingerprint_of(api_key())


class _KeyFile:
    """The file that holds the key, read anew once it was replaced."""

    def __init__(self) -> None:
        self.keys: list[str] = []  # that it has held, the newest last
        self._seen: tuple[object, ...] = ()

    def read(self, file: Path) -> None:
        """Have its key among `keys`. A file that holds none, as while it is written, adds none."""
        try:
            stat = file.stat()
            seen = (file, stat.st_ino, stat.st_mtime_ns, stat.st_size)
            if seen == self._seen:
                return
            key = file.read_text().strip()
        except (OSError, UnicodeDecodeError) as error:
            logger.warning("WIX_API_KEY_FILE cannot be read: %s", type(error).__name__)
            return
        self._seen = seen
        if _KEY.fullmatch(key) and key[0] not in "$\"'":
            self.keys.append(key)
        else:
            logger.warning("WIX_API_KEY_FILE holds no key: the one before it is used on")


_key_file = _KeyFile()


def api_key() -> str:
    """Wix's key as it is now: where a file holds it, no process has to be started again."""
    if settings.WIX_API_KEY_FILE:
        _key_file.read(Path(settings.WIX_API_KEY_FILE))
        if _key_file.keys:
            return _key_file.keys[-1]
    return str(settings.WIX_API_KEY)


def known_keys() -> tuple[str, ...]:
    """Every key that this process has had, for what must hold none of them."""
    known = (api_key(), settings.WIX_API_KEY, *_key_file.keys)
    return tuple(dict.fromkeys(filter(None, known)))
