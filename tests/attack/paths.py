"""Addresses that climb out of folders, hold what no address may, or are very long."""

from .ground import Ground
from .visitor import HOST

SECRETS = ("DJANGO_SETTINGS_MODULE", "root:x:0", "SECRET_KEY", "SQLite format 3", "[project]")
UP = ("../", "%2e%2e/", "..%2f", "%2e%2e%2f", "..%5c", "..\\", "....//", "%252e%252e%252f", "..;/")
FILES = ("manage.py", "dashboard/settings.py", "pyproject.toml", ".env", "etc/passwd")
ODD = (
    "/%00",
    "/accounts/%00/",
    "/static/%00",
    "/static/css%00.css",
    "/%ff",
    "/%c0%ae%c0%ae/",
    "/%ed%a0%80/",
    "//",
    "//evil.example/",
    "///accounts///",
    "/./accounts/",
    "/accounts/../people/",
    "/accounts/..;/people/",
    "/accounts;/",
    "/ACCOUNTS/",
    "/accounts/%2e%2e/people/",
    "/login/../people/",
    "/login/%2e%2e/people/",
    "/healthz/../people/",
    "/api/v1/docs/../../../people/",
    "/static/../people/",
    "/login/link/../../people/",
    "/people%2f",
    "/people/%20",
    "/.git/config",
    "/.env",
    "/db.sqlite3",
    "/admin/",
    "/__debug__/",
    "/metrics",
    "/server-status",
    "/static/",
    "/accounts/" + "9" * 3000 + "/",
    "/operations/" + "9" * 400 + "/",
    "/accounts/" + "a/" * 1500,
    "/static/" + "a" * 5000,
    "/search/?q=" + "x" * 7000,
    "/accounts/?" + "&".join(f"a{n}=1" for n in range(900)),
)


def attack(ground: Ground) -> None:
    """Try all of it."""
    stranger, viewer = ground.stranger(), ground.visitor("viewer")
    with ground.report.item("paths: files of the machine, by every way up") as item:
        for start in ("/static/", "/", "/static/css/", "/login/link/"):
            for up in UP:
                for file in FILES:
                    # Sent as they stand: no client makes them tidy before.
                    line = f"GET {start}{up * 4}{file} HTTP/1.1\r\nHost: {HOST}\r\n"
                    rest = "X-Forwarded-Proto: https\r\nConnection: close\r\n\r\n"
                    came = stranger.raw((line + rest).encode()).decode("latin-1")
                    found = [word for word in SECRETS if word in came]
                    stood = not found and " 500 " not in came.partition("\r\n")[0]
                    item.hold(stood and came, f"{start}{up}{file}: {came[:80]!r}")
    with ground.report.item("paths: odd ones, as nobody and as a viewer") as item:
        for address in ODD:
            for visitor in (stranger, viewer):
                answer = visitor.ask("GET", address)
                item.hold(0 < answer.status < 500, f"{address[:60]}: {answer.status}")
                item.hold(answer.seconds < 5, f"{address[:60]}: {answer.seconds:.1f} s")
                item.hold("/people/invite/" not in answer.text, f"{address[:60]} shows people")
                item.hold(not any(word in answer.text for word in SECRETS), address[:60])
                item.hold(not answer.leads_away, f"{address[:60]} leads to {answer.place}")
    with ground.report.item("paths: longer than any address, and bytes that are none") as item:
        for line in (
            b"GET /" + b"a" * 70_000 + b" HTTP/1.1",
            b"GET /\xff\xfe HTTP/1.1",
            b"GET /\0 HTTP/1.1",
            b"GET / HTTP/9.9",
            b"GET /\r\nHost: x HTTP/1.1",
            b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03",
            b"FOO / HTTP/1.1\r\nX-" + b"a" * 20_000 + b": 1",
            b"GET / HTTP/1.1\r\n" + b"\r\n".join(b"X-%d: 1" % n for n in range(300)),
        ):
            came = stranger.raw(line + f"\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode())
            item.hold(b" 500 " not in came[:20] and b"Traceback" not in came, f"{line[:40]!r}")
        item.hold(stranger.get("/healthz").status == 200, "the process is gone")
