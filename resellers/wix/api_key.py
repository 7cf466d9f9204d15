"""The key: it goes on requests, and into nothing that anybody reads."""

from __future__ import annotations

import hashlib

import requests

REDACTED = "[key]"


def fingerprint_of(key: str) -> str:
    """Eight characters that tell one key from another and reveal neither."""
    return hashlib.sha256(key.encode()).hexdigest()[:8]


class ApiKey(requests.auth.AuthBase):
    """Puts the key on a request, so that it stands in no variable a crash report would print."""

    def __init__(self, key: str) -> None:
        self._key = key

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = self._key
        return request

    @property
    def fingerprint(self) -> str:
        """Eight characters that tell one key from another and reveal neither."""
        return fingerprint_of(self._key)

    def redact(self, text: str) -> str:
        """The text without the key: a server may send back what it was sent."""
        return text.replace(self._key, REDACTED)

    def redact_body(self, body: bytes) -> bytes:
        return body.replace(self._key.encode(), REDACTED.encode())
