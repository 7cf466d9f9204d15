"""The proxies of `deploy/`, where they are installed: what they hand on, and what they keep off."""

import http.client
import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from pathlib import Path

import pytest
from django.test import RequestFactory

from dashboard.frame.client_address import came_by_tls, client_address
from tests import proxies, servers
from tests.certificates import make_certificate
from tests.proxies import NAME

pytestmark = pytest.mark.standalone
START: dict[str, tuple[Callable[..., str], Callable[[str, int], servers.PrivateServer]]] = {
    "nginx": (proxies.nginx_to, proxies.start_nginx),
    "Caddy": (proxies.caddy_to, proxies.start_caddy),
}
CLAIMS = {
    "X-Forwarded-For": "6.6.6.6",
    "X-Forwarded-Proto": "http",
    "Forwarded": "for=6.6.6.6;proto=http",
}


class Upstream(BaseHTTPRequestHandler):
    """What stands in the dashboard's place: it tells what it was asked, and notes where."""

    protocol_version = "HTTP/1.1"
    asked: list[str]

    def do_GET(self):
        self.asked.append(self.path)
        length = len(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        body = json.dumps({"headers": self.headers.items(), "length": length}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        self.do_GET()

    def log_message(self, *_):
        pass


class Proxy:
    """A proxy by its ports, and what was asked of the dashboard behind it."""

    def __init__(self, plain: int, tls: int, certificate: Path, asked: list[str]) -> None:
        self.plain, self.tls, self.asked = plain, tls, asked
        self.context = ssl.create_default_context(cafile=str(certificate))

    def connect(self) -> ssl.SSLSocket:
        connection = socket.create_connection(("127.0.0.1", self.tls), timeout=60)
        return self.context.wrap_socket(connection, server_hostname=NAME)

    def ask(self, method: str, address: str, body: bytes = b"", **headers: str):
        connection = http.client.HTTPConnection(NAME)
        connection.sock = self.connect()
        try:
            connection.request(method, address, body or None, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


@pytest.fixture(scope="module", params=list(START))
def proxy(request, tmp_path_factory) -> Iterator[Proxy]:
    servers.need(request.param)
    configuration, start = START[request.param]
    certificate, key = make_certificate(tmp_path_factory.mktemp("tls"), f"DNS:{NAME}")
    upstream = ThreadingHTTPServer(("127.0.0.1", 0), type("Noting", (Upstream,), {"asked": []}))
    thread = threading.Thread(target=upstream.serve_forever)
    thread.start()
    plain, tls = servers.free_port(), servers.free_port()
    with ExitStack() as stack:
        stack.callback(thread.join)
        stack.callback(upstream.server_close)
        stack.callback(upstream.shutdown)
        text = configuration(upstream.server_port, plain, tls, certificate, key)
        stack.callback(start(text, tls).stop)
        yield Proxy(plain, tls, certificate, upstream.RequestHandlerClass.asked)


def test_what_it_says_of_a_request_is_its_own_and_what_the_dashboard_reads(proxy, settings):
    settings.TRUSTED_PROXIES = [ip_network("127.0.0.1")]

    status, reply = proxy.ask("GET", "/accounts/?q=a%2Fb", **CLAIMS)

    assert status == 200
    headers = {name.title(): value for name, value in json.loads(reply)["headers"]}
    assert headers["X-Forwarded-For"] == "127.0.0.1"
    assert headers["X-Forwarded-Proto"] == "https"
    assert headers["Host"] == NAME
    assert "Forwarded" not in headers
    # Asked from this machine, so that the person's address is the proxy's too; from elsewhere:
    headers["X-Forwarded-For"] = "198.51.100.1"
    request = RequestFactory().get("/", headers=headers)
    assert client_address(request) == "198.51.100.1"
    assert came_by_tls(request)
    assert proxy.asked[-1] == "/accounts/?q=a%2Fb"


def test_who_comes_without_tls_is_sent_to_it_and_nothing_is_handed_on(proxy):
    before = len(proxy.asked)
    connection = http.client.HTTPConnection("127.0.0.1", proxy.plain, timeout=60)
    connection.request("GET", "/accounts/?q=a", headers={"Host": NAME})
    answer = connection.getresponse()
    connection.close()

    assert answer.status in (301, 308)
    assert answer.headers["Location"].startswith(f"https://{NAME}")
    assert answer.headers["Location"].endswith("/accounts/?q=a")
    assert len(proxy.asked) == before


@pytest.mark.parametrize(("address", "length"), [("/login/", 60_000), ("/import/", 2_000_000)])
def test_what_people_send_comes_through_in_whole(proxy, address, length):
    status, reply = proxy.ask("POST", address, b"x" * length)

    assert (status, json.loads(reply)["length"]) == (200, length)


@pytest.mark.parametrize("proxy", ["nginx"], indirect=True)
def test_nginx_takes_in_no_large_log_in(proxy):
    before = len(proxy.asked)

    assert proxy.ask("POST", "/login/", b"x" * 2_000_000)[0] == 413
    assert len(proxy.asked) == before


def test_half_requests_keep_nobody_from_an_answer(proxy):
    with ExitStack() as opened:
        for text in (b"", b"GET /acc", f"POST /login/ HTTP/1.1\r\nHost: {NAME}\r\n".encode()):
            for _ in range(20):
                connection = opened.enter_context(proxy.connect())
                connection.sendall(text)

        assert proxy.ask("GET", "/healthz")[0] == 200
