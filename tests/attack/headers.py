"""Headers that lie about host, origin, address and method, and that try to become several."""

from tests import worlds

from .ground import Ground
from .visitor import HOST, Visitor

EVIL = "evil.example"
HOSTS = (
    EVIL,
    f"{EVIL}:443",
    f"{HOST}:80@{EVIL}",
    f"{HOST}.{EVIL}",
    f"{HOST}#{EVIL}",
    f"{EVIL}/{HOST}",
    f"{HOST}, {EVIL}",
    "[::1]",
    "localhost",
    "127.0.0.1",
    "",
    f"{EVIL}\\{HOST}",
)
CLAIMS = (
    "X-Forwarded-Host",
    "X-Host",
    "X-Forwarded-Server",
    "X-HTTP-Host-Override",
    "X-Original-Host",
    "Forwarded",
)
OTHER_PLACES = ("X-Original-URL", "X-Rewrite-URL", "X-Script-Name", "SCRIPT_NAME", "PATH_INFO")
SPLIT = "%0d%0aX-Evil:%201%0d%0a%0d%0a"


def attack(ground: Ground) -> None:
    """Try all of it."""
    visitor, stranger = ground.visitor("viewer"), ground.stranger()
    with ground.report.item("hosts: another Host, in the header and in the address") as item:
        for host in HOSTS:
            for address in ("/", "/login/", "/me/", "/reports/"):
                answer = visitor.get(address, Host=host)
                item.hold(answer.status in (400, 404), f"{host!r} {address}: {answer.status}")
                item.hold(EVIL not in answer.place, f"{host!r}: {answer.place}")
        for line in (
            f"GET http://{EVIL}/login/ HTTP/1.1\r\nHost: {EVIL}",
            f"GET http://{EVIL}/login/ HTTP/1.1\r\nHost: {HOST}",
            f"GET /login/ HTTP/1.1\r\nHost: {HOST}\r\nHost: {EVIL}",
            f"GET /login/ HTTP/1.1\r\nHost : {EVIL}\r\nHost: {HOST}",
        ):
            came = stranger.raw(f"{line}\r\nConnection: close\r\n\r\n".encode())
            head, _, body = came.partition(b"\r\n\r\n")
            item.hold(EVIL.encode() not in head, f"{line!r}: {head[:200]!r}")
            item.hold(EVIL.encode() not in body or b" 400 " in head, f"{line!r} is said back")
    with ground.report.item("hosts: forwarded hosts, in links and redirects") as item:
        for name in CLAIMS:
            value = f"host={EVIL};proto=https" if name == "Forwarded" else EVIL
            for one, address in ((stranger, "/reports/"), (visitor, "/me/"), (stranger, "/login/")):
                answer = one.ask("GET", address, b"", {name: value})
                item.hold(EVIL not in answer.place + answer.text, f"{name} {address}")
                item.hold(answer.status < 400, f"{name} {address}: {answer.status}")
    with ground.report.item("headers that name another page than the address") as item:
        for name in OTHER_PLACES:
            for one in (stranger, visitor):
                answer = one.ask("GET", "/login/", b"", {name: "/people/"})
                item.hold("/people/invite/" not in answer.text, f"{name}: {answer.status}")
            answer = stranger.ask("GET", "/reports/", b"", {name: "/healthz"})
            item.hold(answer.leads_to_log_in, f"{name}: {answer.status} {answer.place}")
        for value in ("GET", "POST", "DELETE"):
            answer = visitor.ask("GET", "/logout/", b"", {"X-HTTP-Method-Override": value})
            item.hold(answer.status == 405, f"a GET that is a {value}: {answer.status}")
    _forwarded(ground)
    with ground.report.item("headers split by what an address or a form holds") as item:
        for address in (
            f"/login/?next=/{SPLIT}",
            f"/reports/{SPLIT}",
            f"/{SPLIT}",
            f"/accounts/?q={SPLIT}",
            f"/accounts/export.csv?q={SPLIT}",
            f"/accounts/{SPLIT}/",
        ):
            for one in (visitor, stranger):
                answer = one.get(address)
                item.hold("X-Evil" not in answer.headers, f"{address}: {answer.status}")
                item.hold(0 < answer.status < 500, f"{address}: {answer.status}")
        form = {"theme": "dark\r\nX-Evil: 1", "next": "/\r\nX-Evil: 1", "username": "a\r\nb"}
        for address in ("/login/", "/me/theme/", "/me/confirm/"):
            answer = visitor.post(address, form)
            item.hold("X-Evil" not in answer.headers, f"POST {address}")
    _smuggled(ground, stranger)


def _forwarded(ground: Ground) -> None:
    with ground.report.item("forwarded: an address that a visitor invents, in the trail") as item:
        from resellers.models import AuditEntry

        ground.new_person("forged")
        for hops in ("127.0.0.1, 198.51.100.77", "8.8.8.8,198.51.100.77", "x, 198.51.100.77"):
            form = {"username": "forged", "password": "a guess"}
            ground.stranger(hops).post("/login/", form)
            entry = AuditEntry.objects.filter(event="log_in.failed").order_by("-seq").first()
            item.hold(entry is not None and entry.address == "198.51.100.77", f"{hops}: {entry}")
    with ground.report.item("forwarded: TLS that there was not") as item:
        visitor = ground.visitor("viewer")
        for value in ("http", "https, http", "HTTP", "ftp"):
            answer = visitor.ask("GET", "/reports/", b"", {"X-Forwarded-Proto": value})
            item.hold(answer.status == 301, f"{value}: {answer.status}")
        for name in ("X-Forwarded-Ssl", "X-Forwarded-Protocol", "Front-End-Https"):
            headers = {"X-Forwarded-Proto": "http", name: "on"}
            answer = visitor.ask("GET", "/reports/", b"", headers)
            item.hold(answer.status == 301, f"{name}: {answer.status}")
        form = {"username": "forged", "password": worlds.PASSWORD}
        answer = visitor.post("/login/", form, X_Forwarded_Proto="http")
        item.hold(answer.status == 301 and "Set-Cookie" not in answer.headers, "a log-in")


def _smuggled(ground: Ground, stranger: Visitor) -> None:
    """A second request within the first would be answered where the two ends disagree."""
    head = f"POST /login/ HTTP/1.1\r\nHost: {HOST}\r\nX-Forwarded-Proto: https\r\n"
    inner = f"GET /healthz HTTP/1.1\r\nHost: {HOST}\r\n\r\n"
    chunk = "0\r\n\r\n" + inner
    chunked = "Transfer-Encoding: chunked"
    requests = {
        "both lengths": f"Content-Length: {len(chunk)}\r\n{chunked}\r\n\r\n{chunk}",
        "two lengths": f"Content-Length: 0\r\nContent-Length: {len(inner)}\r\n\r\n{inner}",
        "a length with a sign": f"Content-Length: +0\r\n\r\n{inner}",
        "a length in words": f"Content-Length: 0x0\r\n\r\n{inner}",
        "chunked by half": f"Transfer-Encoding: xchunked\r\n\r\n{chunk}",
        "chunked and more": f"Transfer-Encoding: chunked, identity\r\n\r\n{chunk}",
        "a blank before the colon": f"Transfer-Encoding : chunked\r\n\r\n{chunk}",
        "a folded header": "X: y\r\n Transfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n",
        "a bare line feed": f"X: y\nTransfer-Encoding: chunked\r\n\r\n{chunk}",
    }
    with ground.report.item("smuggled: a request within the body of another") as item:
        for words, rest in requests.items():
            came = stranger.raw((head + rest).encode())
            item.hold(b"\r\n\r\nok\n" not in came, f"{words}: the inner one was answered")
            item.hold(b"HTTP/1.1 200" not in came.partition(b"\r\n")[0], f"{words}: {came[:60]!r}")
