"""Requests that never end, and bodies that are larger than anything we take."""

import gzip
import socket
import time
from contextlib import ExitStack, suppress

from .ground import Ground
from .visitor import CSRF, HOST, ORIGIN, Visitor

HEAD = f"POST /login/ HTTP/1.1\r\nHost: {HOST}\r\nX-Forwarded-Proto: https\r\n".encode()
HALVES = (
    b"",
    b"GET /login/ HT",
    HEAD,
    HEAD + b"Content-Length: 400\r\n\r\nusername=",
    HEAD + b"Content-Length: 400\r\nExpect: 100-continue\r\n\r\n",
)
AT_ONCE = 12  # of each
SOON = 5.0  # seconds until everybody else has an answer
FORM = "application/x-www-form-urlencoded"
MEGABYTE = 2**20


def attack(ground: Ground) -> None:
    """Try all of it."""
    _slow(ground)
    _large(ground)
    _many_fields(ground)
    with ground.report.item("bodies: after all of it people are answered") as item:
        answer = ground.visitor("viewer").get("/reports/")
        item.hold(answer.status == 200 and answer.seconds < SOON, f"{answer.status}")


def _slow(ground: Ground) -> None:
    with ground.report.item("slow: sixty half requests, fed a byte now and then") as item:
        visitor = ground.visitor("viewer")
        with ExitStack() as opened:
            held = []
            for half in HALVES * AT_ONCE:
                place = ("127.0.0.1", ground.port)
                ground.report.note_sent()
                connection = opened.enter_context(socket.create_connection(place, timeout=5))
                connection.sendall(half)
                held.append(connection)
            for _ in range(4):
                for connection in held[2::5]:
                    with suppress(OSError):
                        connection.sendall(b"X")
                for address in ("/healthz", "/reports/"):
                    answer = visitor.get(address)
                    soon = answer.status == 200 and answer.seconds < SOON
                    item.hold(soon, f"{address}: {answer.status} in {answer.seconds:.1f} s")
                time.sleep(0.3)
    with ground.report.item("slow: answers that nobody fetches") as item:
        visitor = ground.visitor("admin")
        cookie = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
        line = f"GET /instances/export.csv HTTP/1.1\r\nHost: {HOST}\r\nX-Forwarded-Proto: https\r\n"
        with ExitStack() as opened:
            for _ in range(AT_ONCE):
                ground.report.note_sent()
                connection = opened.enter_context(
                    socket.create_connection(("127.0.0.1", ground.port))
                )
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
                connection.sendall(f"{line}Cookie: {cookie}\r\n\r\n".encode())
            answer = visitor.get("/reports/")
            soon = answer.status == 200 and answer.seconds < 3 * SOON
            item.hold(soon, f"{answer.status} in {answer.seconds:.1f} s")


def _large(ground: Ground) -> None:
    body = b"a=" + b"x" * (50 * MEGABYTE)
    headers = {"Content-Type": FORM, "Origin": ORIGIN}
    with ground.report.item("huge: 50 MB, of a stranger and of staff") as item:
        for visitor in (ground.stranger(), ground.visitor("admin")):
            for address in ("/login/", "/me/theme/", "/accounts/import/"):
                answer = visitor.ask("POST", address, body, headers)
                # 0: cut off before all of it was sent.
                stood = answer.status in (0, 302, 403, 404, 405, 413) and answer.seconds < SOON * 2
                item.hold(stood, f"{address}: {answer.status}")
    with ground.report.item("huge: 100 KB of a stranger, where 64 are taken") as item:
        for address in ("/login/", "/login/code/", "/login/link/", "/api/v1/customers"):
            answer = ground.stranger().ask("POST", address, body[: 100 * 1024], headers)
            stood = answer.status in (401, 403, 404, 405, 413)
            item.hold(stood, f"{address}: {answer.status}")
    with ground.report.item("huge: lengths that are none, that lie, that are not said") as item:
        for rest in (
            b"Content-Length: 99999999999999999999\r\n\r\na=b",
            b"Content-Length: -1\r\n\r\na=b",
            b"Content-Length: 1e9\r\n\r\na=b",
            b"Transfer-Encoding: chunked\r\n\r\n" + b"ffff\r\n" + b"x" * 0xFFFF + b"\r\n0\r\n\r\n",
            b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
        ):
            came = ground.stranger().raw(HEAD + rest)
            line = came.partition(b"\r\n")[0]
            stood = any(code in line for code in (b" 400", b" 411", b" 413", b" 403")) or not came
            item.hold(stood, f"{rest[:50]!r}: {line!r}")
    with ground.report.item("huge: a body that is small until it is unpacked") as item:
        packed = gzip.compress(b"a=" + b"x" * (20 * MEGABYTE))
        for visitor in (ground.stranger(), ground.visitor("admin")):
            given = headers | {"Content-Encoding": "gzip"}
            answer = visitor.ask("POST", "/me/theme/", packed, given)
            stood = 0 < answer.status < 500 and answer.status != 200 and answer.seconds < SOON
            item.hold(stood, f"{answer.status} in {answer.seconds:.1f} s")


def _many_fields(ground: Ground) -> None:
    token = "csrfmiddlewaretoken="
    forms = {
        "100,000 fields": "&".join(f"f{number}=1" for number in range(100_000)),
        "100,000 of one name": "&".join("id=1" for _ in range(100_000)),
        "deep names": "&".join("a" + "[b]" * 2000 + f"={number}" for number in range(9)),
        "nothing but separators": "&" * 500_000,
        "percent signs": "q=" + "%" * 1_000_000,
    }
    for words, form in forms.items():
        with ground.report.item(f"huge: a form of {words}") as item:
            for visitor in (ground.stranger(), ground.visitor("admin")):
                for address in ("/me/theme/", "/bulk/new/"):
                    body = f"{token}{visitor.cookies[CSRF]}&{form}".encode()
                    given = {"Content-Type": FORM, "Origin": ORIGIN}
                    answer = visitor.ask("POST", address, body, given)
                    stood = answer.status in (302, 400, 403, 404, 413, 422)
                    words_ = f"{address}: {answer.status} in {answer.seconds:.1f} s"
                    item.hold(stood and answer.seconds < SOON, words_)
    with ground.report.item("huge: a form of 5,000 parts and files") as item:
        part = '--x\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\n1\r\n'
        body = (part * 5000 + "--x--\r\n").encode()
        for visitor in (ground.stranger(), ground.visitor("admin")):
            _parts(visitor, body, item)


def _parts(visitor: Visitor, body: bytes, item) -> None:
    given = {
        "Content-Type": "multipart/form-data; boundary=x",
        "Origin": ORIGIN,
        "X-CSRFToken": visitor.cookies[CSRF],
    }
    for address in ("/catalog/import/", "/accounts/import/"):
        answer = visitor.ask("POST", address, body, given)
        stood = 0 < answer.status < 500 and answer.status != 200 and answer.seconds < SOON
        item.hold(stood, f"{address}: {answer.status} in {answer.seconds:.1f} s")
