"""A provider that signs whatever a test wants signed, over real HTTP, in a thread."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

KID = "first"
OWN, FOREIGN = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))


class Forger:
    """What it publishes and answers; a test changes what is wanted of it."""

    def __init__(self) -> None:
        self.address = ""
        self.token = ""
        self.userinfo: dict[str, Any] = {}
        self.config: dict[str, Any] = {}
        self.published = [public(OWN)]

    def claims(self, nonce: str, /, **changed: Any) -> dict[str, Any]:
        """Those of Ann that hold, but for what is changed; None leaves one away."""
        now = int(time.time())
        claims = {
            "iss": self.address,
            "sub": "ann-1",
            "aud": "desk",
            "iat": now,
            "exp": now + 60,
            "nonce": nonce,
            "groups": ["Desk"],
        } | changed
        return {name: value for name, value in claims.items() if value is not None}

    def answer(self, path: str) -> dict[str, Any]:
        if path == "/token":
            return {"access_token": "a", "token_type": "Bearer", "id_token": self.token}
        if path == "/keys":
            return {"keys": self.published}
        if path == "/userinfo":
            return self.userinfo
        ways = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
        paths = ("/authorize", "/token", "/userinfo", "/keys")
        config = {name: self.address + path for name, path in zip(ways, paths, strict=True)}
        return {"issuer": self.address} | config | self.config


def public(key: rsa.RSAPrivateKey, kid: str = KID) -> dict[str, Any]:
    """The public half, as providers publish theirs."""
    half: dict[str, Any] = jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return half | {"kid": kid, "use": "sig", "alg": "RS256"}


@contextmanager
def forging() -> Iterator[Forger]:
    """One that answers."""
    forger = Forger()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(forger.answer(urlsplit(self.path).path)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.do_GET()

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    forger.address = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield forger
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def begin(client: Any) -> tuple[str, str]:
    """Go to the provider; the state and the nonce that come back from there."""
    asked = parse_qs(urlsplit(client.get("/login/provider/")["Location"]).query)
    return asked["state"][0], asked["nonce"][0]
