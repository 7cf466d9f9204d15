"""Requests that no browser of ours would send, drawn by chance: every part of one may be bent.

What is drawn is a request as a web server hands it on, in bytes written as latin-1, so that nothing
is mended on the way to Django.
"""

import base64
import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_from_bytes

ID = "00000000-0000-4000-8000-000000000000"
MOMENTS = ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "0000-00-00", "infinity")
NUMBERS = ("-1", "0", "007", "1e400", "nan", "٣", "9" * 30, "9" * 5000, "-" + "9" * 19, "1_0")
# As an address has them: bytes, since not all of them are text.
VALUES: tuple[bytes, ...] = (
    *(b"", b" ", b"\0", b"a\0b", b"\xff", b"\xed\xa0\x80", b"\xc3(", b"\xf4\x90\x80\x80", b"%"),
    *(b"http://[", b"//[", b"http://[::1", b"//evil.example", b"javascript:alert(1)", b"\\\\x"),
    *(b"'", b'"', b"<script>", b"\r\nX-Evil: 1", b"\t", b"a\nb", b"{}", b"[", b"{% now %}"),
    *(b"[" * 5_000, b'{"a":' * 2_000, b"x" * 30_000, "\u202e".encode(), "\ufeff".encode()),
    *(text.encode() for text in (*MOMENTS, *NUMBERS, ID, ID.upper(), f"{{{ID}}}", "f" * 32)),
    *(b"1", b"none", b"all", b"full", b"-name", b"name", b"status", b"FAILED", b"csv", b"../.."),
)
CHARSETS = ("utf-8", "utf-16", "utf-7", "base64", "hex", "rot13", "idna", "punycode")
CHARSETS += ("unicode_escape", "raw_unicode_escape", "undefined", "no-such", "\xff", "")
ADDRESSES = (b"http://[", b"http://testserver/accounts/?q=[", b"https://[::1", b"//[", b"http://")
HEADERS = (
    *("Referer", "HX-Current-URL", "HX-Target", "HX-Trigger", "HX-Trigger-Name", "HX-Prompt"),
    *("HX-Request", "HX-Boosted", "HX-History-Restore-Request", "Triggering-Event", "X-Poll"),
    *("HX-Current-URL-URI-AutoEncoded", "Origin", "Sec-Fetch-Site", "Accept", "Accept-Language"),
    *("X-Forwarded-For", "X-Forwarded-Proto", "Forwarded", "X-Forwarded-Host", "X-CSRFToken"),
    *("If-Modified-Since", "If-None-Match", "Range", "Host", "Authorization", "User-Agent"),
    *("Content-Length", "Transfer-Encoding", "X-HTTP-Method-Override", "Content-Encoding"),
)
LIKELY: dict[str, tuple[bytes, ...]] = {
    name: ADDRESSES
    if name in ("Referer", "HX-Current-URL", "Origin", "Host")
    else (b"true", b"list", b"null", b"bytes=1-0", b"same-origin", b"1")
    for name in HEADERS
}
COOKIES = ("session", "csrf", "messages", "sessionid", "\xff")
COOKIE_VALUES = (
    *('"\\000aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"', '"\\377\\376aaaaaaaa"', "a" * 32, "", "=", ";;"),
    *("a" * 5_000, "\xed\xa0\x80" * 10, "[" * 3_000, "W10:1abcde:x", "{}", '"', "%00" * 12),
)
MULTIPART = "multipart/form-data; boundary="
TYPES = (
    *("application/x-www-form-urlencoded", "multipart/form-data", "application/json", "\xff", ""),
    *(f"{MULTIPART}x", f"{MULTIPART}{'x' * 300}", f"{MULTIPART}\xff", f"{MULTIPART};boundary=y"),
)
PARAMETERS = ("charset", "CHARSET ", "charset*", "x*", "name*", "boundary*", "filename*")
MARKED = ("instances -created", "accounts name", "audit -seq", "changes", "notes")
METHODS = ("HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "get", "\xff")


@dataclass
class Bent:
    """One request: where it goes, and what comes along."""

    method: str
    path: str
    query: str = ""
    body: bytes = b""
    environ: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        lines = [f"{self.method} {self.path}?{self.query[:300]}", f"{self.body[:300]!r}"]
        lines += [f"{name}: {value[:200]!r}" for name, value in self.environ.items()]
        return "\n    ".join(lines)


@dataclass
class Drawing:
    """Requests of one address, drawn by chance: with parameters that its page knows, by the values
    that stand there and by others."""

    chance: random.Random
    path: str
    known: Mapping[str, Sequence[str]]

    def request(self, method: str) -> Bent:
        """A request with some of its parts bent."""
        chance = self.chance
        if chance.random() < 0.05:
            method = chance.choice(METHODS)
        request = Bent(method, self.path, query=self._pairs())
        if method != "GET":
            content_type = self._content_type()
            request.body = self._body(content_type)
            length = str(len(request.body))
            request.environ |= {"CONTENT_TYPE": content_type, "CONTENT_LENGTH": length}
        elif chance.random() < 0.1:
            request.environ["CONTENT_TYPE"] = self._content_type()
        if chance.random() < 0.3:
            request.environ["HTTP_HX_REQUEST"] = "true"
        for name in chance.sample(HEADERS, chance.choice((0, 1, 1, 2, 4, 6))):
            # Half of them what is worth looking into.
            value = self._value() if chance.random() < 0.5 else chance.choice(LIKELY[name])
            # No server hands on what would end the header, or the whole head.
            text = value.decode("latin-1").translate({0: None, 10: None, 13: None})[:8000]
            key = name.upper().replace("-", "_")
            request.environ[key if key.startswith("CONTENT_L") else f"HTTP_{key}"] = text
        return request

    def cookies(self) -> str:
        """What the Cookie header may hold."""
        names = self.chance.sample(COOKIES, self.chance.randint(1, 3))
        header = "; ".join(f"{name}={self.chance.choice(COOKIE_VALUES)}" for name in names)
        return header if self.chance.random() < 0.9 else header.replace("=", "", 1)

    def _value(self) -> bytes:
        drawn = self.chance.random()
        if drawn < 0.1:
            return self._mark()
        return self.path.encode("latin-1") if drawn < 0.15 else self.chance.choice(VALUES)

    def _mark(self) -> bytes:
        """A token of a list's place, with a value inside that no row has."""
        choice = self.chance.choice
        inner: Any = choice((*MOMENTS, *NUMBERS, "\0", "\ud800", ID, None, 7, 1e300, [[]], {}))
        text = json.dumps([choice(MARKED), choice((0, 1, 2)), 50, inner, choice((ID, "7", inner))])
        return base64.urlsafe_b64encode(text.encode()).rstrip(b"=")

    def _pairs(self) -> str:
        """A query string, or a form: some names, one of them perhaps twice."""
        chance, pairs = self.chance, []
        for name in chance.choices([*self.known], k=chance.choice((0, 1, 1, 2, 2, 3, 6))):
            for _ in range(chance.choice((1, 1, 1, 2))):
                as_it_stands = chance.random() < 0.3
                value = chance.choice(self.known[name]).encode() if as_it_stands else self._value()
                # Mostly as browsers write it; now and then the bytes themselves.
                quoted = chance.random() < 0.9
                text = quote_from_bytes(value) if quoted else value.decode("latin-1")
                pairs.append(f"{quote_from_bytes(name.encode())}={text}")
        if chance.random() < 0.02:
            pairs.append("&".join("a=1" for _ in range(2_000)))
        return chance.choice(("&", "&", "&", ";", "&&")).join(pairs)

    def _content_type(self) -> str:
        known = self.chance.random() < 0.6
        media_type = TYPES[0] if known else self.chance.choice(TYPES)
        if self.chance.random() < 0.7:
            return media_type
        return f"{media_type}; {self.chance.choice(PARAMETERS)}={self._encoded()}"

    def _encoded(self) -> str:
        """A value of a header's parameter, with its charset before it or as the charset itself."""
        charset = self.chance.choice(CHARSETS)
        return self.chance.choice((charset, f"{charset}''%41%ff", f"''{charset}", f'"{charset}'))

    def _body(self, content_type: str) -> bytes:
        if MULTIPART not in content_type:
            return self._pairs().encode("latin-1")
        parameter = content_type.partition(MULTIPART)[2].partition(";")[0]
        boundary = parameter.encode("latin-1") or b"x"
        parts = [self._part(name, boundary) for name in self.chance.choices([*self.known], k=3)]
        end = self.chance.choice((b"--%s--\r\n" % boundary, b"", b"--%s" % boundary))
        return b"".join([*parts, self._part("file", boundary), end])

    def _part(self, name: str, boundary: bytes) -> bytes:
        """One field or file of a form of several parts."""
        head = b'Content-Disposition: form-data; name="%s"' % name.encode()
        if self.chance.random() < 0.4:
            head += b'; filename="%s"' % self._value()[:300]
        if self.chance.random() < 0.3:
            parameter = f"; {self.chance.choice(PARAMETERS)}={self._encoded()}"
            head += parameter.encode("latin-1")
        if self.chance.random() < 0.3:
            head += b"\r\nContent-Transfer-Encoding: base64"
        if self.chance.random() < 0.3:
            head += b"\r\nContent-Type: " + self._content_type().encode("latin-1")
        return b"--%s\r\n%s\r\n\r\n%s\r\n" % (boundary, head, self._value())
