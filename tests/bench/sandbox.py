"""The sandbox at 100,000 packages, beside a bare server that sends the same bytes."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import requests

from resellers.sandbox import Sandbox
from tests.bench.figure import Figure, timed

PACKAGES = 100_000
TIMES = 60
LIMIT = 20.0


def measure() -> Iterator[Figure]:
    """Each kind of page that a reading asks for, by its median over one kept connection."""
    with Sandbox(accounts=2000, packages=PACKAGES, calls_per_minute=0) as world:
        session = requests.Session()
        session.headers.update({"Authorization": world.api_key, "wix-account-id": world.account_id})
        address = f"{world.url}/resellers/v1/packages/query"

        def ask(query: dict[str, Any]) -> requests.Response:
            answer = session.post(address, json={"query": query}, timeout=30)
            answer.raise_for_status()
            return answer

        first = ask({})
        bare = timed_bare(first.content)
        account = first.json()["packages"][0]["accountId"]
        newest = [{"fieldName": "updatedDate", "order": "ASC"}]
        since = {"updatedDate": {"$gte": "2026-01-01T00:00:00.000Z"}}
        cursor = {"cursorPaging": {"cursor": first.json()["metadata"]["cursors"]["next"]}}
        for what, query in (
            ("first page", {}),
            ("next page, by cursor", cursor),
            ("what changed, oldest first", {"filter": since, "sort": newest}),
            ("one account", {"filter": {"accountId": {"$eq": account}}}),
        ):
            taken = timed(lambda query=query: ask(query), times=TIMES)
            yield Figure(f"sandbox, {PACKAGES:,} packages: {what}", taken, bare, LIMIT)


def timed_bare(body: bytes) -> float:
    """The median time in which a server that only sends these bytes answers."""

    class Bare(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Bare)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    session, address = requests.Session(), f"http://127.0.0.1:{server.server_port}/"
    try:
        return timed(lambda: session.post(address, json={}, timeout=30), times=TIMES)
    finally:
        server.shutdown()
        server.server_close()
